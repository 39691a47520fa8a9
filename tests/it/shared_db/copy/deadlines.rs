//! The deadline of a COPY with a slow source, server or target.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use howdah::{
    Error, ErrorKind, Executor, Pool, TransactionOptions, Value, copy::Csv, copy_in, copy_out,
    copy_out_query, query,
};
use howdah_codegen::scratch::Database;

use crate::shared_db::support::pool;
use crate::waiting::wait_until;

const SOON: Duration = Duration::from_millis(60);

/// A query whose rows come at once, and then none for a minute.
const STALLS: &str =
    "select n, pg_sleep(case n when 3 then 60 else 0 end)::text from generate_series(1, 5) n";

/// A pool of one connection, on a table, and one whose rows take a minute each.
async fn tables(query_timeout: Option<Duration>) -> (Pool, Database) {
    let (owner, database) = pool().await;
    owner
        .batch_execute(
            "create table t (n int4);
             create table slow (n int4);
             create function sleep() returns trigger language plpgsql
             as 'begin perform pg_sleep(60); return new; end';
             create trigger sleep before insert on slow for each row execute function sleep()",
        )
        .await
        .unwrap();
    let builder = Pool::builder(database.url()).unwrap().max_size(1);
    let builder = match query_timeout {
        Some(timeout) => builder.query_timeout(timeout),
        None => builder,
    };
    (builder.build().unwrap(), database)
}

/// Every way to copy, each slow for ever.
async fn slow_copies<E: Executor>(to: &E, other: &Pool) -> Vec<(&'static str, Error)> {
    let mut failed = Vec::new();
    let mut fail = |what, copied: Result<u64, Error>| {
        failed.push((what, copied.expect_err(what)));
    };
    let rows = stream::iter([Ok::<_, std::io::Error>((1,))]).chain(stream::pending());
    fail("stream", copy_in("t").from_stream(rows, to).await);
    let bytes = stream::iter([Ok::<_, std::io::Error>("1\n".into())]).chain(stream::pending());
    fail(
        "bytes",
        copy_in("t").from_bytes(Csv::new(), bytes, to).await,
    );
    let (_end, source) = tokio::io::duplex(8);
    fail(
        "reader",
        copy_in("t").from_reader(Csv::new(), source, to).await,
    );
    fail("rows", copy_in("slow").from_rows([(1,)], to).await);

    let (target, _end) = tokio::io::duplex(8);
    let copy = copy_out_query("select generate_series(1, 100000)");
    fail("writer", copy.to_writer(Csv::new(), target, to).await);
    let copy = copy_out_query(STALLS);
    fail(
        "to writer",
        copy.to_writer(Csv::new(), tokio::io::sink(), to).await,
    );
    let mut seen = 0;
    let taken: Result<u64, Error> = async {
        let mut rows = copy_out_query(STALLS).rows::<(i32, String), _>(to).await?;
        while let Some(row) = rows.next().await {
            row?;
            seen += 1;
        }
        Ok(seen)
    }
    .await;
    fail("rows out", taken);
    let taken: Result<u64, Error> = async {
        let mut bytes = copy_out_query(STALLS).bytes(Csv::new(), to).await?;
        while let Some(piece) = bytes.next().await {
            piece?;
        }
        Ok(0)
    }
    .await;
    fail("bytes out", taken);

    let copy = copy_out_query("select 1").into_table(to, copy_in("slow"), other);
    fail("out of", copy.await);
    let copy = copy_out_query("select 1").into_table(other, copy_in("slow"), to);
    fail("into", copy.await);
    failed
}

/// Whether nothing was written, and nothing runs on.
async fn is_clean(pool: &Pool) {
    let left = "select (select count(*) from t) + (select count(*) from slow)
        + (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
           and backend_type = 'client backend' and state <> 'idle')";
    let is_nothing = async || {
        let left = query(left).fetch_one::<Value<i64>>(pool).await;
        left.unwrap() == 0
    };
    wait_until("nothing is left", is_nothing).await;
}

#[tokio::test]
async fn a_copy_keeps_the_deadline_of_its_executor() {
    let (pool, database) = tables(None).await;
    let other = Pool::connect(database.url()).await.unwrap();
    let began = Instant::now();
    for (what, error) in slow_copies(&pool.within(SOON), &other).await {
        assert_eq!(error.kind(), ErrorKind::Timeout, "{what}: {error}");
        // Where the one before is still being put in order, there is no connection in time.
        assert!(error.to_string().contains("within 60ms"), "{what}: {error}");
        assert!(error.query().is_some(), "{what}");
    }
    let connection = pool.get().await.unwrap();
    for (what, error) in slow_copies(&connection.within(SOON), &other).await {
        // One that ends before a slow server has agreed to it takes its connection along.
        let is_late = matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Connection);
        assert!(is_late, "{what}: {error}");
    }
    drop(connection);
    assert!(began.elapsed() < Duration::from_secs(50));
    is_clean(&pool).await;
    // Those in time are not disturbed.
    let patient = pool.within(Duration::from_secs(60));
    assert_eq!(copy_in("t").from_rows([(1,)], &patient).await.unwrap(), 1);
    let rows = copy_out("t").rows::<(i32,), _>(&patient).await.unwrap();
    assert_eq!(rows.collect().await.unwrap(), [(1,)]);
}

#[tokio::test]
async fn a_copy_keeps_the_deadline_of_its_pool() {
    let (pool, database) = tables(Some(SOON)).await;
    let other = Pool::connect(database.url()).await.unwrap();
    for (what, error) in slow_copies(&pool, &other).await {
        assert_eq!(error.kind(), ErrorKind::Timeout, "{what}: {error}");
    }
    is_clean(&other).await;
}

#[tokio::test]
async fn a_copy_keeps_the_deadline_of_its_transaction() {
    let (pool, _database) = tables(None).await;
    let options = TransactionOptions::new().timeout(SOON);
    let copied: Result<u64, Error> = pool
        .transaction_with(&options, async |tx| {
            let rows = stream::iter([Ok::<_, std::io::Error>((1,))]).chain(stream::pending());
            copy_in("t").from_stream(rows, tx).await
        })
        .await;
    let error = copied.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    is_clean(&pool).await;
}

#[tokio::test]
async fn a_cursor_keeps_the_deadline_of_its_executor() {
    let (pool, _database) = tables(None).await;
    let soon = pool.within(SOON);
    // A held cursor has all of its rows by the time it is open.
    let opened = query(STALLS)
        .cursor::<(i32, String)>()
        .open_held(&soon)
        .await;
    let error = opened.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    is_clean(&pool).await;
}
