-- name: find_place -> crate::Place
select id, coalesce(name, note) as "name!", note from places where id = :id;
