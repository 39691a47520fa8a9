//! A future that is dropped at any await point leaves the pool intact: no statement continues to run, no transaction
//! stays open, no connection is lost, and the next user gets a clean one.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use howdah::{
    Connection, Error, Executor, Pool, PoolBuilder, TransactionOptions, Value, copy::Csv,
    copy_out_query, query,
};
use howdah_codegen::scratch::Database;

use super::{proxy::Proxy, support::pool};
use crate::waiting::poll_and_drop;

mod built;
mod complete;
mod more;

/// A pool of one connection, another that is used beside it, and a connection that looks at them.
struct Watched {
    pool: Pool,
    other: Pool,
    url: String,
    watcher: Connection,
    _database: Database,
}

/// An operation, and how to begin it anew.
type Operation = (
    &'static str,
    fn(&Watched) -> Pin<Box<dyn Future<Output = ()> + '_>>,
);

impl Watched {
    /// The pools are changed by `settings`.
    async fn new(settings: fn(PoolBuilder) -> PoolBuilder) -> Self {
        let (_, database) = pool().await;
        let watcher = Connection::connect(database.url()).await.unwrap();
        watcher
            .batch_execute(
                "create table t (n int4 primary key);
                 create table copied (n int4);
                 create table few as select n from generate_series(1, 100) n;
                 create table nowhere (n int4);
                 create table rows (id int4 primary key, value int4 not null);
                 create table changing (n int4);
                 create type mood as enum ('good')",
            )
            .await
            .unwrap();
        let build = || {
            let builder = Pool::builder(database.url()).unwrap();
            // However slow the machine is, it is not time that decides.
            let patient = builder.recovery_timeout(Duration::from_secs(30));
            settings(patient.max_size(1)).build().unwrap()
        };
        Self {
            pool: build(),
            other: build(),
            url: database.url().to_owned(),
            watcher,
            _database: database,
        }
    }

    async fn count(&self, sql: &'static str) -> i64 {
        query(sql)
            .fetch_one::<Value<i64>>(&self.watcher)
            .await
            .unwrap()
    }

    /// Sessions that run something or are inside of a transaction, and advisory locks.
    async fn left_behind(&self) -> i64 {
        self.count(
            "select (select count(*) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
                 and state <> 'idle')
             + (select count(*) from pg_locks where locktype = 'advisory')",
        )
        .await
    }

    /// Connections of others than the two pools and the one that looks at them.
    async fn stray(&self) -> i64 {
        let all = "select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'";
        let pools = self.pool.status().size + self.other.status().size;
        self.count(all).await - 1 - pools as i64
    }

    /// Rows of a COPY that was not done.
    async fn half_copied(&self) -> i64 {
        self.count(
            "select (select count(*) from copied) % 30000 + (select count(*) from nowhere) % 100",
        )
        .await
    }

    /// Waits until nothing is left behind, and takes the one connection there is.
    async fn is_sound(&self, what: &str) {
        let began = Instant::now();
        while self.left_behind().await > 0 || self.stray().await > 0 {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{what}: left behind"
            );
            tokio::task::yield_now().await;
        }
        // If the connection or its place were lost, this would wait in vain.
        let next = self.pool.within(Duration::from_secs(20));
        query("select 1").execute(&next).await.unwrap();
        // A savepoint can only be set inside of a transaction.
        let outside = self
            .pool
            .batch_execute("savepoint probe")
            .await
            .unwrap_err();
        assert_eq!(outside.sqlstate(), Some("25P01"), "{what}: {outside}");
        let status = self.pool.status();
        assert_eq!((status.size, status.idle), (1, 1), "{what}");
        let next = self.other.within(Duration::from_secs(20));
        query("select 1").execute(&next).await.unwrap();
        assert_eq!(self.half_copied().await, 0, "{what}");
    }
}

