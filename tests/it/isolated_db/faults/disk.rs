//! A full disk, simulated by a limit on the size of the server's files, which needs no separate disk.

use howdah::{Error, ErrorKind, Pool, Value, copy::Csv, copy_in, query};

use super::bank::{self, Outcome};
use super::ledger::{self, Pools};
use super::mortal::{Mortal, gone};
use super::server::options;

/// A segment of the log of writes fits, and nothing larger.
const ROOM: u64 = 16 * 1024 * 1024;

/// Inserts half a megabyte, and notes the number `id`.
async fn store(pool: &Pool, id: i64) -> Result<u64, Error> {
    pool.transaction_with(&options(), async |tx| {
        query("insert into entry values ($1)")
            .bind(id)
            .execute(tx)
            .await?;
        let sql = "insert into ballast select n, repeat('x', 1000) from generate_series(1, 500) n";
        query(sql).execute(tx).await
    })
    .await
}

async fn count(pool: &Pool) -> i64 {
    let count = query("select count(*) from ballast").fetch_one::<Value<i64>>(pool);
    count.await.unwrap()
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_is_forgotten_once_there_is_room() {
    let mortal = Mortal::start().await;
    let pool = mortal.pool();
    bank::open(&pool).await;
    pool.batch_execute("create table ballast (n int4, text text)")
        .await
        .unwrap();
    mortal.limit_files(Some(ROOM));
    let mut outcomes = Vec::new();
    let mut refused = 0;
    for id in 0..60 {
        match store(&pool, id).await {
            Ok(_) => outcomes.push((id, Outcome::Done)),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Database, "{error}");
                assert!(
                    error.to_string().contains("could not extend file"),
                    "{error}"
                );
                outcomes.push((id, Outcome::Failed));
                refused += 1;
            }
        }
    }
    let stored = outcomes.len() - refused;
    assert!(refused > 10 && stored > 10, "{refused} of 60 were refused");
    // What needs no more room goes on.
    for id in 100..110 {
        let outcome = bank::transfer(&pool, &options(), id).await;
        assert_eq!(outcome, Outcome::Done);
        outcomes.push((id, outcome));
    }
    assert_eq!(count(&pool).await, stored as i64 * 500);

    // COPY and bulk statements fill a table half-way, and leave nothing of it.
    let file = format!("1,{}\n", "y".repeat(1000)).repeat(30_000);
    let copy = copy_in("ballast").from_reader(Csv::new(), file.as_bytes(), &pool);
    let error = copy.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database, "{error}");
    let sort =
        "select count(*) from (select n from generate_series(1, 3000000) n order by -n offset 1) s";
    let mut connection = pool.get().await.unwrap();
    let sorted: Result<i64, Error> = connection
        .transaction(async |tx| {
            query("set local work_mem = '64kB'").execute(tx).await?;
            query(sort).fetch_one::<Value<i64>>(tx).await
        })
        .await;
    let error = sorted.unwrap_err();
    assert!(
        error.to_string().contains("could not write to file"),
        "{error}"
    );
    drop(connection);
    assert_eq!(count(&pool).await, stored as i64 * 500);
    bank::is_whole(&pool, "full disk").await;
    bank::audit(&pool, &outcomes, "full disk").await;

    mortal.limit_files(None);
    store(&pool, 200).await.unwrap();
    outcomes.push((200, Outcome::Done));
    let copy = copy_in("ballast").from_reader(Csv::new(), file.as_bytes(), &pool);
    assert_eq!(copy.await.unwrap(), 30_000);
    bank::audit(&pool, &outcomes, "room again").await;
}

/// So little that the log of writes is behind it. A server that cannot write that crashes rather than to go on.
const NO_ROOM: u64 = 4096;

#[tokio::test]
async fn a_log_that_cannot_be_written_loses_nothing_that_was_acknowledged() {
    let mut mortal = Mortal::start().await;
    let pool = mortal.pool();
    bank::open(&pool).await;
    let pools = Pools::new(mortal.database.url());
    let mut written = Vec::new();
    // The server recovers by itself where only those processes cannot write that run now.
    for _ in 0..3 {
        pools.warm_up().await;
        let crash = async { gone(&mortal.limit_children(Some(NO_ROOM))).await };
        written.extend(ledger::work(&pools, crash).await);
        pools.are_whole("no log").await;
    }
    // It cannot recover if no process can write.
    mortal.limit_files(Some(NO_ROOM));
    written.extend(ledger::work(&pools, mortal.ended()).await);
    mortal.start_again();
    pools.are_whole("no log for long").await;
    let id = -1;
    assert_eq!(
        bank::transfer(&pools.plain, &options(), id).await,
        Outcome::Done
    );
    ledger::audit(&pool, &written, "no log").await;

    // What became of a transaction is not known, nor of a statement by itself.
    pools.warm_up().await;
    let limited = mortal.limit_children(Some(NO_ROOM));
    let outcome = bank::transfer(&pools.plain, &options(), -2).await;
    assert_eq!(outcome, Outcome::Unknown);
    // Until then, an idle connection may still work, and be lost later.
    gone(&limited).await;
    pools.are_whole("no log for a transaction").await;
    bank::is_whole(&pool, "no log for a transaction").await;
    let limited = mortal.limit_children(Some(NO_ROOM));
    let error = query("insert into entry values (-3)").execute(&pool).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Connection);
    gone(&limited).await;
    bank::is_whole(&pool, "no log for a statement").await;
    bank::audit(
        &pool,
        &[(id, Outcome::Done), (-2, outcome), (-3, Outcome::Unknown)],
        "no log for a statement",
    )
    .await;
}
