-- The operators with these OIDs.
select oid, oprname, oprcode::oid, oprcanmerge or oprcanhash,
    oid < 16384 or exists (
        select from pg_depend d where d.classid = 'pg_operator'::regclass and d.objid = o.oid and d.deptype = 'e'
    )
from pg_operator o
where oid = any ('{OIDS}')
