//! What views and constraints promise of a relation.

use crate::shared_db::analysis::check;

/// PostgreSQL 18 has constraints that only new rows have to obey, or none.
#[test]
fn constraints_that_rows_need_not_obey() {
    let schema = "create table loose (id int8 primary key, a text, b text);
        insert into loose values (1);
        do $$ begin
            if current_setting('server_version_num')::int >= 180000 then
                execute 'alter table loose add constraint a_there not null a not valid';
                execute 'alter table loose add check (b is not null) not enforced';
            end if;
        end $$;
        create table tight (id int8 primary key, a text);
        do $$ begin
            if current_setting('server_version_num')::int >= 180000 then
                execute 'alter table tight add constraint a_there not null a not valid';
                alter table tight validate constraint a_there;
            else
                alter table tight alter a set not null;
            end if;
        end $$;";
    check(
        schema,
        &[
            ("select a, b from loose", "many a? b?"),
            ("select l.a from loose l join tight t using (a)", "many a"),
            ("select a from tight", "many a"),
        ],
    );
}

/// In version 18, a check that a child inherits as one that is not enforced can become one that is without a look at its rows.
#[test]
fn checks_that_children_inherit() {
    check(
        "create table mother (a int, b int, check (a is not null));
         do $$ begin
            if current_setting('server_version_num')::int >= 180000 then
                execute 'alter table mother add constraint b_there check (b is not null) not enforced';
            end if;
         end $$;
         create table child () inherits (mother);
         create table grandchild () inherits (child);
         insert into grandchild values (1);
         do $$ begin
            if current_setting('server_version_num')::int >= 180000 then
                alter table child add constraint b_there check (b is not null);
            end if;
         end $$;",
        &[
            ("select a, b from child", "many a b?"),
            ("select a, b from only grandchild", "many a b?"),
        ],
    );
}

/// Another server's rows need not obey the checks of the table that they are shown as part of.
#[test]
fn checks_that_another_server_does_not_know() {
    check(
        "create foreign data wrapper nothing;
         create server elsewhere foreign data wrapper nothing;
         create table whole (kind int not null, a int, b int, tags text[] check (array_position(tags, null) is null),
            check (num_nonnulls(a, b) = 1)) partition by list (kind);
         create table part partition of whole for values in (1);
         create table split partition of whole for values in (2, 3) partition by list (kind);
         create foreign table far partition of split for values in (2) server elsewhere;
         create table mother (a int, b int, check (coalesce(a, b) is not null), check (a = 1));
         create foreign table child () inherits (mother) server elsewhere;",
        &[
            ("select coalesce(a, b) as x, tags from whole", "many x? tags?[?]"),
            ("select b from whole where a is null", "many b?"),
            ("select coalesce(a, b) as x, tags from part", "many x tags?"),
            ("select coalesce(a, b) as x from mother", "many x?"),
            ("select coalesce(a, b) as x from only mother", "many x"),
        ],
    );
}

/// Since version 17, the planner leaves out a condition that is true by what a foreign table declares.
#[test]
fn conditions_on_rows_of_another_server() {
    check(
        "create extension postgres_fdw;
         create server elsewhere foreign data wrapper postgres_fdw;
         create foreign table far (a int not null, b int) server elsewhere;
         create table near (a int, b int);
         create view seen as select a, b from far where a is not null;
         create materialized view kept as select a from seen where a is not null with no data;",
        &[
            ("select a from far where a is not null", "many a?"),
            (
                "select a from (select a + 0 as a from far) f where a is not null",
                "many a?",
            ),
            (
                "select a, b from far where (a, b) is not null",
                "many a? b?",
            ),
            ("select a from far where a = a", "many a?"),
            ("select a from seen", "many a?"),
            ("select a from kept", "many a?"),
            ("select a from far where a = $1", "many a | $1"),
            ("select a from near where a is not null", "many a"),
        ],
    );
}

/// A function whose body becomes part of the statement, and a column under two names.
#[test]
fn conditions_on_rows_of_another_server_in_disguise() {
    check(
        "create extension postgres_fdw;
         create server elsewhere foreign data wrapper postgres_fdw;
         create foreign table far (a int not null, b int) server elsewhere;
         create table near (a int, b int);
         create function of_far() returns setof int language sql stable as 'select a from far';
         create function through() returns setof int language sql stable as 'select of_far() union all select f from of_far() f';
         create function of_near() returns setof int language sql stable as 'select a from near';
         create materialized view kept as select v from of_far() v where v is not null with no data;
         create materialized view kept_near as select a from near where a is not null with no data;",
        &[
            ("select v from of_far() v where v is not null", "many v?"),
            ("select v from through() v where v is not null", "many v?"),
            ("select v from of_near() v where v is not null", "many v"),
            ("select v from kept", "many v?"),
            ("select a from kept_near", "many a"),
            ("select x from (select a as x, a as y from far) f where x = y", "many x?"),
            ("select x from (select a as x, a as y from far) f where not x <> y", "many x?"),
            ("with f as (select a as x, a as y from far) select x from f where x = y", "many x?"),
            ("select x from far, lateral (select far.a as x) f where x = a", "many x?"),
            ("select n.a from far f join near n on n.a = f.a", "many a"),
            ("select n.a, f.x from (select a as x from far) f, near n where n.a < x", "many a x"),
        ],
    );
}

/// Another server's rows may be others each time that they are read.
#[test]
fn rows_of_another_server_change() {
    check(
        "create extension postgres_fdw;
         create server elsewhere foreign data wrapper postgres_fdw;
         create foreign table far (id int) server elsewhere;
         create table t (id int primary key);",
        &[
            (
                "select id from t where exists (select from (select id from far limit 1) f where f.id = t.id offset 0)",
                "many id",
            ),
            (
                "select id from t where exists (select from (select id from t limit 1) f where f.id = t.id offset 0)",
                "opt id",
            ),
            (
                "select id from t where id = (select max(id) from far)",
                "opt id",
            ),
        ],
    );
}

