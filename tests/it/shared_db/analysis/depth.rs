//! Queries in queries in queries: the time of the analysis grows with their length, and not with the number of paths
//! through them, which doubles with each common table expression that joins the last one twice.

use super::check;

const SCHEMA: &str = "create table t (id int primary key, a int, b int not null)";
const DEPTH: usize = 40;

/// Common table expressions, each made of the last, which stands for `@`; the first, of `first`.
fn chain(first: &str, next: &str) -> String {
    let later = (1..DEPTH).map(|n| {
        let query = next.replace('@', &format!("c{}", n - 1));
        format!(", c{n} as ({query})")
    });
    let later: String = later.collect();
    format!("with c0 as ({first}){later} select * from c{}", DEPTH - 1)
}

/// The rule: rows, columns and elements of a query that refers to nothing around it are worked out once, wherever it stands.
#[test]
fn deep_queries_take_no_longer_than_they_are_long() {
    let nested = format!(
        "select * from {}t{}",
        "(select * from ".repeat(DEPTH),
        ") s".repeat(DEPTH)
    );
    let existing: String = (1..=DEPTH)
        .map(|n| {
            format!(
                "exists (select from t t{n} where t{n}.b = t{}.id and ",
                n - 1
            )
        })
        .collect();
    let existing = format!(
        "select id from t t0 where {existing} t{DEPTH}.id = 1{}",
        ")".repeat(DEPTH)
    );
    let cases = [
        (existing, "opt id"),
        (nested, "many id a? b"),
        (chain("select * from t", "select * from @"), "many id a? b"),
        (
            chain("select * from t where id = 1", "select * from @"),
            "opt id a? b",
        ),
        (
            chain(
                "select id, a, b from t",
                "select x.id, y.a, coalesce(y.b, x.b) as b from @ x left join @ y on y.id = x.a",
            ),
            "many id a? b",
        ),
        (
            chain(
                "select id, a, b from t",
                "select x.id, y.a, y.b from @ x left join @ y on y.id = x.b where y.a > 0",
            ),
            "many id a b",
        ),
        (
            chain(
                "select array[id] as ids from t",
                "select coalesce(x.ids, y.ids) as ids from @ x cross join @ y",
            ),
            "many ids",
        ),
        (
            chain(
                "select count(*) as n from t",
                "select x.n from @ x left join @ y on true",
            ),
            "one n",
        ),
    ];
    let cases = cases
        .each_ref()
        .map(|(query, said)| (query.as_str(), *said));
    check(SCHEMA, &cases);
}
