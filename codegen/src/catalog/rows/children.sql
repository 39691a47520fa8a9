-- Partitions and inheriting tables: parent and child, in the order of their names, which is not that in which they were made.
-- A temporary child is another session's, and PostgreSQL leaves it out.
select i.inhparent, i.inhrelid from pg_inherits i
join pg_class c on c.oid = i.inhrelid
join pg_namespace n on n.oid = c.relnamespace
where c.relpersistence <> 't'
order by i.inhparent, n.nspname collate "C", c.relname collate "C"
