-- name: wide
select "编号", "名称", "国家代码", "海拔高度" from "地点" where "编号" = $1;

-- name: wider
select "编号", "名称", "国家代码", "海拔高度", "最后更新时间" from "地点";
