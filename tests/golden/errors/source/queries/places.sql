select 1;

-- name: twice
select 'open from places where id = :id;
