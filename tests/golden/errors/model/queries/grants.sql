-- name: grants
select relacl from pg_class where relname = :name;
