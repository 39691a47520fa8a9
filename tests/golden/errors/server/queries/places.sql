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
