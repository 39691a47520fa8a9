//! Queries in queries in queries: the time of the analysis grows with their length, and not with the number of paths
//! through them, which doubles with each common table expression that joins the last one twice.

use std::time::{Duration, Instant};

use super::check;

const SCHEMA: &str = "create table t (id int primary key, a int, b int not null)";
const DEPTH: usize = 40;

/// Common table expressions, each made of the last, which stands for `@`; the first, of `first`.
fn chain(first: &str, next: &str) -> String {
    chain_of(DEPTH, first, next)
}

fn chain_of(length: usize, first: &str, next: &str) -> String {
    let later = (1..length).map(|n| {
        let query = next.replace('@', &format!("c{}", n - 1));
        format!(", c{n} as ({query})")
    });
    let later: String = later.collect();
    format!("with c0 as ({first}){later} select * from c{}", length - 1)
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
                "select id from t",
                "select case when x.id > y.id then x.id else y.id end as id from @ x cross join @ y",
            ),
            "many id",
        ),
        (
            chain(
                "select array[id] as ids from t",
                "select case when x.ids > y.ids then x.ids else y.ids end as ids from @ x cross join @ y",
            ),
            "many ids",
        ),
        (
            chain(
                "select row(id, a) as r from t",
                "select case when x.r > y.r then x.r else y.r end as r from @ x cross join @ y",
            ),
            "many r{f1 f2?}",
        ),
        (
            chain(
                "select id from t",
                "select coalesce(x.id, y.id) as id from @ x full join @ y on y.id = x.id",
            ),
            "many id",
        ),
        (
            format!(
                "select to_char(d, 'YYYY') as y from ({}) s",
                chain(
                    "select localtimestamp as d from t",
                    "select x.d + (x.d - y.d) as d from @ x cross join @ y",
                )
            ),
            "many y",
        ),
        (
            chain(
                "select id, a from t",
                "select * from @ union all select * from @",
            ),
            "many id a?",
        ),
        (
            chain(
                "select array[[id]] as ids from t",
                "select x.ids from @ x cross join @ y union all select y.ids from @ x cross join @ y",
            ),
            "many ids",
        ),
        (
            format!(
                "with recursive r as ({} union all select r.id + 1 from r where r.id < 9) select * from r",
                chain(
                    "select id from t",
                    "select x.id + y.id as id from @ x cross join @ y"
                )
                .replace("with ", "(with ")
                    + ")"
            ),
            "many id",
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

/// An expression in an expression, `DEPTH` times; the one inside stands for `@`.
fn nest(first: &str, outer: &str) -> String {
    (0..DEPTH).fold(first.to_owned(), |inner, _| outer.replace('@', &inner))
}

/// The rule: what an arm or a branch says is worked out once for each arm or branch around it.
#[test]
fn deep_expressions_take_no_longer_than_they_are_long() {
    let choice = nest("a > 1", "case when @ then a = 0 else b = 0 end");
    let within = nest("a > 1", "case when a = 0 then not (@) else b = 0 end");
    let cases = [
        (nest("a > 1", "((@ or a = 0) and b > 0)"), "many x?"),
        (nest("a > 1", "(@ and b > 0 or b = 1)"), "many x?"),
        (
            nest("a > 1", "coalesce(not (@ and b > 0), a = 0)"),
            "many x?",
        ),
        (nest("a is null", "((@ or b = 0) and b > 0)"), "many x"),
        (choice.clone(), "many x?"),
    ];
    let columns = cases.map(|(x, said)| (format!("select {x} as x from t"), said));
    let conditions = [
        (format!("select a as x from t where {choice}"), "many x?"),
        (format!("select a as x from t where {within}"), "many x?"),
        (
            format!(
                "select a as x from t where {}",
                nest("a > 1", "((@ or a = 0) and b > 0)")
            ),
            "many x",
        ),
    ];
    let cases: Vec<_> = columns
        .iter()
        .chain(&conditions)
        .map(|(query, said)| (query.as_str(), *said))
        .collect();
    check(SCHEMA, &cases);
}

/// The rule: the conditions on a query's rows go with the question for its rows, and that is asked once for each query.
/// When each query of a chain began to ask anew, this took a minute.
#[test]
fn long_chains_of_conditions_do_not_take_forever() {
    const LENGTH: usize = 300;
    let queries = chain_of(
        LENGTH,
        "select * from t",
        "select * from @ where a > 0 and b > id",
    );
    let nested = format!(
        "select * from {}t{}",
        "(select * from ".repeat(LENGTH),
        " where a > 0) s".repeat(LENGTH)
    );
    let cases = [(&queries[..], "many id a b"), (&nested[..], "many id a b")];
    let start = Instant::now();
    check(SCHEMA, &cases);
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(20), "it took {taken:?}");
}
