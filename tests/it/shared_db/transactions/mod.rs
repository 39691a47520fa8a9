//! Transactions: what is kept, what is undone, and what a dropped future leaves behind.

mod ends;
mod locks;
mod options;

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use howdah::{
    Error, ErrorKind, Exec, Executor, Pool, Query, Transaction, TransactionOptions, Value, query,
};

use super::{proxy::Proxy, support::pool};

async fn table() -> (Pool, howdah_codegen::scratch::Database) {
    let (pool, database) = pool().await;
    pool.batch_execute("create table t (n int4 primary key)")
        .await
        .unwrap();
    (pool, database)
}

async fn rows(pool: &Pool) -> Vec<i32> {
    query("select n from t order by n")
        .fetch_all::<Value<i32>>(pool)
        .await
        .unwrap()
}

async fn open_transactions(pool: &Pool) -> i64 {
    let sql = "select count(*) from pg_stat_activity where state like 'idle in transaction%' and datname = current_database()";
    query(sql).fetch_one::<Value<i64>>(pool).await.unwrap()
}

#[tokio::test]
async fn ok_commits_and_err_rolls_back() {
    let (pool, _database) = table().await;
    let kept = pool
        .transaction(async |tx| query("insert into t values (1)").execute(tx).await)
        .await;
    assert_eq!(kept.unwrap(), 1);
    let undone: Result<(), Error> = pool
        .transaction(async |tx| {
            query("insert into t values (2)").execute(tx).await?;
            query("insert into t values (1)").execute(tx).await?;
            Ok(())
        })
        .await;
    assert!(undone.unwrap_err().is_unique_violation());
    assert_eq!(rows(&pool).await, [1]);
}

#[tokio::test]
async fn a_transaction_runs_in_a_spawned_task() {
    let (pool, _database) = table().await;
    let task = {
        let pool = pool.clone();
        tokio::spawn(async move {
            let n = 7;
            pool.transaction(async |tx| {
                query("insert into t values ($1)")
                    .bind(n)
                    .execute(tx)
                    .await?;
                tx.transaction(async |tx| {
                    query("insert into t values ($1)")
                        .bind(n + 1)
                        .execute(tx)
                        .await
                })
                .await
            })
            .await
        })
    };
    task.await.unwrap().unwrap();
    assert_eq!(rows(&pool).await, [7, 8]);
}

#[tokio::test]
async fn a_transaction_of_a_pool_has_its_connection_to_itself() {
    let (_, database) = table().await;
    let pool = Pool::builder(database.url()).unwrap().max_size(1);
    let pool = pool.build().unwrap();
    let add = async |tx: &Transaction<'_>, n: i32| {
        let adding = query("insert into t values ($1)").bind(n);
        adding.execute(tx).await.unwrap();
    };
    let dropped = pool.begin().await.unwrap();
    add(&dropped, 1).await;
    assert_eq!((pool.status().size, pool.status().idle), (1, 0));
    drop(dropped);
    let mut committed = pool.begin().await.unwrap();
    add(&committed, 2).await;
    let savepoint = committed.savepoint().await.unwrap();
    add(&savepoint, 3).await;
    savepoint.rollback().await.unwrap();
    committed.commit().await.unwrap();
    assert_eq!(rows(&pool).await, [2]);

    let reading = TransactionOptions::new().read_only();
    // It can go anywhere.
    let tx = tokio::spawn(async move { pool.begin_with(&reading).await });
    let tx: Transaction<'static> = tx.await.unwrap().unwrap();
    let refused = query("insert into t values (4)").execute(&tx).await;
    assert_eq!(refused.unwrap_err().sqlstate(), Some("25006"));
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn a_savepoint_is_undone_alone() {
    let (pool, _database) = table().await;
    pool.transaction(async |tx| {
        query("insert into t values (1)").execute(tx).await?;
        let inner: Result<u64, Error> = tx
            .transaction(async |tx| {
                query("insert into t values (2)").execute(tx).await?;
                query("insert into t values (1)").execute(tx).await
            })
            .await;
        assert!(inner.unwrap_err().is_unique_violation());
        query("insert into t values (3)").execute(tx).await
    })
    .await
    .unwrap();
    assert_eq!(rows(&pool).await, [1, 3]);
}

#[tokio::test]
async fn a_commit_that_did_not_commit_is_an_error() {
    let (pool, _database) = table().await;
    let swallowed: Result<(), Error> = pool
        .transaction(async |tx| {
            query("insert into t values (1)").execute(tx).await?;
            assert!(query("select 1 / 0").execute(tx).await.is_err());
            Ok(())
        })
        .await;
    assert_eq!(swallowed.unwrap_err().kind(), ErrorKind::TransactionAborted);
    assert!(rows(&pool).await.is_empty());
    assert_eq!(open_transactions(&pool).await, 0);
}

