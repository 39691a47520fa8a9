-- name: wide
select "编号", "名称", "国家代码", "海拔高度" from "地点" where "编号" = $1;

-- name: wider
select "编号", "名称", "国家代码", "海拔高度", "最后更新时间" from "地点";

-- name: short_in_columns_and_long_in_bytes
select 1 as "öäüöäü", 2 as "b", 3 as "c", 4 as "d", 5 as "e", 6 as "f", 7 as "g", 8 as "h", 9 as "i", 10 as "j", 11 as "k",
    12 as "l", 13 as "m", 14 as "n";
