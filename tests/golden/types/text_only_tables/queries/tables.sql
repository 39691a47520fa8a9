-- name: tables
select (select count(*) from maps) as maps, (select count(*) from spans) as spans, (select count(*) from sheets) as sheets,
  (select count(*) from journeys) as journeys;

-- name: journey
select whole, longest from journeys where id = :id;
