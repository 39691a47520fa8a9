-- What the session says of itself: the server's version, the schemas of its search path that exist, after `pg_catalog`, and
-- whether `pg_catalog` is in the path by name as well.
select current_setting('server_version_num'), to_json((current_schemas(false))[2:]),
    current_setting('search_path') ~ 'pg_catalog.*pg_catalog'
