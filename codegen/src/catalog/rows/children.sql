-- Partitions and inheriting tables: parent and child, in the order of their names, which is not that in which they were made.
select i.inhparent, i.inhrelid from pg_inherits i
join pg_class c on c.oid = i.inhrelid
join pg_namespace n on n.oid = c.relnamespace
order by i.inhparent, n.nspname collate "C", c.relname collate "C"
