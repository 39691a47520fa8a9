-- The functions and operators with these OIDs (two lists of numbers), as one JSON object.
select json_build_object(
    'functions', (
        select coalesce(json_agg(p), '[]') from (
            select p.oid, n.nspname as schema, p.proname as name,
                p.proname || '(' || coalesce((
                    select string_agg(t.typname, ',' order by a.i)
                    from unnest(p.proargtypes) with ordinality a(type, i) join pg_type t on t.oid = a.type
                ), '') || ')' as signature,
                p.prokind as kind, p.proisstrict as strict, p.proretset as returns_set, p.provolatile as volatility,
                l.lanname as language, p.prorettype as result, coalesce(p.proallargtypes, '{}') as all_types,
                coalesce(p.proargmodes, '{}') as modes, coalesce(p.proargnames, '{}') as names,
                -- A setting of its own may change what the names in its body mean.
                case when l.lanname = 'sql' and p.prokind = 'f' and p.proconfig is null
                    then coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) end as source,
                p.proargtypes::oid[] as arguments,
                case when p.oid >= 16384 then (
                    select x.extname from pg_depend d
                    join pg_extension x on x.oid = d.refobjid
                    where d.classid = 'pg_proc'::regclass and d.objid = p.oid
                        and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e'
                    limit 1
                ) end as extension
            from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace
            join pg_language l on l.oid = p.prolang
            where p.oid = any ('{{FUNCTIONS}}'::oid[])
        ) p
    ),
    'operators', (
        select coalesce(json_agg(o), '[]') from (
            select o.oid, o.oprname as name, o.oprcode::oid as function, o.oprcanmerge or o.oprcanhash as groupable
            from pg_operator o
            where o.oid = any ('{{OPERATORS}}'::oid[])
        ) o
    )
)
