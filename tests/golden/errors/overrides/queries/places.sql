-- name: types
-- column: nmae String
-- column: id Vec<
select id, name from places;

-- name: change :one
update places set note = :note where id = :id;

-- name: app -> crate::
select id from places;
