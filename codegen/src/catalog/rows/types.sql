-- Every type.
select t.oid, n.nspname, t.typname, format_type(t.oid, null), t.typtype, t.typbasetype, t.typtypmod, t.typnotnull,
    -- Arrays proper; what merely can be subscripted has no type of arrays that leads back to it.
    e.oid, coalesce(r.rngsubtype, m.rngtypid), t.typrelid, t.typsend = 0, x.extname, d.description
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_type e on e.oid = t.typelem and e.typarray = t.oid
left join pg_range r on r.rngtypid = t.oid
left join pg_range m on m.rngmultitypid = t.oid
left join pg_depend p on p.classid = 'pg_type'::regclass and p.objid = t.oid
    and p.refclassid = 'pg_extension'::regclass and p.deptype = 'e'
left join pg_extension x on x.oid = p.refobjid
left join pg_description d on t.oid >= 16384
    and d.classoid = 'pg_type'::regclass and d.objoid = t.oid and d.objsubid = 0
