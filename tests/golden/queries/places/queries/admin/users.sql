-- name: moods
select distinct mood from places;

-- name: rename
update places set name = :name, note = :note where id = :id;
