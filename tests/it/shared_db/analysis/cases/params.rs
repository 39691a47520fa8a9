//! Parameters that can and cannot be null.

use super::SCHEMA;
use crate::shared_db::analysis::check;

#[test]
fn conditions_about_parameters() {
    check(
        SCHEMA,
        &[
            ("select case when $1::int is not null then $1 else 0 end as x", "one x | $1?"),
            ("select case when $1::text is null then 'a' else upper($1) end as x", "one x | $1?"),
            ("select case when $1::text is null then upper($1) else 'a' end as x", "one x? | $1?"),
            (
                "select case when $1::int is not null then $1 else max(a) end as x from t",
                "one x? | $1?",
            ),
            (
                "select case when $1::int is not null or $2::int is not null then $1 else 0 end as x",
                "one x? | $1? $2?",
            ),
            (
                "select $1::int as x from t where id = $1 and coalesce($1, 0) > 0",
                "opt x | $1?",
            ),
            ("select $1::int as x from t where $1 is null or id = $1", "many x? | $1?"),
            (
                "select t.id, (select u.d + $1 from u where u.id = 1 union all select 0 limit 1) as x
                 from t where t.a = $1 and coalesce($1, 0) > 0",
                "many id x? | $1?",
            ),
            (
                "select $1::int as x from t where exists (select from u where u.id = $1) and coalesce($1, 0) > 0",
                "many x | $1?",
            ),
            // Where there are no rows, there is a group of none.
            (
                "select count(*) as n, $1::int as x from t where id = $1 and coalesce($1, 0) > 0",
                "one n x? | $1?",
            ),
            (
                "select t.id, s.x from t left join (select $1::int as x, id from u where coalesce($1, 0) = d and $1 > 0) s
                 on s.id = t.id",
                "many id x? | $1?",
            ),
            (
                "update t set b = coalesce($1, b) where id = $2 and a > $1 returning $1::int as x, b",
                "opt x b | $1? $2",
            ),
        ],
    );
}

