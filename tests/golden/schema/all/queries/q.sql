-- name: one
select 1;

-- name: kept_counts
select * from kept_counts;
