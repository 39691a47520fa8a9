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

/// It goes on for seconds, whoever cancels it: all the time it is where that is caught.
const STUBBORN: &str = "do $$ declare last timestamptz := clock_timestamp() + interval '3 s'; begin
    while clock_timestamp() < last loop
        begin
            while clock_timestamp() < last loop perform pg_sleep(0.01); end loop;
        exception when query_canceled then null; end;
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

fn is_over<T: std::fmt::Debug>(result: Result<T, Error>) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
    assert!(error.to_string().contains("ended"), "{error}");
}

#[tokio::test]
async fn a_transaction_that_a_statement_has_ended_says_so() {
    let (pool, _database) = table().await;
    for (n, end) in (1..).zip([
        End::Script("commit"),
        End::Script("insert into t values (100); commit; delete from t where n = 100"),
        End::Script("rollback"),
        End::Query("end"),
        End::Query("abort"),
    ]) {
        for commits in [false, true] {
            let mut transaction = pool.begin().await.unwrap();
            insert(&transaction, n).await.unwrap();
            is_over(end.run(&transaction).await);
            // Nothing is run outside of it.
            is_over(insert(&transaction, -1).await);
            is_over(transaction.batch_execute("insert into t values (-1)").await);
            is_over(transaction.savepoint().await);
            is_over(match commits {
                true => transaction.commit().await,
                false => transaction.rollback().await,
            });
            pool.batch_execute("truncate t").await.unwrap();
        }
    }
    // Nor is one that is dropped, or in a savepoint, or the first statement, or behind which a statement fails.
    let transaction = pool.begin().await.unwrap();
    is_over(query("commit").execute(&transaction).await);
    drop(transaction);
    let mut transaction = pool.begin().await.unwrap();
    insert(&transaction, 1).await.unwrap();
    let savepoint = transaction.savepoint().await.unwrap();
    is_over(savepoint.batch_execute("commit").await);
    is_over(savepoint.commit().await);
    is_over(transaction.rollback().await);
    let transaction = pool.begin().await.unwrap();
    insert(&transaction, 2).await.unwrap();
    let failed = transaction.batch_execute("commit; select 1 / 0").await;
    assert_eq!(failed.unwrap_err().sqlstate(), Some("22012"));
    is_over(transaction.rollback().await);
    let done: Result<(), Error> = pool
        .transaction(async |tx| {
            insert(tx, 3).await?;
            tx.batch_execute("rollback").await
        })
        .await;
    is_over(done);
    assert_eq!(rows(&pool).await, [1, 2]);
    assert_eq!(pool.status().opened, 1);
}

enum End {
    Script(&'static str),
    Query(&'static str),
}

impl End {
    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), Error> {
        match self {
            Self::Script(sql) => transaction.batch_execute(sql).await,
            Self::Query(sql) => query(*sql).execute(transaction).await.map(drop),
        }
    }
}

/// Nor is what is left of a transaction of one's own taken for one.
#[tokio::test]
async fn a_transaction_is_not_begun_inside_of_another() {
    let (pool, database) = pool().await;
    pool.batch_execute("create table t (n int4)").await.unwrap();
    let mut connection = Connection::connect(database.url()).await.unwrap();
    connection.batch_execute("begin").await.unwrap();
    insert(&connection, 1).await.unwrap();
    let error = connection.begin().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    connection.batch_execute("rollback").await.unwrap();
    let transaction = connection.begin().await.unwrap();
    insert(&transaction, 2).await.unwrap();
    // A savepoint, and a block that is none.
    let sql = "savepoint a; do 'begin end'; rollback to a";
    transaction.batch_execute(sql).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(rows(&pool).await, [2]);
}

/// A deadline leaves a transaction to whoever has begun it by hand.
#[tokio::test]
async fn a_deadline_in_a_transaction_by_hand_changes_nothing() {
    let (_pool, database) = table().await;
    let connection = Connection::connect(database.url()).await.unwrap();
    let patient = || connection.within(Duration::from_secs(60));
    connection.batch_execute("begin").await.unwrap();
    insert(&patient(), 1).await.unwrap();
    let failed = insert(&patient(), 1).await.unwrap_err();
    assert!(failed.is_unique_violation());
    let failed = insert(&patient(), 2).await.unwrap_err();
    assert_eq!(failed.sqlstate(), Some("25P02"));
    connection.batch_execute("rollback").await.unwrap();
    insert(&patient(), 3).await.unwrap();
}

#[derive(Debug)]
enum Failure {
    Own,
    Server(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

/// A conflict that was undone to a savepoint is nothing to what the transaction ends with.
#[tokio::test]
async fn a_conflict_that_was_taken_care_of_is_not_run_again() {
    let (pool, _database) = table().await;
    let conflict = "do $$ begin raise exception using errcode = 'serialization_failure'; end $$";
    let options = TransactionOptions::new().retry(3);
    for (end, expected_state, expected) in [
        ("select 1 / 0", Some("22012"), 1),
        ("select 1", None, 1),
        (conflict, Some("40001"), 4),
    ] {
        let runs = AtomicU32::new(0);
        let done: Result<(), Failure> = pool
            .transaction_with(&options, async |tx| {
                runs.fetch_add(1, Relaxed);
                let tried = tx.transaction(async |tx| query(conflict).execute(tx).await);
                assert!(tried.await.unwrap_err().is_serialization_failure());
                tx.transaction(async |tx| query(end).execute(tx).await)
                    .await?;
                Err(Failure::Own)
            })
            .await;
        let state = match done.unwrap_err() {
            Failure::Own => None,
            Failure::Server(error) => error.sqlstate().map(str::to_owned),
        };
        assert_eq!(state.as_deref(), expected_state, "{end}");
        assert_eq!(runs.load(Relaxed), expected, "{end}");
    }
}
