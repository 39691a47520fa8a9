//! Transactions unlike the default: isolation, access, settings, deadlines, retries.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use howdah::{Error, ErrorKind, Isolation, Pool, Transaction, TransactionOptions, Value, query};
use tokio::sync::Barrier;

use super::{
    super::{proxy::Proxy, support::pool},
    table,
};

async fn text(tx: &Transaction<'_>, sql: &'static str) -> String {
    query(sql).fetch_one::<Value<String>>(tx).await.unwrap()
}

#[tokio::test]
async fn the_server_is_told_what_was_asked_for() {
    let (pool, _database) = table().await;
    let none = TransactionOptions::new;
    for (options, expected) in [
        (none(), ["read committed", "off", "off"]),
        (none().serializable(), ["serializable", "off", "off"]),
        (
            none().repeatable_read().read_only(),
            ["repeatable read", "on", "off"],
        ),
        (
            none().isolation(Isolation::ReadCommitted).read_write(),
            ["read committed", "off", "off"],
        ),
        (none().deferrable(), ["serializable", "on", "on"]),
    ] {
        let mut connection = pool.get().await.unwrap();
        let tx = connection.begin_with(&options).await.unwrap();
        let seen = [
            text(&tx, "show transaction_isolation").await,
            text(&tx, "show transaction_read_only").await,
            text(&tx, "show transaction_deferrable").await,
        ];
        assert_eq!(seen, expected, "{options:?}");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn settings_hold_until_the_end_and_no_longer() {
    let (pool, database) = table().await;
    let odd = "it's \"odd\" \\ $1; drop table t";
    let options = TransactionOptions::new()
        .setting("app.tenant", odd)
        .setting("app.user", "é");
    let pool_of_one = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    let seen = pool_of_one
        .transaction_with(&options, async |tx| {
            let tenant = text(tx, "select current_setting('app.tenant')").await;
            Ok::<_, Error>((tenant, text(tx, "select current_setting('app.user')").await))
        })
        .await
        .unwrap();
    assert_eq!(seen, (odd.to_owned(), "é".to_owned()));
    let after = query("select current_setting('app.tenant', true)")
        .fetch_one::<Value<Option<String>>>(&pool_of_one)
        .await
        .unwrap();
    assert!(after.unwrap_or_default().is_empty());
    assert!(!format!("{options:?}").contains("odd"), "{options:?}");

    let wrong = TransactionOptions::new().setting("no such setting", "x");
    let error = pool
        .transaction_with(&wrong, async |tx| {
            query("insert into t values (9)").execute(tx).await
        })
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database, "{error}");
    assert!(super::rows(&pool).await.is_empty());
}

#[tokio::test]
async fn a_policy_sees_the_tenant_of_its_transaction() {
    let (pool, _database) = table().await;
    pool.batch_execute(
        "create role reader_of_tenants; grant select on t to reader_of_tenants;
         insert into t values (1), (2);
         alter table t enable row level security;
         create policy own on t using (n = current_setting('app.tenant')::int)",
    )
    .await
    .unwrap();
    let tenant = TransactionOptions::new()
        .setting("role", "reader_of_tenants")
        .setting("app.tenant", "2");
    let seen = pool
        .transaction_with(&tenant, async |tx| {
            query("select n from t").fetch_all::<Value<i32>>(tx).await
        })
        .await
        .unwrap();
    pool.batch_execute("drop owned by reader_of_tenants; drop role reader_of_tenants")
        .await
        .unwrap();
    assert_eq!(seen, [2]);
}

#[tokio::test]
async fn a_transaction_past_its_deadline_is_rolled_back() {
    let (pool, _database) = table().await;
    let limit = Duration::from_millis(700);
    let options = TransactionOptions::new().timeout(limit);
    let began = Instant::now();
    let error = pool
        .transaction_with(&options.clone().retry(3), async |tx| {
            query("insert into t values (1)").execute(tx).await?;
            std::future::pending::<Result<(), Error>>().await
        })
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(began.elapsed() >= limit);
    // The server, which has the same limit, may be first to see that it has passed.
    for _ in 0..20 {
        let options = TransactionOptions::new().timeout(Duration::from_millis(20));
        let slow = pool.transaction_with(&options, async |tx| {
            query("select pg_sleep(60)").execute(tx).await
        });
        assert_eq!(slow.await.unwrap_err().kind(), ErrorKind::Timeout);
    }
    // The row's key is free again.
    query("insert into t values (1)")
        .execute(&pool)
        .await
        .unwrap();
    let mut connection = pool.get().await.unwrap();
    let tx = connection.begin_with(&options).await.unwrap();
    assert_eq!(text(&tx, "show statement_timeout").await, "700ms");
    let version = text(&tx, "show server_version_num").await;
    let late = match version.parse::<u32>().unwrap() {
        170_000.. => "show transaction_timeout",
        _ => "show idle_in_transaction_session_timeout",
    };
    assert_eq!(text(&tx, late).await, "1700ms");
}

/// Short statements one after the other, of which none is late, are ended by PostgreSQL 17 and later.
#[tokio::test]
async fn a_server_that_can_ends_a_transaction_past_its_deadline_by_itself() {
    let (pool, _database) = table().await;
    let options = TransactionOptions::new().timeout(Duration::from_millis(200));
    let mut connection = pool.get().await.unwrap();
    let tx = connection.begin_with(&options).await.unwrap();
    let version = text(&tx, "show server_version_num").await;
    let began = Instant::now();
    let ended = loop {
        let short = query("select pg_sleep(0.02)").execute(&tx).await;
        if short.is_err() || began.elapsed() > Duration::from_secs(3) {
            break short;
        }
    };
    match version.parse::<u32>().unwrap() {
        170_000.. => {
            assert_eq!(ended.unwrap_err().sqlstate(), Some("25P04"));
            assert!(began.elapsed() >= Duration::from_millis(1_000));
        }
        _ => drop(ended.unwrap()),
    }
}

#[tokio::test]
async fn serialization_failures_are_run_again_when_asked_for() {
    let (pool, _database) = table().await;
    pool.batch_execute(
        "insert into t select n from generate_series(1, 10) n; create table log (total int8)",
    )
    .await
    .unwrap();
    let attempts = AtomicU32::new(0);
    let options = TransactionOptions::new().serializable().retry(50);
    // Each writes what the others read: one at a time can succeed. The first two have both read before either writes.
    let both_have_read = Barrier::new(2);
    let add = async || {
        pool.transaction_with(&options, async |tx| {
            let attempt = attempts.fetch_add(1, Relaxed);
            let count = query("select count(*) from log")
                .fetch_one::<Value<i64>>(tx)
                .await?;
            if attempt < 2 {
                both_have_read.wait().await;
            }
            query("insert into log values ($1)")
                .bind(count)
                .execute(tx)
                .await
        })
        .await
    };
    let all = futures_util::future::join_all((0..8).map(|_| add())).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert!(attempts.load(Relaxed) > 8, "no conflict at all");
    let totals = query("select total from log order by total")
        .fetch_all::<Value<i64>>(&pool)
        .await;
    assert_eq!(totals.unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn what_is_no_conflict_is_not_run_again() {
    let (pool, _database) = table().await;
    let attempts = AtomicU32::new(0);
    let options = TransactionOptions::new().retry(5);
    let failed = pool
        .transaction_with(&options, async |tx| {
            attempts.fetch_add(1, Relaxed);
            query("select 1 / 0").execute(tx).await
        })
        .await;
    assert_eq!(failed.unwrap_err().sqlstate(), Some("22012"));
    assert_eq!(attempts.load(Relaxed), 1);
}

/// Nor where there was a conflict in it that somebody has taken care of.
#[tokio::test]
async fn what_may_have_been_committed_is_not_run_again() {
    let (_pool, database) = pool().await;
    let proxy = Proxy::new(database.url()).await;
    let pool = Pool::connect(&proxy.url()).await.unwrap();
    let conflict = "do $$ begin raise exception using errcode = 'serialization_failure'; end $$";
    let options = TransactionOptions::new().retry(3);
    let runs = AtomicU32::new(0);
    proxy.break_behind("COMMIT");
    let done: Result<(), Error> = pool
        .transaction_with(&options, async |tx| {
            runs.fetch_add(1, Relaxed);
            let tried = tx.transaction(async |tx| query(conflict).execute(tx).await);
            assert!(tried.await.unwrap_err().is_serialization_failure());
            Ok(())
        })
        .await;
    assert_eq!(done.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(runs.into_inner(), 1);
}

#[tokio::test]
async fn a_transaction_with_options_runs_in_a_spawned_task() {
    let (pool, _database) = table().await;
    let task = tokio::spawn({
        let pool = pool.clone();
        async move {
            let n = 7;
            pool.transaction_with(&TransactionOptions::new().serializable(), async |tx| {
                query("insert into t values ($1)").bind(n).execute(tx).await
            })
            .await
        }
    });
    task.await.unwrap().unwrap();
    assert_eq!(super::rows(&pool).await, [7]);
}

/// What is begun by hand has no body that could be run again.
#[tokio::test]
async fn a_transaction_that_is_begun_by_hand_cannot_be_run_again() {
    let (pool, _database) = table().await;
    let mut connection = pool.get().await.unwrap();
    let again = TransactionOptions::new().retry(1);
    for refused in [
        connection.begin_with(&again).await.unwrap_err(),
        pool.begin_with(&again).await.unwrap_err(),
    ] {
        assert_eq!(refused.kind(), ErrorKind::Configuration);
        assert!(
            refused.to_string().contains("`transaction_with`"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_transaction_on_a_connection_is_run_again_on_it() {
    let (pool, _database) = table().await;
    pool.batch_execute("insert into t values (1)")
        .await
        .unwrap();
    let mut connection = pool.get().await.unwrap();
    let own = "select pg_backend_pid()";
    let pid = query(own).fetch_one::<Value<i32>>(&connection).await;
    let attempts = AtomicU32::new(0);
    let options = TransactionOptions::new().repeatable_read().retry(1);
    let seen = connection
        .transaction_with(&options, async |tx| {
            query("select n from t").execute(tx).await?;
            if attempts.fetch_add(1, Relaxed) == 0 {
                // What another one commits meanwhile, it must not overwrite unseen.
                query("update t set n = n + 1").execute(&pool).await?;
            }
            query("update t set n = n * 10").execute(tx).await?;
            query(own).fetch_one::<Value<i32>>(tx).await
        })
        .await;
    assert_eq!(seen.unwrap(), pid.unwrap());
    assert_eq!(attempts.load(Relaxed), 2);
    assert_eq!(super::rows(&pool).await, [20]);
    let late = TransactionOptions::new().timeout(Duration::from_millis(50));
    // Of a statement, the server might be the first to say so.
    let never = async |_: &mut Transaction<'_>| std::future::pending::<Result<(), Error>>().await;
    let late = connection.transaction_with(&late, never).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Timeout);
    query("select 1").execute(&connection).await.unwrap();
}
