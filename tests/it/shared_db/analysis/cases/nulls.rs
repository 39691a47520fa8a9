//! Columns that can and cannot be null: outer joins, conditions, branches, checks.

use super::SCHEMA;
use crate::shared_db::analysis::check;

#[test]
fn columns_and_outer_joins() {
    check(
        SCHEMA,
        &[
            ("select id, b from t", "many id b?"),
            (
                "select t.id, u.d from t left join u on u.t_id = t.id",
                "many id d?",
            ),
            (
                "select t.id, u.d from t right join u on u.t_id = t.id",
                "many id? d",
            ),
            (
                "select t.id, u.d from t full join u on u.t_id = t.id",
                "many id? d?",
            ),
            ("select id from t full join u using (id)", "many id"),
            (
                "select x.id, w.id from v left join (t full join u using (id)) x on x.id = v.k left join t w on w.id = x.id",
                "many id? id?",
            ),
            (
                "select u.d from (t left join u on u.t_id = t.id) join v on v.k = u.id",
                "many d",
            ),
            (
                "select w.d from t left join u on u.t_id = t.id left join u w on w.id = u.id where w.b > 0",
                "many d",
            ),
            (
                "select u.d from t left join u on u.t_id = t.id where u.b = 1 or u.d > 0",
                "many d",
            ),
            (
                "select u.d from t left join u on u.t_id = t.id where u.b = 1 or t.a > 0",
                "many d?",
            ),
            ("select id, d from joined", "many id d?"),
            ("select id, d from joined where d > 1", "many id d"),
            (
                "select u from t left join u on true",
                "many u?{id t_id b? d}",
            ),
            (
                "select s.d from t left join u s on s.t_id = t.id where s is not null",
                "many d",
            ),
            (
                "select s.d from t left join u s on s.t_id = t.id where not (s is null)",
                "many d",
            ),
            ("select a from parent", "many a?"),
            ("select a from only parent", "many a?"),
            // One row on the optional side, whatever is on the other.
            (
                "select t.id, s.n, s.m from t left join lateral (select count(*) as n, max(u.d) as m from u where u.t_id = t.id) s on true",
                "many id n m?",
            ),
            (
                "select t.id, s.n from t left join (select count(*) as n from u) s on s.n = t.a",
                "many id n?",
            ),
            (
                "select t.id, s.n from t left join lateral (select count(*) as n from u having count(*) > 1) s on true",
                "many id n?",
            ),
            (
                "with s as (select count(*) as n from u) select t.id, s.n from s right join t on true",
                "many id n",
            ),
            (
                "select u.d, s.n from t left join (u left join (select count(*) as n from v) s on true) on u.t_id = t.id",
                "many d? n?",
            ),
            (
                "select computed.upper, computed.total, computed.over_b, joined.upper as j from computed left join computed joined on joined.id = computed.over_b",
                "many upper total over_b? j?",
            ),
            (
                "insert into computed values (1, 2, 'x', null) returning upper, over_b",
                "one upper over_b?",
            ),
            ("select l from v", "many l?"),
            ("select id from parts", "many id"),
        ],
    );
}

