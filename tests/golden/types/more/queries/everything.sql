-- name: find
select * from everything where id = :id;

-- name: add
insert into everything (id, took, host, seen, spans, tags, words, trip, times)
values (:id, :took, :host, :seen, :spans, :tags, :words, :trip, :times);

-- name: visit
insert into visits values (:id, :took, :seen, :home, :hosts) returning *;
