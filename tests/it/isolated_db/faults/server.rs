//! Faults of the server: backends and the whole of it killed, restarts, no room for another connection.

use std::time::Duration;

use howdah::{Error, ErrorKind, Pool, TransactionOptions, Value, query};
use howdah_codegen::scratch::Server;

use super::bank::{self, Outcome};
use super::ledger::{self, Pools};
use super::mortal::{Mortal, kill};

pub(super) fn options() -> TransactionOptions {
    TransactionOptions::new()
        .timeout(Duration::from_secs(5))
        .retry(3)
}

async fn terminate_all(books: &Pool) {
    let sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    query(sql).fetch_one::<Value<i64>>(books).await.unwrap();
}

/// Waits until there are so many more entries, however slow the machine is.
pub(super) async fn more_entries(books: &Pool, more: i64) {
    let wanted = count_entries(books).await + more;
    while count_entries(books).await < wanted {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What is killed may take a moment to be gone, and this connection with it.
async fn count_entries(books: &Pool) -> i64 {
    let is_gone = |error: &Error| {
        let by_server = error
            .sqlstate()
            .is_some_and(|state| state.starts_with("57P"));
        by_server || error.kind() == ErrorKind::Connection
    };
    loop {
        let count = query("select count(*) from entry").fetch_one::<Value<i64>>(books);
        match count.await {
            Err(error) if is_gone(&error) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            count => return count.unwrap(),
        }
    }
}

#[tokio::test]
async fn terminated_backends_cost_nothing_but_themselves() {
    let database = Server::shared().unwrap().database().unwrap();
    let books = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    bank::open(&books).await;
    let pools = Pools::new(database.url());
    let written = ledger::work(&pools, async {
        for _ in 0..10 {
            more_entries(&books, 1).await;
            terminate_all(&books).await;
        }
        // Of each worker some may be there that nobody was told of.
        more_entries(&books, 5_000).await;
    })
    .await;
    assert!(
        written
            .iter()
            .any(|written| written.outcome == Outcome::Done)
    );
    pools.are_whole("terminated").await;
    ledger::audit(&books, &written, "terminated").await;
}

#[tokio::test]
async fn a_crash_and_a_restart_lose_nothing_that_was_acknowledged() {
    let mut mortal = Mortal::start().await;
    let pool = mortal.pool();
    bank::open(&pool).await;
    let pools = Pools::new(mortal.database.url());
    // A backend that is killed takes all others with it, and the server recovers.
    let mut written = ledger::work(&pools, async {
        more_entries(&pool, 1_000).await;
        let backend = query("select pid from pg_stat_activity where pid <> pg_backend_pid() and usename = current_user limit 1");
        let backend = backend.fetch_one::<Value<i32>>(&pool).await.unwrap();
        kill("KILL", &backend.to_string());
        bank::is_whole(&pool, "killed backend").await;
        more_entries(&pool, 1_000).await;
        mortal.kill();
    })
    .await;
    mortal.start_again();
    pools.are_whole("killed server").await;
    written.extend(ledger::work_undisturbed(&pools).await);
    ledger::audit(&pool, &written, "killed server").await;
}

#[tokio::test]
async fn a_server_without_room_says_so_and_is_used_once_it_has_some() {
    let mortal = Mortal::start().await;
    let role = mortal.pool();
    role.batch_execute("create role guest login connection limit 1")
        .await
        .unwrap();
    let url = mortal.database.url().replace("postgres@", "guest@");
    let pool = Pool::builder(&url).unwrap().max_size(2).build().unwrap();
    let first = pool.get().await.unwrap();
    let refused = pool.get().await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.sqlstate()),
        (ErrorKind::Database, Some("53300")),
        "{refused}"
    );
    drop(first);
    query("select 1").execute(&pool).await.unwrap();
    assert_eq!(pool.status().size, 1);
}
