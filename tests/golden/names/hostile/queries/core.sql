-- name: whole_0
select * from "core" where "self" = :self;

-- name: write_0
insert into "core" values (:core, :std, :self, :howdah) returning "1", result;

-- name: whole_1
select * from "std" where "self" = :self;

-- name: write_1
insert into "std" values (:core, :std, :self, :howdah) returning "1", result;

-- name: whole_2
select * from "howdah" where "self" = :self;

-- name: write_2
insert into "howdah" values (:core, :std, :self, :howdah) returning "1", result;

-- name: whole_7
select * from "ok" where "self" = :self;

-- name: write_7
insert into "ok" values (:core, :std, :self, :howdah) returning "1", result;

-- name: whole_8
select * from "schema" where "self" = :self;

-- name: write_8
insert into "schema" values (:core, :std, :self, :howdah) returning "1", result;

-- name: whole_10
select * from "2024" where "self" = :self;

-- name: write_10
insert into "2024" values (:core, :std, :self, :howdah) returning "1", result;