#[test]
fn conditions_that_exclude_null() {
    check(
        SCHEMA,
        &[
            ("select b from t where b > 0", "many b"),
            ("select b from t where b is not null and c = 1", "many b"),
            ("select b from t where not (b = 1 or c is null)", "many b"),
            ("select b from t where b in (1, 2)", "many b"),
            ("select b from t where b not in (1, 2)", "many b"),
            ("select b from t where b = any (arr)", "many b"),
            ("select b from t where b <> all (arr)", "many b?"),
            ("select b from t where b <> all ('{}')", "many b?"),
            // Where the first pair decides, nobody looks at the second.
            ("select b, c from t where (b, c) < (1, 2)", "many b c?"),
            ("select b, c from t where not (b, c) > (1, 2)", "many b c?"),
            ("select b, c from t where (1, 2) <= (b + 0, c)", "many b c?"),
            (
                "select b, c from t where case when b is null then false else c > 1 end",
                "many b c",
            ),
            (
                "select b, c from t where case when b > 1 then c > 1 else c < 0 end",
                "many b? c",
            ),
            (
                "select b, c from t where case when b > 1 then c > 1 end",
                "many b c",
            ),
            (
                "select b, c from t where case when b > 1 then false else c > 1 end",
                "many b? c",
            ),
            (
                "select b, c from t where not case when b > 1 then true else c > 1 end",
                "many b? c",
            ),
            (
                "select b, c from t where case when $1::bool then c = $2 else true end",
                "many b? c? | $1 $2",
            ),
            (
                "select b, c from t where case b when 1 then c > 1 when 2 then c > 2 else false end",
                "many b? c",
            ),
            (
                "select d from t left join u on u.id = t.b where case when d > 1 then d = 2 else d is not null end",
                "many d",
            ),
            // An array of arrays has no elements if those have none.
            // What a CASE is not null by.
            (
                "select b, c from t where case when b > 0 then c / b end > 1",
                "many b c",
            ),
            (
                "select b, c from t where case b when 0 then null else c / b end > 1",
                "many b c",
            ),
            (
                "select b, c from t where case when a > 0 then c / b when b > 0 then c else null end > 1",
                "many b c",
            ),
            (
                "select b, c from t where case when b > 0 then c else 1 end > 1",
                "many b? c?",
            ),
            (
                "select b, c from t where case when b is null then null else c end > 1",
                "many b c",
            ),
            (
                "select b, c from t where case when b is null then 1 else c end > 1",
                "many b? c?",
            ),
            ("select b from t where b <> all (array[arr])", "many b?"),
            ("select b from t where b <> all (array[c])", "many b"),
            ("select b from t where b in (select id from u)", "many b"),
            (
                "select b from t where b not in (select id from u)",
                "many b?",
            ),
            (
                "select b from t where b <> all (select id from u)",
                "many b?",
            ),
            (
                "select b from t where exists (select from u where u.id = t.b)",
                "many b",
            ),
            (
                "select b from t where exists (select count(*) from u where u.id = t.b)",
                "many b?",
            ),
            ("select b from t where (b, c) = (1, 2)", "many b"),
            ("select b from t where (b > 0) is true", "many b"),
            ("select b from t where (b > 0) is not true", "many b?"),
            ("select b from t where (b > 0) is not unknown", "many b"),
            ("select b from t where b is not distinct from 1", "many b"),
            ("select b from t where b is distinct from 1", "many b?"),
            ("select b from t where row(b, c) is not null", "many b"),
            ("select b from t where not (row(b, c) is null)", "many b?"),
            ("select b from t where coalesce(b > 0, false)", "many b"),
            ("select b from t where coalesce(b > 0, true)", "many b?"),
            (
                "select coalesce(b, c) as x from t where coalesce(b, c) > 0",
                "many x",
            ),
            // A constant that stands in for null.
            ("select b from t where coalesce(b, 0) > 0", "many b"),
            ("select b from t where 0 < coalesce(b, 0)", "many b"),
            ("select b from t where coalesce(b, 0) >= 0", "many b?"),
            ("select b from t where coalesce(b, 0) <> 0", "many b"),
            ("select b from t where not coalesce(b, 0) = 0", "many b"),
            ("select b from t where coalesce(b, 1) <> 0", "many b?"),
            ("select b from t where coalesce(b, -1) = 5", "many b"),
            ("select b from t where coalesce(b, $1) > 0", "many b? | $1"),
            ("select b from t where coalesce(b, 0) > $1", "many b? | $1"),
            (
                "select b, c from t where coalesce(b, c, 0) > 0",
                "many b? c?",
            ),
            ("select b from t where coalesce(b, b * 2, 0) > 0", "many b"),
            ("select n from v where coalesce(n, 0) > 0", "many n"),
            ("select n from v where coalesce(n, 0) < 1", "many n?"),
            ("select n from v where coalesce(n, 2) < 1", "many n"),
            (
                "select txt from v where coalesce(txt, '') <> ''",
                "many txt",
            ),
            (
                "select txt from v where coalesce(txt, '') = 'x'",
                "many txt",
            ),
            (
                "select txt from v where coalesce(txt, 'x') = 'x'",
                "many txt?",
            ),
            ("select vc from tag where coalesce(vc, '') <> ''", "many vc"),
            // Values of two types can be equal although they are kept as other bytes.
            (
                "select txt from v where coalesce(txt::name, 'x') = 'x'::text",
                "many txt?",
            ),
            (
                "select txt from v where coalesce(txt::date, '2020-02-02') = '2020-02-02'::timestamp",
                "many txt?",
            ),
            (
                "select k from v where coalesce(k, -1)::oid > 5::oid",
                "many k?",
            ),
            (
                "select txt from v where coalesce(txt::date, '2020-02-02') = '2020-02-03'::date",
                "many txt",
            ),
            (
                "select txt from v where coalesce(txt::uuid, '00000000-0000-0000-0000-000000000000') <> '00000000-0000-0000-0000-000000000000'",
                "many txt",
            ),
            (
                "select ci from tag where coalesce(ci, 'A') = 'a'",
                "many ci?",
            ),
            (
                "select t.id, u.d from t left join u on u.t_id = t.id where coalesce(u.d, 0) > 0",
                "many id d",
            ),
            // A row of FROM.
            (
                "select u.id, u.b from t left join u on u.t_id = t.id where u is not null",
                "many id b",
            ),
            (
                "select u.id, u.b from t left join u on u.t_id = t.id where not (u is null)",
                "many id b?",
            ),
            (
                "select u.id, u.b from t left join u on u.t_id = t.id where u is null",
                "many id? b?",
            ),
            (
                "select u.id, u.b from t left join u on u.t_id = t.id where not (u is not null)",
                "many id? b?",
            ),
            (
                "select u.x, u.y from t left join lateral (select b as x, t.b as y from u where u.t_id = t.id) u on true where u is not null",
                "many x y",
            ),
            (
                "select u.id, u.d from t left join u on u.t_id = t.id where not (row(u.id, u.d) is null)",
                "many id d",
            ),
            (
                "select null_for(b) as x from t where null_for(b) is not null",
                "many x",
            ),
            // Thrown anew for each time that it is written.
            (
                "select (dice()).x from t where (dice()).x is not null",
                "many x?",
            ),
        ],
    );
}

