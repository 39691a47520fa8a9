//! Groups, windows, and queries inside queries.

use super::SCHEMA;
use crate::shared_db::analysis::check;

#[test]
fn groups_and_windows() {
    check(
        SCHEMA,
        &[
            // Rows that are always there.
            (
                "select sum(n) as s, max(n) as m from (values (1), (2)) v (n)",
                "one s m",
            ),
            (
                "select sum(n) as s from (values (1), (null)) v (n)",
                "one s?",
            ),
            (
                "select sum(n) as s from (values (1)) v (n) where n > 1",
                "one s?",
            ),
            (
                "select sum(c) as s from (select count(*) as c from t union all select count(*) from u) s",
                "one s",
            ),
            (
                "select sum(c) as s from (select count(*) as c from t union all select id from u) s",
                "one s",
            ),
            (
                "select sum(c) as s from (select id as c from t union all select id from u) s",
                "one s?",
            ),
            (
                "select sum(c) as s from (select count(*) as c from t except select id from u) s",
                "one s?",
            ),
            (
                "select sum(c) as s from (select count(*) as c from t limit 0) s",
                "one s?",
            ),
            (
                "select sum(c) as s from (select count(*) as c from t having count(*) > 1) s",
                "one s?",
            ),
            (
                "select sum(c) as s from (select count(*) as c from t) s, u",
                "one s?",
            ),
            (
                "select sum(c) as s from (select count(*) as c from t) s left join u on u.id = c",
                "one s",
            ),
            (
                "select sum(c) as s from u left join (select count(*) as c from t) s on u.id = c",
                "one s?",
            ),
            (
                "select sum(c) filter (where c > 1) as s from (select count(*) as c from t) s",
                "one s?",
            ),
            (
                "with c as (select count(*) as n from t) select max(n) as m from c",
                "one m",
            ),
            (
                "with recursive c (n) as (values (1) union all select n + 1 from c where n < 9) select sum(n) as s from c",
                "one s",
            ),
            (
                "select max(x) as m from (select 1 as x, generate_series(1, 0)) s",
                "one m?",
            ),
            (
                "select max(x) as m from (select 1 as x from (values (1), (2)) v (n)) s",
                "one m",
            ),
            (
                "select max(x) as m from (select x from (values (1), (2)) v (x) group by x) s",
                "one m?",
            ),
            // A row made of no rows: what WHERE excludes is not excluded from it.
            (
                "select t.id, (select coalesce(max(u.d), t.b) from u where u.d = t.b) as x, (select coalesce(count(u.d), t.b) from u where u.d = t.b) as y from t",
                "many id x? y",
            ),
            (
                "select null_for(1) as x, max(a) as m, sum(b) as s from t where null_for(1) is not null and b > 0",
                "one x? m? s?",
            ),
            (
                "select t.id from t where exists (select max(u.d) from u where u.d = t.b) and exists (select 1 from u where u.d = t.c having true)",
                "many id",
            ),
            (
                "select b, c from t where exists (select max(u.d) from u where u.d = t.b) and exists (select 1 from u where u.d = t.c having true)",
                "many b? c?",
            ),
            (
                "select null_for(1) as x, count(*) as n from t where null_for(1) is not null group by rollup (a)",
                "many x? n",
            ),
            (
                "select a, max(b) as m from t where b > 0 group by a",
                "many a m",
            ),
            (
                "select count(*), max(a), array_agg(a) from t",
                "one count max? array_agg?",
            ),
            (
                "select b, max(a), max(c), array_agg(a) as x, array_agg(c) as y from t group by b",
                "many b? max max? x y[?]",
            ),
            (
                "select b, max(a) filter (where c > 0) from t group by b having b > 0",
                "many b max?",
            ),
            (
                "select a, count(*) from t group by rollup (a)",
                "many a? count",
            ),
            (
                "select case when grouping(name) = 1 then 'all' else name end as x, case when grouping(a) = 0 then a end as y from t group by rollup (name, a)",
                "many x y?",
            ),
            (
                "select case grouping(name) when 1 then 'all' else name || '!' end as x, case when grouping(name) = 0 then name else 'all' end as y from t group by cube (name, a)",
                "many x y",
            ),
            (
                "select case when grouping(name) = 0 then 'some' else name end as x, case when grouping(a) = 1 then 'all' else name end as y from t group by cube (name, a)",
                "many x? y?",
            ),
            (
                "select case when grouping(name, a) = 0 then name else '' end as x, case when grouping(name, a) = 1 then '' else name end as y from t group by cube (name, a)",
                "many x y?",
            ),
            (
                "select case when grouping(b) = 1 then 0 else b end as x, case when grouping(c) = 1 then 0 else c end as y from t where b is not null group by rollup (b, c)",
                "many x y?",
            ),
            // No set is empty, so that each group has a row; with a rollup, one may be.
            (
                "select sum(a) as s from t group by grouping sets ((a), (b))",
                "many s",
            ),
            (
                "select sum(a) as s from t group by grouping sets ((a), rollup (b))",
                "many s?",
            ),
            ("select sum(a) as s from t group by a, cube (b)", "many s"),
            (
                "select id, a from t group by grouping sets ((id), (id, a))",
                "many id a?",
            ),
            // What WHERE says of an expression is not about the groups that leave it out.
            (
                "select coalesce(b, c) as x from t where coalesce(b, c) > 0 group by rollup (b, c)",
                "many x?",
            ),
            (
                "select b + a as x from t where b + a > 0 group by cube (b, a)",
                "many x?",
            ),
            (
                "select t.id from t join u using (id) group by rollup (id)",
                "many id?",
            ),
            (
                "select id from t join u using (id) group by rollup (t.id)",
                "many id?",
            ),
            // Once not null: a cast and a call are the same expression to PostgreSQL.
            (
                "select int8(a) as x, a::int8 + 1 as y from t group by rollup (a::int8)",
                "many x? y?",
            ),
            // A subquery sees the groups, too.
            (
                "select (select t.a) as x from t group by rollup (a)",
                "many x?",
            ),
            (
                "select array(select t.a) as x from t group by rollup (a)",
                "many x[?]",
            ),
            (
                "select array[a] as x, array_agg(a) as y from t group by rollup (a)",
                "many x[?] y?",
            ),
            (
                "select row_number() over () as n, lag(a) over () as x, lag(a, 1, 0) over () as y from t",
                "many n x? y",
            ),
            (
                "select sum(a) over (order by id) as x, sum(b) over () as y, first_value(a) over () as z from t",
                "many x y? z",
            ),
            (
                "select sum(a) over (rows between 1 preceding and 1 preceding) as x from t",
                "many x?",
            ),
            (
                "select sum(a) over (rows between 1 preceding and 1 following exclude current row) as x from t",
                "many x?",
            ),
            (
                "select * from (select b, first_value(b) over () as x, max(b) over () as y from t) s where b > 0",
                "many b x? y",
            ),
        ],
    );
}

