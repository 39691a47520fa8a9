//! Functions, by their bodies or by what is known of them.

use super::SCHEMA;
use crate::shared_db::analysis::check;

#[test]
fn bodies_of_functions_in_steps() {
    check(
        SCHEMA,
        &[
            (
                "select id, a, b, name from in_steps(1, 2)",
                "many id a b? name",
            ),
            ("select id, b from ids_of(1)", "many id b?"),
            ("select x.id, x.b from t, ids_of(t.b) x", "many id? b?"),
            (
                "select is_kept(b) as x, is_it(a) as y, first_a(id) as z from t",
                "many x y z?",
            ),
            ("select id from by_name('t')", "many id?"),
            ("select x from its_own(1) x", "many x?"),
            ("select x from either(1) x", "many x?"),
            ("select v, w from sought(1)", "many v w?"),
            ("select is_kept($1)", "one is_kept | $1?"),
        ],
    );
}

#[test]
fn bodies_of_functions_that_write() {
    check(
        SCHEMA,
        &[
            ("select * from raised(1, 2)", "many id t_id b d"),
            ("select r.id, r.b from t, raised(t.a, t.b) r", "many id b?"),
            (
                "select noted(a, name) as x, noted(b, name) as y from t",
                "many x y?",
            ),
            (
                "select \"Cleared\"(b) as x, not_there(a) as y from t",
                "many x y?",
            ),
            ("select m.* from t, moved(t, a) m", "many id b"),
            // What is stored in a column that may be null, and what any of the statements asks about.
            (
                "select noted($1, $2) as x, \"Cleared\"($3) as y, r.id from raised($4, $5) r",
                "many x? y id | $1? $2? $3? $4 $5?",
            ),
        ],
    );
}

/// What a name means when the function is made says nothing of what it means once the body has changed that.
#[test]
fn bodies_that_change_what_names_mean() {
    check(
        "create table t2 (a int not null);
         create function plain() returns setof int language plpgsql as 'begin return query select t2.a from t2; end';
         create function hides() returns setof int language plpgsql as
            'begin create temp table t2 on commit drop as select null::int as a; return query select t2.a from t2; end';
         create function hides_by_text() returns setof int language plpgsql as
            'begin execute ''create temp table t2 as select null::int as a''; return query select t2.a from t2; end';
         create function looks_elsewhere() returns setof int language plpgsql as
            'begin set local search_path = other; return query select t2.a from t2; end';
         create function is_told_elsewhere() returns setof int language plpgsql as
            'begin perform set_config(''search_path'', ''other'', true); return query select t2.a from t2; end';
         create function allows_null() returns setof int language plpgsql as
            'begin alter table t2 alter a drop not null; return query select t2.a from t2; end';
         create function allows_null_in_sql() returns setof int language sql as
            'alter table t2 alter a drop not null; select a from t2';
         create function in_sql() returns setof int language sql as 'update t2 set a = 1; select a from t2';",
        &[
            ("select x from plain() x", "many x"),
            ("select x from in_sql() x", "many x"),
            ("select x from hides() x", "many x?"),
            ("select x from hides_by_text() x", "many x?"),
            ("select x from looks_elsewhere() x", "many x?"),
            ("select x from is_told_elsewhere() x", "many x?"),
            ("select x from allows_null() x", "many x?"),
            ("select x from allows_null_in_sql() x", "many x?"),
        ],
    );
}

