-- name: first
select id, name from a where id = :id;
-- name: second
select id, name from a order by name;
-- name: whole
select * from a;
-- name: whole_too
select a.* from a join b on b.id = a.id;
-- name: outer_joined
select a.* from b left join a on a.id = b.id;