#[test]
fn parameters() {
    check(
        SCHEMA,
        &[
            // Stored, but only where a condition needs a value of it.
            ("update t set b = $1 where a <= $1", "exec | $1"),
            (
                "update t set b = $1 where id = any ($2) and $1::int > a",
                "exec | $1 $2",
            ),
            ("update t set b = $1 where a <= $1 or id = 1", "exec | $1?"),
            (
                "update t set b = $1 where a <= coalesce($1, 1)",
                "exec | $1?",
            ),
            (
                "with w as (update t set b = $1 where id = 1) delete from u where b = $1",
                "exec | $1?",
            ),
            // Stored as what an operator makes of it: null for null.
            ("update t set b = $1 + 1 where id = 1", "exec | $1?"),
            (
                "insert into v (txt, l) values ($1 || '!', $2 || '!')",
                "exec | $1? $2",
            ),
            ("update t set b = b + $1 where id = 1", "exec | $1"),
            // By way of a subquery's row.
            (
                "update t set b = (select $1::int) where id = 1",
                "exec | $1?",
            ),
            (
                "update t set (b, name) = (select $1::int, $2) where id = 1",
                "exec | $1? $2",
            ),
            (
                "update t set (b, a) = (select u.b + $1, $2::int from u where u.id = 1) where id = $3",
                "exec | $1 $2 $3",
            ),
            // A flag of three values.
            (
                "select id from t where case when $1 then a = 1 when not $1 then a = 2 else true end",
                "many id | $1?",
            ),
            (
                "select id from t where case when $1 = true then a = 1 when $1 = false then a = 2 else true end",
                "many id | $1?",
            ),
            (
                "select id from t where case when $1 is true then a = 1 when $1 is false then a = 2 else true end",
                "many id | $1?",
            ),
            (
                "select id from t where case when $1 then a = 1 when not $1 then a = 2 end",
                "many id | $1",
            ),
            (
                "select id from t where case when $1 then a = 1 else true end",
                "many id | $1",
            ),
            (
                "select id from t where case when $1 then a = 1 when not $2 then a = 2 else true end",
                "many id | $1 $2",
            ),
            ("select a from t where b = $1", "many a | $1"),
            ("select a from t where b = $1 or $1 is null", "many a | $1?"),
            // What can find nothing is asked about that.
            (
                "select a from t where id = any ($1) or coalesce(array_length($1, 1), 0) = 0",
                "many a | $1",
            ),
            (
                "select a from t where id = any ($1) or cardinality($1) is null",
                "many a | $1?",
            ),
            (
                "select to_regclass($1) is not null as found",
                "one found | $1",
            ),
            (
                "select coalesce($1::jsonb ->> 'a', 'none') as x",
                "one x | $1",
            ),
            ("select coalesce(null_for($1), 'none') as x", "one x | $1?"),
            (
                "select a from t where b is not distinct from $1",
                "many a | $1?",
            ),
            ("select coalesce($1::int, 0) as x", "one x | $1?"),
            // What is grouped by stands elsewhere in the trees of version 18.
            (
                "select coalesce($1, name) as x, count(*) from t group by 1",
                "many x count | $1?",
            ),
            (
                "select coalesce(lower($1), name) as x, coalesce(b + $2, 0) as y, $3::int + 1 is null as z from t",
                "many x y z | $1? $2 $3?",
            ),
            (
                "update t set b = $1, a = $2 where id = $3 returning b, a",
                "opt b? a | $1? $2 $3",
            ),
            (
                "update t set b = coalesce($1, b) returning b",
                "many b? | $1?",
            ),
            (
                "insert into t (id, a, b, name) select x, y, z, '' from unnest($1::int[], $2::int[], $3::int[]) s (x, y, z)",
                "exec | $1 $2 $3[?]",
            ),
            ("select a from t where id = any ($1)", "many a | $1"),
            ("select $1::int as x, $2::text as y", "one x y | $1 $2"),
            // Asked about further out.
            (
                "with args as (select $1::int as x, $2::int as y) select t.a from t, args where x is null or x = t.a or y = t.b",
                "many a | $1? $2",
            ),
            (
                "select a from t where a = any ($1) and ($2::int[] is null or b = any ($2))",
                "many a | $1 $2?",
            ),
            // A row that is refused for one column is refused for all.
            ("update t set a = $1, b = $1 where id = $2", "exec | $1 $2"),
            (
                "insert into t (id, a, b, c, name) values ($1, $2, $2, $2 + 1, '')",
                "exec | $1 $2",
            ),
            ("update t set a = coalesce($1, a), b = $1", "exec | $1?"),
            (
                "update t set a = case when c > 0 then $1 else a end, b = $1",
                "exec | $1?",
            ),
            (
                "insert into t (id, a, b, name) values (1, 1, $1, '') on conflict (id) do update set a = $1",
                "exec | $1?",
            ),
            (
                "insert into t (id, a, b, name) values (1, $1, 1, '') on conflict (id) do update set b = $1",
                "exec | $1",
            ),
            (
                "with x as (update t set a = $1) update u set b = $1",
                "exec | $1?",
            ),
            (
                "insert into u (id, t_id, b, d) select n, n, n, 1 from unnest($1::int[]) n",
                "exec | $1",
            ),
            (
                "insert into t (id, a, b, name) select 1, $1, $1, '' where $1::int is not null",
                "exec | $1?",
            ),
            ("insert into filled (a, b) values ($1, $1)", "exec | $1?"),
            // A field may be null, whatever the column.
            (
                "insert into v (p) values (row($1, $2)::pair)",
                "exec | $1? $2?",
            ),
            (
                "update v set p = row($1, n)::pair where k = $2",
                "exec | $1? $2",
            ),
            (
                "insert into shelves (pairs) values (array[row($1, $2)::pair, null])",
                "exec | $1? $2?",
            ),
            (
                "update shelves set pairs[1] = row($1, $2)::pair, pairs[2].y = $3, nums[1] = $4 where pairs[3].x = $5",
                "exec | $1? $2? $3? $4 $5",
            ),
            (
                "insert into v (p) select row(x, coalesce($3, y))::pair from unnest($1::int[], $2::int[]) as s (x, y)",
                "exec | $1[?] $2[?] $3?",
            ),
            (
                "insert into t (id, a, name) select n, 1, '' from (select n, row(n, 1)::pair as p from unnest($1::int[]) n) s",
                "exec | $1",
            ),
            (
                "insert into keyed_pairs select n, row(n, m)::pair from unnest($1::int[], $2::int[]) as s (n, m)",
                "exec | $1 $2[?]",
            ),
            // A function is called with a row of nulls, strict or not, and nulls in rows are equal.
            ("select sum_of(row($1, $2)::pair) as x", "one x? | $1? $2?"),
            (
                "select sum_of_all(array[row($1, $2)::pair]) as x",
                "one x | $1? $2?",
            ),
            ("select first_of(row($1, $2)::pair) as x", "one x | $1 $2"),
            (
                "select k from v where p = row($1, $2)::pair",
                "many k? | $1? $2?",
            ),
            (
                "select row_to_json(row($1::int, $2::text)) as x",
                "one x | $1? $2?",
            ),
            ("select a from t where (a, b) = ($1, $2)", "many a | $1 $2"),
            // The fields of a row that is compared as one, as the place in a list is, are there together.
            (
                "select id from t where $1::int is null or (a, id) > ($2, $1)",
                "many id | $1? $2?",
            ),
            (
                "select id from t where coalesce((a, id) < ($2, $1), $1 is null) limit $3",
                "many id | $1? $2? $3",
            ),
            (
                "select id from t where (a, id) > ($1, $2)",
                "many id | $1 $2",
            ),
            // Null is no more than an empty text, an empty array or another element here.
            ("select pg_notify($1, $2)", "exec pg_notify | $1 $2"),
            (
                "select concat($1::int, ' days')::interval as x",
                "one x | $1",
            ),
            ("select set_config($1, $2, $3)", "one set_config | $1 $2 $3"),
            ("update t set arr = array_append(arr, $1)", "exec | $1"),
            ("update t set arr = array_remove(arr, $1)", "exec | $1"),
            (
                "select format('%s-%s', $1::int, $2::text) as x",
                "one x | $1 $2",
            ),
            // Who bounds a value has a bound.
            (
                "update t set b = greatest(b, $1), c = least($2, 100)",
                "exec | $1 $2",
            ),
            ("update t set arr = $1 || arr || $2::int[]", "exec | $1 $2"),
            (
                "select concat_ws(' ', $1::text, $2::text) as x",
                "one x | $1? $2?",
            ),
            // Null in these places gives no rows, null or an error, though the functions are called with it.
            (
                "update t set b = new.b from jsonb_to_recordset($1) as new (id int, b int) where t.id = new.id",
                "exec | $1",
            ),
            (
                "select x from json_populate_recordset(null::pair, $1)",
                "many x? | $1",
            ),
            (
                "select jsonb_build_object($1::text, $2::text, $3::text, 1) as j",
                "one j | $1 $2? $3",
            ),
            (
                "select a from t where name = any (string_to_array($1, $2)) and concat_ws($3, name, $4::text) <> ''",
                "many a | $1 $2? $3 $4?",
            ),
            // The array that an element comes from is no place to look for null.
            (
                "select i.id, t.name from unnest($1::int[]) i (id) left join t on t.id = i.id order by array_position($1, i.id)",
                "many id name? | $1",
            ),
            (
                "select id from unnest($1::int[]) id where array_position($1, id) > 1 or id is null",
                "many id? | $1[?]",
            ),
            (
                "select array_position(arr, $1) as x, array_position($2::int[], b) as y from t",
                "many x? y? | $1 $2",
            ),
        ],
    );
}

