//! `growth`: how the cost grows with rows, columns, parameters and tasks, compared with tokio-postgres, and how much
//! memory long results and idle connections take. If the cost grows linearly, the figures in a column are equal.

use std::fmt::Write as _;
use std::hint::black_box;

use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use howdah::{Error, Field, PgRow, Pool, Row, Value, copy_out_query, query};
use howdah_benches::database::prepare;
use howdah_benches::measure::beside;
use howdah_benches::memory::{forget_peak, peak, resident};
use howdah_benches::peers::Failure;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};

/// The number of rows that are streamed and copied.
const MANY_ROWS: u64 = 10_000_000;

/// The number of idle connections: enough that previously allocated pages do not matter.
const IDLE: usize = 400;

/// The number of connections that tasks share.
const CONNECTIONS: usize = 8;

/// A row of `N` integers, read by position.
struct Wide<const N: usize>([i32; N]);

impl<'r, const N: usize> PgRow<'r> for Wide<N> {
    const FIELDS: &'static [Field] = &[Field::column::<i32>(""); N];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        let mut values = [0; N];
        for value in &mut values {
            *value = row.get()?;
        }
        Ok(Self(values))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let database = prepare(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql"))?;
    let url = database.url();
    let pool = Pool::builder(url)?.max_size(CONNECTIONS).build()?;
    let client = connect(url).await?;

    // First, before there is freed memory that could be used again.
    println!("| memory | howdah | tokio-postgres |\n| --- | --- | --- |");
    idle_connections(url).await?;
    long_results(&pool, &client).await?;
    heading("rows", "a row");
    for count in [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] {
        rows(&pool, &client, count).await?;
    }
    heading("columns of 100 rows", "a value");
    columns::<1>(&pool, &client).await?;
    columns::<3>(&pool, &client).await?;
    columns::<10>(&pool, &client).await?;
    columns::<30>(&pool, &client).await?;
    columns::<100>(&pool, &client).await?;
    columns::<300>(&pool, &client).await?;
    heading("parameters", "a parameter");
    for count in [1, 10, 100, 1_000, 10_000, 60_000] {
        parameters(&pool, &client, count).await?;
    }
    heading("tasks on 8 connections", "a row by key");
    let clients = try_join_all((0..CONNECTIONS).map(|_| connect(url))).await?;
    for count in [1, 10, 100, 1_000] {
        tasks(&pool, &clients, count).await?;
    }
    Ok(())
}

async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

fn heading(of: &str, unit: &str) {
    println!("\n| {of} | howdah, {unit} | beside tokio-postgres |\n| --- | --- | --- |");
}

async fn rows(pool: &Pool, client: &Client, count: usize) -> Result<(), Failure> {
    let sql = "select n, 'row ' || n from generate_series(1, $1::int4) n";
    let wanted = count as i32;
    let prepared = client.prepare(sql).await?;
    let howdah = async || {
        black_box(
            query(sql)
                .bind(wanted)
                .fetch_all::<(i32, String)>(pool)
                .await?,
        );
        Ok(())
    };
    let bare = async || {
        let rows = client.query(&prepared, &[&wanted]).await?;
        let read = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
        let rows: Result<Vec<(i32, String)>, tokio_postgres::Error> =
            rows.iter().map(read).collect();
        black_box(rows?);
        Ok(())
    };
    beside(count, count, howdah, bare).await
}

async fn columns<const N: usize>(pool: &Pool, client: &Client) -> Result<(), Failure> {
    let columns: Vec<String> = (0..N).map(|column| format!("n + {column}")).collect();
    let sql = format!(
        "select {} from generate_series(1, 100) n",
        columns.join(", ")
    );
    let prepared = client.prepare(&sql).await?;
    let howdah = async || {
        let rows = query(sql.clone()).fetch_all::<Wide<N>>(pool).await?;
        black_box(rows.iter().map(|row| row.0[0]).max());
        Ok(())
    };
    let bare = async || {
        let mut rows = Vec::new();
        for row in client.query(&prepared, &[]).await? {
            let mut values = [0; N];
            for (at, value) in values.iter_mut().enumerate() {
                *value = row.try_get(at)?;
            }
            rows.push(values);
        }
        black_box(rows);
        Ok(())
    };
    beside(N, N * 100, howdah, bare).await
}

async fn parameters(pool: &Pool, client: &Client, count: usize) -> Result<(), Failure> {
    let mut sql = "select count(*) from (values ($1::int4)".to_owned();
    for number in 2..=count {
        // Writing to a String cannot fail.
        let _ = write!(sql, ", (${number})");
    }
    sql.push_str(") as given (n)");
    let values: Vec<i32> = (0..).take(count).collect();
    let prepared = client.prepare(&sql).await?;
    let howdah = async || {
        let start = query(sql.clone());
        let query = values.iter().fold(start, |query, value| query.bind(*value));
        black_box(query.fetch_one::<Value<i64>>(pool).await?);
        Ok(())
    };
    let bare = async || {
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        black_box(
            client
                .query_one(&prepared, &values)
                .await?
                .try_get::<_, i64>(0)?,
        );
        Ok(())
    };
    beside(count, count, howdah, bare).await
}

async fn tasks(pool: &Pool, clients: &[Client], count: usize) -> Result<(), Failure> {
    let sql = "select id, name from items where id = $1";
    let mut prepared = Vec::new();
    for client in clients {
        prepared.push(client.prepare(sql).await?);
    }
    let keys = || (0..count as i64).map(|task| task % 10_000 + 1);
    let howdah = async || {
        let read = |key| query(sql).bind(key).fetch_one::<(i64, String)>(pool);
        black_box(try_join_all(keys().map(read)).await?);
        Ok(())
    };
    // Each connection runs as many at a time as it has tasks.
    let bare = async || {
        let own = |at: usize| {
            let (client, prepared) = (&clients[at], &prepared[at]);
            let keys: Vec<i64> = keys().skip(at).step_by(CONNECTIONS).collect();
            async move {
                for key in keys {
                    let row = client.query_one(prepared, &[&key]).await?;
                    black_box((row.try_get::<_, i64>(0)?, row.try_get::<_, String>(1)?));
                }
                Ok::<_, tokio_postgres::Error>(())
            }
        };
        try_join_all((0..CONNECTIONS).map(own)).await?;
        Ok(())
    };
    beside(count, count, howdah, bare).await
}

/// The additional peak memory of reading a long result.
async fn long_results(pool: &Pool, client: &Client) -> Result<(), Failure> {
    let sql = format!("select n, 'row ' || n from generate_series(1, {MANY_ROWS}) n");
    let streamed = grown_by(async || {
        let rows = query(sql.clone()).stream::<(i32, String)>(pool).await?;
        seen(rows.try_fold(0, async |count, _| Ok(count + 1)).await?)
    });
    let streamed = streamed.await?;
    let bare = grown_by(async || {
        let rows = client.query_raw(&sql, None::<&str>).await?;
        seen(rows.try_fold(0, async |count, _| Ok(count + 1)).await?)
    });
    println!(
        "| {MANY_ROWS} rows streamed | {streamed} | {} |",
        bare.await?
    );
    let copied = grown_by(async || {
        let rows = copy_out_query(sql.clone())
            .rows::<(i32, String), _>(pool)
            .await?;
        seen(rows.try_fold(0, async |count, _| Ok(count + 1)).await?)
    });
    println!("| {MANY_ROWS} rows copied out | {} | |", copied.await?);
    let rows = (0..MANY_ROWS).map(|n| (format!("row {n}"), n as i32));
    let copied = grown_by(async || {
        let copy = howdah::copy_in("entries").columns(["name", "quantity"]);
        seen(copy.from_rows(rows.clone(), pool).await?)
    });
    println!("| {MANY_ROWS} rows copied in | {} | |", copied.await?);
    query("truncate entries").execute(pool).await?;
    Ok(())
}

fn seen(count: u64) -> Result<(), Failure> {
    (count == MANY_ROWS)
        .then_some(())
        .ok_or_else(|| format!("{count} rows came").into())
}

async fn grown_by(work: impl AsyncFn() -> Result<(), Failure>) -> Result<String, Failure> {
    forget_peak()?;
    let before = resident()?;
    work().await?;
    Ok(megabytes(peak()?.saturating_sub(before)))
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

async fn idle_connections(url: &str) -> Result<(), Failure> {
    let before = resident()?;
    let mut clients = Vec::with_capacity(IDLE);
    while clients.len() < IDLE {
        clients.push(connect(url).await?);
    }
    let bare = resident()?.saturating_sub(before);
    let before = resident()?;
    let pool = Pool::builder(url)?.max_size(IDLE).min_idle(IDLE).build()?;
    pool.warm_up().await?;
    let own = resident()?.saturating_sub(before);
    let each = |bytes: u64| format!("{:.0} kB", bytes as f64 / 1e3 / IDLE as f64);
    println!("| an idle connection | {} | {} |", each(own), each(bare));
    drop(clients);
    Ok(())
}