const OPERATIONS: &[Operation] = &[
    ("fetch", |Watched { pool, .. }| {
        Box::pin(async move {
            let sql = "select n from generate_series(1, 3000) n";
            drop(query(sql).fetch_all::<Value<i32>>(pool).await);
        })
    }),
    ("execute", |Watched { pool, .. }| {
        Box::pin(async move {
            drop(
                query("insert into t values (1) on conflict do nothing")
                    .execute(pool)
                    .await,
            );
        })
    }),
    ("failing", |Watched { pool, .. }| {
        Box::pin(async move { drop(query("select 1 / 0").execute(pool).await) })
    }),
    ("stream", |Watched { pool, .. }| {
        Box::pin(async move {
            let sql = "select n from generate_series(1, 2000) n";
            let mut rows = query(sql).stream::<Value<i32>>(pool).await.unwrap();
            while rows.next().await.is_some() {}
        })
    }),
    ("script", |Watched { pool, .. }| {
        Box::pin(async move { drop(pool.batch_execute("begin; select 1; commit").await) })
    }),
    ("get", |Watched { pool, .. }| {
        Box::pin(async move { drop(pool.get().await.unwrap()) })
    }),
    ("transaction", |Watched { pool, .. }| {
        Box::pin(async move {
            let done: Result<(), Error> = pool
                .transaction(async |tx| {
                    query("insert into t values (2) on conflict do nothing")
                        .execute(tx)
                        .await?;
                    let _undone: Result<(), Error> = tx
                        .transaction(async |tx| {
                            query("insert into t values (3)").execute(tx).await?;
                            query("insert into t values (3)").execute(tx).await?;
                            Ok(())
                        })
                        .await;
                    query("select 1").execute(tx).await?;
                    Ok(())
                })
                .await;
            drop(done);
        })
    }),
    ("transaction with options", |Watched { pool, .. }| {
        Box::pin(async move {
            let options = TransactionOptions::new()
                .serializable()
                .setting("app.tenant", "7")
                .timeout(Duration::from_secs(60))
                .retry(1);
            let done: Result<u64, Error> = pool
                .transaction_with(&options, async |tx| query("select 1").execute(tx).await)
                .await;
            drop(done);
        })
    }),
    (
        "transaction with its own connection",
        |Watched { pool, .. }| {
            Box::pin(async move {
                let begun = pool.begin().await.unwrap();
                query("insert into t values (9)")
                    .execute(&begun)
                    .await
                    .unwrap();
                begun.rollback().await.unwrap();
                let tenant = TransactionOptions::new().setting("app.tenant", "7");
                let begun = pool.begin_with(&tenant).await.unwrap();
                begun.commit().await.unwrap();
            })
        },
    ),
    ("rollback", |Watched { pool, .. }| {
        Box::pin(async move {
            let mut connection = pool.get().await.unwrap();
            let mut transaction = connection.begin().await.unwrap();
            let savepoint = transaction.savepoint().await.unwrap();
            savepoint.rollback().await.unwrap();
            transaction.rollback().await.unwrap();
        })
    }),
    ("deadline", |Watched { pool, .. }| {
        Box::pin(async move {
            let soon = pool.within(Duration::from_secs(60));
            drop(query("select 1").execute(&soon).await);
        })
    }),
    ("pipeline", |Watched { pool, .. }| {
        Box::pin(async move {
            let connection = pool.get().await.unwrap();
            let one = || {
                query("select n from generate_series(1, 100) n")
                    .fetch_all::<Value<i32>>(&connection)
            };
            let _ = tokio::try_join!(one(), one(), one());
        })
    }),
];

async fn drop_at_every_await_point(operations: &[Operation]) {
    let watched = Watched::new(|builder| builder).await;
    drop_in(&watched, operations).await;
}

async fn drop_in(watched: &Watched, operations: impl IntoIterator<Item = &Operation>) {
    for (name, start) in operations {
        let mut polls = 0;
        while !poll_and_drop(start(watched), polls).await {
            watched
                .is_sound(&format!("{name} after {polls} polls"))
                .await;
            polls += 1;
        }
        watched.is_sound(name).await;
        println!("{name}: {polls} await points");
        assert!(polls > 0, "{name}");
    }
}

