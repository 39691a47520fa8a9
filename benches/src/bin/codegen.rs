//! `codegen [QUERIES TABLES | SCHEMA.sql QUERIES.sql]`: how long it takes to check and generate an app's queries,
//! compared with the bare round trips. The app is a generated one of this size, or your own.

use std::fs;
use std::path::{Path, PathBuf};
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

/// An app to check: its schema and its queries, in files.
struct App {
    what: String,
    schema: PathBuf,
    queries: PathBuf,
}

impl App {
    /// The app of the arguments. A generated one is written into `folder`.
    fn of(arguments: &[String], folder: &Path) -> Result<Self, Failure> {
        let sizes: Result<Vec<usize>, _> = arguments.iter().map(|size| size.parse()).collect();
        let (count, tables) = match (sizes.as_deref(), arguments) {
            (Ok([count, tables]), _) => (*count, *tables),
            (_, []) => (1_000, 1_000),
            (_, [schema, queries]) => {
                return Ok(Self {
                    what: queries.clone(),
                    schema: schema.into(),
                    queries: queries.into(),
                });
            }
            _ => return Err("expected QUERIES and TABLES, or two files".into()),
        };
        let app = Self {
            what: format!("{count} queries, {tables} tables"),
            schema: folder.join("schema.sql"),
            queries: folder.join("app.sql"),
        };
        fs::write(&app.schema, app::schema(tables))?;
        fs::write(&app.queries, app::query_file(&app::queries(count, tables)))?;
        Ok(app)
    }
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = tempfile::tempdir()?;
    let App {
        what,
        schema,
        queries: file,
    } = App::of(&arguments, folder.path())?;
    let database = prepare(&schema.to_string_lossy())?;
    let url = database.url();
    let queries = app::read_queries(&file)?;
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
        "{what}:\n\n| what | time | beside Parse and Describe pipelined |\n| --- | --- | --- |"
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

/// How long the work takes. Its result is dropped afterwards.
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
