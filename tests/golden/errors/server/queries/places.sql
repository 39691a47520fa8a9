-- name: fine
select id from places;

-- name: wrong_column
select id, nmae
from places
where id = :id;

-- name: wrong_table
select p.id from plases p;

-- name: wrong_function
select st_distanz(id) from places;

-- name: grouped
select id, name, count(*) from places group by id % 2;

-- name: of_another_table
update places set nickname = (select nickname from "Guests" where "Guests".id = places.id);

-- name: needs_quotes
insert into visits (id, placeId) values (:id, :place_id);

-- name: table_needs_quotes
select id from guests;
