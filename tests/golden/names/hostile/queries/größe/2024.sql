-- name: both
select c, s from core c, std s;
