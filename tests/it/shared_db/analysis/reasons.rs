//! Where in the query a reason points: to the expression that may be null, also where the tree says that only of a part.

use howdah_codegen::inspect::inspect;

use crate::shared_db::support::database_with;

const SCHEMA: &str = "
    create type pair as (x int, y int);
    create table t (id int primary key, name text, arr int[] not null, p pair not null);
";

/// Each query, and the words at which the reason for its one column points, followed by the reason.
const CASES: &[(&str, &str)] = &[
    (
        "select id, name from t",
        "name from t: `name` may be null in `public.t`",
    ),
    (
        "select upper(name) from t",
        "name) from t: `name` may be null in `public.t`",
    ),
    (
        "select 1 + arr[id] from t",
        "arr[id] from t: there may be no such element",
    ),
    (
        "select (p).x from t",
        "p).x from t: a field of a composite value may be null",
    ),
    (
        "select case when id = 1 then 2 end from t",
        "case when id = 1 then 2 end from t: the CASE has no ELSE",
    ),
    (
        "select case when id = 1 then 2 else null end from t",
        "null end from t: it is null",
    ),
];

#[test]
fn reasons_point_at_expressions() {
    let database = database_with(SCHEMA);
    let queries: Vec<&str> = CASES.iter().map(|(query, _)| *query).collect();
    let answers = inspect(database.url(), &queries).unwrap().answers;
    for ((query, expected), answer) in CASES.iter().zip(answers) {
        let reason = answer.unwrap().columns.pop().unwrap().reason;
        let place = reason.at.map_or("nowhere", |at| &query[at..]);
        assert_eq!(format!("{place}: {}", reason.text), *expected, "{query}");
    }
}
