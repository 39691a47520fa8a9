-- The enabled triggers that the user has made, with the body of what they run if it is in PL/pgSQL.
select tgrelid, tgtype, case l.lanname when 'plpgsql' then p.prosrc end
from pg_trigger t
join pg_proc p on p.oid = t.tgfoid
join pg_language l on l.oid = p.prolang
-- Before version 15, one that a partition has of the table that it is part of is called internal.
where (not tgisinternal or tgparentid <> 0) and tgenabled <> 'D'