#[test]
fn guards() {
    check(
        SCHEMA,
        &[
            (
                "select case when coalesce(b, 0) = 0 then -1 else b end as x from t",
                "many x",
            ),
            (
                "select case when coalesce(b, 0) = 1 then -1 else b end as x from t",
                "many x?",
            ),
            (
                "select case when b is not null then b else 0 end as x from t",
                "many x",
            ),
            (
                "select case when b is null then 0 else b end as x from t",
                "many x",
            ),
            ("select case when b > 0 then b end as x from t", "many x?"),
            // What can never be otherwise leaves no other branch.
            (
                "select case when a is not null then 1 end as x, case when a is null then b else a end as y from t",
                "many x y",
            ),
            (
                "select case when t.a is not null then 1 end as x from u left join t on t.id = u.b",
                "many x?",
            ),
            (
                "select case when t.a is not null then u.d end as x from u join t on t.id = u.b",
                "many x",
            ),
            (
                "select case when b is not null then 1 end as x, case when b is null then null else 1 end as y from t",
                "many x? y?",
            ),
            (
                "select case when p is not null then 1 end as x from v where p = row(1, null)::pair",
                "many x?",
            ),
            (
                "select case b when 1 then b else 0 end as x from t",
                "many x",
            ),
            (
                "select case when b > 0 then 1 else b end as x from t",
                "many x?",
            ),
            (
                "select coalesce(b, 0) as x, nullif(a, 1) as y, greatest(a, b) as z from t",
                "many x y? z",
            ),
            (
                "select b is null or b > 0 as x, b is not null and b > 0 as y, b > 0 as z from t",
                "many x y z?",
            ),
            ("select x.x from cast(row(null) as single) x", "one x?"),
            ("select x from abs(-1) x", "one x"),
            ("select null_for(a) as x from t", "many x?"),
        ],
    );
}

#[test]
fn dates_that_are_finite() {
    check(
        SCHEMA,
        &[
            (
                "select extract(day from now()) as x, to_char(now() - interval '1 day', 'YYYY') as y, to_char(now(), '') as z",
                "one x y z?",
            ),
            (
                "select extract(dow from current_date) as x, date_part('week', date '2024-01-01') as y,
                    extract(day from timestamp 'infinity') as z",
                "one x y z?",
            ),
            ("select extract(day from $1::date) as x, now()::time as y, $2::timestamp::time as z", "one x? y z? | $1 $2"),
            ("select to_char(now(), name) as x from t", "many x?"),
            (
                "select to_char(d, 'Day') as x from generate_series(now() - 2 * interval '1 week', now(), '1 day') d",
                "many x",
            ),
            (
                "with days as (select date_trunc('month', now()) as d) select extract(month from d) as x from days",
                "one x",
            ),
            // Seconds and milliseconds since 1970.
            (
                "select to_char(to_timestamp(a), 'YYYY') as x, to_char(to_timestamp(a / 1000.0), 'YYYY') as y,
                    to_char(to_timestamp(a) + a * interval '1 day', 'YYYY') as z from t where a > 0",
                "many x y z",
            ),
            ("select to_char(to_timestamp($1::bigint), 'YYYY') as x, to_char(to_timestamp($2), 'YYYY') as y", "one x y? | $1 $2"),
            (
                "select to_char(to_timestamp('infinity'), 'YYYY') as x, to_char(to_timestamp('infinity'::numeric), 'YYYY') as y,
                    to_char(to_timestamp(1.5 * '-infinity'::numeric), 'YYYY') as z",
                "one x? y? z?",
            ),
        ],
    );
}