/// An argument of a function in PL/pgSQL is not null in the body if it is not null in the call, as long as the body does
/// not assign to it.
#[test]
fn arguments_of_functions_in_steps() {
    check(
        "create table e (id int primary key, ts timestamp not null, t2 timestamp, n int not null, m int, l int[] not null);
         create type pair as (a int, b int);
         create function as_epoch(ts timestamp) returns bigint immutable strict language plpgsql as
             'begin return (extract(epoch from ts) * 1000)::bigint; end';
         create function added(n int, m int) returns int language plpgsql as 'begin return n + m; end';
         create function strictly_added(n int, m int) returns int strict language plpgsql as 'begin return n + m; end';
         create function by_number(int) returns int language plpgsql as 'begin return $1 + 1; end';
         create function doubled(n int) returns setof int strict language plpgsql as 'begin return query select n; return query select n * 2; end';
         create function first_of(p pair) returns int language plpgsql as 'begin return p.a; end';
         create function first_set(p pair) returns int language plpgsql as 'begin p.a := null; return p.a; end';
         create function item(variadic l int[]) returns int[] language plpgsql as 'begin return l; end';
         create function unless_given(n int, m int default null) returns int strict language plpgsql as 'begin return n + m; end';
         create function set_first(n int) returns int strict language plpgsql as 'begin n := null; return n; end';
         create function set_by_number(n int) returns int strict language plpgsql as 'begin $1 = null; return n; end';
         create function set_by_alias(n int) returns int strict language plpgsql as 'declare k alias for $1; begin k := null; return n; end';
         create function set_by_second_alias(n int) returns int strict language plpgsql as
             'declare k alias for n; begin k := null; return n; end';
         create function set_qualified(n int) returns int strict language plpgsql as 'begin set_qualified.n := null; return n; end';
         create function set_by_query(n int) returns int strict language plpgsql as 'begin select null into n; return n; end';
         create function set_by_row(n int) returns int strict language plpgsql as
             'begin delete from e where id = n returning m into strict n; return n; end';
         create function set_by_loop(n int) returns int strict language plpgsql as
             'declare i int; begin for i, n in select 1, null loop null; end loop; return n; end';
         create function set_by_elements(n int) returns int strict language plpgsql as
             'begin foreach n in array array[null]::int[] loop null; end loop; return n; end';
         create function set_by_diagnostics(n int) returns int strict language plpgsql as
             'begin get diagnostics n = row_count; return n; end';
         create procedure emptied(inout k int) language plpgsql as 'begin k := null; end';
         create function set_by_procedure(n int) returns int strict language plpgsql as 'begin call emptied(n); return n; end';
         create function set_in_handler(n int) returns int strict language plpgsql as
             'begin begin perform 1 / 0; exception when others then n := null; end; return n; end';
         create function set_element(l int[]) returns int[] strict language plpgsql as 'begin l[1] := null; return l; end';",
        &[
            ("select as_epoch(ts) as x, as_epoch(t2) as y from e", "many x y?"),
            ("select as_epoch(t2) as x from e where t2 is not null", "many x"),
            ("select added(n, n) as x, added(n, m) as y, strictly_added(n, n) as z, strictly_added(n, m) as w from e", "many x y? z w?"),
            ("select added(m => n, n => m) as x, added(m => n, n => n) as y, by_number(n) as z, by_number(m) as w from e", "many x? y z w?"),
            ("select x from e, doubled(n) x", "many x"),
            ("select x from e, doubled(m) x", "many x"),
            ("select first_of(row(n, m)::pair) as x, first_of(row(m, n)::pair) as y, first_set(row(n, n)::pair) as z from e", "many x y? z?"),
            ("select item(n, n) as x, item(n, m) as y, item(variadic l) as z from e", "many x[?] y[?] z[?]"),
            ("select unless_given(n) as x, unless_given(n, n) as y from e", "many x? y"),
            (
                "select set_first(n) as a, set_by_number(n) as b, set_by_alias(n) as c, set_by_second_alias(n) as d, set_qualified(n) as e,
                     set_by_query(n) as f, set_by_row(n) as g, set_by_loop(n) as h, set_by_elements(n) as i, set_by_diagnostics(n) as j,
                     set_by_procedure(n) as k, set_in_handler(n) as l, set_element(l) as m from e",
                "many a? b? c? d? e? f? g? h? i? j? k? l? m?[?]",
            ),
        ],
    );
}

/// A function that runs as another role may find other tables by the names in its body.
#[test]
fn functions_that_run_as_their_owner() {
    check(
        "create table notes (id int primary key, note text not null);
         create function own() returns text language sql security definer as 'select note from notes';
         create function of_another() returns text language sql security definer as 'select coalesce(max(note), $$$$) from notes';
         create function in_steps() returns text language plpgsql security definer as 'begin return (select coalesce(max(note), $$$$) from notes); end';
         create function as_the_caller() returns text language sql as 'select coalesce(max(note), $$$$) from notes';
         create function as_me() returns text language sql security definer as 'select coalesce(max(note), $$$$) from notes';
         alter function of_another() owner to pg_monitor;
         alter function in_steps() owner to pg_monitor;
         alter function as_the_caller() owner to pg_monitor;",
        &[
            ("select own() as a, of_another() as b, in_steps() as c, as_the_caller() as d, as_me() as e", "one a? b? c? d e"),
        ],
    );
}