/// An element of an array is a value like a parameter: null has a meaning for it where the query asks.
#[test]
fn elements_of_parameters() {
    check(
        "create table t (id int primary key, a int not null, b int, note text not null, at timestamptz not null);
         create function any_negative(ids int[]) returns bool strict language sql as
             'select bool_or(coalesce(i, 0) < 0) from unnest(ids) as i';",
        &[
            (
                "insert into t (id, a, note, at) select 1, 2, '', coalesce(r, now()) from unnest($1::timestamptz[]) as u (r)",
                "exec | $1[?]",
            ),
            (
                "insert into t (id, a, note, at) select i, case when r is null then 0 else r end, '', now()
                 from unnest($1::int[], $2::int[]) as u (i, r)",
                "exec | $1 $2[?]",
            ),
            (
                "insert into t (id, a, note, at) select i, 0, coalesce(nullif(r, ''), 'none'), now()
                 from unnest($1::int[], $2::text[]) as u (i, r)",
                "exec | $1 $2",
            ),
            (
                "select t.a from t join unnest($1::int[], $2::int[]) as u (i, r) on t.id = i where t.b = coalesce(r, 0)",
                "many a | $1 $2[?]",
            ),
            (
                "select t.a from t join unnest($1::int[], $2::int[]) as u (i, r) on t.id = i and t.b = r",
                "many a | $1 $2",
            ),
            (
                "select t.a from t join rows from (generate_series(1, 2), unnest($1::int[]), unnest($2::int[])) as u (n, i, r) on t.id = i
                 where t.b is not distinct from r",
                "many a | $1 $2[?]",
            ),
            (
                "with u as (select i, r from unnest($1::int[], $2::int[]) as u (i, r))
                 update t set a = coalesce(u.r, t.a) from u where u.i = t.id",
                "exec | $1 $2[?]",
            ),
            (
                "update t set a = case when (select r from unnest($1::int[]) as u (r) limit 1) is null then 1 else 2 end",
                "exec | $1[?]",
            ),
            ("select concat_ws('-', unnest($1::text[]), 'x') as x", "many x | $1[?]"),
            ("select coalesce(case when a > 1 then $1::int end, 0) as x from t", "many x | $1?"),
            ("select coalesce(coalesce($1::int, $2), 0) as x", "one x | $1? $2?"),
            ("select id from t where (a, b) is not distinct from ($1, $2)", "many id | $1? $2?"),
            ("select row(1, $1::int) is null as x", "one x | $1?"),
            // A constant stands for null already.
            ("insert into t (id, a, b, note, at) values (1, 2, nullif($1::int, 0), '', now())", "exec | $1"),
            ("select id from t limit coalesce(nullif($1::int, 0), 100)", "many id | $1"),
            ("insert into t (id, a, b, note, at) values (1, 2, nullif($1::int, $2), '', now())", "exec | $1? $2"),
            ("insert into t (id, a, b, note, at) values (1, nullif($1::int, 0), 2, '', now())", "exec | $1"),
            // What is not there is asked for, not what is null.
            ("select t.a from t left join unnest($1::int[]) as u (i) on i = t.id where i is null", "many a | $1"),
            ("select t.a from t full join unnest($1::int[]) as u (i) on i = t.id where i is null", "many a? | $1[?]"),
            ("select t.a from t left join unnest($1::int[]) as u (i) on t.a > 0 where i is null", "many a | $1[?]"),
            // A null element matches nothing.
            ("select a from t where b = any ($1) and b <> all ($2)", "many a | $1 $2"),
            // Arrays that come out of a query further in.
            (
                "with given as (select $1::int[] as list)
                 select t.a from given, t where exists (select from unnest(given.list) as r where t.b is not distinct from r)",
                "many a | $1[?]",
            ),
            (
                "insert into t (id, a, b, note, at) select 1, 2, r, '', now() from (select $1::int[] as list) as given, unnest(given.list) as r",
                "exec | $1[?]",
            ),
            // The body of a function asks.
            ("select any_negative($1) as x", "one x? | $1[?]"),
        ],
    );
}

#[test]
fn utility_statements() {
    check(
        "create procedure p(inout \"QUERY PLAN\" text) language plpgsql as 'begin end';",
        &[
            ("explain select 1", "many QUERY PLAN"),
            ("explain (format yaml) select 1", "many QUERY PLAN"),
            (
                "-- as JSON\nEXPLAIN (format json) select 1",
                "one QUERY PLAN",
            ),
            ("show work_mem", "one work_mem"),
            ("show all", "many name setting? description?"),
            ("call p(null)", "one QUERY PLAN?"),
            // No procedure is strict.
            ("call p($1)", "one QUERY PLAN? | $1?"),
            ("vacuum", "exec"),
        ],
    );
}
