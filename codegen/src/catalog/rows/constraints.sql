-- The constraints of relations.
select k.oid, k.conrelid, k.conname, k.contype, k.conkey, pg_get_constraintdef(k.oid), k.confrelid, k.confkey, k.confupdtype,
    k.confdeltype, k.confmatchtype = 'f', k.convalidated, k.condeferrable, case when k.contype = 'c' then k.conbin end
from pg_constraint k
join pg_class c on c.oid = k.conrelid
where k.contype in ('p', 'u', 'f', 'c', 'x', 'n') and {WHICH}
