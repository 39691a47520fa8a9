-- name: tables
-- The domains of the information schema are no types of their own.
select table_name, table_type from information_schema.tables where table_name = any(:names) order by 1;

-- name: table_names
select array_agg(table_name order by table_name) as names from information_schema.tables where table_schema = :schema;