#[test]
fn functions_in_sql() {
    check(
        SCHEMA,
        &[
            (
                "select counted(a) as x, found(a) as y, unseen(a) as z, elsewhere(a) as w from t",
                "many x y? z w?",
            ),
            (
                "select clamped(b) as x, clamped(b, null) as y, clamped(b, a) as z from t",
                "many x? y? z",
            ),
            (
                "select clamped(low => a, n => b) as x, clamped(n => a) as y from t",
                "many x y",
            ),
            (
                "select plus_one(a) as x, plus_one(b) as y, deep(b) as z from t",
                "many x y? z",
            ),
            (
                "select strictly(a, a) as x, strictly(a, b) as y, strictly(a) as z from t",
                "many x y? z?",
            ),
            (
                "select endless(a) as x, nothing_at_all() as y from t",
                "many x? y?",
            ),
            ("select id, a, b from all_t()", "many id a b?"),
            ("select id, a, b from one_t(1)", "opt id a b?"),
            ("select x, y from pairs(1)", "many x y?"),
            ("select x, y from single_pair()", "one x y?"),
            ("select x from row_of_null()", "one x?"),
            (
                "select (e).key, (e).value from (select jsonb_each_text('{}') as e from t) x",
                "many key value?",
            ),
            (
                "select (e).key, (e).value from (select jsonb_each_text(v.l::jsonb) as e from t left join v on v.k = t.a) x",
                "many key value?",
            ),
            (
                "with x as (select pairs(a) as p from t) select (p).x, (p).y from x",
                "many x y?",
            ),
            (
                "select (p).x from (select pairs(a) as p, generate_series(1, a) from t) s",
                "many x?",
            ),
            (
                "select (p).x from (select pairs(a) as p from t union all select null) s",
                "many x?",
            ),
            (
                "select (s.p).x from v left join (select pairs(a) as p, a from t) s on s.a = v.k",
                "many x?",
            ),
            (
                "select p.x, p.y from t left join lateral pairs(t.a) p on true",
                "many x? y?",
            ),
            // A row as an argument, with what is known of its fields.
            (
                "select named_by(t) as x, b_or(t, a) as y, b_or(t, c) as z, has_b(t) as v, size_of(t) as w from t",
                "many x y z? v w",
            ),
            (
                "select named_by(t) as x, has_b(t) as y from u left join t on t.id = u.b",
                "many x? y",
            ),
            (
                "select first_of(row(a, b)::pair) as x, first_of(row(b, a)::pair) as y, first_of(v.p) as z from t, v",
                "many x y? z?",
            ),
            // What a body asks about null, its caller's parameter has a meaning for.
            (
                "select counted($1) as x, deep($2) as y, unseen($3) as z, clamped(low => $4, n => 1) as w",
                "one x y z? w | $1 $2 $3? $4",
            ),
        ],
    );
}

#[test]
fn extensions() {
    check(
        "create extension intarray; create extension ltree; create extension intagg; create extension hstore;
         create table items (id int primary key, tags int[] not null, paths ltree[] not null, maybe int[]);",
        &[
            (
                "select tags && array[1] as o, tags @> array[1] as c, tags <@ $1 as d, tags & array[1] as i, tags | 1 as u, tags - 1 as m,
                     tags @@ '1|2'::query_int as q
                 from items",
                "many o c d i[?] u[?] m[?] q | $1",
            ),
            ("select tags && maybe as o, tags & maybe as i from items", "many o? i?[?]"),
            ("select id from items where tags && $1", "many id | $1"),
            (
                "select paths @> 'a'::ltree as a, paths ~ '*.a'::lquery as l, paths ?@> 'a'::ltree as first from items",
                "many a l first?",
            ),
            (
                "select int_array_aggregate(id) as ids from items group by tags",
                "many ids[?]",
            ),
            ("select int_array_aggregate(id) as ids from items", "one ids?[?]"),
            ("select akeys(h) as keys, avals(h) as vals from (values ('a=>1'::hstore)) x (h)", "one keys vals[?]"),
        ],
    );
}

