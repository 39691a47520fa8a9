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

-- name: add_pack
insert into packs (pack, id, packs) values (:pack, :id, :packs);

-- name: change_packs
-- Twice, and between others.
update packs set packs = :packs::pack[] || :packs, pack = coalesce(:pack, pack) where id = :id
returning cardinality(packs);

-- name: packs
select id, pack, packs from packs order by id;

-- name: sent
-- What is sent comes back.
-- param: pack?
-- param: packs?
-- param: trips?
-- param: long?
select :pack::pack as pack, :packs::pack[] as packs, :trips::journey[] as trips, :long::long_stay as long;

-- name: odd_text
select (:odd::odd)::text as odd, (:tilings::tiles[])::text as tilings;

-- name: add_sites
-- The columns that are generated are not written.
insert into sites (id, bounds, code) select s.id, s.bounds, s.code from unnest(:sites::sites[]) s returning sites as site;

-- name: bounds
select (:site::sites).bounds as bounds;

-- name: like_it
-- The same parameter twice.
select id from journeys where (whole).name = (:journey::journey).name and cardinality((:journey::journey).stays) > 0;

-- name: stays_of
select * from stays_of(:journey, :extra);

-- name: note_stay
call note_stay(:stay);

-- name: add_spans
insert into spans values (:id, :span, :others, :gaps);

-- name: spans
select id, span, others, gaps from spans order by id;
