-- name: whole_again
select id, name, extra from a where id = :id;
-- name: of_b
select id, name from b;

-- name: either
select * from a where id = 1 union all select * from a where name = 'a';

-- name: changed
with changed as (update a set name = 'b' where id = $1 returning *) select * from changed;

-- name: changed_or_not
with changed as (update a set name = 'b' where id = $1 returning *)
select * from changed union select * from a where id = $1;

-- name: of_two_tables
select id, name from a union all select id, name from b;
