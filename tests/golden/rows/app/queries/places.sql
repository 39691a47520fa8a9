-- name: find_place -> crate::Place
select id, name, note from places where id = :id;
