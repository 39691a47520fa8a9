-- name: by_id
select name from places where id = @id;

-- name: cast
select name from places where id = @id::bigint and id < @"id" and id > @ id and @(id) > 1;

-- name: searched
select id from places where name like '%:name%' or name like ':name%' or name = ':name' or name = 'at 10:30';
