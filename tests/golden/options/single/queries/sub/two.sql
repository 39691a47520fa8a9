-- name: whole_again
select id, name, extra from a where id = :id;
-- name: of_b
select id, name from b;
