-- The checks of every domain, by name.
select contypid, conname, pg_get_constraintdef(oid) from pg_constraint where contypid <> 0 and contype = 'c' order by conname
