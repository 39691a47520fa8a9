//! Which queries are known to change nothing, so that a standby may run them.

use howdah_codegen::inspect::inspect;

use crate::shared_db::support::database_with;

const SCHEMA: &str = "
    create table t (id int primary key, name text);
    create view v as select * from t where random() < 2;
    create unlogged table u (id int);
    create materialized view m as select * from t;
    create sequence s;
    create function looks(int) returns int stable language plpgsql as $$ begin return $1; end $$;
    create function acts(int) returns int language plpgsql as $$ begin insert into t values ($1); return $1; end $$;
    create function acts2(int, int) returns int language sql as 'select acts($1)';
    create operator ## (leftarg = int, rightarg = int, function = acts2);
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
            "with a as (select 1 as x) select looks(x), now(), random(), gen_random_uuid() from a",
            true,
        ),
        ("values (1)", true),
        ("select * from t for update", false),
        ("select (select id from t limit 1 for share)", false),
        ("select * from u", false),
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
    for ((query, expected), answer) in cases.iter().zip(answers) {
        assert_eq!(answer.unwrap().only_reads, *expected, "{query}");
    }
}
