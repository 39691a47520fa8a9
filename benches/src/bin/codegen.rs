//! `codegen [QUERIES] [TABLES]`: what checking and generating an app's queries takes beside the bare round trips.

use std::fs;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use howdah_benches::app;
use howdah_benches::database::prepare;
use howdah_benches::measure::median;
use howdah_benches::peers::Failure;
use howdah_codegen::Config;
use howdah_codegen::inspect::inspect;
use tokio_postgres::NoTls;

const ROUNDS: usize = 5;

fn main() -> Result<(), Failure> {
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .map(|size| size.parse())
        .collect::<Result<_, _>>()?;
    let (count, tables) = match sizes[..] {
        [count, tables] => (count, tables),
        _ => (1_000, 1_000),
    };
    let folder = tempfile::tempdir()?;
    let (schema, file) = (
        folder.path().join("schema.sql"),
        folder.path().join("app.sql"),
    );
    let named = app::queries(count, tables);
    fs::write(&schema, app::schema(tables))?;
    fs::write(&file, app::query_file(&named))?;
    let database = prepare(&schema.to_string_lossy())?;
    let url = database.url();
    let queries = app::parsed(&named)?;
    let texts: Vec<&str> = queries.iter().map(|query| query.sql.as_str()).collect();

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push([
            timed(|| runtime.block_on(pipelined(url, &texts)))?,
            timed(|| runtime.block_on(in_turn(url, &texts)))?,
            timed(|| inspect(url, &texts))?,
        ]);
    }
    println!(
        "{count} queries, {tables} tables:\n\n| what | time | beside Parse and Describe pipelined |\n| --- | --- | --- |"
    );
    for (at, what) in [
        "Parse and Describe, pipelined",
        "in turn",
        "catalog, describe with trees, analyze",
    ]
    .iter()
    .enumerate()
    {
        let time = median(rounds.iter().map(|round| round[at].as_secs_f64() * 1e3));
        let ratio = median(
            rounds
                .iter()
                .map(|round| round[at].div_duration_f64(round[0])),
        );
        println!(
            "| {what} | {:.0} ms | {:.2} |",
            time.unwrap_or_default(),
            ratio.unwrap_or_default()
        );
    }
    let config = Config::new()
        .root(folder.path())
        .queries(&file)
        .all_tables()
        .database_url(url);
    for (what, offline) in [
        ("generate, all anew", false),
        ("generate, nothing changed", false),
        ("from the lock file, nothing changed", true),
    ] {
        let config = if offline {
            config.clone().no_schema().offline()
        } else {
            config.clone()
        };
        let took = timed(|| config.generate())?;
        println!("| {what} | {:.0} ms | |", took.as_secs_f64() * 1e3);
    }
    Ok(())
}

/// How long the work takes; what it yields is dropped after that.
fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, Failure>
where
    Failure: From<E>,
{
    let start = Instant::now();
    let done = work()?;
    let took = start.elapsed();
    drop(done);
    Ok(took)
}

async fn pipelined(url: &str, queries: &[&str]) -> Result<(), Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    try_join_all(queries.iter().map(|sql| client.prepare(sql))).await?;
    Ok(())
}

async fn in_turn(url: &str, queries: &[&str]) -> Result<(), Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    for sql in queries {
        client.prepare(sql).await?;
    }
    Ok(())
}
