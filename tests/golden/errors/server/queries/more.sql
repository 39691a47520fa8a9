-- name: qualified
select p.id, p."Note" from places p where p.name = :name and p.nome = 'é';

-- name: syntax
select from where;
