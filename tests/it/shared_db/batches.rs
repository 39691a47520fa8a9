//! Batches: many queries in one round trip, each with a result or an error of its own.

use std::time::Duration;

use howdah::{
    Error, ErrorKind, Exec, Many, One, Opt, Param, Pool, Query, TypedQuery, Value, batch, query,
};

use super::{proxy::Proxy, support::pool};
use crate::waiting::in_time;

fn double(n: i32) -> Query<'static, One<Value<i32>>> {
    Query::new("tests::double", "select $1 * 2", [Param::new(n)])
}

fn divide(n: i32) -> Query<'static, Opt<Value<i32>>> {
    Query::new(
        "tests::divide",
        "select 10 / $1 where $1 < 100",
        [Param::new(n)],
    )
}

fn insert(n: i32) -> TypedQuery<'static, Exec> {
    query("insert into t values ($1)").bind(n).yields()
}

#[tokio::test]
async fn each_query_has_its_own_result() {
    let (pool, _database) = pool().await;
    let names = query("select unnest($1::text[])").bind(["a", "b"]);
    let (four, none, names) = batch((
        double(2),
        divide(100),
        names.yields::<Many<Value<String>>>(),
    ))
    .fetch(&pool)
    .await
    .unwrap();
    assert_eq!((four, none), (4, None));
    assert_eq!(names, ["a", "b"]);

    let many: Vec<_> = (0..1_000).map(double).collect();
    let doubled = batch(many).fetch(&pool).await.unwrap();
    assert!(doubled.into_iter().eq((0..1_000).map(|n| n * 2)));
    let nothing = batch(Vec::<Query<'_, Exec>>::new()).fetch(&pool).await;
    assert!(nothing.unwrap().is_empty());
}

#[tokio::test]
async fn a_query_that_fails_leaves_the_others_alone() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (n int primary key)")
        .await
        .unwrap();
    let results = batch(vec![insert(1), insert(1), insert(2)])
        .fetch_each(&pool)
        .await
        .unwrap();
    assert_eq!(*results[0].as_ref().unwrap(), 1);
    assert!(results[1].as_ref().unwrap_err().is_unique_violation());
    assert_eq!(*results[2].as_ref().unwrap(), 1);

    let (one, two, three) = batch((
        divide(0),
        double(1),
        query("select nonsense").yields::<Exec>(),
    ))
    .fetch_each(&pool)
    .await
    .unwrap();
    assert_eq!(one.as_ref().unwrap_err().query(), Some("tests::divide"));
    assert_eq!(two.unwrap(), 2);
    assert_eq!(three.unwrap_err().sqlstate(), Some("42703"));
    let first = batch((double(1), divide(0))).fetch(&pool).await;
    assert_eq!(first.unwrap_err().sqlstate(), Some("22012"));
}

#[tokio::test]
async fn in_a_transaction_all_happens_or_nothing() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (n int primary key)")
        .await
        .unwrap();
    let undone: Result<(), Error> = pool
        .transaction(async |tx| {
            let error = batch(vec![insert(1), insert(1), insert(2)]).fetch(tx).await;
            assert!(error.unwrap_err().is_unique_violation());
            Ok(())
        })
        .await;
    assert_eq!(undone.unwrap_err().kind(), ErrorKind::TransactionAborted);
    pool.transaction(async |tx| batch((insert(1), insert(2))).fetch(tx).await)
        .await
        .unwrap();
    let count = query("select count(*) from t").fetch_one::<Value<i64>>(&pool);
    assert_eq!(count.await.unwrap(), 2);
}

/// The session goes back to the pool after the batch, with what was set.
#[tokio::test]
async fn what_is_for_one_connection_is_refused_in_a_batch_on_a_pool() {
    let (pool, _database) = pool().await;
    for sql in ["set application_name = 'batched'", "begin", "listen calls"] {
        let refused = batch((double(1), query(sql).yields::<Exec>())).fetch_each(&pool);
        let (doubled, refused) = refused.await.unwrap();
        assert_eq!(doubled.unwrap(), 2);
        let refused = refused.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Configuration, "{refused}");
    }
    // It is the caller's connection.
    let connection = pool.get().await.unwrap();
    let set = query("set application_name = 'batched'").yields::<Exec>();
    batch((set,)).fetch(&connection).await.unwrap();
}

/// A pool of one connection whose answers can be held back.
async fn held_back() -> (Pool, Proxy, howdah_codegen::scratch::Database) {
    let (_pool, database) = pool().await;
    let proxy = Proxy::new(database.url()).await;
    let pool = Pool::builder(&proxy.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    // Prepared before, so that a query is one message.
    double(0).fetch(&pool).await.unwrap();
    (pool, proxy, database)
}

/// What would wait for ever fails.
#[tokio::test]
async fn a_batch_is_one_round_trip() {
    let (pool, proxy, _database) = held_back().await;
    // None of the answers comes before all of the questions are there.
    proxy.hold_back_until(50);
    let many: Vec<_> = (0..50).map(double).collect();
    assert_eq!(in_time(batch(many).fetch(&pool)).await.unwrap()[49], 98);
    proxy.hold_back_until(3);
    let three = in_time(batch((double(1), double(2), double(3))).fetch(&pool)).await;
    assert_eq!(three.unwrap(), (2, 4, 6));
}

#[tokio::test]
async fn queries_that_are_joined_on_a_connection_are_one_round_trip() {
    let (pool, proxy, _database) = held_back().await;
    let connection = pool.get().await.unwrap();
    proxy.hold_back_until(3);
    let joined = in_time(async {
        tokio::try_join!(
            double(1).fetch(&connection),
            double(2).fetch(&connection),
            double(3).fetch(&connection)
        )
    })
    .await;
    assert_eq!(joined.unwrap(), (2, 4, 6));
}

/// None of its queries is run once nobody waits for it.
#[tokio::test]
async fn a_batch_that_is_dropped_is_cancelled_whole() {
    let (admin, database) = pool().await;
    admin
        .batch_execute("create table t (n int4)")
        .await
        .unwrap();
    let builder = Pool::builder(database.url()).unwrap().max_size(1);
    let pool = builder.build().unwrap();
    let insert = |n: i32| query("insert into t select $1 from pg_sleep(3)").bind(n);
    let all = batch(
        (0..12)
            .map(|n| insert(n).yields::<Exec>())
            .collect::<Vec<_>>(),
    );
    let limit = Duration::from_millis(300);
    assert!(tokio::time::timeout(limit, all.fetch(&pool)).await.is_err());
    let rows = query("select count(*) from t").fetch_one::<Value<i64>>(&pool);
    assert_eq!(rows.await.unwrap(), 0);
    assert_eq!(pool.status().opened, 1);
}
