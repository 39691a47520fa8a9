-- name: find
select * from trips where id = :id;

-- name: add
insert into trips (id, day, leaves, planned, left_at, costs, refunds, moods, kind, open, legs)
values (:id, :day, :leaves, :planned, :left_at, :costs, :refunds, :moods, :kind, :open, :legs);

-- name: in_mood
select id from trips where :mood = any(moods) and left_at > :since order by id;
