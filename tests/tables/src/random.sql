-- Random values of any type, and rows of them in any table that takes them.

create schema if not exists seed;

-- A random value of a type as text, which the type's input function reads.
create function seed.value(ty oid, modifier integer default -1) returns text language plpgsql volatile as $$
declare
    t pg_type := (select t from pg_type t where t.oid = ty);
    whole bigint := (array[0, 1, -1, 7, 42, 30000, -32768, 32767])[1 + floor(random() * 8)];
    moment timestamp := '2000-01-01'::timestamp + random() * interval '40 years';
    words text := substr((array['', 'a@', 'Zoë', ' b ', '"q" \ ''x''', '{n,ull}', E'new\nline', 'NULL', '(1,2)', '漢字'])
        [1 + floor(random() * 10)] || md5(random()::text), 1, 4 + floor(random() * 8)::integer);
    coordinates numeric[] := array(select round((random() * 100 - 50)::numeric, 3) from generate_series(1, 8));
    x numeric[] := coordinates;
    found text;
    kind text;
begin
    case t.typtype
    when 'e' then
        return (select enumlabel from pg_enum where enumtypid = ty order by random() limit 1);
    when 'd' then
        for attempt in 1 .. 100 loop
            found := seed.value(t.typbasetype, t.typtypmod);
            begin
                execute format('select %L::%s', found, ty::regtype);
                return found;
            exception when others then
                null;
            end;
        end loop;
        return null;
    when 'c' then
        execute (
            select format('select row(%s)::%s', string_agg(
                case when random() < 0.2 then 'null'
                else format('%L::%s', seed.value(atttypid, atttypmod), format_type(atttypid, atttypmod)) end, ', ' order by attnum),
                ty::regtype)
            from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped
        ) into found;
        return found;
    when 'r' then
        if random() < 0.1 then return 'empty'; end if;
        execute (
            select format('select %s(%s, %s, %L) from (select %L::%s as a, %L::%s as b) t', ty::regtype, l, u, b, v, s, w, s)
            from (select (array['least(a, b)', 'null'])[1 + floor(random() * 1.3)] as l,
                (array['greatest(a, b)', 'null'])[1 + floor(random() * 1.3)] as u,
                (array['[)', '[]', '(]', '()'])[1 + floor(random() * 4)] as b,
                seed.value(rngsubtype) as v, rngsubtype::regtype as s, seed.value(rngsubtype) as w
                from pg_range where rngtypid = ty) parts
        ) into found;
        return found;
    when 'm' then
        return '{' || concat_ws(',', (select nullif(seed.value(rngtypid), 'empty') from pg_range where rngmultitypid = ty)) || '}';
    else
    end case;
    if t.typcategory = 'A' and t.typelem <> 0 then
        execute (
            select format('select array[%s]::%s', coalesce(string_agg(
                case when random() < 0.2 then 'null' else format('%L', seed.value(t.typelem, modifier)) end, ', '), ''),
                ty::regtype)
            from generate_series(1, floor(random() * 4)::integer)
        ) into found;
        return found;
    end if;
    case t.typname
    when 'bool' then return random() < 0.5;
    when 'int2' then return whole;
    when 'int4' then return (array[whole, (random() * 2e9 - 1e9)::bigint, -2147483648, 2147483647])[1 + floor(random() * 4)];
    when 'int8' then return (array[whole, (random() * 1e18)::bigint, -9223372036854775808, 9223372036854775807])
        [1 + floor(random() * 4)];
    when 'oid' then return floor(random() * 4294967295)::bigint;
    when 'float4' then return (array[random() - 0.5, random() * 1e30, 0, 'infinity'])[1 + floor(random() * 4)]::float4;
    when 'float8' then return (array[random() - 0.5, random() * 1e300, 0, '-infinity'])[1 + floor(random() * 4)];
    when 'numeric' then
        if modifier < 0 then return round((random() * 1e9 - 5e8)::numeric, floor(random() * 9)::integer); end if;
        return round((random() * 100)::numeric, (modifier - 4) & 2047);
    when 'money' then return round((random() * 1000)::numeric, 2);
    when 'text', 'citext' then return words;
    when 'name' then return words;
    when 'varchar' then return case when modifier < 0 then words else left(words, modifier - 4) end;
    when 'bpchar' then return left(replace(words, ' ', '_'), greatest(modifier - 4, 1));
    when 'char' then return chr(97 + floor(random() * 26)::integer);
    when 'bytea' then return '\x' || left(md5(random()::text), 2 * floor(random() * 16)::integer);
    when 'date' then return moment::date;
    when 'timestamp' then return moment;
    when 'timestamptz' then return moment || '+00';
    when 'time' then return moment::time;
    when 'timetz' then return moment::time || '+0' || floor(random() * 9);
    when 'interval' then return format('%s mons %s days %s seconds', floor(random() * 30), floor(random() * 60), x[1]);
    when 'uuid' then return gen_random_uuid();
    when 'json', 'jsonb' then
        return (array['null', '[]', '{}', '[1, "a", null]', '{"a": {"b": [1.5, true]}}', to_json(words)::text, whole::text])
            [1 + floor(random() * 7)];
    when 'xml' then return '<a>' || whole || '</a>';
    when 'inet' then return (array['10.0.0.' || floor(random() * 256), '10.1.0.0/16', '::1', 'fe80::' || floor(random() * 999)])
        [1 + floor(random() * 4)];
    when 'cidr' then return (array['10.0.' || floor(random() * 256) || '.0/24', '2001:db8::/32'])[1 + floor(random() * 2)];
    when 'macaddr' then return left(regexp_replace(md5(random()::text), '(..)', '\1:', 'g'), 17);
    when 'macaddr8' then return left(regexp_replace(md5(random()::text), '(..)', '\1:', 'g'), 23);
    when 'bit' then return lpad('', greatest(modifier, 1), floor(random() * 2)::text || '01');
    when 'varbit' then return lpad('', floor(random() * 9)::integer, '011');
    when 'pg_lsn' then return '0/' || upper(left(md5(random()::text), 7));
    when 'tsvector' then return to_tsvector('simple', words);
    when 'tsquery' then return (array['a & b', 'a | !b', 'a <-> b:*'])[1 + floor(random() * 3)];
    when 'hstore' then return '"a"=>"' || whole || '", "b"=>NULL';
    when 'ltree' then return 'top.n' || abs(whole);
    when 'point' then return format('(%s,%s)', x[1], x[2]);
    when 'line' then return format('{%s,%s,%s}', x[1], 1, x[2]);
    when 'lseg', 'box' then return format('(%s,%s),(%s,%s)', x[1], x[2], x[3], x[4]);
    when 'path' then return format('[(%s,%s),(%s,%s)]', x[1], x[2], x[3], x[4]);
    when 'polygon' then return format('((%s,%s),(%s,%s),(%s,%s))', x[1], x[2], x[3], x[4], x[5], x[6]);
    when 'circle' then return format('<(%s,%s),%s>', x[1], x[2], abs(x[3]));
    when 'geometry', 'geography' then
        execute 'select lower(postgis_typmod_type($1)), nullif(postgis_typmod_srid($1), 0)' into kind, found using modifier;
        if kind in ('', 'geometry') then kind := (array['point', 'linestring', 'polygon'])[1 + floor(random() * 3)]; end if;
        return coalesce('SRID=' || found || ';', '') || seed.shape(kind, x);
    else
        return null;
    end case;
