-- name: two
select 2 as two;
