-- The names of what queries can call, without what only the server itself calls.
select distinct n.nspname, p.proname
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where p.prorettype not in ('internal'::regtype, 'trigger'::regtype)
    and not array['internal'::regtype, 'cstring'::regtype]::oid[] && p.proargtypes::oid[]