/// What a condition says of a group need not be so of its rows: a grouping set leaves columns out, which are null then, and what
/// is equal may differ.
#[test]
fn groups_and_their_rows() {
    check(
        "create extension citext;
         create table spans (first int, last int, day int not null, check (first is not null or last is not null));
         create table marks (word citext not null, size numeric not null, note int, check (word::text <> 'A' or note is not null));
         create table loose (a int, b int not null);
         create function halved(a int) returns int immutable language sql as 'select nullif(a, 1)';",
        &[
            // `first` is null where it is left out, too.
            (
                "select case when first is null then max(last) else 0 end as x from spans group by grouping sets ((first), (day))",
                "many x?",
            ),
            (
                "select case when first is null then last else 0 end as x from spans group by grouping sets ((first, last), (day, last))",
                "many x?",
            ),
            (
                "select max(case when first is null then last else 0 end) as x from spans group by grouping sets ((first), (day))",
                "many x",
            ),
            (
                "select case when (case when first is null then 1 end) > 0 then max(case when first is null then 1 end) else 0 end as x
                     from spans group by grouping sets ((first), (day))",
                "many x?",
            ),
            (
                "select (case when first is null then 1 end) is null or max(case when first is null then 1 end) > 0 as x
                     from spans group by grouping sets ((first), (day))",
                "many x?",
            ),
            (
                "select (select case when (case when s.first is null then 1 end) > 0 then max(case when s.first is null then 1 end) else 0 end) as x
                     from spans s group by grouping sets ((first), (day))",
                "many x?",
            ),
            (
                "select case when first is not null then max(first) else 0 end as x from spans group by grouping sets ((first), (day))",
                "many x",
            ),
            // Of the rows with `A` and `a`, one gives the group its word.
            (
                "select case when word::text = 'A' then (array_agg(note))[1] else 0 end as x,
                     case when word::text = 'A' then max(note) else 0 end as y from marks group by word",
                "many x? y",
            ),
            (
                "select case when nullif(size::text, '1.0') <> '' then (array_agg(nullif(size::text, '1.0')))[1] else '' end as x
                     from marks group by size",
                "many x?",
            ),
            (
                "select array_agg(halved(note)) as x from marks group by note having halved(note) > 0",
                "many x[?]",
            ),
            (
                "select case when word::text = 'A' then array_agg(note) else '{}' end as x,
                     array_agg(note) filter (where word::text = 'A') as y from marks group by word",
                "many x[?] y?",
            ),
            // An aggregate of the query around sees its rows, whatever the conditions inside.
            (
                "select (select max(l.a) + count(*) from spans s where l.a > 0) as x, (select max(l.b) + count(*) from spans s) as y
                     from loose l group by l.a",
                "many x? y",
            ),
            ("select (select array_agg(l.a) || count(*)::int from spans s where l.a > 0) as x from loose l group by l.a", "many x[?]"),
            ("select (select max(l.a) from (values (1)) s) as x from loose l where l.a > 0 group by l.b", "many x"),
        ],
    );
}

