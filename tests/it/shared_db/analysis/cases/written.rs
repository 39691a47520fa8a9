//! The values of RETURNING for written rows.

use super::SCHEMA;
use crate::shared_db::analysis::check;

#[test]
fn written_rows() {
    check(
        SCHEMA,
        &[
            // What RETURNING gives is not what was there before.
            (
                "with w as (update t set c = b, b = 1 returning b, c) select * from w where b is not null",
                "many b c?",
            ),
            (
                "update t set b = 1, c = b returning (select u.d from u where u.id = t.b limit 1) as d, c",
                "many d? c?",
            ),
            (
                "insert into t (id, a, b, name) values (1, 2, 3, 'x') returning b, c",
                "one b c?",
            ),
            (
                "insert into t (id, a, b, name) values ($1, $2, $3, $4) returning id, b",
                "one id b? | $1 $2 $3? $4",
            ),
            (
                "insert into t (id, a, b, name) values (generate_series(1, 2), 2, 3, 'x') returning b",
                "many b",
            ),
            (
                "insert into t (id, a, name) values (1, 2, 'x') on conflict do nothing returning id",
                "opt id",
            ),
            (
                "insert into t (id, a, b, name) values (1, 2, 3, 'x') on conflict (id) do update set b = excluded.b returning b",
                "one b",
            ),
            (
                "insert into t (id, a, b, name) values (1, 2, 3, 'x') on conflict (id) do update set a = 1 where t.c > 0 returning b",
                "opt b?",
            ),
            (
                "insert into triggered (id, b) values (1, 2) returning b",
                "one b?",
            ),
            // Only a trigger that may return no row leaves one out, and that of UPDATE only where a conflict updates.
            ("insert into picky values (1, 2) returning b", "one b"),
            (
                "insert into picky values (1, 2) on conflict (id) do update set b = 3 returning b",
                "opt b?",
            ),
            ("insert into pickier values (1, 2) returning id", "opt id"),
            ("update t set b = null where b > 0 returning b", "many b?"),
            ("update t set c = 1 where b > 0 returning b, c", "many b c"),
            (
                "update t set b = 1, c = b where id = 1 returning b, c",
                "opt b c?",
            ),
            // The guard is about the row that was written, not about the one it was written from.
            (
                "update t set b = 1, c = b returning case when b = 1 then c else 0 end as x",
                "many x?",
            ),
            (
                "update t set b = 1, c = b returning array(select t.c from u where u.id = t.b) as x",
                "many x[?]",
            ),
            (
                "update t set b = null where b > 0 returning array[b] as x",
                "many x[?]",
            ),
            (
                "with w as (update t set b = null where b > 0 returning array[b] as x, b) select x, b from w",
                "many x[?] b?",
            ),
            (
                "with w as (delete from t where b > 0 returning b, c) select b, c from w",
                "many b c?",
            ),
            // A row that moves to another partition is inserted there, with that one's triggers.
            ("update parts set id = 1, b = 2 returning b", "many b?"),
            (
                "delete from t using u where u.t_id = t.id and t.b = u.b returning t.b, u.b as y",
                "many b y",
            ),
        ],
    );
}

#[test]
fn what_another_server_does_with_a_row_is_not_known() {
    check(
        "create extension postgres_fdw;
         create server elsewhere foreign data wrapper postgres_fdw;
         create foreign table far (id int8 not null, a text) server elsewhere;
         create table near (id int8 not null, a text) partition by list (id);
         create foreign table near_1 partition of near for values in (1) server elsewhere;",
        &[
            ("select id, a from far where a <> ''", "many id? a"),
            (
                "insert into far values (1, 'x') returning id, a",
                "opt id? a?",
            ),
            (
                "insert into near values (1, 'x') returning id, a",
                "opt id? a?",
            ),
            ("update far set a = 'x' returning id, a", "many id? a?"),
            ("update near set a = 'x' returning a", "many a?"),
            ("delete from far where a <> '' returning a", "many a"),
        ],
    );
}

/// What another part of a statement updates, an upsert beside it passes over.
#[test]
fn upserts_of_what_is_updated_elsewhere() {
    check(
        "create table p (id int4 primary key, a int4 not null) partition by range (id);
         create table p_1 partition of p for values from (0) to (10);
         create table p_2 partition of p for values from (10) to (20);
         create view v as select id, a from p_1;",
        &[
            (
                "with w as (update p_1 set a = 2 where id = 1 returning a)
                 insert into p values (1, 2) on conflict (id) do update set a = (select a from w) returning a",
                "opt a",
            ),
            (
                "with w as (update p set a = 2 where id = 1 returning a)
                 insert into p_1 values (1, 2) on conflict (id) do update set a = (select a from w) returning a",
                "opt a",
            ),
            (
                "with w as (update v set a = 2 where id = 1 returning a)
                 insert into p values (1, 2) on conflict (id) do update set a = (select a from w) returning a",
                "opt a",
            ),
            (
                "with w as (update p_2 set a = 2 where id = 11 returning a)
                 insert into p_1 values (1, 2) on conflict (id) do update set a = 1 returning a",
                "one a",
            ),
        ],
    );
}

