//! Advisory locks: held as long as said, and never left on a connection of the pool.

use std::time::Duration;

use futures_util::FutureExt;
use howdah::{Error, LockKey, Pool, Value, query};

use super::table;

async fn held(pool: &Pool) -> i64 {
    query("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")
        .fetch_one::<Value<i64>>(pool)
        .await
        .unwrap()
}

async fn until_free(pool: &Pool) {
    while held(pool).await > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_lock_of_a_session_is_held_until_its_guard_goes() {
    let (pool, _database) = table().await;
    for key in [
        LockKey::from(7),
        LockKey::from((7, -1)),
        LockKey::from("nightly"),
    ] {
        let lock = pool.lock(key).await.unwrap();
        assert!(pool.try_lock(key).await.unwrap().is_none());
        assert_eq!(held(&pool).await, 1);
        query("select 1").execute(&lock).await.unwrap();
        lock.release().await.unwrap();
        assert_eq!(held(&pool).await, 0);

        drop(pool.try_lock(key).await.unwrap().unwrap());
        until_free(&pool).await;
    }
}

#[tokio::test]
async fn a_shared_lock_lets_sharers_in_and_nobody_else() {
    let (pool, _database) = table().await;
    let key = LockKey::from("shared");
    let one = pool.lock(key.shared()).await.unwrap();
    let other = pool.try_lock(key.shared()).await.unwrap().unwrap();
    assert!(pool.try_lock(key).await.unwrap().is_none());
    one.release().await.unwrap();
    other.release().await.unwrap();
    assert!(pool.try_lock(key).await.unwrap().is_some());
}

#[tokio::test]
async fn a_wait_that_is_given_up_leaves_no_lock() {
    let (_, database) = table().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(2)
        .build()
        .unwrap();
    let first = pool.lock("one").await.unwrap();
    let waiting = pool.lock("one");
    assert!(
        tokio::time::timeout(Duration::from_millis(50), waiting)
            .await
            .is_err()
    );
    first.release().await.unwrap();
    until_free(&pool).await;
    // Polled a number of times and dropped, whether it has the lock by then or not.
    for polls in 0..8 {
        let mut taking = Box::pin(pool.lock("one"));
        for _ in 0..polls {
            if taking.as_mut().now_or_never().is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drop(taking);
        until_free(&pool).await;
    }
    assert_eq!(pool.status().size, 2);
}

#[tokio::test]
async fn a_lock_of_a_transaction_ends_with_it() {
    let (pool, _database) = table().await;
    pool.transaction(async |tx| {
        tx.lock("report").await?;
        assert!(
            !pool
                .transaction(async |other| other.try_lock("report").await)
                .await?
        );
        assert!(tx.try_lock("report").await?);
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    assert_eq!(held(&pool).await, 0);
}