/// An interval of a month and as many days less is before some times and after others.
#[test]
fn frames_by_intervals() {
    let of_rows = |from: &str, to: &str, by: &str| {
        format!("select sum(a) over (order by {by} range between {from} and {to}) as x from w")
    };
    let now = "current row";
    let queries = [
        (
            of_rows("'1 month -30 days' preceding", now, "at"),
            "many x?",
        ),
        (of_rows(now, "'1 day -23 hours' following", "at"), "many x?"),
        (
            of_rows(
                "interval '1 month -30 days' preceding",
                "'1 month -30 days' following",
                "day",
            ),
            "many x?",
        ),
        (of_rows("$1 preceding", now, "at"), "many x? | $1"),
        (of_rows("'1 month 2 days' preceding", now, "at"), "many x"),
        (
            of_rows("'1 day' preceding", "'2 hours' following", "day"),
            "many x",
        ),
        (
            of_rows(
                "'1 month -30 days' preceding",
                "'1 month -30 days' preceding",
                "at",
            ),
            "many x?",
        ),
        (of_rows("$1 preceding", "5 following", "a"), "many x | $1"),
        (of_rows("unbounded preceding", now, "at"), "many x"),
    ];
    let queries: Vec<_> = queries
        .iter()
        .map(|(query, said)| (query.as_str(), *said))
        .collect();
    check(
        "create table w (id int primary key, at timestamp not null, day date not null, a int not null)",
        &queries,
    );
}

