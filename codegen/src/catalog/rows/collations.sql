-- The collations under which different texts can be equal.
select oid from pg_collation where not collisdeterministic
