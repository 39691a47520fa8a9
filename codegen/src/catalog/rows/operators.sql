-- The operators with these OIDs.
select oid, oprname, oprcode::oid, oprcanmerge or oprcanhash from pg_operator where oid = any ('{OIDS}')
