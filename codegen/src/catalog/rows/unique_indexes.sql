-- The unique indexes of relations. Before version 15 no index had a column `indnullsnotdistinct`: the name is then that of
-- the outer table.
with keys as (
    -- Their columns' operator classes and types.
    select i.indexrelid, k.class, a.atttypid as type
    from pg_index i
    cross join unnest(i.indclass::oid[]) with ordinality k (class, place)
    join pg_attribute a on a.attrelid = i.indexrelid and a.attnum = k.place
    where i.indisunique
),
unusual as materialized (
    -- Those whose operators may find equal what `=` does not, or the other way round: asked once for each of the few there are.
    select k.class, k.type
    from (select distinct class, type from keys) k
    join pg_opclass o on o.oid = k.class
    -- `text_pattern_ops` and `bpchar_pattern_ops` order otherwise, and compare alike.
    where not (o.opcfamily in (2095, 2097) or exists (
            select from pg_opclass d where d.opcdefault and d.opcfamily = o.opcfamily and d.opcintype = o.opcintype
        ))
        -- The default of a type that this one's values may be taken for.
        or exists (
            with recursive base (oid) as (
                select k.type
                union all
                -- For a composite type, a range, a multirange, an enum or an array: that of all such types.
                select case t.typtype when 'd' then t.typbasetype when 'c' then 'record'::regtype when 'r' then 'anyrange'::regtype
                    when 'm' then 'anymultirange'::regtype when 'e' then 'anyenum'::regtype else 'anyarray'::regtype end
                from base b join pg_type t on t.oid = b.oid
                where t.typtype in ('d', 'c', 'r', 'm', 'e') or t.typcategory = 'A'
            )
            select from pg_opclass d join base b on b.oid = d.opcintype
            where d.opcdefault and d.opcmethod = o.opcmethod and d.opcintype <> o.opcintype
        )
)
select i.*
from (values (false)) before_15 (indnullsnotdistinct)
cross join lateral (
    select i.indrelid, x.relname,
        -- Columns that are only included do not count; a zero stands for an expression.
        (i.indkey::int2[])[0:i.indnkeyatts - 1]::text, (i.indcollation::oid[])[0:]::text,
        i.indexprs, pg_get_expr(i.indpred, i.indrelid), i.indpred,
        i.indexrelid not in (select indexrelid from keys join unusual using (class, type)),
        indnullsnotdistinct, i.indimmediate, i.indisprimary
    from pg_index i
    join pg_class x on x.oid = i.indexrelid
    join pg_class c on c.oid = i.indrelid
    where i.indisunique and i.indisvalid and i.indislive and c.relkind in ('r', 'p', 'm', 'f') and {WHICH}
) i
