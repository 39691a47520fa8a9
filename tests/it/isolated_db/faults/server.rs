//! Faults of the server: backends and the whole of it killed, restarts, no room for another connection.

use std::time::Duration;

use howdah::{ErrorKind, Pool, TransactionOptions, Value, query};
use howdah_codegen::scratch::Server;

use super::bank::{self, Outcome};
use super::mortal::{Mortal, kill};

pub(super) fn options() -> TransactionOptions {
    TransactionOptions::new()
        .timeout(Duration::from_secs(5))
        .retry(3)
}

/// Transfers by some tasks at once, until `end` is done. No number comes twice.
pub(super) async fn transfers(pool: &Pool, end: impl Future<Output = ()>) -> Vec<(i64, Outcome)> {
    static NEXT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let worker = async || {
        let mut outcomes = Vec::new();
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            let id = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            outcomes.push((id, bank::transfer(pool, &options(), id).await));
            tokio::task::yield_now().await;
        }
        outcomes
    };
    let workers = futures_util::future::join_all((0..4).map(|_| worker()));
    let (outcomes, ()) = tokio::join!(workers, async {
        end.await;
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    outcomes.concat()
}

async fn terminate_all(books: &Pool) {
    let sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    query(sql).fetch_one::<Value<i64>>(books).await.unwrap();
}

/// Waits until there are so many more entries, however slow the machine is.
async fn more_entries(books: &Pool, more: i64) {
    let count = || query("select count(*) from entry").fetch_one::<Value<i64>>(books);
    let wanted = count().await.unwrap() + more;
    while count().await.unwrap() < wanted {
        tokio::time::sleep(Duration::from_millis(5)).await;
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
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(4)
        .build()
        .unwrap();
    let outcomes = transfers(&pool, async {
        for _ in 0..10 {
            more_entries(&books, 1).await;
            terminate_all(&books).await;
        }
        // Of each worker one may be there that nobody was told of.
        more_entries(&books, 5).await;
    })
    .await;
    assert!(
        outcomes
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::Done)
    );
    bank::is_whole(&pool, "terminated").await;
    bank::audit(&books, &outcomes, "terminated").await;
}

#[tokio::test]
async fn a_crash_and_a_restart_lose_nothing_that_was_acknowledged() {
    let mut mortal = Mortal::start().await;
    let pool = mortal.pool();
    bank::open(&pool).await;
    let backend = query("select pg_backend_pid()")
        .fetch_one::<Value<i32>>(&pool)
        .await
        .unwrap();
    // A backend that is killed takes all others with it, and the server recovers.
    let mut outcomes = transfers(&pool, async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        kill("KILL", &backend.to_string());
        tokio::time::sleep(Duration::from_millis(50)).await;
    })
    .await;
    bank::is_whole(&pool, "killed backend").await;

    let before = 1_000_000;
    mortal.kill();
    outcomes.push((before, bank::transfer(&pool, &options(), before).await));
    assert_ne!(outcomes.last().unwrap().1, Outcome::Done);
    mortal.start_again();
    bank::is_whole(&pool, "killed server").await;
    outcomes.push((
        before + 1,
        bank::transfer(&pool, &options(), before + 1).await,
    ));
    assert_eq!(outcomes.last().unwrap().1, Outcome::Done);
    bank::audit(&pool, &outcomes, "killed server").await;
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
