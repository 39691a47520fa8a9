//! The analysis is sound for any schema, rows and query: there is no null where it excludes one, and the number of rows
//! is as it says.
//!
//! A short run with fixed seeds is part of every test run. A long one:
//!
//! ```text
//! HOWDAH_FUZZ_SECONDS=600 HOWDAH_FUZZ_SEED=7 cargo test -p howdah-tests --release soundness -- --nocapture
//! ```
//!
//! With `HOWDAH_FUZZ_URL` it runs in that database, which it empties, instead of on the scratch server.

mod check;
mod conditions;
mod crashes;
mod expressions;
mod foreign;
mod from;
mod grammar;
mod plain;
mod queries;
mod random;
mod refreshes;
mod schema;
mod server;
mod session;
mod sql;
mod statements;
mod traps;
mod types;

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use howdah_codegen::analyze::Analysis;
use howdah_codegen::cardinality::Cardinality;

use check::{Case, Violation, cases, contradiction, minimize, values};
use queries::Generator;
use random::Random;
use schema::{Definition, Relation};
use server::{Bench, Cell, Outcome, Role};
use sql::Sql;

/// Judges the rows of a query by its analysis.
type Judge = fn(&Analysis, &[Vec<Cell>]) -> Option<Violation>;

const QUERIES: usize = 80;
const DATA_SETS: usize = 5;
const EVALUATIONS: usize = 2;
/// As many for a query with dice: some of what they can bring about is rare.
const THROWS: usize = 6;
const GENERATIONS: usize = 2;

/// What a run has seen.
#[derive(Debug, Default)]
struct Tally {
    schemas: usize,
    queries: usize,
    accepted: usize,
    /// Queries that ran without an error at least once, and their columns.
    ran: usize,
    columns: usize,
    not_null_columns: usize,
    /// What the analysis has claimed of queries that gave rows.
    claims: BTreeSet<String>,
    /// Queries that brought the server down.
    crashes: Vec<String>,
    failures: Vec<String>,
}

fn number_from(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A random schema, as far as the server accepts it.
fn schema(bench: &Bench, random: &mut Random) -> (Vec<Definition>, Vec<Relation>) {
    let definitions = bench.build(&schema::generate(random, bench.version));
    let relations = definitions
        .iter()
        .filter_map(|d| d.relation.clone())
        .collect();
    (definitions, relations)
}

fn statements(
    bench: &Bench,
    random: &mut Random,
    relations: &[Relation],
    count: usize,
) -> Vec<Sql> {
    (0..count)
        .map(|_| Generator::new(random.fork(), relations, bench.version).statement())
        .collect()
}

/// One schema: its queries against several data sets, then those that gave rows once more with something in them changed,
/// until one fails.
fn round(bench: &Bench, seed: u64, judge: Judge, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let role = match random.chance(30) {
        true => Role::Ordinary,
        false => Role::Superuser,
    };
    let (definitions, relations) = schema(bench, &mut random);
    tally.schemas += 1;
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut queries = statements(bench, &mut random, &relations, QUERIES);
    for _ in 0..GENERATIONS {
        tally.queries += queries.len();
        let cases = cases(bench, role, queries);
        tally.accepted += cases.len();
        let mut ran = vec![Ran::Never; cases.len()];
        let mut crashing = BTreeSet::new();
        for _ in 0..DATA_SETS {
            let rows = schema::rows(&mut random, &definitions);
            let rows = bench.fill(&definitions, &rows);
            bench.become_role(role);
            for (place, case) in cases.iter().enumerate() {
                // Other values, other dice, where there are any.
                let evaluations = match ["flicker", "dice"].iter().any(|f| case.text.contains(f)) {
                    true => THROWS,
                    false if !case.params.is_empty() => EVALUATIONS,
                    false => 1,
                };
                for _ in 0..evaluations {
                    let values = values(&mut random, case);
                    if crashing.contains(&place) {
                        continue;
                    }
                    let result = match bench.rows(&case.text, &values) {
                        Outcome::Rows(result) => result,
                        Outcome::Failed => continue,
                        Outcome::Crashed => {
                            crashing.insert(place);
                            tally.crashes.push(case.text.clone());
                            continue;
                        }
                    };
                    let gave = if result.is_empty() {
                        Ran::Empty
                    } else {
                        Ran::Rows
                    };
                    ran[place] = ran[place].max(gave);
                    if let Some(violation) = judge(&case.analysis, &result) {
                        let found = (&definitions[..], &rows[..]);
                        let failure = failure((bench, role), seed, found, case, &violation, judge);
                        tally.failures.push(failure);
                        return;
                    }
                }
            }
        }
        let mut interesting = Vec::new();
        for (case, ran) in cases.iter().zip(ran) {
            let columns = &case.analysis.columns;
            let not_null = columns.iter().filter(|c| !c.nullable).count();
            if ran != Ran::Never {
                tally.ran += 1;
                tally.columns += columns.len();
                tally.not_null_columns += not_null;
            }
            if ran == Ran::Rows {
                let claims = claims(&case.analysis);
                for claim in &claims {
                    *times.entry(claim.clone()).or_default() += 1;
                    tally.claims.insert(claim.clone());
                }
                interesting.extend((!claims.is_empty()).then_some((claims, &case.sql)));
            }
        }
        // What rarely comes up is tried more.
        let rarest = |(claims, _): &&(Vec<String>, &Sql)| {
            let times = claims.iter().filter_map(|claim| times.get(claim));
            times.min().copied()
        };
        queries = (0..QUERIES / 2)
            .filter(|_| !interesting.is_empty())
            .filter_map(|_| {
                let three: [_; 3] = std::array::from_fn(|_| random.pick(&interesting));
                let (_, sql) = three.into_iter().min_by_key(rarest)?;
                sql.mutated(&mut random)
            })
            .collect();
    }
}

/// What the analysis claims of a query, by its reasons without the names in them: what follows from which rule.
fn claims(analysis: &Analysis) -> Vec<String> {
    let columns = analysis.columns.iter().filter(|c| !c.nullable);
    let columns = columns.map(|c| c.reason.text.as_str());
    let rows = (analysis.cardinality != Cardinality::Many)
        .then_some(analysis.cardinality_reason.text.as_str());
    let without_names = |text: &str| text.split('`').step_by(2).collect();
    columns.chain(rows).map(without_names).collect()
}

/// What came of running a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ran {
    /// An error, each time.
    Never,
    /// No rows.
    Empty,
    /// Rows.
    Rows,
}