/// A cursor that is not there any more cannot be closed, which fails the transaction.
#[tokio::test]
async fn a_transaction_that_failed_unseen_is_not_said_to_be_committed() {
    let (pool, _database) = table().await;
    let transaction = pool.begin().await.unwrap();
    query("insert into t values (1)")
        .execute(&transaction)
        .await
        .unwrap();
    let cursor = query("select 1").cursor::<Value<i32>>().open(&transaction);
    let cursor = cursor.await.unwrap();
    transaction.batch_execute("close all").await.unwrap();
    drop(cursor);
    let error = transaction.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted);
    assert!(rows(&pool).await.is_empty());
}

#[tokio::test]
async fn a_savepoint_that_cannot_be_set_costs_no_connection() {
    let (pool, _database) = table().await;
    let mut transaction = pool.begin().await.unwrap();
    let failing = query("select 1 / 0").execute(&transaction).await;
    assert!(failing.is_err());
    let refused = transaction.savepoint().await.unwrap_err();
    assert_eq!(refused.sqlstate(), Some("25P02"));
    transaction.rollback().await.unwrap();
    assert_eq!(pool.status().opened, 1);
}

#[tokio::test]
async fn a_deferred_constraint_fails_the_commit() {
    let (pool, _database) = table().await;
    pool.batch_execute(
        "create table c (n int4 constraint must_be references t deferrable initially deferred)",
    )
    .await
    .unwrap();
    let refused = pool
        .transaction(async |tx| query("insert into c values (1)").execute(tx).await)
        .await
        .unwrap_err();
    assert_eq!(refused.constraint(), Some("must_be"));
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_behind() {
    let (_pool, database) = table().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    let started = tokio::sync::Notify::new();
    let forgotten = pool.transaction(async |tx| {
        query("insert into t values (1)").execute(tx).await?;
        started.notify_one();
        std::future::pending::<Result<(), Error>>().await
    });
    tokio::select! {
        _ = forgotten => unreachable!("it waits for ever"),
        () = started.notified() => {}
    }
    // The insert holds a lock on its key until it is rolled back.
    query("insert into t values (1)")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(rows(&pool).await, [1]);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_on_a_connection_is_rolled_back_before_what_follows() {
    let (pool, _database) = table().await;
    let mut connection = pool.get().await.unwrap();
    let transaction = connection.begin().await.unwrap();
    query("insert into t values (1)")
        .execute(&transaction)
        .await
        .unwrap();
    drop(transaction);
    query("insert into t values (2)")
        .execute(&connection)
        .await
        .unwrap();
    assert_eq!(rows(&pool).await, [2]);
}

/// Even if many come next, at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_follows_a_dropped_transaction_side_by_side_is_not_part_of_it() {
    let (pool, _database) = table().await;
    let insert = |n: i32| query("insert into t values ($1)").bind(n);
    for round in 1..=100 {
        let mut connection = pool.get().await.unwrap();
        let transaction = connection.begin().await.unwrap();
        insert(0).execute(&transaction).await.unwrap();
        drop(transaction);
        let connection = Arc::new(connection);
        let tasks = (0..4).map(|task| {
            let connection = Arc::clone(&connection);
            tokio::spawn(async move { insert(4 * round + task).execute(&connection).await })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap().unwrap();
        }
        assert_eq!(rows(&pool).await.len() as i32, 4 * round);
    }
}

/// Giving up the first statement can cancel BEGIN, too. Later statements must not run outside of the transaction.
#[tokio::test]
async fn a_transaction_whose_begin_was_cancelled_does_not_go_on() {
    let (pool, database) = table().await;
    let proxy = Proxy::new(database.url()).await;
    let patience = Duration::from_millis(50);
    for is_prepared in [false, true] {
        let through = Pool::connect(&proxy.url()).await.unwrap();
        let insert = || query("insert into t values (1)");
        if is_prepared {
            let transaction = through.begin().await.unwrap();
            insert().execute(&transaction).await.unwrap();
            transaction.rollback().await.unwrap();
        }
        proxy.slow_down("BEGIN");
        let transaction = through.begin().await.unwrap();
        let first = insert().execute(&transaction);
        assert!(tokio::time::timeout(patience, first).await.is_err());
        let error = insert().execute(&transaction).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        drop(transaction);
        insert().execute(&through).await.unwrap();
        assert_eq!(rows(&pool).await, [1]);
        pool.batch_execute("truncate t").await.unwrap();
    }
}

#[tokio::test]
async fn a_transaction_opened_by_hand_never_reaches_the_next_user() {
    let (_pool, database) = table().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    let left_open = pool.batch_execute("begin; insert into t values (1)").await;
    let error = left_open.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted);
    let end = "the script left a transaction open, which is rolled back: end it by `commit`";
    assert!(error.to_string().ends_with(end), "{error}");
    assert!(rows(&pool).await.is_empty());
    let ended = pool.batch_execute("begin; insert into t values (1); commit; delete from t");
    ended.await.unwrap();
    let connection = pool.get().await.unwrap();
    let left_open = connection.batch_execute("begin; insert into t values (1)");
    left_open.await.unwrap();
    drop(connection);
    assert!(rows(&pool).await.is_empty());
    let connection = pool.get().await.unwrap();
    query("begin").execute(&connection).await.unwrap();
    drop(connection);
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and xact_start < now()";
    assert_eq!(query(sql).fetch_one::<Value<i64>>(&pool).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_for_one_connection_does_not_run_on_a_pool() {
    let (pool, _database) = table().await;
    let limit = Duration::from_secs(20);
    for (sql, way_out) in [
        ("begin", "`Pool::begin` or `Pool::transaction`"),
        (
            "-- by hand\nStart transaction",
            "`Pool::begin` or `Pool::transaction`",
        ),
        ("set search_path = tenant", "`TransactionOptions::setting`"),
        ("listen orders", "`Pool::listener`"),
    ] {
        for refused in [
            query(sql).execute(&pool).await,
            query(sql).execute(&pool.within(limit)).await,
            query(sql).once([]).execute(&pool).await,
            query(sql).execute(&pool.replica()).await,
            Query::<Exec>::new("by_hand", sql, []).fetch(&pool).await,
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains(way_out), "{error}");
        }
        let connection = pool.get().await.unwrap();
        query(sql).execute(&connection).await.unwrap();
    }
    query("reset search_path").execute(&pool).await.unwrap();
    query("select 1 as begin").execute(&pool).await.unwrap();
}

#[tokio::test]
async fn what_would_outlast_a_transaction_of_a_pool_does_not_run_in_it() {
    let (_pool, database) = table().await;
    let pool = Pool::builder(database.url()).unwrap().max_size(1);
    let pool = pool.build().unwrap();
    let set = "set my.tenant = 'A'";
    let generated = || Query::<Exec>::new("by_hand", set, []);
    let refused = async |tx: &mut howdah::Transaction<'_>| {
        let way_out = "use `set local`, or `select set_config($1, $2, true)`";
        for refused in [
            query(set).execute(&*tx).await,
            generated().fetch(&*tx).await,
            query(set).execute(&tx.savepoint().await.unwrap()).await,
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains(way_out), "{error}");
        }
        // It was not sent, so the transaction goes on.
        query("set local my.tenant = 'B'").execute(tx).await
    };
    let options = howdah::TransactionOptions::new();
    pool.transaction(refused).await.unwrap();
    pool.transaction_with(&options, refused).await.unwrap();
    let mut tx = pool.begin().await.unwrap();
    refused(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let tenant = || query("select current_setting('my.tenant', true)");
    let seen = tenant().fetch_one::<Value<Option<String>>>(&pool).await;
    assert_eq!(seen.unwrap().unwrap_or_default(), "");

    // A connection of one's own keeps what is set on it.
    let mut connection = pool.get().await.unwrap();
    let kept = connection.transaction(async |tx| query(set).execute(tx).await);
    kept.await.unwrap();
    let seen = tenant().fetch_one::<Value<String>>(&connection).await;
    assert_eq!(seen.unwrap(), "A");
}

#[tokio::test]
async fn a_transaction_does_not_begin_inside_of_another() {
    let (pool, _database) = table().await;
    let mut connection = pool.get().await.unwrap();
    for tx in [
        pool.begin().await.unwrap(),
        connection.begin().await.unwrap(),
    ] {
        for sql in ["begin", "-- again\nStart transaction"] {
            let error = query(sql).execute(&tx).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            let way_out = "use `Transaction::savepoint`";
            assert!(error.to_string().contains(way_out), "{error}");
        }
        query("select 1").execute(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_query_dropped_at_any_point_leaves_the_pool_sound() {
    let (_pool, database) = table().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    for polls in 0..6 {
        let mut future = Box::pin(
            pool.transaction(async |tx| query("insert into t values (1)").execute(tx).await),
        );
        for _ in 0..polls {
            if future.as_mut().now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(future);
        assert!(rows(&pool).await.len() <= 1);
        query("delete from t").execute(&pool).await.unwrap();
    }
}