/// The rows are as old as the last refresh. What is declared now may not have been then.
#[test]
fn materialized_views() {
    check(
        "create table t (id int primary key, a int, b int not null, arr int[], kept int generated always as (coalesce(b, 0)) stored);
         create domain label as text;
         create function no_null(x int) returns int language sql return x;
         create function strict_function(x int) returns bool language sql return true;
         create view inside as select a from t;
         insert into t values (1, null, 1, array[null::int]);
         create materialized view m as
             select id, a, b, kept, count(*) over () as n, coalesce(a, 0) as c, 1 as one, null as nothing,
                 exists (select from t) as e, a is null as is_null, no_null(a) as f, a::text::label as l, lower('X' || b::text) as s,
                 coalesce((select i.a from inside i limit 1), null) as i, array_remove(arr, null) as arr, array[1, 2] as ints
             from t;
         create materialized view present as select t.a, t.arr from t where a > 0 and arr is not null;
         create materialized view called as select a from t where strict_function(a);
         create materialized view grouped as select b, count(*) as n, sum(a) as s, max(b) as m from t group by b;
         create unique index on grouped (b);
         create materialized view outer_joined as select t.id, o.id as other, coalesce(o.id, 0) as c, o.one
             from t left join (select id, 1 as one from t) o on o.id = t.a;
         create materialized view above as select m.n, m.a, m.c, m.f, p.a as present, g.n as of_group, o.one
             from m cross join present p left join grouped g on g.b = m.b join outer_joined o on true;
         create view over_above as select a.n, a.of_group from above a join m on m.c = a.c;
         refresh materialized view m;
         -- What holds from now on.
         delete from t;
         alter table t alter a set not null;
         alter table t add check (array_position(arr, null) is null);
         alter domain label add check (value <> 'x');
         create or replace function no_null(x int) returns int language sql return coalesce(x, 0);
         create or replace function strict_function(x int) returns bool strict language sql return x > 0;
         create or replace view inside as select 1 as a;",
        &[
            ("select id, a, b, kept from m", "many id? a? b? kept?"),
            ("select n, c, one, nothing, e, is_null from m", "many n c one nothing? e is_null"),
            ("select f, l, s, i, arr, ints from m", "many f? l? s? i? arr? ints"),
            ("select no_null(a) as f from m", "many f"),
            ("select a, arr from present", "many a arr[?]"),
            ("select a from called", "many a?"),
            ("select b, n, s, m from grouped", "many b? n s? m?"),
            ("select b, n from grouped where b = $1", "opt b n | $1"),
            ("select id, other, c, one from outer_joined", "many id? other? c one?"),
            ("select m.one from t left join m on m.id = t.id", "many one?"),
            // Of materialized views.
            ("select n, a, c, f, present, of_group, one from above", "many n a? c f? present of_group? one?"),
            ("select n, of_group from over_above", "many n of_group?"),
            // A view that is computed now.
            ("select * from inside", "one a"),
        ],
    );
}

/// What the server says of itself: columns of its functions, and counters that start at zero.
#[test]
fn views_of_the_system() {
    check(
        "create table t (id int primary key);",
        &[
            (
                "select name, setting, unit, pending_restart from pg_settings where name = 'work_mem'",
                "many name setting unit? pending_restart",
            ),
            (
                "select relname, n_live_tup, last_vacuum from pg_stat_user_tables",
                "many relname n_live_tup last_vacuum?",
            ),
            (
                "select xact_commit, deadlocks from pg_stat_database where datname = current_database()",
                "many xact_commit deadlocks",
            ),
            (
                "select locktype, mode, granted, pid from pg_locks",
                "many locktype mode granted pid?",
            ),
            (
                "select name, default_version, comment from pg_available_extensions",
                "many name default_version? comment?",
            ),
            (
                "select archived_count, last_archived_wal, failed_count from pg_stat_archiver",
                "one archived_count last_archived_wal? failed_count",
            ),
            (
                "select buffers_clean, maxwritten_clean, buffers_alloc, stats_reset from pg_stat_bgwriter",
                "one buffers_clean maxwritten_clean buffers_alloc stats_reset",
            ),
            (
                "select wal_records, wal_bytes from pg_stat_wal",
                "one wal_records wal_bytes",
            ),
            (
                "select name, blks_hit, blks_read from pg_stat_slru",
                "many name blks_hit blks_read",
            ),
            (
                "select slot_name, plugin, slot_type, active, restart_lsn from pg_replication_slots",
                "many slot_name plugin? slot_type active restart_lsn?",
            ),
            (
                "select transaction, gid, prepared from pg_prepared_xacts",
                "many transaction gid prepared",
            ),
            (
                "select relid, parentrelid, isleaf, level from pg_partition_tree('t')",
                "many relid parentrelid? isleaf level",
            ),
            (
                "select system_identifier from pg_control_system()",
                "one system_identifier",
            ),
            (
                "select pg_terminate_backend($1) as ended, pg_switch_wal() as at",
                "one ended at | $1",
            ),
        ],
    );
}

#[test]
fn large_objects() {
    check(
        "create table t (id int primary key);",
        &[
            ("select lo_from_bytea(0, $1) as oid", "one oid | $1"),
            ("select lo_get($1) as data", "one data | $1"),
            ("select lo_open($1, 131072) as fd", "one fd | $1"),
            (
                "select loread($1, 8192) as data, lo_tell64($1) as at",
                "one data at | $1",
            ),
        ],
    );
}
