-- name: pair
select row(id, name, mood, mail, array[mood, null]) as pair from people where id = :id;

-- name: team
-- Each with those who work for them.
select p.name, (select array_agg(row(w.id, w.mood) order by w.id) from people w where w.boss = p.id) as workers
from people p order by p.id;

-- name: whole
select p, row(p, 1) as counted from people p where id = :id;
