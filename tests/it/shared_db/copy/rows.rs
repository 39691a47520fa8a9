//! Rows of structs and tuples through COPY, in both directions.

use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use howdah::{
    BytesMut, Column, ColumnDefault, Encode, EncodeError, IsNull, PgRow, Pool, Table, Type, Value,
    WriteField, WriteRow,
    copy::{Csv, Progress},
    copy_in, copy_out, copy_out_query, query, types,
};

use crate::shared_db::support::pool;

#[derive(Debug, PartialEq, PgRow)]
struct Place {
    id: i64,
    name: String,
    tags: Vec<Option<String>>,
    height: Option<f64>,
}

const ID: Column = Column {
    table: "Places",
    name: "id",
    ty: types::INT8,
    nullable: false,
    default: ColumnDefault::None,
};

const PLACES: Table = Table {
    schema: "the geo",
    name: "Places",
    columns: &[ID],
    constraints: &[],
    primary_key: None,
    hidden: &[],
};

impl WriteRow for Place {
    const TABLE: &'static Table = &PLACES;
    const FIELDS: &'static [WriteField] = &[
        WriteField::column::<i64>("id"),
        WriteField::column::<String>("na\"me"),
        WriteField::column::<Vec<Option<String>>>("tags"),
        WriteField::column::<Option<f64>>("height"),
    ];

    fn encode(&self, field: usize, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match field {
            0 => self.id.encode(ty, out),
            1 => self.name.encode(ty, out),
            2 => self.tags.encode(ty, out),
            3 => self.height.encode(ty, out),
            _ => Err(EncodeError::no_field(field)),
        }
    }
}

fn place(id: i64) -> Place {
    Place {
        id,
        name: format!("{} näme {id}", "x".repeat((id % 97) as usize)),
        tags: (0..id % 4)
            .map(|n| (n != 1).then(|| n.to_string()))
            .collect(),
        height: (id % 3 != 0).then_some(id as f64 / 3.0),
    }
}

async fn places() -> (Pool, howdah_codegen::scratch::Database) {
    let (pool, database) = pool().await;
    let sql = r#"
        create schema "the geo";
        create table "the geo"."Places" (
            added int generated always as identity,
            height float8,
            id int8 primary key,
            twice int8 generated always as (id * 2) stored,
            "na""me" text not null,
            tags text[]
        )"#;
    pool.batch_execute(sql).await.unwrap();
    (pool, database)
}

const SELECT: &str =
    r#"select id, "na""me" as name, tags, height from "the geo"."Places" order by id"#;

#[tokio::test]
async fn structs_go_in_and_come_out() {
    let (pool, _database) = places().await;
    let rows: Vec<_> = (0..20_000).map(place).collect();
    let mut seen = Vec::new();
    let copied = copy_in(PLACES)
        .on_progress(|progress: Progress| seen.push(progress))
        .from_rows(&rows, &pool)
        .await
        .unwrap();
    assert_eq!(copied, 20_000);
    assert!(seen.len() > 2, "chunks: {seen:?}");
    assert_eq!(seen.last().unwrap().rows, Some(20_000));
    assert!(seen.windows(2).all(|pair| pair[0].bytes < pair[1].bytes));

    let fetched = query(SELECT).fetch_all::<Place>(&pool).await.unwrap();
    assert_eq!(fetched, rows);
    let copied = copy_out_query(format!("{SELECT}; -- all"))
        .rows::<Place, _>(&pool)
        .await
        .unwrap();
    assert_eq!(copied.collect().await.unwrap(), rows);
}

#[tokio::test]
async fn columns_of_structs_are_found_by_name_whatever_their_order() {
    let (pool, _database) = places().await;
    let rows = [place(1), place(2)];
    let copied = copy_in(PLACES)
        .columns(["na\"me", "id"])
        .from_rows(rows.iter(), &pool)
        .await;
    assert_eq!(copied.unwrap(), 2);
    let found = copy_out(PLACES)
        .columns(["id", "na\"me", "tags"])
        .rows::<(i64, String, Option<Vec<String>>), _>(&pool)
        .await
        .unwrap();
    let found = found.collect().await.unwrap();
    let name = |id| place(id).name;
    assert_eq!(found, [(1, name(1), None), (2, name(2), None)]);
}

#[tokio::test]
async fn tuples_go_in_by_position() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (a int, b text, c int generated always as (a + 1) stored)")
        .await
        .unwrap();
    let rows = [(1, Some("one")), (2, None)];
    assert_eq!(copy_in("t").from_rows(&rows, &pool).await.unwrap(), 2);
    let rows = vec![("three".to_owned(), 3)];
    let copied = copy_in(("public", "t"))
        .columns(["b", "a"])
        .from_rows(rows, &pool)
        .await;
    assert_eq!(copied.unwrap(), 1);
    assert_eq!(
        copy_in("t").from_rows([(0, ""); 0], &pool).await.unwrap(),
        0
    );
    let mut rows = copy_out_query("select a, b, c from t order by a")
        .rows::<(i32, Option<String>, i32), _>(&pool)
        .await
        .unwrap();
    let text = |s: &str| Some(s.to_owned());
    for expected in [(1, text("one"), 2), (2, None, 3), (3, text("three"), 4)] {
        assert_eq!(rows.next().await.unwrap().unwrap(), expected);
    }
    assert!(rows.next().await.is_none());
}

