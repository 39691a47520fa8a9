-- Every relation that a query can name, with its columns, as one JSON array.
select coalesce(json_agg(r), '[]') from (
    select c.oid, n.nspname as schema, c.relname as name, c.relkind as kind,
        case when c.oid >= 16384 then obj_description(c.oid, 'pg_class') end as comment,
        coalesce((select json_agg(h.inhrelid) from pg_inherits h where h.inhparent = c.oid), '[]') as children,
        coalesce((
            select json_agg(t.tgtype::int) from pg_trigger t
            where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D'
        ), '[]') as triggers,
        coalesce((
            select json_agg(json_build_object(
                'number', a.attnum, 'name', a.attname, 'type', a.atttypid, 'modifier', a.atttypmod,
                'not_null', a.attnotnull and not exists (
                    select from pg_constraint k
                    where k.conrelid = c.oid and k.contype = 'n' and not k.convalidated and k.conkey = array[a.attnum]
                ),
                'has_default', a.atthasdef, 'identity', a.attidentity, 'generated', a.attgenerated,
                'expression', case when a.attgenerated <> '' and not a.attnotnull then (
                    select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = c.oid and d.adnum = a.attnum
                ) end,
                'comment', case when c.oid >= 16384 then col_description(c.oid, a.attnum) end
            ) order by a.attnum)
            from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        ), '[]') as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
        and (n.nspname !~ '^pg_(catalog|toast|temp_)|^information_schema$' or c.oid = any ('{{RELATIONS}}'::oid[]))
) r
