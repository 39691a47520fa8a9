-- The unique indexes of relations. Before version 15 no index had a column `indnullsnotdistinct`: the name is then that of
-- the outer table.
select i.*
from (values (false)) before_15 (indnullsnotdistinct)
cross join lateral (
    select i.indrelid, x.relname,
        -- Columns that are only included do not count; a zero stands for an expression.
        (i.indkey::int2[])[0:i.indnkeyatts - 1]::text, (i.indcollation::oid[])[0:]::text,
        i.indexprs, pg_get_expr(i.indpred, i.indrelid), i.indpred,
        indnullsnotdistinct, i.indimmediate, i.indisprimary
    from pg_index i
    join pg_class x on x.oid = i.indexrelid
    join pg_class c on c.oid = i.indrelid
    where i.indisunique and i.indisvalid and i.indislive and c.relkind in ('r', 'p', 'm', 'f') and {WHICH}
) i