#[test]
fn arguments_by_their_names() {
    let schema = "create table d (j jsonb not null, k jsonb)";
    check(
        schema,
        &[
            (
                "select jsonb_path_exists(j, 'strict $.a', silent => true) as x from d",
                "many x?",
            ),
            (
                "select jsonb_path_exists(j, 'strict $.a', silent => false) as x from d",
                "many x",
            ),
            (
                "select jsonb_path_exists(j, vars => '{}', path => '$.a') as x from d",
                "many x",
            ),
            (
                "select jsonb_path_exists(path => '$.a', target => k) as x from d",
                "many x?",
            ),
            (
                "select jsonb_path_exists(j, '$.a', '{}', true) as x, jsonb_path_exists(j, '$.a', '{}', false) as y from d",
                "many x? y",
            ),
        ],
    );
}

/// What a function gives is cast to what it is declared to, by a function of the user's that can give null.
#[test]
fn results_that_are_cast() {
    check(
        "create type side as enum ('left', 'right');
         create function side_of(int) returns side immutable language sql as $$ select case $1 when 1 then 'left'::side end $$;
         create cast (int as side) with function side_of(int) as assignment;
         create type place as (at side, seat int);
         create domain number as int;
         create function plain() returns side language sql as 'select 5';
         create function procedural() returns side language plpgsql as 'begin return 5; end';
         create function several(out at side, out seat int) language sql as 'select 5, 6';
         create function sideways() returns table (at side, seat int) language sql as 'select 5, 6';
         create function placed() returns place language sql as 'select 5, 6';
         create function loose() returns setof record language sql as 'select 5, 6';
         create function itself() returns side language sql as $$ select 'left'::side $$;
         create function of_domain() returns number language sql as 'select 5';
         create function widened(out x bigint, out at side) language sql as $$ select 5::int, 'left'::side $$;",
        &[
            ("select plain() as x, procedural() as y", "one x? y?"),
            ("select at, seat from several()", "one at? seat"),
            ("select at, seat from sideways()", "one at? seat"),
            ("select at, seat from placed()", "one at? seat"),
            ("select (several()).at as x, (placed()).seat as y", "one x? y"),
            ("select at, seat from loose() as l (at side, seat int)", "one at? seat?"),
            ("select itself() as x, of_domain() as y", "one x y"),
            ("select x, at from widened()", "one x at"),
        ],
    );
}

/// An infinite time has no time of day, and a cast of the user's between types of PostgreSQL's own can give null, too.
#[test]
fn results_that_are_cast_to_types_of_the_server() {
    check(
        "create function number_of(point) returns int immutable language sql as 'select null::int';
         create cast (point as int) with function number_of(point) as assignment;
         create function of_day() returns time language sql as $$ select 'infinity'::timestamp $$;
         create function of_zone() returns timetz language sql as $$ select 'infinity'::timestamptz $$;
         create function procedural() returns time language plpgsql as $$ begin return 'infinity'::timestamp; end $$;
         create function pair_of() returns table (at time, n int) language sql as $$ select 'infinity'::timestamptz, 1::bigint $$;
         create function of_point() returns int language sql as 'select point(1, 2)';
         create function of_array() returns time[] language sql as $$ select array['infinity'::timestamp] $$;
         create function of_date() returns timestamp language sql as 'select current_date';",
        &[
            ("select of_day() as x, of_zone() as y, procedural() as z", "one x? y? z?"),
            ("select at, n from pair_of()", "one at? n"),
            ("select of_point() as x, of_array() as y, of_date() as z", "one x? y[?] z"),
        ],
    );
}

/// The values of generated columns are cast to the column's type.
#[test]
fn generated_values_that_are_cast() {
    check(
        "create type old_side as enum ('left', 'gone');
         create type side as enum ('left');
         create function side_of(old_side) returns side immutable language sql as $$ select case $1 when 'left' then 'left'::side end $$;
         create cast (old_side as side) with function side_of(old_side) as assignment;
         create table visits (id int primary key, at timestamp not null, old old_side not null,
            of_day time generated always as (at) stored, now_at side generated always as (old) stored,
            wide bigint generated always as (id) stored, short varchar(9) generated always as (id::text) stored);",
        &[
            ("select of_day, now_at, wide, short from visits", "many of_day? now_at? wide short"),
            (
                "insert into visits (id, at, old) values (1, now(), 'left') returning of_day, now_at, wide",
                "one of_day? now_at? wide",
            ),
            ("update visits set id = id + 1 returning of_day, now_at, wide", "many of_day? now_at? wide"),
        ],
    );
}

