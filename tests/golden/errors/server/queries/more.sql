-- name: qualified
select p.id, p."Note" from places p where p.name = :name and p.nome = 'é';

-- name: syntax
select from where;

-- name: disagreeing
select id from places where id = :key or name = :key;

-- name: elsewhere
select id from entries;
