-- Every type, as one JSON array.
select coalesce(json_agg(t), '[]') from (
    select t.oid, n.nspname as schema, t.typname as name, format_type(t.oid, null) as display, t.typtype as kind,
        case when t.typtype = 'd' then t.typbasetype end as base, t.typtypmod as modifier, t.typnotnull as not_null,
        case when exists (select from pg_type e where e.oid = t.typelem and e.typarray = t.oid) then t.typelem end as element,
        case when t.typtype in ('r', 'm') then (
            select case when r.rngtypid = t.oid then r.rngsubtype else r.rngtypid end
            from pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)
        ) end as subtype,
        case when t.typtype = 'c' then t.typrelid end as relation,
        case when t.typtype = 'e' then (
            select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid
        ) end as labels,
        case when t.typtype = 'c' and t.oid >= 16384 then (
            select json_agg(json_build_object(
                'name', a.attname, 'type', a.atttypid, 'modifier', a.atttypmod, 'not_null', a.attnotnull
            ) order by a.attnum)
            from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
        ) end as fields,
        case when t.typtype = 'd' then (
            select json_agg(pg_get_constraintdef(k.oid) order by k.conname)
            from pg_constraint k where k.contypid = t.oid and k.contype = 'c'
        ) end as checks,
        case when t.oid >= 16384 then (
            select x.extname from pg_depend d
            join pg_extension x on x.oid = d.refobjid
            where d.classid = 'pg_type'::regclass and d.objid = t.oid
                and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e'
            limit 1
        ) end as extension,
        case when t.oid >= 16384 then obj_description(t.oid, 'pg_type') end as comment
    from pg_type t
    join pg_namespace n on n.oid = t.typnamespace
) t
