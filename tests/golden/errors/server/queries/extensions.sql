-- name: new_id
select uuid_generate_v4();

-- name: near_text
select id from places where name = :name::citext;

-- name: similar
select similarity(name, :name) from places;

-- name: places_in_order
select id from places where id = $1order by name;
