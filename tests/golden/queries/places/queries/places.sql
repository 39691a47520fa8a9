-- name: find_place
-- The place with this id.
select * from places where id = :id;

-- name: all_places
select * from places order by id;

-- name: count_places
select count(*) from places;

-- name: names
-- Names that begin with a text.
--
-- Case counts.
select id, name,
       note as remark
from places
where name like :prefix || '%'
  and "odd Name" is not null;

-- name: add_place
insert into places (name, tags, mood, contact)
values (:name, :tags, :mood, :contact)
returning id, created_at;

-- name: by_ids
select name from places where id = any(:ids);

-- name: notify
select pg_notify('places', :payload);
