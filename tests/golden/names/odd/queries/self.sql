-- name: one
select 1 as one;
