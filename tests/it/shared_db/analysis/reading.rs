//! Which queries are known to change nothing, so that a standby may run them.

use howdah_codegen::inspect::inspect;

use crate::shared_db::support::database_with;

const SCHEMA: &str = "
    create extension hstore;
    create table t (id int primary key, name text);
    create view v as select * from t where random() < 2;
    create unlogged table u (id int);
    create materialized view m as select * from t;
    create sequence s;
    create table parts (id int) partition by list (id);
    create table part partition of parts for values in (1);
    create table mixed (id int) partition by list (id);
    create unlogged table unlogged_part partition of mixed for values in (1);
    create function looks(int) returns bigint stable language sql as 'select count(*) from t where id = $1';
    create function counts(depth int) returns bigint language sql as
        'select case depth when 0 then looks(1) else counts(depth - 1) end';
    create function looks_unlogged() returns bigint stable language sql as 'select count(*) from u';
    create function calls_it() returns bigint stable language sql begin atomic select looks_unlogged(); end;
    create function looks_into(name text) returns bigint stable language plpgsql as $$
        declare found bigint;
        begin execute format('select count(*) from %I', name) into found; return found; end $$;
    create function acts(int) returns int language plpgsql as $$ begin insert into t values ($1); return $1; end $$;
    create function acts2(int, int) returns int language sql as 'select acts($1)';
    create function acts_quietly() returns int stable language sql as 'select acts(1)';
    create function locks() returns int language sql as 'select id from t limit 1 for update';
    create function writes() returns int language sql as 'delete from t; select 1';
    create function given(number int default nextval('s')) returns int immutable language sql as 'select number';
    create operator ## (leftarg = int, rightarg = int, function = acts2);
    create aggregate acting(int) (sfunc = acts2, stype = int, initcond = '0');
";

#[test]
fn what_only_reads_is_known() {
    let database = database_with(SCHEMA);
    let cases = [
        ("select * from t where id = $1", true),
        (
            "select count(*), max(name) over () from v group by name",
            true,
        ),
        (
            "with a as (select 1 as x) select looks(x), counts(x), now(), random(), gen_random_uuid() from a",
            true,
        ),
        ("values (1)", true),
        ("select * from t for update", false),
        ("select (select id from t limit 1 for share)", false),
        ("select * from parts", true),
        ("select given(1), hstore('a', name) -> 'a' from t", true),
        ("select * from u", false),
        ("select * from mixed", false),
        ("select looks_unlogged()", false),
        ("select calls_it()", false),
        ("select looks_into('u')", false),
        ("select acts_quietly()", false),
        ("select locks()", false),
        ("select writes()", false),
        ("select given()", false),
        ("select acting(id) from t", false),
        ("select table_to_xml('u', true, true, '')", false),
        ("select pg_walfile_name('0/1')", false),
        ("select nextval('s')", false),
        ("select acts(1)", false),
        ("select id ## 1 from t", false),
        ("select * from t where id in (select acts(2))", false),
        ("select pg_advisory_lock(1)", false),
        ("select pg_current_xact_id()", false),
        ("select set_config('a.b', 'c', true)", false),
        (
            "with w as (delete from t returning id) select * from w",
            false,
        ),
        ("insert into t values (1) returning id", false),
        ("update t set name = null", false),
        ("refresh materialized view m", false),
    ];
    let queries = cases.map(|(query, _)| query);
    let answers = inspect(database.url(), &queries).unwrap().answers;
    let cases = cases.iter().zip(answers);
    let wrong = cases.filter(|((_, expected), answer)| {
        let only_reads = answer.as_ref().map(|analysis| analysis.only_reads);
        only_reads != Ok(*expected)
    });
    let wrong: Vec<_> = wrong.map(|((query, _), _)| query).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
