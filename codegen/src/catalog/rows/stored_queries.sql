-- The queries of materialized views, as node trees.
select r.ev_class, r.ev_action
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
where r.rulename = '_RETURN' and c.relkind = 'm' and c.oid = any ('{OIDS}')
