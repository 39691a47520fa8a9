-- Calls functions with every kind of argument and counts the nulls that come back. Session-local: needs no cleaning up.

create type pg_temp.total_mood as enum ('sad', 'ok', 'happy');
create type pg_temp.total_pair as (a int4, b text);
-- PostGIS gets these instead of their base types.
create domain pg_temp.tame_int4 as int4;
create domain pg_temp.tame_float8 as float8;
create domain pg_temp.tame_text as text;
create temp table pool_size (typ text primary key, n int4 not null);
-- What stands for the polymorphic types in each round, by position: element, array, range, multirange.
create temp table round (n int4, element text, range text, multirange text);
insert into round values
    (0, 'int4', 'int4range', 'int4multirange'), (1, 'date', 'daterange', 'datemultirange'),
    (2, 'numeric', 'numrange', 'nummultirange'), (3, 'timestamptz', 'tstzrange', 'tstzmultirange'),
    (4, 'text', null, null), (5, 'jsonb', null, null), (6, 'total_mood', null, null), (7, 'total_pair', null, null);

-- Fills the pool of type `typ` with those of `expressions` that this server accepts.
create function pg_temp.fill_pool(typ text, expressions text[]) returns int4 language plpgsql as $$
declare
    expression text;
    n int4 := 0;
begin
    begin
        execute format('create temp table %I (n int4, v %I)', 'pool_' || typ, typ);
    exception when undefined_object then
        return 0;
    end;
    foreach expression in array expressions loop
        begin
            execute format('insert into %I select $1, (%s)::%I', 'pool_' || typ, expression, typ) using n;
            n := n + 1;
        exception when others then
            null;
        end;
    end loop;
    if n > 0 then
        insert into pool_size values (typ, n);
    end if;
    return n;
end $$;

-- Makes the pools of arrays, ranges and multiranges from those of what they hold.
create function pg_temp.fill_derived_pools() returns void language plpgsql as $$
declare
    base record;
    kin record;
    lo text;
    hi text;
begin
    for base in select p.typ, p.n, t.oid, t.typarray from pool_size p join pg_type t on t.typname = p.typ loop
        if base.typarray <> 0 then
            lo := format('(select v from %I where n = %s)', 'pool_' || base.typ, base.n / 2);
            hi := format('(select v from %I where n = %s)', 'pool_' || base.typ, base.n - 1);
            perform pg_temp.fill_pool('_' || base.typ, array[
                $q$'{}'$q$, $q$'{null}'$q$, $q$'{null,null}'$q$, format('array[%s]', hi),
                format('array[%s, %s]', hi, lo), format('array[%s, null, %s]', lo, lo),
                format('array[[%s, %s], [null, %s]]', lo, hi, lo), format('array[[[%s]]]', lo),
                format('(select array_agg(v order by n) from %I)', 'pool_' || base.typ),
                format('array_fill(%s, array[2], array[-3])', lo), format('array_fill(%s, array[2, 2], array[0, 5])', hi)]);
        end if;
        for kin in
            select r.typname as range, m.typname as multirange
            from pg_range g join pg_type r on r.oid = g.rngtypid join pg_type m on m.oid = g.rngmultitypid
            where g.rngsubtype = base.oid
        loop
            lo := format('(select min(v) from %I)', 'pool_' || base.typ);
            hi := format('(select v from %I where n = 1)', 'pool_' || base.typ);
            perform pg_temp.fill_pool(kin.range, array[
                $q$'empty'$q$, $q$'(,)'$q$, format('%I(%s, null)', kin.range, hi), format('%I(null, %s)', kin.range, hi),
                format('%I(%s, %s)', kin.range, lo, hi), format('%I(%s, %s, %L)', kin.range, hi, hi, '[]'),
                format('(select %I(min(v), max(v), %L) from %I)', kin.range, '[]', 'pool_' || base.typ)]);
            perform pg_temp.fill_pool('_' || kin.range, array[$q$'{}'$q$, $q$'{null}'$q$, $q$'{empty}'$q$, $q$'{empty,"(,)"}'$q$]);
            perform pg_temp.fill_pool(kin.multirange, array[
                $q$'{}'$q$, $q$'{empty}'$q$, $q$'{(,)}'$q$, format('%I(%I(%s, null))', kin.multirange, kin.range, hi),
                format('%I(%I(null, %s), %I(%s, null))', kin.multirange, kin.range, lo, kin.range, hi),
                format('%I(%I(%s, %s))', kin.multirange, kin.range, lo, hi)]);
        end loop;
    end loop;
