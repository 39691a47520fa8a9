-- The constraints and unique indexes of the relations that are the user's, as one JSON object.
select json_build_object(
    'constraints', (
        select coalesce(json_agg(k), '[]') from (
            select k.conrelid as relation, k.conname as name, k.contype as kind, coalesce(k.conkey, '{}') as columns,
                pg_get_constraintdef(k.oid) as definition, nullif(k.confrelid, 0) as target, k.confkey as target_columns,
                k.convalidated as validated, k.condeferrable as deferrable,
                case when k.contype = 'c' then k.conbin::text end as expression
            from pg_constraint k
            join pg_class c on c.oid = k.conrelid
            join pg_namespace n on n.oid = c.relnamespace
            where k.contype in ('p', 'u', 'f', 'c', 'x', 'n') and n.nspname not in ('pg_catalog', 'information_schema')
        ) k
    ),
    'unique_indexes', (
        select coalesce(json_agg(i), '[]') from (
            select i.indrelid as relation, c.relname as name,
                -- Columns that are only included do not count; a zero stands for an expression.
                (i.indkey::int2[])[0:i.indnkeyatts - 1] as columns,
                pg_get_expr(i.indpred, i.indrelid) as predicate, i.indpred::text as predicate_tree,
                coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) as nulls_not_distinct,
                i.indimmediate as immediate, i.indisprimary as primary
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            where i.indisunique and i.indisvalid and i.indislive
        ) i
    ),
    'collations', (select coalesce(json_agg(oid), '[]') from pg_collation where not collisdeterministic)
)
