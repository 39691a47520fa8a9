-- name: set_tenant
select set_config('app.tenant', :tenant, false);

-- name: set_tenant_locally
select set_config('app.tenant', :tenant, true);

-- name: lock
select pg_advisory_lock(:key);

-- name: try_lock
select pg_try_advisory_lock(:a, :b);

-- name: lock_in_transaction
select pg_advisory_xact_lock(:key);

-- name: set_path
set search_path = tenants;

-- name: set_path_locally
set local search_path = tenants;

-- name: defer
set constraints all deferred;

-- name: reset_all
reset all;

-- name: scratch
create temp table scratch (id int8);

-- name: scratch_in_transaction
create temporary table scratch (id int8) on commit drop;

-- name: no_temporary_table
create function readings(temp int) returns table (id int8) language sql as 'select temp';
