-- The casts by a function that are not built in. An extension's casts to text are as good as the server's.
select castsource, casttarget
from pg_cast c
where c.oid >= 16384 and castfunc <> 0
    and not (casttarget = 'text'::regtype and exists (
        select from pg_depend d
        where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype = 'e'
    ))
