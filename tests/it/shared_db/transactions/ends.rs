//! How transactions end: what is not known of a COMMIT, and what somebody else has ended or begun.

use std::{
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use howdah::{
    Connection, Error, ErrorKind, Executor, Pool, Transaction, TransactionOptions, query,
};

use super::{Proxy, pool, rows, table};
use crate::waiting::poll_and_drop;

async fn insert(executor: &impl Executor, n: i32) -> Result<u64, Error> {
    let insert = query("insert into t values ($1)").bind(n);
    insert.execute(executor).await
}

/// It goes on for seconds, whoever cancels it.
const STUBBORN: &str = "do $$ declare sleeps int4 := 0; begin
    while sleeps < 300 loop
        begin perform pg_sleep(0.01); exception when query_canceled then null; end;
        sleeps := sleeps + 1;
    end loop; end $$";

#[tokio::test]
async fn a_commit_whose_answer_a_pooler_has_lost_is_unknown() {
    let (_pool, database) = table().await;
    let proxy = Proxy::new(database.url()).await;
    let pool = Pool::connect(&proxy.url()).await.unwrap();
    let transaction = pool.begin().await.unwrap();
    insert(&transaction, 1).await.unwrap();
    proxy.crash_behind("COMMIT");
    let error = transaction.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");

    let sql = "insert into t values (2)";
    proxy.crash_behind(sql);
    let error = pool.batch_execute(sql).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert_eq!(error.sqlstate(), Some("08P01"));
}

/// What was given up before kept it from being sent.
#[tokio::test]
async fn a_commit_that_was_not_sent_is_known_to_have_failed() {
    let (admin, database) = table().await;
    let builder = Pool::builder(database.url()).unwrap();
    let builder = builder.recovery_timeout(Duration::from_millis(200));
    let pool = builder.build().unwrap();
    let soon = Duration::from_millis(50);
    let transaction = pool.begin().await.unwrap();
    insert(&transaction, 1).await.unwrap();
    let late = query(STUBBORN).execute(&transaction.within(soon)).await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::Timeout);
    let error = transaction.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");

    // Nor is it sent before the deadline of the whole.
    let pool = Pool::connect(database.url()).await.unwrap();
    let options = TransactionOptions::new().timeout(Duration::from_millis(300));
    let done = pool.transaction_with(&options, async |tx| {
        insert(tx, 2).await?;
        let late = query(STUBBORN).execute(&tx.within(soon)).await;
        assert_eq!(late.unwrap_err().kind(), ErrorKind::Timeout);
        Ok::<_, Error>(())
    });
    let error = done.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(rows(&admin).await.is_empty());
}

/// Whoever gives up before it is set has nothing to undo.
#[tokio::test]
async fn a_savepoint_that_was_not_set_costs_no_transaction() {
    let (pool, _database) = table().await;
    for polls in 1..8 {
        for gives_up_more in [false, true] {
            let mut transaction = pool.begin().await.unwrap();
            if gives_up_more {
                insert(&transaction, 1).await.unwrap();
                poll_and_drop(
                    async {
                        let _ = query("select 1").execute(&transaction).await;
                    },
                    1,
                )
                .await;
            }
            let set = async { drop(transaction.savepoint().await.unwrap()) };
            poll_and_drop(set, polls).await;
            insert(&transaction, 2).await.unwrap();
            transaction.rollback().await.unwrap();
        }
    }
    assert_eq!(pool.status().opened, 1);
}
