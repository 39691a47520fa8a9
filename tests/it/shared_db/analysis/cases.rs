//! The tables of cases.

use super::check;

/// `a` is a key and not null where it says so; `b`, `c` and `arr` may be null.
const SCHEMA: &str = "
    create extension citext;
    create type pair as (x int, y int);
    create type single as (x int);
    create domain label as text not null;
    create table t (id int primary key, a int not null, b int, c int, name text not null, arr int[]);
    create table u (id int primary key, t_id int not null references t, b int, d int not null);
    create table v (k int, n numeric, txt text unique, ci citext unique, l label, p pair);
    create unique index positive on v (k) where n > 0;
    create table late (id int unique deferrable initially deferred);
    create sequence counter;
    create table tag (ci citext, vc varchar);
    create table parent (id int primary key, a int, arr int[] check (array_position(arr, null) is null) no inherit);
    create table child () inherits (parent);
    -- The child need not keep the parent's promise: it could drop it until version 18, which lets the parent not pass it on.
    do $$ begin
        if current_setting('server_version_num')::int < 180000 then
            alter table parent alter a set not null;
            alter table child alter a drop not null;
        else
            execute 'alter table parent add constraint promise not null a no inherit';
        end if;
    end $$;
    create table strict_arrays (id int primary key, arr int[] not null check (array_position(arr, null) is null));
    create table parts (id int primary key, b int) partition by list (id);
    create table part_1 partition of parts for values in (1);
    create table part_rest partition of parts default;
    create table triggered (id int, b int);
    create table filled (a int not null, b int);
    create function nothing() returns trigger language plpgsql as 'begin new.b := null; return new; end';
    create trigger triggered before insert or update on triggered for each row execute function nothing();
    create table picky (id int primary key, b int, c int);
    create table pickier (id int primary key, b int);
    create function pick() returns trigger language plpgsql as
        'begin if new.b > 9 then return null; end if; new.b := abs(new.b); return new; end';
    create trigger picky before update on picky for each row execute function pick();
    create trigger pickier before insert on pickier for each row execute function pick();
    create function fill() returns trigger language plpgsql as 'begin new.a := coalesce(new.a, 0); return new; end';
    create trigger filled before insert on filled for each row execute function fill();
    create trigger moved before insert on part_1 for each row execute function nothing();
    create function dice() returns pair language sql volatile as 'select row(case when random() < 0.5 then 1 end, 1)::pair';
    create function null_for(int) returns text strict immutable language sql as 'select null::text';
    create function counted(wanted int) returns bigint language sql as 'select count(*) from t where t.a = wanted;';
    create function found(int) returns int language sql as 'select b from t where id = $1';
    create function clamped(n int, low int default 0) returns int language sql immutable
        begin atomic select greatest(clamped.n, low); end;
    create function plus_one(n int) returns int language sql immutable return n + 1;
    create function nothing_of(n int) returns int language sql immutable return n - n;
    create function strictly(n int, m int default null) returns int language sql strict as 'select 1';
    create function unseen(n int) returns int language plpgsql as 'begin return n; end';
    create function deep(n int) returns int language sql as 'select coalesce(plus_one(n), 0)';
    create function raised(t_id int, by int) returns setof u language sql as 'update u set b = $2 where u.t_id = raised.t_id returning *';
    create function noted(n int, note text) returns int language sql as 'insert into v (k, txt) values (n, note) returning k';
    create function \"Cleared\"(\"N\" int) returns bigint language sql as
        'delete from v where k is not distinct from \"N\"; select count(*) from t where a = \"N\"';
    create function moved(one t, b int) returns table (id int, b int) language sql
        begin atomic update u set b = 1 where t_id = one.id and u.d = moved.b returning u.id, u.b; end;
    create function not_there(n int) returns int language sql as 'select n; select nullif(n, 1)';
    create function in_steps(n int, \"Low\" int) returns setof t language plpgsql as $$
        declare least_of int := n; high alias for $2;
        begin
            n := null;
            return query select * from t where a > n and b < least_of;
            return query update t set b = \"Low\" where t.a = in_steps.n or t.a = high returning t.*;
        end $$;
    create function ids_of(n int) returns table (id int, b int) language plpgsql as $$
        begin
            if n is null then return; end if;
            return query select u.id, u.b from u;
            return query values (1, 1), (n, 2);
        end $$;
    create function is_kept(n int) returns bool language plpgsql as $$
        begin
            if n is null then return false; end if;
            return exists (select from t where a = n);
        end $$;
    create function is_it(n int) returns bool language plpgsql as 'begin if n = 1 then return true; end if; return n = 2; end';
    create function first_a(n int) returns int language plpgsql as 'begin return a from t where id = n; end';
    create function by_name(name text) returns setof t language plpgsql as $$
        begin return query execute format('select * from %I', name); end $$;
    create function its_own(n int) returns setof int language plpgsql as $$
        #variable_conflict use_variable
        declare a int; begin return query select a from t; end $$;
    create function sought(n int) returns table (v int, w int) language plpgsql as
        'declare first int := n; other int; begin return query select first, other from t where a = first; end';
    create function either(n int) returns setof int language plpgsql as
        'begin return query select id from t; return query select unnest(arr) from t; end';
    create function endless(n int) returns int language sql as 'select n';
    create or replace function endless(n int) returns int language sql as 'select endless(n - 1)';
    create function nothing_at_all() returns void language sql as 'select 1';
    create function all_t() returns setof t language sql stable as 'select * from t';
    create function one_t(wanted int) returns setof t language sql stable as 'select * from t where id = wanted';
    create function pairs(n int) returns table (x int, y int) language sql as 'select a, b from t where a > n';
    create function single_pair(out x int, out y int) language sql as 'select 1, null::int';
    create type worn as (gone int, b int, c int);
    alter type worn drop attribute gone;
    create function worn() returns setof worn language sql as 'select null::int, 1';
    create function worn_c(w worn) returns int language sql as 'select w.c';
    create table lost (gone int, id int primary key, b int, c int not null);
    alter table lost drop column gone;
    create function lost() returns setof lost language sql as 'select * from lost';
    create function row_of_null() returns setof single language sql as 'select row(null)::single';
    create function named_by(t) returns text language sql stable as 'select coalesce($1.name, $1.arr::text)';
    create function b_or(wanted t, fallback int) returns int language sql stable as 'select coalesce(wanted.b, fallback)';
    create function has_b(one t) returns bool language sql stable begin atomic select one.b is not null; end;
    create function size_of(one t) returns bigint language sql stable as 'select count(*) from u where u.t_id = one.id and u.d > one.a';
    create function first_of(p pair) returns int language sql as 'select p.x';
    create function sum_of(p pair) returns int strict language plpgsql as 'begin return p.x + p.y; end';
    create function sum_of_all(all_of pair[]) returns int language plpgsql as 'begin return 1; end';
    create table shelves (pairs pair[], nums int[]);
    create table keyed_pairs (id int not null, p pair);
    create function elsewhere(id int) returns int language sql set search_path = pg_catalog as 'select 1';
    create table computed (id int primary key, a int not null, name text not null, b int, upper text generated always as (upper(name)) stored,
        total int generated always as (a + coalesce(b, 0)) stored, over_b int generated always as (b + 1) stored);
    create view joined as select t.id, u.d from t left join u on u.t_id = t.id;
    create view keyed as select id, a from t;
";

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
fn bodies_of_functions_in_steps() {
    check(
        SCHEMA,
        &[
            (
                "select id, a, b, name from in_steps(1, 2)",
                "many id a b? name",
            ),
            ("select id, b from ids_of(1)", "many id? b?"),
            (
                "select is_kept(b) as x, is_it(a) as y, first_a(id) as z from t",
                "many x y? z?",
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

/// PostgreSQL 18 has constraints that only new rows have to obey, or none.
#[test]
fn constraints_that_rows_need_not_obey() {
    let schema = "create table loose (id int8 primary key, a text, b text);
        insert into loose values (1);
        do $$ begin
            if current_setting('server_version_num')::int >= 180000 then
                alter table loose add constraint a_there not null a not valid;
                alter table loose add check (b is not null) not enforced;
            end if;
        end $$;
        create table tight (id int8 primary key, a text);
        do $$ begin
            if current_setting('server_version_num')::int >= 180000 then
                alter table tight add constraint a_there not null a not valid;
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

#[test]
fn functions_in_sql() {
    check(
        SCHEMA,
        &[
            (
                "select counted(a) as x, found(a) as y, unseen(a) as z, elsewhere(a) as w from t",
                "many x y? z? w?",
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

#[test]
fn rows() {
    check(
        SCHEMA,
        &[
            // Two rows at the most, put together whatever they are.
            (
                "select n, m from (select count(*) as n from t) a full join (select count(*) as m from u) b on true",
                "one n m",
            ),
            (
                "select x.id, m from (select id from t where id = 1) x full join (select count(*) as m from u) b on true",
                "one id? m",
            ),
            (
                "select x.id, y.d from (select id from t where id = 1) x full join (select d from u where id = 1) y on true",
                "opt id? d?",
            ),
            (
                "select n, m from (select count(*) as n from t) a full join (select count(*) as m from u) b on n = m",
                "many n? m?",
            ),
            ("select x.id, m from t x full join (select count(*) as m from u) b on true", "many id? m"),
            // A key among the at most one row of a query.
            ("select a from t where id in (select k from v where txt = $1)", "opt a | $1"),
            ("update t set a = 1 where id in (select k from v where txt = $1)", "exec | $1"),
            ("select a from t where id = any (select t_id from u where id = $1)", "opt a | $1"),
            ("select a from t where (id, a) in (select t_id, d from u where id = $1)", "opt a | $1"),
            ("select a from t where id in (select max(k) from v)", "opt a"),
            (
                "with picked as materialized (select id from t where a = 1 limit 1 for update skip locked)
                update t set a = 2 where id in (select id from picked) returning id",
                "opt id",
            ),
            ("with w as (select k from v where txt = 'a') select a from t where id in (select k from w)", "opt a"),
            ("select a from t where id in (select t_id from u where d = $1)", "many a | $1"),
            ("select a from t where id in (select k from v where txt = t.name)", "many a"),
            ("select a from t where id not in (select k from v where txt = $1)", "many a | $1"),
            ("select a from t where id > any (select k from v where txt = $1)", "many a | $1"),
            ("select a from t where id in (select id from t limit 1)", "many a"),
            ("delete from t where id in (select id from t where a = 1 limit 1 for update skip locked)", "exec"),
            ("delete from t where id in (select id from t where a = 1 limit 1 for update skip locked) returning id", "many id"),
            ("select a from t where id in (select (random() * 9)::int)", "many a"),
            ("select t.id, s.a from t left join t s on s.id in (select k from v where txt = 'a')", "many id a?"),
            ("select a from t where id in (select k from v where txt = $1 union select k from v where txt = $1)", "many a | $1"),
            // Set operations that leave no more than an arm has.
            ("select id from t where id = $1 intersect select a from t", "opt id | $1"),
            ("select a from t intersect all select id from t where id = $1", "opt a | $1"),
            ("select id from t where id = $1 except select a from t", "opt id | $1"),
            ("select a from t except select id from t where id = $1", "many a | $1"),
            ("select id from t where id = $1 intersect select a from t union select b from t", "many id? | $1"),
            ("select id from t where id = $1 union all select a from t where id = $1", "many id | $1"),
            // A lateral row is one row for each row that it refers to.
            (
                "select t.id from t, lateral (select t.id as i) x where t.id = x.i",
                "many id",
            ),
            ("select a from t where id = $1", "opt a | $1"),
            // A CASE of which the same branch is for all rows.
            ("select a from t where case when $1 > 0 then id = $1 else id = $2 end", "opt a | $1 $2"),
            ("select k from v where case when $1 > 0 then k = $1 and n > 0 when $2 <> '' then txt = $2 else ci = $3 end", "opt k? | $1 $2 $3"),
            ("select k from v where case when $1 <> '' then txt = $1 end and n > 1", "opt k? | $1"),
            ("select k from v where case $1 when 'txt' then txt = $2 when 'none' then false else ci = $2 end", "opt k? | $1 $2"),
            ("select t.id from v join t on t.id = v.k where case when $1 then txt = $2 else ci = $3 end", "opt id | $1 $2 $3"),
            ("select v.k from t left join v on case when $1 then txt = $2 else ci = $3 end where t.id = 1", "opt k? | $1 $2 $3"),
            (
                "select v.k from v left join t on case when $1 then t.id = v.k else t.id = v.n end where case when $2 then txt = $3 else ci = $3 end",
                "opt k? | $1 $2 $3",
            ),
            ("select v.k from v left join t on case when $1 then t.id = 1 else t.id = 2 end", "many k? | $1"),
            ("select k from v where case when $1 <> '' then txt = $1 else true end", "many k? | $1"),
            ("select k from v where case when $1 <> '' then txt = $1 else n = 1 end", "many k? | $1"),
            ("select k from v where case when k > 0 then txt = $1 else ci = $2 end", "many k? | $1 $2"),
            ("select k from v where case k when 1 then txt = $1 else ci = $2 end", "many k? | $1 $2"),
            ("select k from v where case when random() < 0.5 then txt = 'a' else txt = 'b' end", "many k?"),
            ("select t.a from t, v where case when v.n > 0 then t.id = 1 else t.id = 2 end and v.txt = 'a'", "opt a"),
            ("select a from t where id = 1 offset 1", "opt a"),
            ("select a from t limit 1", "opt a"),
            // A function of one argument was taken for a cast, and any eight bytes for a number.
            ("select a from t limit exp(1)", "many a"),
            ("select a from t limit 1.5", "many a"),
            ("select a from t limit 1::smallint", "opt a"),
            ("select count(*) from t limit nothing_of(1)", "opt count"),
            ("select count(*) from t limit 0.4", "opt count"),
            ("select count(*) from t offset exp(0)", "opt count"),
            (
                "select a from t order by a fetch first 1 row with ties",
                "many a",
            ),
            ("select a from keyed where id = 1", "opt a"),
            (
                "select t.a, u.d from t left join u on u.id = t.b where t.id = 1",
                "opt a d?",
            ),
            (
                "select t.a, u.d from t left join u on t.id = 1 and u.id = t.b",
                "many a d?",
            ),
            (
                "select t.a, u.d from t full join u on t.id = u.id where t.id = 1",
                "many a d?",
            ),
            (
                "select t.a from t join u on u.t_id = t.id where u.id = 1",
                "opt a",
            ),
            ("select id from late where id = 1", "many id"),
            ("select a from parent where id = 1", "many a?"),
            ("select b from parts where id = 1", "opt b?"),
            ("select n from v where k = 1", "many n?"),
            ("select n from v where k = 1 and n > 0", "opt n"),
            ("select n from v where k = 1 and n > 1", "many n"),
            ("select 1 as x from v where txt = 'a'", "opt x"),
            ("select 1 as x from v where ci = 'a'", "opt x"),
            ("select 1 as x from v where ci::text = 'a'", "opt x"),
            ("select 1 as x from v where txt::citext = 'a'", "many x"),
            ("select 1 as x", "one x"),
            ("select 1 as x where $1", "opt x | $1"),
            ("select count(*) from t having count(*) > 1", "opt count"),
            ("select distinct id from t where id = 1", "opt id"),
            // Equal is not the same: 1 and 1.0, or letters in two cases.
            (
                "select n::text as x from v where n = 1 group by n::text",
                "many x",
            ),
            ("select distinct n::text as x from v where n = 1", "many x"),
            (
                "select distinct ci::text as x from v where ci = 'a'",
                "opt x",
            ),
            ("select n from v where n = 1 group by n", "opt n"),
            (
                "select lower(txt) as x, count(*) from v where txt = $1 group by 1",
                "opt x count | $1",
            ),
            (
                "select date_trunc('day', $1::timestamp) as x, count(*) from t group by 1",
                "opt x count | $1",
            ),
            (
                "select lower(name) as x, count(*) from t where lower(name) = 'a' group by lower(name)",
                "many x count",
            ),
            // Two of `A` and `a` are one `citext`, and two texts.
            (
                "update v set k = 1 from tag where v.txt = tag.ci::text and tag.ci = 'a' returning v.txt",
                "many txt",
            ),
            (
                "update v set k = 1 from tag where v.txt = tag.vc and tag.vc = 'a' returning v.txt",
                "opt txt",
            ),
            // There, or not there.
            (
                "select distinct u.id from t left join u on u.id = 1 and t.a > 0",
                "many id?",
            ),
            (
                "select distinct v.txt from t left join u on u.id = 1 and t.a > 0 join v on v.k = coalesce(u.d, 0) and v.n > 0",
                "many txt?",
            ),
            ("delete from t where id = 1 returning a", "opt a"),
            ("select a from t where id in (1)", "opt a"),
            // A subquery that does not look at the row is evaluated once.
            (
                "select a from t where id = (select max(id) from t)",
                "opt a",
            ),
            (
                "update t set b = 1 where id = (select id from t where c > 0 order by a for update skip locked limit 1) returning a",
                "opt a",
            ),
            (
                "select a from t where id = (select max(u.id) from u where u.t_id = t.a)",
                "many a",
            ),
            (
                "select a from t where id in (select id from t limit 1)",
                "many a",
            ),
            // A sequence is one row.
            (
                "select last_value, is_called from counter",
                "one last_value is_called",
            ),
        ],
    );
}

#[test]
fn rows_of_unusual_keys() {
    const SCHEMA: &str = "
        create type side as enum ('left', 'right');
        create table shelf (room int, at side, is_top bool, label text not null, place smallint not null unique, since date,
            code uuid unique, primary key (room, at, is_top));
        create unique index on shelf (lower(label));
        create unique index on shelf (room, coalesce(since, 'epoch')) where is_top;
        create unique index on shelf ((label || '!'), place);
        create table crate (name varchar(9) not null, mark varchar(9));
        create unique index on crate (lower(name::text));
        create unique index on crate (mark) where name::text <> '';
        create table box (shelf int, big bool);
        create unique index on box (shelf, big);
        create domain serial_no as int;
        create domain old_serial_no as serial_no;
        create domain face as text check (value <> '');
        create domain grams as numeric(10, 2);
        create table coin (id old_serial_no primary key, twin old_serial_no, face face not null unique, weight grams unique);
        create table the_house (is_it bool primary key default true check (is_it), name text);
        create table the_town (id int not null unique, name text not null, check (id = 1 and name <> ''));
        create table the_land (id int unique check (id = 1));
        create table the_world (name text);
        create unique index on the_world ((true));
        create table coil (length numeric(9, 3));
        create unique index on coil ((length::text));
        create table may_be_one (name text);
        create unique index on may_be_one ((true)) where name is not null;
        create table town_parent (id int not null unique check (id = 1) no inherit);
        create table town_child () inherits (town_parent);
        create table parcel (shelf int, slot int, gone bool not null default false, tag text);
        create unique index on parcel (shelf) where gone = false;
        create unique index on parcel (tag) where tag is not null;
        create unique index on parcel (slot) where not gone and tag is not null;
        create table piles (id int) partition by range (id);
        create table pile partition of piles default;
        create table not_yet (id int primary key);
        insert into not_yet values (1), (2);
        alter table not_yet add check (id = 1) not valid;";
    check(
        SCHEMA,
        &[
            // A boolean that is said to be true or false has one value; one that is not true may be null.
            (
                "select 1 as x from shelf where room = $1 and at = $2 and is_top",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where room = $1 and at = $2 and not is_top",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where room = $1 and at = $2 and is_top is false",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from box where shelf = 1 and big is true",
                "opt x",
            ),
            (
                "select 1 as x from box where shelf = 1 and big is not true",
                "many x",
            ),
            (
                "select 1 as x from shelf where room = $1 and is_top and not (at = 'left' and place > 1)",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where room = $1 and (is_top or at = 'left')",
                "many x | $1",
            ),
            // Casts under which different values stay different.
            (
                "select 1 as x from shelf where code::text = $1",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where place::text = $1 and at::text = $2",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where place = $1::bigint",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where place::numeric = extract(year from current_date)",
                "opt x",
            ),
            (
                "select 1 as x from shelf where room::real = $1 and at = 'left' and is_top",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where room::text = $1 and at::text = $2 and is_top",
                "opt x | $1 $2",
            ),
            (
                "select s.label from shelf s join box b on b.shelf::text = s.place::text where b.shelf = 1 and b.big",
                "opt label",
            ),
            // Indexes on expressions.
            (
                "select 1 as x from shelf where lower(label) = lower($1)",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where lower($1) = lower(label)",
                "opt x | $1",
            ),
            // All that an index is on has one value where its columns have; equal numbers can be different ones.
            (
                "select 1 as x from shelf where label = $1",
                "opt x | $1",
            ),
            (
                "select 1 as x from crate where name = $1",
                "opt x | $1",
            ),
            (
                "select h.label from box b left join shelf h on h.label = $1 where b.shelf = 1 and b.big",
                "opt label? | $1",
            ),
            (
                "select 1 as x from coil where length = $1",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where label > $1",
                "many x | $1",
            ),
            // A subquery that depends on what is determined: the latest of one room's.
            (
                "select 1 as x from shelf s where s.room = $1 and s.place = (select max(b.place) from shelf b where b.room = s.room)",
                "opt x | $1",
            ),
            (
                "select 1 as x from parcel p join shelf s on s.place = (select max(b.place) from shelf b where b.room = p.slot)
                 where p.shelf = $1 and not p.gone",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf s where s.place = (select max(b.place) from shelf b where b.room = s.room)",
                "many x",
            ),
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select max(b.place) from shelf b where b.room = s.room and random() < 0.5)",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select max(b.place) from shelf b where b.room = s.room and b.label < s.label)",
                "many x | $1",
            ),
            (
                "delete from box where (shelf, big) = (select shelf, big from box order by shelf limit 1) returning 1 as x",
                "opt x",
            ),
            (
                "delete from box where (shelf, big) <= (select shelf, big from box order by shelf limit 1) returning 1 as x",
                "many x",
            ),
            (
                "select 1 as x from box b where (shelf, big) = (select s.place, s.is_top from shelf s where s.room > b.shelf limit 1)",
                "many x",
            ),
            // It may be evaluated for each row, and lock another one each time.
            (
                "delete from box where (shelf, big) in (select shelf, big from box limit 1 for update skip locked) returning 1 as x",
                "many x",
            ),
            // What others have locked, and what a sample takes, can be other rows each time.
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select b.place from shelf b where b.room = s.room limit 1 for update skip locked)",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf s where s.room = $1
                 and s.place = (select max(b.place) from shelf b tablesample system (50) where b.room = s.room)",
                "many x | $1",
            ),
            // The number of a row is a key of its part.
            (
                "select room from (select room, row_number() over (order by place) as n from shelf) s where n = 1",
                "opt room",
            ),
            (
                "with s as (select room, at, row_number() over w as n from shelf window w as (partition by room, label order by at))
                 select room from s where n = $1 and room = $2",
                "many room | $1 $2",
            ),
            (
                "with s as (select room, row_number() over (partition by room order by at) as n, rank() over (order by at) as r from shelf)
                 select room from s where n = $1 and room = $2",
                "opt room | $1 $2",
            ),
            (
                "select n from (select rank() over (order by at) as n from shelf) s where n = 1",
                "many n",
            ),
            // pg_dump writes the casts that an index on `lower(name)` implies.
            (
                "select 1 as x from crate where lower(name) = lower($1)",
                "opt x | $1",
            ),
            (
                "select 1 as x from crate where mark = $1 and name <> ''",
                "opt x | $1",
            ),
            (
                "select 1 as x from shelf where upper(label) = $1",
                "many x | $1",
            ),
            (
                "select 1 as x from shelf where lower(label) = label",
                "many x",
            ),
            (
                "select 1 as x from shelf where room = $1 and coalesce(since, 'epoch') = $2 and is_top",
                "opt x | $1 $2",
            ),
            (
                "select 1 as x from shelf where room = $1 and coalesce(since, 'epoch') = $2",
                "many x | $1 $2",
            ),
            (
                "select 1 as x from shelf where label || '!' = $1",
                "many x | $1",
            ),
            (
                "select b.big from shelf s join box b on b.shelf = s.room and b.big where lower(s.label) = $1",
                "opt big | $1",
            ),
            (
                "select s.room from box b left join shelf s on lower(s.label) = $1 where b.shelf = 1 and not b.big",
                "opt room? | $1",
            ),
            (
                "select b.big from box b left join shelf s on lower(s.label) = $1",
                "many big? | $1",
            ),
            // A predicate said in other words, or that follows.
            (
                "select 1 as x from parcel where shelf = 1 and not gone",
                "opt x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and gone is false",
                "opt x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and false = gone",
                "opt x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and gone",
                "many x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and gone is not true",
                "many x",
            ),
            (
                "select 1 as x from parcel where shelf = 1 and not (gone is true)",
                "many x",
            ),
            ("select 1 as x from parcel where tag = $1", "opt x | $1"),
            ("select 1 as x from parcel where tag like 'a%'", "many x"),
            (
                "select 1 as x from parcel where slot = 1 and gone = false and tag like 'a%'",
                "opt x",
            ),
            (
                "select 1 as x from parcel where slot = 1 and not gone and (tag = 'a' or tag = 'b')",
                "opt x",
            ),
            (
                "select 1 as x from parcel where slot = 1 and not gone and (tag = 'a' or shelf = 2)",
                "many x",
            ),
            (
                "select p.shelf from shelf s left join parcel p on p.slot = s.room and not p.gone and p.tag <> '' where lower(s.label) = $1",
                "opt shelf? | $1",
            ),
            (
                "select p.shelf from parcel p left join shelf s on p.slot = 1 and not p.gone and p.tag <> ''",
                "many shelf?",
            ),
            // The place of a row.
            (
                "delete from parcel where ctid = (select ctid from parcel limit 1 for update skip locked) returning slot",
                "opt slot?",
            ),
            (
                "with p as (select ctid from parcel limit 1) update parcel set gone = true from p where p.ctid = parcel.ctid returning slot",
                "opt slot?",
            ),
            ("select id from piles where ctid = '(0,1)'", "many id?"),
            ("select id from town_parent where ctid = '(0,1)'", "many id"),
            // Of domains, which are compared as what they are over.
            ("select face from coin where id = $1", "opt face | $1"),
            ("delete from coin where id = $1 returning face", "opt face | $1"),
            ("select c.face from coin c join coin d on d.id = c.twin where c.id = $1", "opt face | $1"),
            ("select c.id, d.face from coin c left join coin d on d.id = c.twin where c.id = $1", "opt id face? | $1"),
            ("select id from coin where face = $1", "opt id | $1"),
            ("select c.id from coin c join coin d on d.face = c.face where d.id = $1", "opt id | $1"),
            ("select id from coin where weight = $1", "opt id | $1"),
            ("select id from coin where weight::int = $1", "many id | $1"),
            ("select id from coin where id > $1", "many id | $1"),
            // Tables made to have one row.
            ("select name from the_house", "opt name?"),
            ("select name from the_town", "opt name"),
            ("select id from the_land", "many id?"),
            ("select name from the_world", "opt name?"),
            ("select name from may_be_one", "many name?"),
            (
                "select name from may_be_one where name is not null",
                "opt name",
            ),
            (
                "select h.name, w.name as world from the_house h left join the_world w on true",
                "opt name? world?",
            ),
            ("select id from town_parent", "many id"),
            ("select id from only town_parent", "opt id"),
            ("select id from not_yet", "many id"),
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
            (
                "-- as JSON\nEXPLAIN (format json) select 1",
                "many QUERY PLAN",
            ),
            ("show work_mem", "one work_mem"),
            ("show all", "many name setting? description?"),
            ("call p(null)", "one QUERY PLAN?"),
            ("vacuum", "exec"),
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

/// What is asked around a query in FROM, a view or a common table expression is asked of the tables in it.
#[test]
fn rows_of_keys_inside() {
    const SCHEMA: &str = "
        create table guest (id int primary key, hotel int not null, mail text not null, room int, gone bool not null default false);
        create unique index on guest (lower(mail)) where not gone;
        create unique index on guest (room) where room is not null and not gone;
        create table hotel (id int primary key, name text not null, is_main bool not null);
        create unique index on hotel (is_main) where is_main;
        create view staying as select * from guest where not gone;
        create view guests as select g.*, lower(g.mail) as address, h.name as hotel_name, h.is_main from guest g
            join hotel h on h.id = g.hotel;
        create view regulars as select mail, count(*) as stays from guest group by mail;";
    check(
        SCHEMA,
        &[
            // An expression of columns from inside, and a condition that stands inside, around, or a level further in.
            (
                "select id from staying where lower(mail) = lower($1)",
                "opt id | $1",
            ),
            (
                "select id from guests where lower(mail) = $1 and not gone",
                "opt id | $1",
            ),
            (
                "select id from guests where address = $1 and gone = false",
                "opt id | $1",
            ),
            (
                "select s.id from (select g.*, 1 as one from guests g) s where s.address = $1 and not s.gone",
                "opt id | $1",
            ),
            (
                "with s as (select * from guest) select id from s where room = $1 and gone is false",
                "opt id | $1",
            ),
            (
                "select h.name, g.id from (select * from hotel) h left join staying g on g.hotel = h.id and lower(g.mail) = $1
                     where h.is_main",
                "opt name id? | $1",
            ),
            (
                "select g.id from hotel h join guests g on g.address = h.name and not g.gone where h.id = $1",
                "opt id | $1",
            ),
            (
                "select h.id, (select g.id from guests g where g.address = lower(h.name) and not g.gone) as g from hotel h",
                "many id g?",
            ),
            // Each of several entries has conditions of its own.
            (
                "select a.id from staying a, staying b where lower(a.mail) = $1 and lower(b.mail) = $2",
                "opt id | $1 $2",
            ),
            (
                "with s as (select * from guest) select a.id from s a, s b where lower(a.mail) = $1 and not b.gone",
                "many id | $1",
            ),
            // What is cut off or numbered inside is no more than that.
            (
                "select id from (select * from guest limit 5) s where lower(mail) = $1 and not gone",
                "opt id | $1",
            ),
            (
                "select id from (select *, count(*) over () from guest) s where lower(mail) = $1 and not gone",
                "opt id | $1",
            ),
            // What is asked is not enough, is of something else, or does not always hold.
            (
                "select id from guests where lower(mail) = $1",
                "many id | $1",
            ),
            (
                "select id from guests where lower(hotel_name) = $1 and not gone",
                "many id | $1",
            ),
            (
                "select id from guests where address = $1 or not gone",
                "many id | $1",
            ),
            (
                "select g.id from hotel h left join guests g on g.address = $1 and not g.gone",
                "many id? | $1",
            ),
            (
                "select h.id from guest g left join (select * from hotel) h on h.is_main and g.id = 1",
                "many id?",
            ),
            (
                "select g.id from guests g join hotel h on g.address = h.name and not g.gone",
                "many id",
            ),
            (
                "select stays from regulars where lower(mail) = $1",
                "many stays | $1",
            ),
            (
                "select n from (select lower(max(mail)) as n, hotel from guest where not gone group by hotel) s where n = $1",
                "many n | $1",
            ),
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
        ],
    );
}
