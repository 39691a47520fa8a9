-- name: all
select * from holds;

-- name: add
insert into holds values (:id, :a, :b, :c);

-- name: bares
select bare from bare;

-- name: count_bares
select from bare;
