//! Elements of arrays and fields of composites.

use howdah_codegen::inspect::inspect;

use super::SCHEMA;
use crate::shared_db::analysis::check;
use crate::shared_db::support::database_with;

#[test]
fn elements() {
    check(
        SCHEMA,
        &[
            (
                "select array[1] || a as x, b || array[1] as y from t",
                "many x y[?]",
            ),
            ("select arr from t", "many arr?[?]"),
            ("select arr from strict_arrays", "many arr"),
            // The check is the parent's own.
            ("select arr from parent", "many arr?[?]"),
            (
                "select array[a, b] as x, array[a, 1] as y, array_remove(arr, null) as z from t",
                "many x[?] y z?",
            ),
            (
                "select array_agg(b) filter (where b > 0) as x from t",
                "one x?",
            ),
            (
                "select string_to_array(name, ',') as x, array[arr] as y from t",
                "many x y[?]",
            ),
            ("select unnest(arr) as x from strict_arrays", "many x"),
            (
                "select arr[1:2] as x, arr[:1] as y, (array[id, null])[1:1] as z from strict_arrays",
                "many x y z[?]",
            ),
            (
                "select array_agg(a) over () as x, array_agg(b) over () as y, array_agg(b) filter (where b > 0) over (order by id) as z from t",
                "many x y[?] z?",
            ),
            (
                "select array_positions(arr, 1) as x, array_replace(arr, 1, 2) as y, array_replace(arr, 1, null) as z, array_fill(1, array[2]) as f,
                     trim_array(arr, 1) as t
                 from strict_arrays",
                "many x y z[?] f t",
            ),
            // The path of a tree.
            (
                "with recursive r as (select id, array[id] as path from t union all select u.id, r.path || u.id from r join u on u.t_id = r.id) select path from r",
                "many path",
            ),
            (
                "with recursive r as (select id, array[id] as path from t union all select u.id, r.path || u.b from r join u on u.t_id = r.id) select path from r",
                "many path[?]",
            ),
            (
                "select array[a] as x from t union all select array[d] from u",
                "many x",
            ),
            (
                "select array[a] as x from t union all select array[b] from u",
                "many x[?]",
            ),
            (
                "select array[a] as x from t except select array[b] from u",
                "many x",
            ),
            ("select (select array_agg(a) from t) as x", "one x?"),
            (
                "select (array_agg(a order by id))[1] as x, (array_agg(a))[2] as y, (array_agg(b))[1] as z from t group by c",
                "many x y? z?",
            ),
            ("select (array_agg(a))[1] as x from t", "one x?"),
            (
                "select case when b > 0 then array[b] when c is null then null else array[a, c] end as x,
                     case when c > 0 then array[b, c] else '{}' end as y, case when b is null then '{}' else array[b] end as z from t",
                "many x? y[?] z",
            ),
            // A CASE of what the filter asks for.
            (
                "select array_agg(case when name = 'a' then a end) filter (where name = 'a') as x,
                     array_agg(case when name = 'a' then a end) filter (where name = 'b') as y,
                     array_agg(case name when 'a' then a when 'b' then b end) filter (where name in ('a', 'b') and b > 0) as z,
                     array_agg(case when name = 'a' then a end) filter (where name = 'a') over () as w
                 from t group by t.id",
                "many x? y?[?] z? w?",
            ),
            (
                "select (array[a, b])[1] as x, (array[a, b])[2] as y, (array[a])[2] as z, (regexp_split_to_array(name, ' '))[1] as w from t",
                "many x y? z? w",
            ),
        ],
    );
}