#[test]
fn queries_inside_queries() {
    check(SCHEMA, &[
        ("select (select a from t limit 1) as x, (select count(*) from t) as y, array(select b from t) as z", "one x? y z[?]"),
        ("select a from t union select d from u", "many a"),
        ("select a from t union all select b from u", "many a?"),
        ("select b from t intersect select d from u", "many b"),
        ("select a from t except select b from u", "many a"),
        ("values (1, null), (2, 'x')", "many column1 column2?"),
        ("with recursive r as (select 1 as n, null::int as x union all select n + 1, n from r where n < 5) select * from r", "many n x?"),
        ("with recursive r as (select a from t union select t.a from r left join t on t.id = r.a + 1) select * from r", "many a?"),
        ("with recursive r as (select a from t union select t.a from r join t on t.b = r.a) select * from r", "many a"),
        // A recursive query that an arm refers to in a WITH of its own.
        (
            "with recursive r as (select a, b from t union all (with x as (select a, b from r) select a + 1, b from x)) select * from r",
            "many a b?",
        ),
        (
            "with recursive r as (select a, b from t union all (with x as (select b, a from r) select b, a from x)) select a from r",
            "many a?",
        ),
        (
            "with recursive r as (select a from t union all (with x as (with y as (select * from r) select * from y) select * from x where a > 1))
            select a from r limit 9",
            "many a",
        ),
        (
            "with recursive r as (select a from t union all (with recursive x as (select id from t union all (select * from r union all select * from x))
                select * from x)) select a from r",
            "many a",
        ),
        (
            "with x as (with recursive r as (select a from t union select a + 1 from r) select a from r) select a from x union all select b from t",
            "many a?",
        ),
        ("select unnest(arr) as x, generate_series(1, 2) as y from t", "many x? y?"),
        ("select generate_series(1, 2) as y from t", "many y"),
        // Two sets in one expression were taken for one: the shorter is filled up with nulls there, too.
        ("select generate_series(1, 3) + generate_series(1, 2) as x", "many x?"),
        ("select x from (select generate_series(1, 3) * generate_series(1, 2) as x) s", "many x?"),
        ("select unnest(array[generate_series(1, 3), 5]) as x", "many x"),
        ("select generate_series(1, generate_series(1, 3)) as x, generate_series(1, 2) as y", "many x? y?"),
        ("select generate_series(generate_series(1, 3), generate_series(1, 2)) as x", "many x?"),
        ("select a, generate_series(1, 3) as x from t order by generate_series(1, a)", "many a x?"),
        // The same set several times ends in the same row.
        ("select generate_series(1, a) as x, generate_series(1, a) + 1 as y from t", "many x y"),
        ("select generate_series(1, a) as x, generate_series(1, b) as y from t", "many x? y?"),
        (
            "select unnest(array[random(), 1]) as x, unnest(array[random(), 1]) as y",
            "many x? y?",
        ),
        (
            "select (jsonb_each_text(j)).*, (jsonb_each(j)).value from (select '{}'::jsonb as j) s",
            "many key? value? value?",
        ),
        ("select (jsonb_each_text(j)).* from (select '{}'::jsonb as j) s", "many key value?"),
        ("select (jsonb_each(j)).value from (select '{}'::jsonb as j) s", "many value"),
        // Volatile, so that the two calls may find other rows.
        ("select (pairs(a)).* from t", "many x? y?"),
        ("select (pairs(b)).x from t", "many x"),
        ("select (single_pair()).*, (row_of_null()).x as z", "many x y? z?"),
        ("select * from unnest(array[1], array[1, 2]) as s (x, y)", "many x? y?"),
        ("select * from unnest(array[1, 2]) with ordinality as s (x, i)", "many x i"),
        // Two references to one table of WITH, from two levels, as the same entry of each.
        (
            "with q as (select b, b + 1 as c from t) select array(select q2.c + q1.c from q q2 where q2.b > 0 and q2.c > 0) as x,
                array(select q1.c from q q2 where q2.c > 0 and q2.b > 0) as y from q q1",
            "many x[?] y[?]",
        ),
        // What is known where a recursive table is named first does not hold where it is named next.
        (
            "select s.* from t, lateral (with recursive r as (select t.b as x union select x + 1 from r where x < 3)
                select array(select r.x from r where t.b > 0) as x, array(select r.x from r) as y) s",
            "many x[?] y[?]",
        ),
    ]);
}

/// What is found while too much is assumed of a recursive query is not kept when the assumption is dropped.
#[test]
fn assumptions_that_are_dropped() {
    check(
        "create function one_if(x int) returns setof int language sql strict immutable as 'select 1';",
        &[(
            "with recursive r (n, m, d) as (
                select 1, null::int, 0
                union all
                select s.x, r.m, r.d + 1 from r left join lateral (select v as x from one_if(r.m) v) s on true where r.d < 2
            ) select n, m, d from r",
            "many n? m? d",
        )],
    );
}

/// The planner casts what the arms of a set operation give; the tree does not show it.
#[test]
fn arms_that_are_cast() {
    check(
        "create extension citext;
         create type old_side as enum ('left', 'gone');
         create type side as enum ('left');
         create function side_of(old_side) returns side immutable language sql as $$ select case $1 when 'left' then 'left'::side end $$;
         create cast (old_side as side) with function side_of(old_side) as implicit;
         create function number_of(money) returns float8 immutable language sql as 'select null::float8';
         create cast (money as float8) with function number_of(money) as implicit;
         create domain label as text;
         create table a (s old_side not null, n int not null, w text not null, d date not null, m money not null);
         create table b (s side not null, n bigint not null, w citext not null, d timestamp not null, m float8 not null, l label not null, t time not null);",
        &[
            ("select s, n, d from a union all select s, n, d from b", "many s? n d"),
            ("select s from b union all select s from a", "many s?"),
            ("select s from b intersect select s from a", "many s"),
            ("select s from a except select s from b", "many s?"),
            ("select s from b except select s from a", "many s"),
            ("(select s from a union select s from a) union all select s from b", "many s?"),
            ("select s from (select s from a union select s from b) x where s is not null", "many s"),
            ("select w from a union all select w from b", "many w"),
            ("select w from a union all select l from b", "many w"),
            ("select array[m] as x from a union all select array[m] from b", "many x[?]"),
            ("select array[n] as x from a union all select array[n] from b", "many x"),
            ("select array[s] as x from b union all select array[s] from b", "many x"),
            (
                "with recursive r as (select n, s from b union all select a.n, a.s from a join r on a.n < r.n) select n, s from r",
                "many n s?",
            ),
        ],
    );
}
