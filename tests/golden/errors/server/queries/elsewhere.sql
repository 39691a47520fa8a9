-- name: of_python
select id from places where id = %s;

-- name: a_comma_too_many
select id, from places;

-- name: not_in_from
with shown as (select id from places) select hidden.id from shown;

-- name: first_rows
select top 5 id from places;

-- name: backticks
select id from `places`;

-- name: upsert
insert into places (id) values (1) on duplicate key update id = 1;

-- name: in_quotes
select id from places where id = '$1';

-- name: migrated
select version from _sqlx_migrations;

-- name: of_sqlc
select id from places where id = any(sqlc.arg(ids));

-- name: stage
create temporary table stage (like places) on commit drop;

-- name: staged
insert into places select * from stage;
