-- The constraints of relations.
select k.oid, k.conrelid, k.conname, k.contype, k.conkey,
    -- Of a foreign key, the partitioned table's: for `on delete set null (…)` of a partition, the server uses the numbers of the
    -- other table's columns, and fails if there are none.
    pg_get_constraintdef(coalesce((
        select p.oid from pg_constraint p
        where k.contype = 'f' and p.oid = k.conparentid and p.conrelid <> k.conrelid
    ), k.oid)),
    k.confrelid, k.confkey, k.confupdtype,
    k.confdeltype, k.confmatchtype = 'f', k.convalidated
        -- In version 18, a check that a child declares again, and inherits as one that is not enforced, is enforced without a look
        -- at the rows.
        and not (k.contype = 'c' and k.coninhcount > 0 and current_setting('server_version_num')::int >= 180000 and exists (
            with recursive above (relation) as (
                select k.conrelid
                union
                select i.inhparent from above join pg_inherits i on i.inhrelid = above.relation
            )
            select from above
            join pg_constraint p on p.conrelid = above.relation and p.conname = k.conname and p.contype = 'c'
            where pg_get_constraintdef(p.oid) like '% NOT ENFORCED'
        )),
    k.condeferrable, case when k.contype = 'c' then k.conbin end
from pg_constraint k
join pg_class c on c.oid = k.conrelid
where k.contype in ('p', 'u', 'f', 'c', 'x', 'n') and {WHICH}
