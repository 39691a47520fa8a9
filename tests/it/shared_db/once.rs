//! SQL that runs once: it is neither prepared nor kept.

use std::time::Duration;

use futures_util::TryStreamExt;
use howdah::{ErrorKind, Executor, Opaque, PgRow, Pool, Record, Type, Value, query};

use super::{proxy::Proxy, support::pool};

#[tokio::test]
async fn what_is_run_once_takes_one_round_trip() {
    let (_, database) = pool().await;
    let proxy = Proxy::new(database.url()).await;
    let builder = || Pool::builder(&proxy.url()).unwrap().max_size(1);
    let sum = |n: i64| {
        let once = query("select $1 + n, $2 from generate_series(1, 3) n")
            .bind(n)
            .bind("é");
        once.once([Type::INT8, Type::TEXT])
    };
    for pool in [
        builder().build().unwrap(),
        builder().unnamed_statements().build().unwrap(),
        builder().single_statements().build().unwrap(),
    ] {
        pool.warm_up().await.unwrap();
        drop(pool.get().await.unwrap());
        for n in 0..3 {
            let before = proxy.asked();
            let found = sum(n).fetch_all::<(i64, String)>(&pool).await.unwrap();
            assert_eq!(found[2], (n + 3, "é".to_owned()));
            assert_eq!(proxy.asked() - before, 1);
        }
        let stream = sum(1).stream::<(i64, String)>(&pool).await.unwrap();
        assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 3);
        // Types that do not fit are seen before anything is sent, and columns when they come.
        let before = proxy.asked();
        for types in [vec![Type::INT8], vec![Type::INT8, Type::INT4]] {
            let wrong = query("select $1").bind(1_i64).bind("é").once(types);
            let error = wrong.execute(&pool).await.unwrap_err();
            assert_ne!(error.kind(), ErrorKind::Encode, "{error}");
            assert!(matches!(
                error.kind(),
                ErrorKind::Mapping | ErrorKind::Database
            ));
        }
        assert_eq!(proxy.asked(), before);
        let error = sum(1).fetch_all::<(i32, String)>(&pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mapping);
        let kept = "select count(*) from pg_prepared_statements where statement like '%generate_series(1, 3)%' and not statement like '%kept%'";
        let kept = query(kept).fetch_one::<Value<i64>>(&pool).await.unwrap();
        assert_eq!(kept, 0);
    }
}

/// A thousand rows are more than is read ahead.
#[tokio::test]
async fn a_type_of_the_schema_is_asked_for_behind_the_rows() {
    let (_, database) = pool().await;
    let pool = Pool::connect(database.url()).await.unwrap();
    pool.batch_execute(
        "create type mood as enum ('glad'); create type pair as (a int4, moods mood[])",
    )
    .await
    .unwrap();
    let sql = "select 'glad'::mood, row($1, '{glad}')::pair, repeat('x', 1000) from generate_series(1, 1000)";
    let all = || query(sql).bind(7).once([Type::INT4]);
    type Row = (Opaque, Record<(i32, Vec<Opaque>)>, String);
    for _ in 0..2 {
        let found = all().fetch_all::<Row>(&pool).await.unwrap();
        assert_eq!(found.len(), 1_000);
        for (mood, Record((a, moods)), _) in &found {
            assert_eq!(
                (mood.type_name(), mood.as_bytes()),
                ("public.mood".to_owned(), &b"glad"[..])
            );
            assert_eq!((*a, moods), (7, &vec![mood.clone()]));
        }
    }
    let stream = all().stream::<Row>(&pool).await.unwrap();
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 1_000);
    let rows = pool.transaction(async |tx| all().fetch_rows(tx).await);
    assert_eq!(rows.await.unwrap().len(), 1_000);
}

#[tokio::test]
async fn a_type_that_was_changed_is_learnt_anew() {
    #[derive(Debug, PartialEq, PgRow)]
    struct Pair {
        a: i32,
        b: i32,
    }
    let (_, database) = pool().await;
    let builder = Pool::builder(database.url()).unwrap().max_size(1);
    let pool = builder.build().unwrap();
    pool.batch_execute("create type pair as (a int4)")
        .await
        .unwrap();
    let found = async |sql| {
        let found = query(sql).once([]);
        found.fetch_one::<Value<Record<Pair>>>(&pool).await
    };
    let error = found("select row(1)::pair").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping, "{error}");
    pool.batch_execute("alter type pair add attribute b int4")
        .await
        .unwrap();
    let Record(pair) = found("select row(1, 2)::pair").await.unwrap();
    assert_eq!(pair, Pair { a: 1, b: 2 });
}

#[tokio::test]
async fn the_server_is_told_of_its_deadline() {
    let (_, database) = pool().await;
    let builder = Pool::builder(database.url()).unwrap().max_size(1);
    let pool = builder.build().unwrap();
    let shown = async |limit| {
        let shown = query("select current_setting('statement_timeout')").once([]);
        shown
            .fetch_one::<Value<String>>(&pool.within(limit))
            .await
            .unwrap()
    };
    assert_eq!(shown(Duration::from_secs(7)).await, "7s");
    let after = query("show statement_timeout").once([]);
    assert_eq!(after.fetch_one::<Value<String>>(&pool).await.unwrap(), "0");
}