#[tokio::test]
async fn every_operation_can_be_dropped_at_every_await_point() {
    drop_at_every_await_point(OPERATIONS).await;
}

#[tokio::test]
async fn every_operation_on_many_rows_or_with_a_hold_can_be_dropped_at_every_await_point() {
    drop_at_every_await_point(more::OPERATIONS).await;
}

#[tokio::test]
async fn every_statement_that_is_put_together_can_be_dropped_at_every_await_point() {
    drop_at_every_await_point(built::OPERATIONS).await;
}

#[tokio::test]
async fn every_operation_without_kept_statements_can_be_dropped_at_every_await_point() {
    let watched = Watched::new(PoolBuilder::unnamed_statements).await;
    let more = more::OPERATIONS.iter().chain(built::OPERATIONS);
    let more = more.filter(|(name, _)| more::WITHOUT_STATEMENTS.contains(name));
    drop_in(&watched, OPERATIONS.iter().chain(more)).await;
}

#[tokio::test]
async fn every_single_statement_can_be_dropped_at_every_await_point() {
    let watched = Watched::new(PoolBuilder::single_statements).await;
    let all = OPERATIONS.iter().chain(more::OPERATIONS);
    let all = all.chain(built::OPERATIONS);
    let single = all.filter(|(name, _)| more::SINGLE.contains(name));
    drop_in(&watched, single).await;
}

#[tokio::test]
async fn a_dropped_query_is_cancelled_and_its_connection_is_used_again() {
    let watched = Watched::new(|builder| builder).await;
    let pid = || query("select pg_backend_pid()").fetch_one::<Value<i32>>(&watched.pool);
    let before = pid().await.unwrap();
    let mut sleeping = Box::pin(query("select pg_sleep(60)").execute(&watched.pool));
    let running = "select count(*) from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()";
    while watched.count(running).await == 0 {
        assert!(sleeping.as_mut().now_or_never().is_none());
    }
    drop(sleeping);
    let began = Instant::now();
    watched.is_sound("sleep").await;
    assert!(began.elapsed() < Duration::from_secs(30));
    assert_eq!(pid().await.unwrap(), before);
}

#[tokio::test]
async fn a_query_dropped_on_a_connection_is_cancelled_before_what_follows() {
    let watched = Watched::new(|builder| builder).await;
    let connection = watched.pool.get().await.unwrap();
    let slow = query("select pg_sleep(60)").execute(&connection);
    let limit = Duration::from_millis(100);
    assert!(tokio::time::timeout(limit, slow).await.is_err());
    let began = Instant::now();
    for n in 0..20 {
        let sql = "select $1::int4";
        let same = query(sql)
            .bind(n)
            .fetch_one::<Value<i32>>(&connection)
            .await;
        assert_eq!(same.unwrap(), n);
    }
    assert!(began.elapsed() < Duration::from_secs(30));
}

/// Even if it is late, and others give up in the meantime.
#[tokio::test]
async fn a_cancel_request_hits_nothing_that_is_run_later() {
    let watched = Watched::new(|builder| builder).await;
    let proxy = Proxy::new(&watched.url).await;
    let connection = Connection::connect(&proxy.url()).await.unwrap();
    let patience = Duration::from_millis(100);
    let release = proxy.hold_up_a_cancel_request();
    for _ in 0..2 {
        let slow = query("select pg_sleep(60)").execute(&connection);
        assert!(tokio::time::timeout(patience, slow).await.is_err());
    }
    let next = async {
        let sql = "select 7 from pg_sleep(0.3)";
        query(sql).fetch_one::<Value<i32>>(&connection).await
    };
    let releasing = async {
        let running = "select count(*) from pg_stat_activity where query like '%pg_sleep(0.3)%' and state = 'active' and pid <> pg_backend_pid()";
        let began = Instant::now();
        while watched.count(running).await == 0 && began.elapsed() < patience {}
        drop(release);
    };
    let (next, ()) = tokio::join!(next, releasing);
    assert_eq!(next.unwrap(), 7);
}

