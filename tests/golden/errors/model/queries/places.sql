-- name: types
-- column: nmae String
select id, name from places;

-- name: change :one
update places set note = :note where id = :id;

-- name: marks
-- param: id!
select id as "id!", name as "name?", note as "note?" from places where id = :id;

-- name: change_all -> crate::Place
update places set note = :note;

-- name: change_some :exec -> crate::Place
update places set note = :note where id > :id returning id;