#[test]
fn upserts() {
    check(
        SCHEMA,
        &[
            // Sets side by side are filled up with nulls, also in VALUES, which was overlooked.
            (
                "insert into t (id, a, b, name) values (generate_series(1, 3), 1, generate_series(1, 2), '') returning b",
                "many b?",
            ),
            (
                "insert into t (id, a, b, name) values (generate_series(1, 3), 1, generate_series(1, 3), '') returning b",
                "many b",
            ),
            (
                "insert into t (id, a, b, name) values (generate_series(1, 3), 1, generate_series(1, 2), '')
                 on conflict (id) do update set b = excluded.b returning b",
                "many b?",
            ),
            // A row that another part of the statement updates meanwhile is left as that makes it.
            (
                "with w as (insert into picky values (1, 2) on conflict (id) do update set b = 2 returning b)
                 insert into t (id, a, name) values (1, 2, '') on conflict (id) do update set a = (select b from w) returning a",
                "one a",
            ),
            (
                "with w as (update t set b = 2 where id = 1 returning a)
                 insert into t (id, a, name) values (1, 2, '') on conflict (id) do update set a = (select a from w) returning a",
                "opt a",
            ),
            (
                "with w as (insert into t (id, a, name) values (1, 2, '') on conflict (id) do update set a = 1 returning a)
                 insert into t (id, a, name) values (2, 2, '') returning a",
                "one a",
            ),
            (
                "with w as (insert into t (id, a, name) values (1, 2, '') on conflict (id) do update set a = 1 returning a)
                 select a from w",
                "one a",
            ),
            // `excluded` is what would have been inserted.
            (
                "insert into u (id, t_id, b, d) values (1, 2, 3, 4) on conflict (id) do update set b = excluded.b returning b",
                "one b",
            ),
            (
                "insert into u (id, t_id, b, d) select id, a, a, a from t on conflict (id) do update set b = excluded.b + 1 where u.b > 1
                 returning b",
                "many b",
            ),
            (
                "insert into u (id, t_id, b, d) values (1, 2, $1, 4) on conflict (id) do update set b = excluded.b returning b",
                "one b? | $1?",
            ),
            (
                "insert into u (id, t_id, b, d) values (1, 2, 3, 4) on conflict (id) do update set b = u.b returning b",
                "one b?",
            ),
            (
                "insert into u (id, t_id, d) values (1, 2, 4) on conflict (id) do update set b = excluded.b returning b",
                "one b?",
            ),
            (
                "insert into u (id, t_id, b, d) values (1, 2, $1, 4) on conflict (id) do update set b = coalesce(u.b, excluded.d) returning b",
                "one b? | $1?",
            ),
            // A trigger on one of the partitions comes first.
            (
                "insert into parts (id, b) values (1, 2) on conflict (id) do update set b = excluded.b returning b",
                "one b?",
            ),
        ],
    );
}

#[test]
fn parts_of_values_that_are_set() {
    check(
        "create type place as (street text, city text);
         create table people (id int primary key, home place, nick text[], settings jsonb, spot point, days daterange);",
        &[
            (
                "update people set home.city = $1 where id = $2 returning home, (home).city",
                "opt home city? | $1? $2",
            ),
            (
                "update people set home.city = 'x', home.street = lower($1) where id = $2 returning home, (home).city, (home).street",
                "opt home city? street? | $1? $2",
            ),
            ("update people set nick[2] = $1 returning nick", "many nick[?] | $1"),
            ("update people set settings['theme'] = '1' returning settings", "many settings"),
            ("update people set spot[0] = 1 returning spot", "many spot?"),
            (
                "select daterange($1, $2) as d, daterange($1, null, '[)') as e, days * daterange($1, $2) as f from people where days is not null",
                "many d e f | $1? $2?",
            ),
        ],
    );
}

/// A trigger of a partitioned table is one of its partitions, on every version.
#[test]
fn triggers_of_partitioned_tables() {
    check(
        "create table whole (id int not null, a int not null) partition by list (id);
         create table part partition of whole for values in (1);
         create function emptied() returns trigger language plpgsql as 'begin new.U&\"a\" := null; return new; end';
         create trigger emptied before insert on whole for each row execute function emptied();
         create table noted (id int not null, a int);
         create function cleared() returns trigger language plpgsql as 'begin new . U&\"a\" := null; return new; end';
         create trigger cleared before insert on noted for each row execute function cleared();",
        &[
            ("insert into part (id, a) values (1, 2) returning id", "opt id"),
            ("insert into whole (id, a) values (1, 2) returning id", "opt id"),
            ("insert into noted (id, a) values (1, 2) returning a", "opt a?"),
        ],
    );
}