end $$;

-- The type that stands for `typ` in round `n`.
create function pg_temp.stand_in(typ text, n int4) returns text language sql stable as $$
    select case
        when typ in ('anyelement', 'anynonarray', 'any', 'anycompatible', 'anycompatiblenonarray') then r.element
        when typ in ('anyarray', 'anycompatiblearray') then '_' || r.element
        when typ in ('anyrange', 'anycompatiblerange') then r.range
        when typ in ('anymultirange', 'anycompatiblemultirange') then r.multirange
        when typ = 'anyenum' then 'total_mood'
        when typ = 'record' then 'total_pair'
        when typ = '_record' then '_total_pair'
        else typ end
    from round r where r.n = $2
$$;

-- Calls `f` (an aggregate or window function: over one row) up to `cap` times in each round that it makes sense in. `outputs` are its output columns (empty: the value itself);
-- `maybe_null` tells which arguments are also tried as null; `fixed` gives a constant (SQL) for an argument instead of its pool.
create function pg_temp.probe(
    f oid, cap int4, outputs text[], maybe_null int4[], fixed_at int4, fixed text,
    out calls int8, out nulls int8[], out errors int8, out example text
) language plpgsql as $$
declare
    p pg_proc := (select p from pg_proc p where p.oid = f);
    callee text := (select quote_ident(n.nspname) || '.' || quote_ident(p.proname) from pg_namespace n where n.oid = p.pronamespace);
    declared text[] := array(select t.typname from unnest(p.proargtypes) with ordinality a(oid, at) join pg_type t on t.oid = a.oid order by at);
    spread_any bool := p.provariadic = '"any"'::regtype;
    tame bool := exists (select from pg_depend d join pg_extension e on e.oid = d.refobjid where d.objid = f and d.deptype = 'e' and e.extname like 'postgis%');
    types text[];
    froms text;
    arg text;
    arg_list text[];
    args text;
    direct int4 := (select a.aggnumdirectargs from pg_aggregate a where a.aggfnoid = f and a.aggkind <> 'n');
    picks text;
    total int8;
    body text;
    rounds int4 := 0;
    part record;
    i int4; -- position of an argument