#[tokio::test]
async fn queries_beside_a_dropped_one_are_not_disturbed() {
    let watched = Watched::new(|builder| builder).await;
    let connection = watched.pool.get().await.unwrap();
    let lock = "select pg_advisory_lock(5)";
    watched.watcher.batch_execute(lock).await.unwrap();
    let waits = "select from pg_advisory_xact_lock(5)";
    let mut dropped = Box::pin(query(waits).execute(&connection));
    let seven = "select 7 from pg_advisory_xact_lock(5)";
    let mut beside = Box::pin(query(seven).fetch_one::<Value<i32>>(&connection));
    // The first waits for the lock, and the other behind it.
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted";
    while watched.count(waiting).await == 0 {
        assert!(beside.as_mut().now_or_never().is_none());
        assert!(dropped.as_mut().now_or_never().is_none());
    }
    drop(dropped);
    let unlock = "select pg_advisory_unlock(5)";
    watched.watcher.batch_execute(unlock).await.unwrap();
    assert_eq!(beside.await.unwrap(), 7);
}

#[tokio::test]
async fn what_was_given_up_while_it_was_prepared_is_not_kept_by_the_server() {
    let watched = Watched::new(|builder| builder.statement_cache(0)).await;
    let connection = watched.pool.get().await.unwrap();
    let mut polls = 0;
    loop {
        let sql = format!("select {polls} as given_up");
        let work = async {
            query(sql.clone()).execute(&connection).await.unwrap();
            let cursor = query(sql.clone()).cursor::<Value<i32>>();
            drop(cursor.open_held(&connection).await.unwrap());
            let copied = copy_out_query(sql.clone()).to_writer(Csv::new(), Vec::new(), &connection);
            copied.await.unwrap();
        };
        if poll_and_drop(work, polls).await {
            break;
        }
        polls += 1;
    }
    let count = async |sql: &'static str| {
        let count = query(sql).fetch_one::<Value<i64>>(&connection);
        count.await.unwrap()
    };
    assert_eq!(
        count("select count(*) from pg_cursors where is_holdable").await,
        0
    );
    let kept = "select count(*) from pg_prepared_statements where statement ~ '[0-9] as given_up'";
    assert_eq!(count(kept).await, 0);
    assert!(polls > 5);
}

#[tokio::test]
async fn a_stream_can_be_left_after_its_first_row() {
    let watched = Watched::new(|builder| builder).await;
    for _ in 0..3 {
        let sql = "select generate_series(1, 100000000)";
        let mut rows = query(sql)
            .stream::<Value<i32>>(&watched.pool)
            .await
            .unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap(), 1);
        drop(rows);
        watched.is_sound("stream").await;
    }
    assert_eq!(watched.pool.status().opened, 1);
}

#[tokio::test]
async fn a_query_past_its_deadline_is_cancelled() {
    let watched = Watched::new(|builder| builder).await;
    // The error is the same whether the server's statement_timeout or the client's limit comes first.
    for limit in 1..40 {
        let soon = watched.pool.within(Duration::from_millis(limit));
        let slow = query("select i, pg_sleep(60) from generate_series(1, 3) i");
        let error = slow.execute(&soon).await.unwrap_err();
        assert_eq!(error.kind(), howdah::ErrorKind::Timeout, "{error}");
        let slow = query(
            "select case when i > 1 then pg_sleep(60)::text end from generate_series(1, 3) i",
        );
        let mut rows = slow.stream::<Value<Option<String>>>(&soon).await;
        let error = loop {
            match &mut rows {
                Ok(rows) => match rows.next().await.unwrap() {
                    Ok(_) => {}
                    Err(error) => break error,
                },
                Err(_) => break rows.unwrap_err(),
            }
        };
        assert_eq!(error.kind(), howdah::ErrorKind::Timeout, "{error}");
    }
    // A statement that somebody else stops is not late.
    let patient = watched.pool.within(Duration::from_secs(60));
    let stopped = query("select pg_cancel_backend(pg_backend_pid()), pg_sleep(1)");
    let error = stopped.execute(&patient).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("57014"));
    watched.is_sound("deadline").await;
    let shown = query("show statement_timeout")
        .fetch_one::<Value<String>>(&watched.pool)
        .await;
    assert_eq!(shown.unwrap(), "0");
}

