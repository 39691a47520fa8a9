-- name: pair
select row(id, name, mood, mail, array[mood, null]) as pair from people where id = :id;

-- name: team
-- Each with those who work for them.
select p.name, (select array_agg(row(w.id, w.mood) order by w.id) from people w where w.boss = p.id) as workers
from people p order by p.id;

-- name: whole
select p, row(p, 1) as counted from people p where id = :id;


-- name: bosses
-- Each with their boss, where they have one; a condition that says more than the table does makes no other struct.
select p, b as boss from people p left join people b on b.id = p.boss where p.mail is not null order by p.id;

-- name: teams
-- All of a team, and none of one.
select b.name, (select array_agg(p order by p.id) from people p where p.boss = b.id) as team from people b order by b.id;

-- name: everybody
select * from people order by id;

-- name: made
-- What is put together by hand keeps nothing of the table's promises.
select row(1, null, null, null, null)::people as made;

-- name: methods
-- PostgreSQL's own relations are in no lock file.
select m.id, m.method, a as known from methods m join pg_am a on a.oid = (m.method).oid;

-- name: access_methods
select * from pg_am;
