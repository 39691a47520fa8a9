-- name: find
select * from maps where id = :id;

-- name: add
insert into maps (id, bounds, room, scan, around, tiles, length, owner)
values (:id, :bounds, :room, :scan, :around, :tiles, :length, :owner)
returning id, tiles -- the end
;

-- name: extent
-- A box of nothing is null.
select st_extent(bounds::geometry) from maps;

-- name: by_room :many -> crate::Map
-- The order is kept.
select id, room as "room?", array_agg(scan) over () as scans from maps
where room::text = (:room::box3d)::text or :room is null or '$1' = ':room' order by id desc;

-- name: move_away
with moved as (update maps set id = id + 1 returning *)
select bounds from moved;

-- name: whole
select m from maps m;

-- name: scans
select id from maps where scan = any(:scans::raster[]);

-- name: journeys
select id, whole, more, longest, (whole).stays as stays, (more[1]).first as first from journeys order by id;

-- name: journey :one
-- As a row of the app.
select whole from journeys where id = :id;

-- name: add_journey
insert into journeys values (:id, :whole, '{}');
