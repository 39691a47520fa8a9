-- name: add_well
insert into wells (id, spot, seen, dug, others, plan, near) values (:id, :spot, :seen, :dug, :others, :plan, :near);

-- name: at_spot
select id from wells where spot = :spot;

-- name: at_spots
select id from wells where spot = any(:spots);

-- name: listed
select id from wells where spot in (:first, :second);

-- name: seen_at
select id from wells where seen = :seen;

-- name: seen_once
select id from wells where :spot = any(seen);

-- name: dug_at
select id from wells where dug = :dug;

-- name: dug_at_any
select id from wells where dug = any(:sites);

-- name: dug_at_site
select id from wells where dug = :site::site;

-- name: close_to
select id from wells where st_dwithin(spot, :here, 1);

-- name: close_to_maybe
select id from wells where :here::geometry is null or st_dwithin(dug, :here, 1);

-- name: within_area
select id from wells where st_intersects(st_buffer(spot, 1), :area);

-- name: at_middle
select id from wells where st_dwithin(spot, st_centroid(:area::geometry), 1);

-- name: unnested
select w.id from unnest(:spots::geometry[]) as s (spot) join wells w on w.spot = s.spot;

-- name: further_in
with here as (select :here::geometry as place) select id from wells, here where st_dwithin(spot, place, 1);

-- name: is_known
select :here in (select spot from wells) as known;

-- name: cast_to_kind
select id from wells where st_equals(:here::geometry(Point, 4326), spot);

-- name: on_plan
select id from wells where st_dwithin(st_transform(spot, 3857), :here, 1);

-- name: same_as_sphere
select id from wells where near::geometry = :here;

-- name: close_to_place
select id from wells where st_dwithin(spot, :here::place, 1);

-- name: move_well
update wells set spot = :spot, plan = st_transform(:spot::geometry, 3857) where id = :id;

-- The SRID is not known, or need not be said.

-- name: brought
select id from wells where st_dwithin(plan, st_transform(:here, 3857), 1);

-- name: either
select id from wells where spot = :here or plan = :here;

-- name: anywhere
select id from wells where loose = :here;

-- name: on_sphere
select id from wells where st_dwithin(near, :here, 1);

-- name: on_old_sphere
select id from wells where st_dwithin(old, :here, 1);
