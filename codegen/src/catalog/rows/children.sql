-- Partitions and inheriting tables: parent and child.
select inhparent, inhrelid from pg_inherits
