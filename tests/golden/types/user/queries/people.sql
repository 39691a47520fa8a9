-- name: add
insert into people (id, mood, mail, score, addresses, someone, moods)
values (:id, :mood, :mail, :score, :addresses, :someone, :moods);

-- name: find
select mood, mail, score, addresses, someone, moods, mails from people where id = :id;

-- name: homes
select (someone).home from people order by id;

-- name: maybe_moods
select case when id > 0 then moods end from people where id = :id;
