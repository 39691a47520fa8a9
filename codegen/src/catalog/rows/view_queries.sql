-- The queries of views that inserts go through to the table below, as node trees: without rules and triggers that write instead.
select r.ev_class, r.ev_action
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
where r.rulename = '_RETURN' and c.relkind = 'v' and {WHICH} and pg_relation_is_updatable(c.oid, false) & 8 <> 0
    and not exists (select from pg_rewrite o where o.ev_class = c.oid and o.ev_type <> '1')
    and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgtype & 64 <> 0)
