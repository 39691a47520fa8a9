//! Queries and their expected analysis, grouped by subject.

mod functions;
mod inside;
mod keys;
mod nulls;
mod params;
mod relations;
mod rows;
mod values;
mod written;

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
