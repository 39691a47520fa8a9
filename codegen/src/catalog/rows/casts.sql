-- The types of which values are cast to text by functions that are neither built in nor of an extension.
select castsource
from pg_cast c
where casttarget = 'text'::regtype and castfunc >= 16384
    and not exists (
        select from pg_depend d
        where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