/// A CASE without ELSE that has a branch for every value.
#[test]
fn branches_for_every_value() {
    check(
        "create type mood as enum ('sad', 'ok', 'glad');
         create type other as enum ('sad', 'ok');
         create domain feeling as mood;
         create function same(mood, mood) returns bool immutable language sql as 'select null::bool';
         create operator === (leftarg = mood, rightarg = mood, function = same);
         create table t (id int primary key, m mood not null, n mood not null, o mood, f feeling not null, on_ bool not null, off bool);",
        &[
            ("select case m when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x from t", "many x"),
            ("select case when m = 'sad' then 1 when 'ok' = m then 2 when m = 'glad' then 3 end as x from t", "many x"),
            ("select case when id > 5 then 0 when m in ('glad', 'sad') then 1 when m = 'ok' or id = 3 then 2 end as x from t", "many x"),
            ("select case f::mood when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x from t", "many x"),
            ("select case on_ when true then 1 when false then 2 end as x, case when on_ then 1 when not on_ then 2 end as y from t", "many x y"),
            ("select case o when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x from t where o is not null", "many x"),
            ("select case when o is null then 0 when o = 'sad' then 1 when o = 'ok' then 2 when o = 'glad' then 3 end as x from t", "many x"),
            ("select case when off is null then 0 when off then 1 when off = false then 2 end as x from t", "many x"),
            ("select case m when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x, count(*) as n from t group by m", "many x n"),
            ("select case m when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x from t group by grouping sets ((m), ())", "many x?"),
            ("select case t.m when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x from t u left join t on t.id > u.id", "many x?"),
            // Not every value, or not of the same expression.
            ("select case m when 'sad' then 1 when 'ok' then 2 end as x from t", "many x?"),
            ("select case m when 'sad' then 1 when 'ok' then 2 when 'ok' then 3 end as x from t", "many x?"),
            ("select case m when 'sad' then 1 when 'ok' then 2 when null then 3 end as x from t", "many x?"),
            ("select case m when 'sad' then 1 when 'ok' then 2 when n then 3 end as x from t", "many x?"),
            ("select case when m = 'sad' then 1 when m = 'ok' then 2 when n = 'glad' then 3 end as x from t", "many x?"),
            ("select case when m = 'sad' then 1 when m = 'ok' then 2 when m = 'glad' and id > 1 then 3 end as x from t", "many x?"),
            ("select case when m = 'sad' then 1 when m = 'ok' then 2 when m <> 'glad' then 3 end as x from t", "many x?"),
            ("select case when m === 'sad' then 1 when m === 'ok' then 2 when m === 'glad' then 3 end as x from t", "many x?"),
            ("select case o when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x from t", "many x?"),
            ("select case when off then 1 when not off then 2 end as x from t", "many x?"),
            ("select case when on_ then 1 when on_ is true then 2 end as x from t", "many x?"),
            // Chosen anew for each condition.
            (
                "select case when (case when random() > 0.5 then m else n end) = 'sad' then 1
                    when (case when random() > 0.5 then m else n end) = 'ok' then 2
                    when (case when random() > 0.5 then m else n end) = 'glad' then 3 end as x from t",
                "many x?",
            ),
            (
                "select case (case when random() > 0.5 then m else n end) when 'sad' then 1 when 'ok' then 2 when 'glad' then 3 end as x from t",
                "many x?",
            ),
            ("select case when $1 = 'sad' then 1 when $1 = 'ok' then 2 when $1::mood = 'glad' then 3 end as x", "one x? | $1"),
        ],
    );
}