#[test]
fn fields_of_composites() {
    check(
        SCHEMA,
        &[
            // A row of the table promises what the table does; its type promises nothing.
            ("select t from t", "many t{id a b? c? name arr?[?]}"),
            ("select p from v", "many p?"),
            ("select array_agg(u) as x from u", "one x?{id t_id b? d}"),
            ("select array_agg(u) over () as x from u", "many x{id t_id b? d}"),
            ("select u as x from t left join u on u.t_id = t.id", "many x?{id t_id b? d}"),
            ("select t from t where b > 0 and c = any (arr)", "many t{id a b c name arr[?]}"),
            ("select s from strict_arrays s", "many s{id arr}"),
            ("select parent from parent", "many parent{id a? arr?[?]}"),
            ("select joined from joined", "many joined{id d?}"),
            // Anonymous records, of which PostgreSQL says nothing but that.
            ("select row(id, b, name) as x from t", "many x{f1 f2? f3}"),
            ("select (id, array[b]) as x from t", "many x{f1 f2[?]}"),
            ("select row(id, row(b, a)) as x from t", "many x{f1 f2{f1? f2}}"),
            ("select array(select row(id, b) from t) as x", "one x{f1 f2?}"),
            (
                "select a, array_agg((id, b)) filter (where b > 0) as x from t group by a",
                "many a x?{f1 f2}",
            ),
            (
                "select t.id, coalesce(array_agg((u.id, u.b)) filter (where u.id is not null), '{}') as x
                    from t left join u on u.t_id = t.id group by t.id",
                "many id x{f1 f2?}",
            ),
            (
                "select array_agg(distinct (u.id, u.d)) as x from t left join u on u.t_id = t.id group by t.id",
                "many x{f1? f2?}",
            ),
            ("select s from (select id, b as \"B\" from t) s", "many s{id B?}"),
            ("select s from (select id, b from t union all select d, id from u) s", "many s{id b?}"),
            ("with s as (select id, d from u) select array_agg(s) as x from s", "one x?{id d}"),
            ("select j from (t join u on u.t_id = t.id) j", "many j{id a b? c? name arr?[?] id t_id b? d}"),
            ("select case when a > 0 then row(1, b) else row(2, a) end as x from t", "many x{f1 f2?}"),
            // Each row where its condition holds; the null of a missing ELSE is no row.
            (
                "select case when u.id is not null then (u.id, u.b, u.d) end as x,
                     case when u.id is null then null else (u.d, t.b) end as y,
                     case when t.b is null then (u.d, 1) when u.b > 0 then (u.d, t.b) else row(t.id, t.a) end as z
                 from t left join u on u.t_id = t.id",
                "many x?{f1 f2? f3} y?{f1 f2?} z{f1? f2}",
            ),
            (
                "select array_agg(case when u.b > 0 then (u.id, u.b) end) filter (where u.b > 0) as x
                 from t left join u on u.t_id = t.id group by t.id",
                "many x?{f1 f2}",
            ),
            ("select s.x from (select null as x union all select row(id, b) from t) s", "many x?{f1 f2?}"),
            // Two shapes are none.
            ("select case when a > 0 then row(1, b) else row('x'::text) end as x from t", "many x"),
            ("select (array_agg(row(id, b)))[1] as x from t", "one x?{f1 f2?}"),
            ("select array[row(1, a)] || row(2, b) as x from t", "many x{f1 f2?}"),
            ("select row(1, null)::pair as x, row(a, a)::pair as y from t", "many x{x y?} y{x y}"),
            ("select (s.r).f2 as y, (s.r).f1 as x from (select row(id, b) as r from t) s", "many y? x"),
            ("select x, y from unnest(array(select row(a, b)::pair from t)) s", "many x y?"),
            ("select x, y from unnest(array[row(1, 2)::pair, null]) s", "many x? y?"),
            ("select dice() as x", "one x"),
            // The row that RETURNING gives is not the one that WHERE was about.
            ("update t set b = null, c = 1 where b > 0 returning t", "many t{id a b? c name arr?[?]}"),
            ("insert into triggered values (1, 2) returning triggered", "one triggered{id b?}"),
            ("select (select t) as x from t", "many x{id a b? c? name arr?[?]}"),
            ("select l.r from t, lateral (select row(t.id, t.b) as r) l", "many r{f1 f2?}"),
        ],
    );
}

#[test]
fn row_types_that_lost_a_column() {
    check(
        SCHEMA,
        &[
            ("select (worn()).c", "many c"),
            (
                "select (x).b, (x).c from (select worn() as x) s",
                "many b? c",
            ),
            ("select b, c from worn()", "one b? c"),
            ("select (w).b, (w).c from worn() w", "one b? c"),
            ("select id, b, c from lost()", "many id b? c"),
            ("select (l).id, (l).b from lost() l", "many id b?"),
            ("select (lost()).c", "many c"),
            ("select row(null, 1)::worn as x", "one x{b? c}"),
            (
                "select (x).b, (x).c from (select row(null, 1)::worn as x) s",
                "one b? c",
            ),
            (
                "select w.b, w.c from unnest(array[row(null, 1)::worn]) w",
                "many b? c",
            ),
            (
                "select (array[l])[1].b, (array_agg(l))[1].id from lost l group by l",
                "many b? id",
            ),
            (
                "select worn_c(row(null, 1)) as x, worn_c(row(1, null)) as y",
                "one x y?",
            ),
        ],
    );
}