/// Not even if what resets it is stopped by it, or by a cancel request.
#[tokio::test]
async fn the_deadline_of_a_query_is_not_that_of_the_next() {
    let watched = Watched::new(|builder| builder).await;
    let proxy = Proxy::new(&watched.url).await;
    let connection = Connection::connect(&proxy.url()).await.unwrap();
    let soon = connection.within(Duration::from_millis(100));
    let before_reset = Duration::from_millis(50);
    for sql in ["select 1", "select 1 / 0", "select pg_sleep(60)"] {
        for patience in [before_reset, Duration::from_secs(60)] {
            proxy.slow_down("reset statement_timeout");
            let run = query(sql).execute(&soon);
            let _ = tokio::time::timeout(patience, run).await;
            let next = query("select current_setting('statement_timeout')");
            let next = next.fetch_one::<Value<String>>(&connection).await;
            assert_eq!(next.unwrap(), "0", "{sql}");
        }
    }
}

#[tokio::test]
async fn sessions_are_told_the_deadline_of_their_pool_once() {
    let watched = Watched::new(|builder| builder.query_timeout(Duration::from_secs(40))).await;
    let pid = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&watched.pool);
    let pid = pid.await.unwrap();
    let last = async || {
        let last = query("select query from pg_stat_activity where pid = $1").bind(pid);
        let last = last.fetch_one::<Value<String>>(&watched.watcher);
        last.await.unwrap()
    };
    assert_eq!(last().await, "select pg_backend_pid()");
    // Another limit is told for the query alone.
    let sooner = watched.pool.within(Duration::from_secs(20));
    let shown = query("show statement_timeout").fetch_one::<Value<String>>(&sooner);
    assert_eq!(shown.await.unwrap(), "20s");
    assert_eq!(last().await, "reset statement_timeout");
    let shown = query("show statement_timeout").fetch_one::<Value<String>>(&watched.pool);
    assert_eq!(shown.await.unwrap(), "40s");
    assert_eq!(last().await, "show statement_timeout");

    // What the connection string says is none of the pool's.
    let url = format!("{}?options=-c%20statement_timeout%3D0", watched.url);
    let pool = Pool::builder(&url).unwrap();
    let pool = pool.query_timeout(Duration::from_secs(40)).build().unwrap();
    let shown = query("show statement_timeout").fetch_one::<Value<String>>(&pool);
    assert_eq!(shown.await.unwrap(), "40s");
}

#[tokio::test]
async fn a_waiting_task_that_is_dropped_does_not_take_its_turn() {
    let watched = Watched::new(|builder| builder).await;
    let held = watched.pool.get().await.unwrap();
    let mut gone = Box::pin(watched.pool.get());
    let mut next = Box::pin(watched.pool.get());
    assert!(gone.as_mut().now_or_never().is_none());
    assert!(next.as_mut().now_or_never().is_none());
    drop(held);
    // The connection was given to the first, which is dropped without having seen it.
    drop(gone);
    let connection = next.as_mut().now_or_never().unwrap().unwrap();
    query("select 1").execute(&connection).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_share_a_connection_never_have_each_others_queries_cancelled() {
    let watched = Watched::new(|builder| builder).await;
    let connection = Arc::new(watched.pool.get().await.unwrap());
    let tasks = (0..6_u64).map(|task| {
        let connection = Arc::clone(&connection);
        tokio::spawn(async move {
            for n in 0..60 {
                if (task + n) % 3 == 0 {
                    let patience = Duration::from_micros(n * 40);
                    let slow = query("select pg_sleep(0.004)").execute(&connection);
                    let _ = tokio::time::timeout(patience, slow).await;
                } else {
                    let same = query("select $1::int8").bind(n as i64);
                    let same = same.fetch_one::<Value<i64>>(&connection).await;
                    assert_eq!(same.unwrap(), n as i64);
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    drop(connection);
    watched.is_sound("shared by tasks").await;
}
