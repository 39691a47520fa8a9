-- The relations that a query can name.
select c.oid, n.nspname, c.relname, c.relkind, c.relpersistence = 'p',
    exists (
        select from pg_depend e
        where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.objsubid = 0 and e.deptype = 'e'
    ),
    d.description,
    -- Of a view: the commands that reach a table, be it through the view or by triggers that run instead.
    case when c.relkind = 'v' and c.oid >= 16384 then pg_relation_is_updatable(c.oid, true) else 0 end
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_description d on c.oid >= 16384
    and d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
where c.relkind in ('r', 'p', 'v', 'm', 'f') and {WHICH}
