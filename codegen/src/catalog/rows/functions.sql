-- The functions with these OIDs.
select p.oid, n.nspname, p.proname,
    p.proname || '(' || coalesce((
        select string_agg(t.typname, ',' order by a.i)
        from unnest(p.proargtypes) with ordinality a (type, i) join pg_type t on t.oid = a.type
    ), '') || ')',
    p.prokind, p.proisstrict, p.proretset, p.provolatile, l.lanname, p.prorettype, p.proargtypes::oid[], p.proargmodes, p.proallargtypes,
    to_json(p.proargnames),
    -- A setting of its own may change what the names in its body mean, and so may an owner that it runs as.
    case when p.prokind = 'f' and p.proconfig is null and (not p.prosecdef or p.proowner = current_user::regrole)
        and (l.lanname = 'sql'
            or l.lanname = 'plpgsql' and coalesce(current_setting('plpgsql.variable_conflict', true), '') <> 'use_variable')
        then coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) end,
    x.extname
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
left join pg_depend d on p.oid >= 16384 and d.classid = 'pg_proc'::regclass and d.objid = p.oid
    and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e'
left join pg_extension x on x.oid = d.refobjid
where p.oid = any ('{OIDS}')