fn failure(
    (bench, role): (&Bench, Role),
    seed: u64,
    (definitions, rows): (&[Definition], &[String]),
    case: &Case,
    violation: &Violation,
    judge: Judge,
) -> String {
    let first = violation.describe(&case.analysis);
    let small = minimize(
        (bench, role),
        definitions.to_vec(),
        rows.to_vec(),
        case,
        violation,
        judge,
    );
    format!("seed {seed}: {first}\n{small}\n")
}

#[test]
fn no_verdict_is_contradicted_by_rows() {
    let bench = Bench::open();
    let mut tally = Tally::default();
    let first = number_from("HOWDAH_FUZZ_SEED").unwrap_or(1);
    match number_from("HOWDAH_FUZZ_SECONDS") {
        Some(seconds) => {
            let end = Instant::now() + Duration::from_secs(seconds);
            for seed in (first..).take_while(|_| Instant::now() < end) {
                let (failures, crashes) = (tally.failures.len(), tally.crashes.len());
                round(&bench, seed, contradiction, &mut tally);
                // A long run reports what it finds as it goes.
                tally.failures[failures..]
                    .iter()
                    .for_each(|f| println!("{f}"));
                let crashes = &tally.crashes[crashes..];
                crashes
                    .iter()
                    .for_each(|sql| println!("seed {seed}: the server crashed: {sql}"));
                if seed % 50 == 0 {
                    println!("{}", summary(&tally));
                }
            }
        }
        None => (first..first + 20).for_each(|seed| round(&bench, seed, contradiction, &mut tally)),
    }
    println!("PostgreSQL {}: {}", bench.version, summary(&tally));
    assert!(tally.failures.is_empty(), "{}", tally.failures.join("\n"));
    assert!(
        tally.accepted * 10 > tally.queries * 8,
        "too few valid queries: {}",
        summary(&tally)
    );
}

fn summary(tally: &Tally) -> String {
    let Tally {
        schemas,
        queries,
        accepted,
        ran,
        columns,
        not_null_columns,
        claims,
        crashes,
        failures,
    } = tally;
    format!(
        "{schemas} schemas, {queries} queries, {accepted} accepted, {ran} ran, {columns} columns ({not_null_columns} not null), {} kinds of claims, {} crashes of the server, {} failures",
        claims.len(),
        crashes.len(),
        failures.len()
    )
}

/// A fuzzer that cannot fail proves nothing, so inverted verdicts must be found wrong at once.
#[test]
fn wrong_verdicts_are_found() {
    fn turned(analysis: &Analysis, rows: &[Vec<Cell>]) -> Option<Violation> {
        let mut analysis = analysis.clone();
        for column in &mut analysis.columns {
            column.nullable = !column.nullable;
        }
        contradiction(&analysis, rows)
    }
    let bench = Bench::open();
    let mut tally = Tally::default();
    round(&bench, 1, turned, &mut tally);
    let report = tally.failures.first().expect("a wrong verdict to be found");
    assert!(report.contains("called not null"), "{report}");
}

#[test]
fn verdicts_do_not_depend_on_rows_statistics_or_settings() {
    let bench = Bench::open();
    let mut random = Random::new(4);
    let (definitions, relations) = schema(&bench, &mut random);
    let queries: Vec<String> = statements(&bench, &mut random, &relations, 200)
        .iter()
        .map(|sql| sql.render().0)
        .collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let verdicts = || bench.inspect(Role::Superuser, &queries).answers;
    let empty = verdicts();
    let rows = schema::rows(&mut random, &definitions);
    bench.fill(&definitions, &rows);
    bench.run("analyze");
    assert_eq!(empty, verdicts());
    let settings = [
        "enable_hashjoin = off",
        "enable_mergejoin = off",
        "enable_nestloop = off",
        "enable_hashagg = off",
        "enable_seqscan = off",
        "join_collapse_limit = 1",
        "from_collapse_limit = 1",
        "constraint_exclusion = on",
        "default_statistics_target = 1",
        "plan_cache_mode = force_generic_plan",
    ];
    let database = "do $$ begin execute format('alter database %I ', current_database()) ||";
    for setting in settings {
        bench.run(&format!("{database} 'set {setting}'; end $$"));
    }
    let others = verdicts();
    bench.run(&format!("{database} 'reset all'; end $$"));
    assert_eq!(empty, others);
}