begin
    calls := 0; errors := 0; nulls := array_fill(0::int8, array[greatest(1, cardinality(outputs))]);
    if exists (select from unnest(declared) t where t like 'any%' or t = 'record') then rounds := 7; end if;
    for round_ in 0..rounds loop
        types := array(select pg_temp.stand_in(t, round_) from unnest(declared) with ordinality d(t, at) order by at);
        if tame then
            types := array(select case when t in ('int4', 'float8', 'text') then 'tame_' || t else t end from unnest(types) with ordinality d(t, at) order by at);
        end if;
        if spread_any then
            types := types || pg_temp.stand_in('any', (round_ + 3) % 8);
            maybe_null := maybe_null || case when cardinality(declared) - 1 = any (maybe_null) then array[cardinality(declared)] else '{}' end;
        end if;
        continue when array_position(types, null) is not null or exists (select from unnest(types) t where t not in (select typ from pool_size));
        picks := ''; arg_list := '{}'; total := 1; froms := '';
        for i in 0..cardinality(types) - 1 loop
            total := least(total * (select s.n + (i = any (maybe_null))::int4 from pool_size s where s.typ = types[i + 1]), 1000000000);
        end loop;
        for i in 0..cardinality(types) - 1 loop
            if i = fixed_at then
                arg_list := arg_list || fixed;
            else
                arg := format('r.v%s', i);
                if p.provariadic <> 0 and not spread_any and i = cardinality(types) - 1 then
                    arg := 'variadic ' || arg;
                end if;
                arg_list := arg_list || arg;
                picks := picks || format(', a%s.v as v%s', i, i);
                -- Small products are walked in full, larger ones at random.
                froms := froms || format(case when total <= cap then ' cross join (%2$s) a%1$s' else ' join (%2$s) a%1$s on a%1$s.n = k.i%1$s %% %3$s' end, i,
                    format('select n, v from %I', 'pool_' || types[i + 1])
                        || case when i = any (maybe_null) then format(' union all select %s, null', (select n from pool_size where typ = types[i + 1])) else '' end,
                    (select s.n + (i = any (maybe_null))::int4 from pool_size s where s.typ = types[i + 1]));
            end if;
        end loop;
        args := array_to_string(arg_list, ', ');
        body := case
            when p.prokind = 'w' then format('(select num_nulls(%s(%s) over ()) from (values (1)) one)', callee, args)
            -- A hypothetical-set aggregate declares "any"; it takes as many values as it sorts by.
            when direct is not null and spread_any then format('(select num_nulls(%s(%s) within group (order by %s)) from (values (1)) one)', callee, args, args)
            when direct is not null then format('(select num_nulls(%s(%s) within group (order by %s)) from (values (1)) one)', callee,
                array_to_string(arg_list[:direct], ', '), array_to_string(arg_list[direct + 1:], ', '))
            when p.prokind = 'a' and args = '' then format('(select num_nulls(%s(*)) from (values (1)) one)', callee)
            when p.prokind = 'a' then format('(select num_nulls(%s(%s)) from (values (1)) one)', callee, args)
            when p.proretset and cardinality(outputs) > 0 then format(
                'select %s from (select (x).* from (select %s(%s) as x limit 20 offset 0) s) t',
                (select string_agg(format('count(*) filter (where num_nulls(t.%I) = 1)', o), ' || ''~'' || ') from unnest(outputs) o), callee, args)
            when p.proretset then format('select count(*) filter (where num_nulls(x) = 1) from (select %s(%s) as x limit 20 offset 0) s', callee, args)
            when cardinality(outputs) > 0 then format('select %s from (select %s(%s) as x offset 0) s',
                (select string_agg(format('num_nulls((x).%I)', o), ' || ''~'' || ') from unnest(outputs) o), callee, args)
            else format('num_nulls(%s(%s))', callee, args) end;
        begin
            execute format($f$create or replace function pg_temp.probe_round(out calls int8, out nulls int8[], out errors int8, out example text) language plpgsql as $p$
                declare r record; found_ int8[];
                begin
                    calls := 0; errors := 0; nulls := %L;
                    for r in select 0 as unused %s from %s%s limit %s loop
                        begin
                            found_ := string_to_array((%s)::text, '~')::int8[];
                            calls := calls + 1;
                            if 0 < any (found_) then
                                nulls := array(select a + b from unnest(nulls, found_) u(a, b));
                                if example is null then example := r::text; end if;
                            end if;
                        exception when others then
                            errors := errors + 1;
                        end;
                    end loop;
                end $p$ $f$, array_fill(0::int8, array[greatest(1, cardinality(outputs))]), picks,
                case when total <= cap then '(select) k' else 'combination k' end, froms, cap, body);
            select * into part from pg_temp.probe_round();
            calls := calls + part.calls; errors := errors + part.errors;
            nulls := array(select a + b from unnest(nulls, part.nulls) u(a, b));
            example := coalesce(example, types::text || ' ' || part.example);
        exception
            when undefined_function or ambiguous_function or datatype_mismatch or indeterminate_datatype or syntax_error or feature_not_supported then null;
        end;
    end loop;
end $$;

create temp table combination as
    select (random() * 1e6)::int4 as i0, (random() * 1e6)::int4 as i1, (random() * 1e6)::int4 as i2, (random() * 1e6)::int4 as i3,
           (random() * 1e6)::int4 as i4, (random() * 1e6)::int4 as i5, (random() * 1e6)::int4 as i6, (random() * 1e6)::int4 as i7,
           (random() * 1e6)::int4 as i8, (random() * 1e6)::int4 as i9
    from (select setseed(0.25)) s, generate_series(1, 5000);
analyze combination;

-- For the examples.
create temp sequence total_sequence;
select nextval('total_sequence');
-- Not of the session, but of its database, which is thrown away.
select lo_from_bytea(4100, 'abc');
