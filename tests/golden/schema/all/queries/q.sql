-- name: one
select 1;

-- name: kept_counts
select * from kept_counts;

-- name: people
select * from people order by full_name;
