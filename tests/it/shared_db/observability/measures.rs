//! The metrics of queries and pools.

use std::time::Duration;

use howdah::{ErrorKind, Many, Pool, Query, Value, query};

use super::recorder::Recorded;
use crate::shared_db::support::pool;
use crate::waiting::wait_until;

#[tokio::test]
async fn a_query_is_measured_by_its_name() {
    let recorded = Recorded::of_program();
    let (pool, _database) = pool().await;
    let some: Query<'_, Many<Value<i32>>> = Query::new(
        "measures::some",
        "select 10 / (n - 4) from generate_series(1, 3) n",
        [],
    );
    assert_eq!(some.fetch(&pool).await.unwrap().len(), 3);
    let failing: Query<'_, Many<Value<i32>>> = Query::new("measures::failing", "select 1 / 0", []);
    failing.fetch(&pool).await.unwrap_err();

    let took = recorded.values(&["db.client.operation.duration{", "measures::some"]);
    assert!(
        matches!(*took, [took] if took > 0.0 && took < 60.0),
        "{took:?}"
    );
    let rows = recorded.values(&["db.client.response.returned_rows{", "measures::some"]);
    assert_eq!(rows, [3.0]);
    let name = ["db.client.operation.duration{", "measures::failing"];
    assert_eq!(recorded.values(&name).len(), 1);
    assert_eq!(
        recorded
            .values(&[name[0], name[1], "error.type=22012"])
            .len(),
        1
    );
}

#[tokio::test]
async fn a_pool_is_measured() {
    let recorded = Recorded::of_program();
    let (_, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .name("measured")
        .max_size(2)
        .wait_timeout(Duration::from_millis(20))
        .idle_timeout(Duration::from_secs(3600))
        .build()
        .unwrap();
    let told =
        |what: &str| recorded.values(&[&format!("db.client.connection.{what}"), "=measured"]);
    let count = |state: &str| {
        let name = ["connection.count{", "=measured", state];
        recorded.values(&name).last().copied()
    };
    let held = [pool.get().await.unwrap(), pool.get().await.unwrap()];
    wait_until("in use", async || {
        (count("used"), count("idle")) == (Some(2.0), Some(0.0))
    })
    .await;
    assert_eq!(told("max{").last(), Some(&2.0));

    // In vain, and nothing more than that.
    let refused = pool.get().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Pool);
    assert_eq!(told("timeouts{"), [1.0]);
    assert_eq!(told("wait_time{").len(), 2);
    assert_eq!(told("use_time{").len(), 0);
    assert_eq!(told("create_time{").len(), 2);
    assert!(told("create_time{").iter().all(|took| *took > 0.0));

    drop(held);
    assert_eq!(told("use_time{").len(), 2);
    wait_until("idle", async || {
        (count("used"), count("idle")) == (Some(0.0), Some(2.0))
    })
    .await;
    query("select 1").execute(&pool).await.unwrap();
    // It had not to wait.
    assert_eq!(told("wait_time{").last(), Some(&0.0));
    assert_eq!(told("use_time{").len(), 3);
    assert_eq!(told("create_time{").len(), 2);

    drop(pool);
    wait_until("gone", async || {
        (count("used"), count("idle")) == (Some(0.0), Some(0.0))
    })
    .await;
}

#[tokio::test]
async fn who_waits_is_counted_and_timed() {
    let recorded = Recorded::of_program();
    let (_, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .name("queue")
        .max_size(1)
        .build()
        .unwrap();
    let held = pool.get().await.unwrap();
    let mut waiting = Box::pin(futures_util::future::join(pool.get(), pool.get()));
    assert!(futures_util::FutureExt::now_or_never(waiting.as_mut()).is_none());
    assert_eq!(pool.status().waiting, 2);
    let pending = || recorded.values(&["connection.pending_requests{", "=queue"]);
    wait_until("waiting", async || pending().last() == Some(&2.0)).await;
    drop(waiting);
    assert_eq!(pool.status().waiting, 0);
    wait_until("nobody", async || pending().last() == Some(&0.0)).await;

    let limit = Duration::from_millis(30);
    let (taken, ()) = tokio::join!(pool.get(), async {
        tokio::time::sleep(limit).await;
        drop(held);
    });
    taken.unwrap();
    let name = |what: &str| recorded.values(&[&format!("db.client.connection.{what}"), "=queue"]);
    assert!(name("wait_time{").last().unwrap() >= &limit.as_secs_f64());
    assert!(name("use_time{")[0] >= limit.as_secs_f64());
}

#[tokio::test]
async fn pools_are_told_apart_by_where_they_connect_to_and_never_by_a_secret() {
    let recorded = Recorded::of_program();
    let (_, database) = pool().await;
    let url = database.url().replace("postgres@", "postgres:hunter2@");
    assert_ne!(url, database.url());
    let pool = Pool::connect(&url).await.unwrap();
    query("select $1::text")
        .bind("swordfish")
        .execute(&pool)
        .await
        .unwrap();
    query("select $1::text::int")
        .bind("swordfish")
        .execute(&pool)
        .await
        .unwrap_err();
    let place = format!(":5432/{}", database.name());
    let parts = ["db.client.connection.count{", "state=idle", place.as_str()];
    wait_until("told", async || !recorded.values(&parts).is_empty()).await;
    for name in recorded.names() {
        for secret in ["hunter2", "swordfish"] {
            assert!(!name.contains(secret), "{name}");
        }
    }
}