/// A CASE without ELSE that has a branch for every value that a check allows.
#[test]
fn branches_for_every_checked_value() {
    check(
        "create table t (
             id int primary key, s text not null check (s in ('a', 'b', 'c')), o text check (o in ('a', 'b')),
             n int not null check (n = 1 or n = 2), loose text not null check (loose in ('a', 'b', null)),
             either text not null, other text not null, check (either in ('a', 'b') or other = 'x')
         );
         create table late (id int primary key, s text not null);
         alter table late add check (s in ('a', 'b')) not valid;
         create table parent (s text not null check (s in ('a', 'b')) no inherit);
         create table child () inherits (parent);",
        &[
            ("select case s when 'a' then 1 when 'b' then 2 when 'c' then 3 end as x from t", "many x"),
            ("select case when s = 'a' then 1 when s = 'b' then 2 when id = 4 then 7 when s = 'c' then 3 end as x from t", "many x"),
            ("select case when s = 'a' or s = 'b' then 2 when 'x' = other then 1 when s = 'c' then 3 end as x from t", "many x"),
            ("select case n when 1 then 'one' when 2 then 'two' end as x from t", "many x"),
            ("select case o when 'a' then 1 when 'b' then 2 end as x from t where o is not null", "many x"),
            ("select case when o is null then 0 when o = 'a' then 1 when o = 'b' then 2 end as x from t", "many x"),
            ("select case s when 'a' then 1 when 'b' then 2 end as x from t where s <> 'c'", "many x"),
            ("select case s when 'a' then 1 when 'b' then 2 when 'c' then 3 end as x from t group by s", "many x"),
            ("select case either when 'a' then 1 when 'b' then 2 end as x from t where other = 'y'", "many x"),
            ("select case s when 'a' then 1 when 'b' then 2 end as x from only parent", "many x"),
            // Values that are left out, that the check allows, or rows that it is not about.
            ("select case s when 'a' then 1 when 'b' then 2 end as x from t", "many x?"),
            ("select case s when 'a' then 1 when 'b' then 2 when other then 3 end as x from t", "many x?"),
            ("select case s when 'a' then 1 when 'b' then 2 when null then 3 end as x from t", "many x?"),
            ("select case when s = 'a' then 1 when s = 'b' then 2 when s = 'c' and id > 1 then 3 end as x from t", "many x?"),
            ("select case when s = 'a' then 1 when s = 'b' then 2 when s <> 'c' then 3 end as x from t", "many x?"),
            ("select case o when 'a' then 1 when 'b' then 2 end as x from t", "many x?"),
            ("select case when o = 'a' then 1 when o = 'b' then 2 end as x from t", "many x?"),
            ("select case loose when 'a' then 1 when 'b' then 2 end as x from t", "many x?"),
            ("select case either when 'a' then 1 when 'b' then 2 end as x from t", "many x?"),
            ("select case s when 'a' then null when 'b' then 2 when 'c' then 3 end as x from t", "many x?"),
            ("select case s when 'a' then 1 when 'b' then 2 when 'c' then 3 end as x from t group by rollup (s)", "many x?"),
            ("select case t.s when 'a' then 1 when 'b' then 2 when 'c' then 3 end as x from late left join t using (id)", "many x?"),
            ("select case t.s when 'a' then 1 when 'b' then 2 when 'c' then 3 end as x from late left join t on t.id = late.id where late.s = 'a'", "many x?"),
            ("select case when t.s = 'a' then 1 when l.s = 'b' then 2 when t.s = 'c' then 3 end as x from late l join t using (id)", "many x?"),
            ("select case s when 'a' then 1 when 'b' then 2 end as x from late", "many x?"),
            ("select case s when 'a' then 1 when 'b' then 2 end as x from parent", "many x?"),
        ],
    );
}

