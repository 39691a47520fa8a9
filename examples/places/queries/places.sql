-- name: find_place -> crate::PlaceInCountry
-- The place with this id, and the country that it is in.
select p.id, p.name, p.country, p.region, p.location, p.tags, p.details, p.origin, p.created_at,
    c.name as country_name, c.continent
from places p
join countries c on c.code = p.country
where p.id = :id;

-- name: search_places -> crate::Place
-- Places whose name begins with `prefix`, in whatever case. The index `places_by_name` finds them.
select id, name, country, region, location, tags, details, origin, created_at
from places
where search_name ^@ lower(:prefix)
order by search_name, country, id
limit :limit;

-- name: nearby_places -> crate::NearbyPlace
-- Places within `radius` metres of `here`, nearest first.
--
-- PostGIS knows no distance from an empty point, and says null; but none of ours is empty.
-- column: metres!
select id, name, country, region, location, tags, details, origin, created_at,
    st_distance(location, :here) as metres
from places
where st_dwithin(location, :here, :radius)
order by location <-> :here, id
limit :limit;

-- name: tagged_places -> crate::Place
-- Places of a country that carry a tag, by name.
select id, name, country, region, location, tags, details, origin, created_at
from places
where country = :country and tags @> array[:tag]
order by name, id
limit :limit;

-- name: add_place -> crate::Place
-- Adds a place that a visitor tells of.
insert into places (name, country, region, location, tags, details)
values (:name, :country, :region, :location, :tags, :details)
returning id, name, country, region, location, tags, details, origin, created_at;

-- name: load_places
-- Adds many places of GeoNames at once, one for each element of the arrays; those that are listed already are passed
-- over. `tags` are separated by spaces.
insert into places (name, country, region, location, tags, details, origin)
select u.name, u.country,
    case when u.region is not null then row(u.region, u.district)::region end,
    st_point(u.lon, u.lat)::geography,
    string_to_array(u.tags, ' '),
    jsonb_build_object('source', 'GeoNames'),
    'geonames'
from unnest(:names::text[], :countries::text[], :regions::text[], :districts::text[], :tags::text[],
    :lons::float8[], :lats::float8[]) as u (name, country, region, district, tags, lon, lat)
on conflict on constraint places_are_listed_once do nothing;