#[tokio::test]
async fn a_stream_of_rows_goes_in_as_it_comes() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (a int8)").await.unwrap();
    // The rows are read while others are written, a connection each.
    let rows = query("select generate_series(1::int8, 20000)")
        .stream::<(i64,)>(&pool)
        .await
        .unwrap();
    let copied = copy_in("t")
        .filter("a % 2 = 0")
        .from_stream(rows, &pool)
        .await;
    assert_eq!(copied.unwrap(), 10_000);
    let sum = query("select sum(a)::int8 from t").fetch_one::<Value<i64>>(&pool);
    assert_eq!(sum.await.unwrap(), 100_010_000);
}

#[tokio::test]
async fn identities_may_be_written_and_rows_frozen() {
    let (pool, _database) = pool().await;
    pool.transaction(async |tx| {
        tx.batch_execute("create table t (id int generated always as identity, a int)")
            .await?;
        copy_in("t").freeze().from_rows([(7, 1), (8, 2)], tx).await
    })
    .await
    .unwrap();
    let ids = query("select id from t order by id").fetch_all::<Value<i32>>(&pool);
    assert_eq!(ids.await.unwrap(), [7, 8]);
}

#[tokio::test]
async fn views_and_partitioned_tables_are_copied_out() {
    let (pool, _database) = pool().await;
    let sql = "create table p (a int) partition by range (a);
               create table p1 partition of p for values from (0) to (10);
               create view v as select a + 1 as b from p";
    pool.batch_execute(sql).await.unwrap();
    copy_in("p").from_rows([(1,)], &pool).await.unwrap();
    for (name, value) in [("p", 1), ("v", 2)] {
        let rows = copy_out(name).rows::<Value<i32>, _>(&pool).await.unwrap();
        assert_eq!(rows.collect().await.unwrap(), [value]);
    }
}

#[tokio::test]
async fn one_connection_serves_when_a_copy_out_is_dropped_early() {
    let (pool, _database) = pool().await;
    let mut rows = copy_out_query("select generate_series(1, 1000000)")
        .rows::<Value<i32>, _>(&pool)
        .await
        .unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    drop(rows);
    let one = query("select 1").fetch_one::<Value<i32>>(&pool);
    assert_eq!(one.await.unwrap(), 1);
}

#[tokio::test]
async fn a_copy_in_dropped_half_way_leaves_nothing() {
    let (_pool, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    pool.batch_execute("create table t (a int primary key)")
        .await
        .unwrap();
    let fed = tokio::sync::Notify::new();
    let rows = stream::iter(0..100_000)
        .map(Ok::<_, howdah::Error>)
        .chain(stream::once(async {
            fed.notify_one();
            std::future::pending().await
        }));
    let rows = rows.map(|row| row.map(|n: i32| (n,)));
    tokio::select! {
        _ = copy_in("t").from_stream(rows, &pool) => unreachable!("it waits for ever"),
        () = fed.notified() => {}
    }
    // The rows hold locks on their keys until they are rolled back.
    let copied = copy_in("t").from_rows([(1,)], &pool).await;
    assert_eq!(copied.unwrap(), 1);
    let count = query("select count(*) from t").fetch_one::<Value<i64>>(&pool);
    assert_eq!(count.await.unwrap(), 1);
}

#[tokio::test]
async fn who_asks_is_told_how_far_a_copy_out_is() {
    let (pool, _database) = pool().await;
    let all = || copy_out_query("select n, repeat('x', 50) from generate_series(1, 20000) n");
    let mut seen = Vec::new();
    let rows = all()
        .on_progress(|progress| seen.push(progress))
        .rows::<(i32, String), _>(&pool)
        .await
        .unwrap();
    assert_eq!(rows.collect().await.unwrap().len(), 20_000);
    assert_eq!(seen.last().unwrap().rows, Some(20_000));
    // Not for each row, but often.
    assert!((5..100).contains(&seen.len()), "{seen:?}");
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].bytes < pair[1].bytes && pair[0].rows < pair[1].rows)
    );

    let mut seen = Vec::new();
    let copy = all().on_progress(|progress| seen.push(progress));
    let written = copy
        .to_writer(Csv::new(), tokio::io::sink(), &pool)
        .await
        .unwrap();
    let last: &Progress = seen.last().unwrap();
    assert!(seen.len() > 5, "{seen:?}");
    assert_eq!((last.rows, last.bytes), (None, written));

    // Who stops half-way is not told that all was taken.
    let mut seen = Vec::new();
    let mut bytes = all()
        .on_progress(|progress| seen.push(progress))
        .bytes(Csv::new(), &pool)
        .await
        .unwrap();
    for _ in 0..5_000 {
        bytes.next().await.unwrap().unwrap();
    }
    drop(bytes);
    assert!(
        seen.len() > 1 && seen.iter().all(|seen| seen.bytes < written),
        "{seen:?}"
    );
}

/// Rows may take their time to be made. Whatever else the program does goes on meanwhile, and no more of them are made than it
/// takes to hear that the server refuses one.
#[tokio::test]
async fn a_copy_of_slow_rows_lets_others_go_on() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (a int check (a < 100), words text)")
        .await
        .unwrap();
    let words = "x".repeat(80_000);
    for (first, fits) in [(0, true), (1_000, false)] {
        let (turns, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let others = async {
            loop {
                turns.fetch_add(1, Relaxed);
                tokio::task::yield_now().await;
            }
        };
        let rows = (0..100).map(|n| {
            made.fetch_add(1, Relaxed);
            std::thread::sleep(Duration::from_millis(5));
            (first + n, words.as_str())
        });
        tokio::select! {
            copied = copy_in("t").from_rows(rows, &pool) => assert_eq!(copied.is_ok(), fits),
            () = others => unreachable!("it goes on for ever"),
        }
        assert!(turns.into_inner() >= made.load(Relaxed));
        assert_eq!(made.into_inner() == 100, fits);
    }
}
