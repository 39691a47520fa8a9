-- name: without_place
-- A parameter that nothing gives a type is a text.
select w.id from (values (:id)) as w (id) where not exists (select from places p where p.id = w.id);

-- name: visit
insert into visits (id, "placeId") values (:id, case when :name = 'a' then :place end);

-- name: with_more
select id || array[:first, :second] as ids from places;

-- name: named_so
-- None of the parameters is to blame.
select id from places where name = id and note = :note;
