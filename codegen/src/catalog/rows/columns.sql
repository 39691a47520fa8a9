-- The columns of relations, and the fields of composite types.
select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef, a.attidentity, a.attgenerated,
    case when a.attgenerated <> '' then (
        -- The cast to the column's type is in the tree, but not in the text.
        select format('(%s)::%s', pg_get_expr(x.adbin, x.adrelid), format_type(a.atttypid, a.atttypmod))
        from pg_attrdef x where x.adrelid = a.attrelid and x.adnum = a.attnum
    ) end,
    -- Of a column of the primary key: whether its default is another value each time.
    a.atthasdef and a.attgenerated = '' and a.attnotnull and exists (
        select from pg_index i, pg_attrdef x, regexp_matches(x.adbin::text, ':funcid (\d+)', 'g') f, pg_proc p
        where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey)
            and x.adrelid = a.attrelid and x.adnum = a.attnum and p.oid = f[1]::oid and p.provolatile = 'v'
    ),
    -- Of a view: whether nothing reaches the column, be it through the view or by triggers that run instead.
    c.oid >= 16384 and (c.relkind = 'm' or c.relkind = 'v' and not pg_column_is_updatable(c.oid, a.attnum, true)
        and (pg_relation_is_updatable(c.oid, false) & 8 <> 0 or pg_relation_is_updatable(c.oid, true) & 8 = 0)),
    d.description
from pg_attribute a
join pg_class c on c.oid = a.attrelid
left join pg_description d on c.oid >= 16384
    and d.classoid = 'pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum
where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and a.attnum > 0 and not a.attisdropped and {WHICH}