/// A check that is null holds, so only what makes it false is excluded.
#[test]
fn checks_and_conditions() {
    check(
        "create type mood as enum ('sad', 'glad');
         create table n (
             id int primary key, kind text not null, maybe text, target int, a int, b int, c int, flag bool, feeling mood, v varchar,
             x int check (x is not null), y int check (y > 0), z int check (z is not null) no inherit,
             check (kind <> 'a' or target is not null),
             check ((a is null) = (b is null)),
             check (num_nonnulls(b, c) >= 1),
             check (case maybe when 'a' then true else true end)
         );
         create table kinds (
             id int primary key, kind text not null, maybe text, a int, b int, c int, d int, e int, f int, g int, flag bool,
             feeling mood not null, v varchar, k int not null,
             check (case when kind = 'a' then a is not null when kind = 'b' then b is not null else true end),
             check ((feeling = 'sad') = (c is not null)),
             check (kind not in ('a', 'c') or d is not null),
             check ((d is not null)::int + (e is not null)::int = 1),
             check (not flag or f is not null),
             check (k <> 1 or g = g),
             check (maybe <> 'a' or v is not null)
         );
         create table child () inherits (n);
         create table late (id int, a int, b int);
         alter table late add check (id <> 1 or a is not null) not valid;
         create table citexts (kind text collate \"C\", a int, check (kind <> 'a' or a is not null));
         create view sad as select * from kinds where feeling = 'sad';
         create type part as (a int, b int);
         create table parts (p part, x int, check (num_nonnulls(p, x) = 1));
         create table papers (
             body json, form text, page text, sheet int,
             check (json_typeof(body) is null or form is not null),
             check ((body ->> 'page') is null or page is not null),
             check ((length(form) > 1) is null or sheet is not null)
         );
         create table votes (
             up bool not null, sure bool, why text, note text,
             check ((why is null and up = true) or (why is not null and up = false)),
             check (sure <> true or note is not null)
         );",
        &[
            ("select target, x, y, z from n", "many target? x y? z?"),
            ("select target from n where kind = 'a'", "many target"),
            ("select target from n where kind = 'b'", "many target?"),
            ("select target from n where kind <> 'a'", "many target?"),
            ("select target from n where not (kind <> 'a')", "many target"),
            ("select target from n where kind = 'a' or kind = 'b'", "many target?"),
            ("select target from n where kind = $1", "many target? | $1"),
            ("select target, z from only n where kind = 'a'", "many target z"),
            // One of two, whichever it is.
            ("select coalesce(b, c) as bc, coalesce(a, c) as ac from n", "many bc ac?"),
            ("select coalesce(d, e) as de, coalesce(d::text, e::text) as texts from kinds", "many de texts"),
            ("select coalesce(d, f, e) as dfe, coalesce(d, f) as df from kinds", "many dfe df?"),
            ("select case when d is not null then 'd' when e is not null then 'e' end as which from kinds", "many which"),
            ("select case when d is not null then 'd' when f is not null then 'f' end as which from kinds", "many which?"),
            ("select case when d is not null then 'd' when e > 0 then 'e' end as which from kinds", "many which?"),
            ("select case when d is null then 'd' when e is null then 'e' end as which from kinds", "many which?"),
            ("select case when d is not null then d::text when e is not null then v end as which from kinds", "many which?"),
            ("select case when d is not null then 'd' when e is not null then 'e' else v end as which from kinds", "many which"),
            ("select coalesce(l.d, r.e) as de from kinds l join kinds r on r.id = l.a", "many de?"),
            ("select coalesce(k.d, k.e) as de from n left join kinds k on k.id = n.a", "many de?"),
            ("select coalesce(k.d, k.e) as de from n left join kinds k on k.id = n.a where k.id > 1", "many de"),
            ("select coalesce(d, e) as de from kinds group by grouping sets ((d), (e))", "many de?"),
            ("select coalesce(d, e) as de from kinds group by d, e", "many de"),
            ("select coalesce(d, e) as de from kinds group by rollup(d, e)", "many de?"),
            // What a CASE asks of a group whose columns are left out is not so of its rows.
            ("select case when b is null then max(c) else 0 end as c from n group by grouping sets ((b), (id))", "many c?"),
            ("select case when b is null then c else 0 end as c from n group by grouping sets ((b, c), (c))", "many c?"),
            ("select max(case when b is null then c else 0 end) as c from n group by grouping sets ((b), (id))", "many c"),
            (
                "select case when case when b is null then 1 end = 1 then max(case when b is null then 1 end) else 0 end as b
                 from n group by grouping sets ((b), (id))",
                "many b?",
            ),
            ("select coalesce(max(d), max(e)) as de from kinds", "one de?"),
            ("update kinds set d = null, e = 1 where id = 1 returning coalesce(d, e) as de", "opt de"),
            ("insert into kinds (id, kind, feeling, k, d) values (1, 'a', 'sad', 2, 3) returning coalesce(d, e) as de", "one de"),
            ("select (select coalesce(k.d, k.e) from (select 1) as one) as de from kinds k", "many de?"),
            ("select a, b, c from n where a is not null", "many a b c?"),
            ("select a, b, c from n where a > 0", "many a b c?"),
            ("select a, b, c from n where b is null", "many a? b? c"),
            ("select b, c from n where c is null", "many b c?"),
            ("select a from kinds where kind = 'a'", "many a"),
            ("select a, b from kinds where kind = 'b'", "many a? b"),
            ("select c from kinds where feeling = 'sad'", "many c"),
            ("select c from kinds where feeling = 'glad'", "many c?"),
            ("select c from kinds where feeling <> 'sad'", "many c?"),
            ("select c from sad", "many c"),
            ("select d, e from kinds where kind = 'c'", "many d e?"),
            ("select d, e from kinds where d is null", "many d? e"),
            ("select f from kinds where flag", "many f"),
            ("select f from kinds where flag is not false", "many f?"),
            ("select f from kinds where flag is true and k = 2", "many f"),
            // A flag that is compared with true or false, in the check and in the query.
            ("select why from votes where up = false", "many why"),
            ("select why from votes where true <> up", "many why"),
            ("select why from votes where not up", "many why"),
            ("select why from votes where up = true", "many why?"),
            ("select why from votes where up = $1", "many why? | $1"),
            ("select why from votes where up = (sure = false)", "many why?"),
            ("select note from votes where sure = true", "many note"),
            ("select note from votes where not (sure = false)", "many note"),
            ("select note from votes where sure <> true", "many note?"),
            ("select note from votes where sure is distinct from false", "many note?"),
            // The check is null, which is enough.
            ("select g from kinds where k = 1", "many g?"),
            // Null is no 'a'.
            ("select v from kinds where maybe = 'a'", "many v"),
            ("select v from kinds where maybe is not distinct from 'a'", "many v?"),
            ("select v from kinds where maybe is null", "many v?"),
            // Under the guard of a CASE.
            ("select case when kind = 'a' then a else 0 end as x, case kind when 'a' then a when 'b' then b else 0 end as y from kinds", "many x y"),
            ("select case when kind = 'b' then a else 0 end as x, case kind when 'b' then a when 'a' then b else 0 end as y from kinds", "many x? y?"),
            ("select case v when 'x' then 1 else 2 end as z, case feeling when 'sad' then c else 0 end as c from kinds", "many z c"),
            ("select case maybe when 'a' then v else '' end as v, case when maybe = 'a' and k = 2 then v else '' end as w from kinds", "many v w"),
            ("select case when kind = 'a' or kind = 'b' then a else 0 end as x, case when not (kind <> 'a') then a else 0 end as y from kinds", "many x? y"),
            ("select case when kind = 'a' then (select k.a from kinds k where k.id = kinds.id + 1) else 0 end as x from kinds", "many x?"),
            ("select case when kind = 'a' then (select kinds.a from (select 1) as one) else 0 end as x from kinds", "many x?"),
            ("select case when kind = 'a' then lag(a, 0) over () else 0 end as x, case when kind = 'a' then first_value(a) over () else 0 end as y from kinds", "many x? y?"),
            ("select case when k.kind = 'a' then k.a else 0 end as x, case when k.kind is null then k.a else 0 end as y from n left join kinds k on k.id = n.a", "many x y?"),
            ("select case when l.kind = 'a' then r.a else 0 end as x from kinds l join kinds r on r.id = l.k", "many x?"),
            ("select case when kind = 'a' then a else 0 end as x from kinds group by rollup (kind, a)", "many x?"),
            ("select kind, case when kind = 'a' then max(a) else 0 end as x, case when min(kind) = 'a' then max(a) else 0 end as y from kinds group by kind", "many kind x y?"),
            ("update kinds set kind = 'b', b = 1 where kind = 'c' returning case when kind = 'a' then a else 0 end as x", "many x?"),
            // A function that gives null only for null.
            ("select form, page, sheet from papers where body is not null", "many form page? sheet?"),
            ("select form, sheet from papers where form > ''", "many form sheet"),
            // A row of nulls `is null`, and yet is none.
            ("select x from parts where p is null", "many x?"),
            ("select x from parts where p is not distinct from null", "many x"),
            // Not checked for rows that were there.
            ("select a from late where id = 1", "many a?"),
            // The side of a join that need not be there.
            ("select n.target from kinds left join n on n.id = kinds.id and n.kind = 'a'", "many target?"),
            ("select n.target from kinds left join n on n.id = kinds.id and n.kind = 'a' where n.id > 0", "many target"),
            ("select n.target from n left join kinds on n.kind = 'a' and kinds.id = n.id", "many target?"),
            ("select max(target) as x, count(*) as c from n where kind = 'a'", "one x? c"),
            ("select id, max(target) as x from n where kind = 'a' group by id", "many id x"),
            // What is written is no longer what the conditions were about.
            ("update n set target = null where kind = 'a' returning target", "many target?"),
            ("update n set kind = 'b' where kind = 'a' returning target", "many target"),
            ("update n set kind = 'b', target = target where kind = 'a' returning target", "many target"),
            ("delete from n where kind = 'a' returning target", "many target"),
            ("insert into n (id, kind, target, x) values (1, 'a', $1, 1) returning target, x", "one target? x | $1?"),
        ],
    );
}

/// The rows are chosen by what the CASE asks about, so that there is nothing else.
#[test]
fn cases_that_take_a_branch() {
    check(
        "create table jobs (id int primary key, state text not null, kind varchar, tries int, boss int);",
        &[
            (
                "select case when id > 5 then 1 when tries < 3 then 2 end as x from jobs where id > 5 or tries < 3",
                "many x",
            ),
            (
                "select case when id > 5 then 1 when tries < 3 then 2 end as x from jobs where id > 5 or tries <= 3",
                "many x?",
            ),
            (
                "select case when id > 5 then 1 when tries < 3 then boss end as x from jobs where id > 5 or tries < 3",
                "many x?",
            ),
            (
                "select case when id > 5 then 1 else boss end as x from jobs where id > 5",
                "many x",
            ),
            (
                "select case when id > 5 then 1 when tries < 3 then 2 end as x from jobs where boss = 1 and (id > 5 and state = 'a' or tries < 3)",
                "many x",
            ),
            (
                "select case when id > 5 and tries < 3 then 1 when boss = 1 then 2 end as x from jobs where id > 5 and (tries < 3 or boss = 1)",
                "many x",
            ),
            (
                "select case when id > 5 and tries < 3 then 1 when boss = 1 then 2 end as x from jobs where tries < 3 or boss = 1",
                "many x?",
            ),
            (
                "select case when not (id > 5 or tries < 3) then 1 end as x from jobs where id > 5 or tries < 3",
                "many x?",
            ),
            (
                "select case state when 'a' then 1 when 'b' then 2 end as x from jobs where state in ('a', 'b')",
                "many x",
            ),
            (
                "select case state when 'a' then 1 when 'b' then 2 end as x from jobs where state in ('a', 'b', 'c')",
                "many x?",
            ),
            (
                "select case state when 'a' then 1 when 'b' then 2 end as x from jobs where state not in ('a', 'b')",
                "many x?",
            ),
            (
                "select case when kind = 'a' then 1 when kind in ('b', 'c') then 2 end as x from jobs where kind in ('a', 'b', 'c')",
                "many x",
            ),
            (
                "select case kind when 'a' then 1 when 'b' then 2 end as x from jobs where kind = 'a' or kind = 'b'",
                "many x",
            ),
            (
                "select case kind when 'a' then 1 when 'b' then 2 end as x from jobs where kind = 'a' or kind = $1",
                "many x? | $1",
            ),
            (
                "select case kind when $1 then 1 end as x from jobs where kind = $1",
                "many x? | $1",
            ),
            (
                "select case when random() > 0.5 then 1 end as x from jobs where random() > 0.5",
                "many x?",
            ),
            (
                "select case (random() * 9)::int when 1 then 1 end as x from jobs where (random() * 9)::int = 1",
                "many x?",
            ),
            // Rows on the optional side of a join need not be what the condition asks for.
            (
                "select case when j.id > 5 then 1 end as x from jobs k join jobs j on j.id > 5",
                "many x",
            ),
            (
                "select case when j.id > 5 then 1 end as x from jobs k left join jobs j on j.id > 5",
                "many x?",
            ),
            (
                "select case when k.id > 5 then 1 end as x from jobs k left join jobs j on k.id > 5",
                "many x?",
            ),
            (
                "select case when j.id > 5 then 1 end as x from jobs k left join jobs j on j.id > 5 where j.id > 0",
                "many x",
            ),
            // Groups, and the one that is made of no rows.
            (
                "select case state when 'a' then 1 when 'b' then 2 end as x from jobs where state in ('a', 'b') group by state",
                "many x",
            ),
            (
                "select case state when 'a' then 1 when 'b' then 2 end as x from jobs where state in ('a', 'b') group by rollup(state)",
                "many x?",
            ),
            (
                "select case when count(*) > 1 then 1 end as x from jobs group by state having count(*) > 1",
                "many x",
            ),
            (
                "select sum(case state when 'a' then 1 end) as x, count(*) as c from jobs where state = 'a'",
                "one x? c",
            ),
            (
                "select state, sum(case kind when 'a' then 1 when 'b' then 2 end) as x from jobs where kind in ('a', 'b') group by state",
                "many state x",
            ),
            // What is written is no longer what it was chosen by.
            (
                "update jobs set kind = 'c' where kind in ('a', 'b') returning case kind when 'a' then 1 when 'b' then 2 end as x",
                "many x?",
            ),
        ],
    );
}