/// The rows of an array's query are arrays, of which it is made.
/// Before version 16, the whole row of a join is never null: where the join finds nothing, it is a row of nulls.
#[test]
fn whole_rows_of_joins() {
    check(
        "create table a (id int primary key, b int not null);
         create table c (id int primary key, d int not null);
         create table o (id int primary key);
         create view as_json as select j.b from o left join (a join c using (id)) as j on j.b = o.id where to_jsonb(j) is not null;
         create view as_text as select j.b from o left join (a join c using (id)) as j on j.b = o.id where j::text <> '';
         create view differing as select j.b from o left join (a join c using (id)) as j on j.b = o.id where j is distinct from null;
         create view existing as select j.b from o left join (a join c using (id)) as j on j.b = o.id where j is not null;
         do $$ begin
            if current_setting('server_version_num')::int >= 160000 then
                create or replace view as_json as select null::int as b from o;
                create or replace view as_text as select null::int as b from o;
                create or replace view differing as select null::int as b from o;
            end if;
         end $$;",
        &[
            ("select b from as_json", "many b?"),
            ("select b from as_text", "many b?"),
            ("select b from differing", "many b?"),
            ("select b from existing", "many b"),
            (
                "select array(select j.b from (select 1) one left join (a join c using (id)) as j on false where j is not null) as x",
                "one x",
            ),
        ],
    );
}

#[test]
fn fields_of_whole_rows_of_joins() {
    let inspection = inspect(database_with("").url(), &[]).unwrap();
    let fields = match inspection.catalog.server_version < 160_000 {
        true => "j?{id? b? d?}",
        false => "j?{id b d}",
    };
    check(
        "create table a (id int primary key, b int not null);
         create table c (id int primary key, d int not null);
         create table o (id int primary key);",
        &[
            (
                "select j from o left join (a join c using (id)) as j on j.b = o.id",
                &format!("many {fields}"),
            ),
            ("select j from (a join c using (id)) as j", "many j{id b d}"),
        ],
    );
}

#[test]
fn arrays_of_arrays() {
    check(
        "create table t (id int primary key, tags text[] not null, more text[] not null check (array_position(more, null) is null));
         create domain list as text[];",
        &[
            ("select array(select tags from t) as x", "one x[?]"),
            ("select array(select more from t) as x", "one x"),
            ("select array(select tags from (values (array['a', null])) v (tags)) as x", "one x[?]"),
            ("select array(select '{null}'::list) as x", "one x"),
        ],
    );
}

/// The shorter of two sets is filled up with nulls, wherever they stand.
#[test]
fn sets_side_by_side_in_one_value() {
    check(
        "create table t (id int primary key, a int[] not null, b int[] not null)",
        &[
            (
                "select array[unnest('{1}'::int[]), unnest('{1,2}'::int[])] as x",
                "many x[?]",
            ),
            (
                "select row(unnest('{1}'::int[]), unnest('{1,2}'::int[])) as x",
                "many x{f1? f2?}",
            ),
            (
                "select (row(unnest('{1}'::int[]), unnest('{1,2}'::int[]))).f1 as x",
                "many x?",
            ),
            (
                "select array[unnest('{1}'::int[])] as x, unnest('{1,2}'::int[]) as y",
                "many x[?] y?",
            ),
            (
                "select array[generate_series(1, 2), 3] as x, row(generate_series(1, 2)) as y",
                "many x y{f1}",
            ),
        ],
    );
}

/// A domain over a composite is one, wherever it is taken apart.
#[test]
fn domains_over_composites() {
    check(
        "create type duo as (a int, b int);
         create domain couple as duo;
         create domain couples as couple;
         create function one() returns couple language sql as 'select row(null, 1)::couple';
         create function all_of_them() returns setof couples language sql as 'select row(null, 1)::couples';",
        &[
            ("select a, b from one()", "one a? b?"),
            ("select a, b from all_of_them()", "one a? b?"),
            ("select a, b from unnest(array[row(null, 1)::couple])", "many a? b"),
            ("select a, b from cast(row(null, 1) as couples)", "one a? b?"),
        ],
    );
}