/// What puts JSON together may be cast, too.
#[test]
fn json_that_is_cast() {
    check(
        "create type made as (x int);
         create function made_of(json) returns made immutable language sql as 'select null::made';
         create cast (json as made) with function made_of(json) as assignment;
         create view documents as select null::made as x, null::made as y, '' as z;
         do $$ begin
            if current_setting('server_version_num')::int >= 160000 then
                execute 'create or replace view documents as select json_object(''a'': 1 returning made) as x,
                    json_arrayagg(1 returning made) as y, json_object(''a'': 1 returning text) as z group by ()';
            end if;
         end $$;",
        &[("select x, y, z from documents", "one x? y? z")],
    );
}

/// A function that gives one row is not called with null, and gives a row of nulls.
#[test]
fn rows_of_functions_that_are_not_called() {
    check(
        "create table places (at pg_lsn, since pg_lsn not null);",
        &[
            (
                "select f.file_name, f.file_offset from places, pg_walfile_name_offset(at) f",
                "many file_name? file_offset?",
            ),
            (
                "select f.file_name, f.file_offset from places, pg_walfile_name_offset(since) f",
                "many file_name file_offset",
            ),
            (
                "select e.key from places, jsonb_each(to_jsonb(at)) e",
                "many key",
            ),
        ],
    );
}

/// What is known of an operator by its name is not known of one that the user has given that name.
#[test]
fn names_of_operators_of_the_user() {
    check(
        "create operator public.= (leftarg = inet, rightarg = inet, function = inet_same_family, hashes, merges);
         create operator public.<> (leftarg = text, rightarg = text, function = texteq);
         create operator public.= (leftarg = text, rightarg = text, function = textne);
         create table hosts (at inet primary key, name text, note text, check (name operator(public.=) 'a' or note is not null));",
        &[
            ("select at from hosts where at operator(public.=) $1", "many at | $1"),
            ("select at from hosts where at = $1", "opt at | $1"),
            ("select name from hosts where coalesce(name, '') operator(public.<>) ''", "many name?"),
            ("select name from hosts where coalesce(name, '') <> ''", "many name"),
            ("select note from hosts where name = 'b'", "many note?"),
        ],
    );
}

/// A setting is the same for the whole statement only if nothing in it can set it.
#[test]
fn settings_that_change() {
    check(
        "create table t (id int primary key, name text not null);
         create function sets() returns int language sql as $$ select set_config('my.id', '1', false)::int $$;",
        &[
            ("select id from t where id = current_setting('my.id')::int", "opt id"),
            (
                "select id from t where set_config('my.id', name, false) is not null and id = current_setting('my.id')::int",
                "many id",
            ),
            ("select id from t where sets() = 1 and id = current_setting('my.id')::int", "many id"),
            (
                "select nullif(current_setting('my.id'), '') as x from t where nullif(current_setting('my.id'), '') is not null",
                "many x",
            ),
            (
                "select set_config('my.id', '', false) as s, nullif(current_setting('my.id'), '') as x from t
                    where nullif(current_setting('my.id'), '') is not null",
                "many s x?",
            ),
        ],
    );
}

/// An operator or a cast of the user's can give null.
#[test]
fn operators_of_the_user() {
    check(
        "create type point2 as (x int);
         create function same(point2, point2) returns bool immutable language sql as 'select null::bool';
         create operator = (leftarg = point2, rightarg = point2, function = same);
         create function written(point2) returns text immutable language sql as 'select null::text';
         create cast (point2 as text) with function written(point2);
         create type side as enum ('left', 'right');
         create domain spot as point2;
         create table t (id int primary key, p point2 not null, s side not null, q spot not null);
         create table checked (p point2 not null, q point2 not null, n int not null, b int, c int,
            check ((p is distinct from q) is null or b is not null), check ((n is distinct from 1) is null or c is not null));",
        &[
            ("select b, c from checked", "many b? c"),
            ("select p is distinct from row(1)::point2 as x, id is distinct from 1 as y from t", "many x? y"),
            ("select quote_literal(p) as x, p || 'a' as y, 'a' || p as z from t", "many x? y? z?"),
            ("select quote_literal(q) as x, q || 'a' as y from t", "many x? y?"),
            ("select quote_literal(s) as x, s || 'a' as y, 'a' || id as z, quote_nullable(p) as w from t", "many x y z w"),
        ],
    );
}