end $$;

-- A shape of a kind such as `multipoint` or `pointz`, as text.
create function seed.shape(kind text, x numeric[]) returns text language plpgsql as $$
declare
    flags text := substring(kind from '(?:[^z]z?m?)(zm|z|m)$');
    base text := regexp_replace(kind, '(zm|z|m)$', '');
    more text := case length(coalesce(flags, '')) when 1 then ' 1' when 2 then ' 1 2' else '' end;
    a text := x[1] || ' ' || x[2] || more;
    b text := x[3] || ' ' || x[4] || more;
    c text := x[5] || ' ' || x[6] || more;
    ring text := format('(%s, %s, %s, %s)', a, b, c, a);
begin
    return base || coalesce(' ' || flags, '') || case base
        when 'point' then format('(%s)', a)
        when 'linestring' then format('(%s, %s)', a, b)
        when 'polygon' then format('(%s)', ring)
        when 'multipoint' then format('(%s, %s)', a, b)
        when 'multilinestring' then format('((%s, %s))', a, b)
        when 'multipolygon' then format('((%s))', ring)
        else ' empty'
    end;
end $$;

-- Fills `target`, which has the columns of `source` and a `howdah_n`, with rows that are numbered from 0. Rows that a
-- constraint of the table refuses are replaced by others. Returns how many there are at the end, and why one was refused.
create function seed.fill(source regclass, target regclass, wanted integer, out filled integer, out refused text)
language plpgsql as $$
declare
    names text;
    vals text;
    -- What the table's checks compare texts with.
    literals text[] := array(
        select m[1] from pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([^'']*)''', 'g') m
        where conrelid = source and contype = 'c');
begin
    set constraints all immediate;
    -- The same rows each time.
    perform setseed(hashtext(source::text) / 2147483648.0);
    filled := 0;
    for attempt in 1 .. wanted * 40 loop
        exit when filled = wanted;
        begin
            select string_agg(quote_ident(attname), ', ' order by attnum), string_agg(
                case when not attnotnull and random() < 0.3 then 'null' else format('%L::%s', coalesce(
                    case when random() < 0.3 and typcategory = 'S'
                        then (select l from unnest(literals) l order by random() limit 1) end,
                    seed.value(atttypid, atttypmod)), format_type(atttypid, atttypmod)) end, ', ' order by attnum)
            into names, vals
            from pg_attribute join pg_type t on t.oid = atttypid
            where attrelid = source and attnum > 0 and not attisdropped and attgenerated = '';
            execute format('insert into %s (%s, howdah_n) overriding system value values (%s, %s)', target, names, vals, filled);
            filled := filled + 1;
        exception when others then
            refused := sqlerrm;
        end;
    end loop;
end $$;
