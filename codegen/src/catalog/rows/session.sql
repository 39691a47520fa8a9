-- What the session says of itself: the server's version, and the schemas of its search path that exist, after `pg_catalog`.
select current_setting('server_version_num'), to_json((current_schemas(false))[2:])
