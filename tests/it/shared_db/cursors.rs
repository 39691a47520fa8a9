//! Cursors: rows a few at a time, forwards and backwards, in a transaction and without one.

use futures_util::{StreamExt, TryStreamExt};
use howdah::{Connection, ErrorKind, Many, Param, Pool, Query, Value, query};

use super::support::pool;

fn numbers(last: i32) -> Query<'static, Many<Value<i32>>> {
    Query::new(
        "tests::numbers",
        "select generate_series(1, $1::int) -- all",
        [Param::new(last)],
    )
}

async fn open_cursors(connection: &Connection) -> i64 {
    let count = query("select count(*) from pg_cursors where name <> ''")
        .fetch_one::<Value<i64>>(connection);
    count.await.unwrap()
}

#[tokio::test]
async fn rows_come_a_few_at_a_time() {
    let (pool, _database) = pool().await;
    pool.transaction(async |tx| {
        let mut cursor = numbers(10).cursor().open(tx).await?;
        assert_eq!(cursor.fetch(4).await?, [1, 2, 3, 4]);
        // Other statements run in between.
        let one = query("select 1").fetch_one::<Value<i32>>(tx).await?;
        assert_eq!(one, 1);
        assert_eq!(cursor.skip(3).await?, 3);
        assert_eq!(cursor.fetch(4).await?, [8, 9, 10]);
        assert!(cursor.fetch(4).await?.is_empty());
        cursor.close().await
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_cursor_scrolls_where_asked() {
    let (pool, _database) = pool().await;
    pool.transaction(async |tx| {
        let mut cursor = numbers(100).cursor().scroll().open(tx).await?;
        assert_eq!(cursor.fetch_at(-1).await?, Some(100));
        assert_eq!(cursor.fetch_back(2).await?, [99, 98]);
        assert_eq!(cursor.fetch_at(50).await?, Some(50));
        assert_eq!(cursor.fetch_at(101).await?, None);
        cursor.move_to(0).await?;
        assert_eq!(cursor.fetch(1).await?, [1]);
        Ok::<_, howdah::Error>(())
    })
    .await
    .unwrap();
    let refused = pool
        .transaction(async |tx| {
            let mut cursor = numbers(3).cursor().open(tx).await?;
            cursor.fetch_back(1).await
        })
        .await
        .unwrap_err();
    assert_eq!(refused.sqlstate(), Some("55000"));
    assert_eq!(refused.query(), Some("tests::numbers"));
}

/// PostgreSQL's `FETCH FORWARD 0` reads the current row again.
#[tokio::test]
async fn where_no_rows_are_asked_for_none_come_and_the_place_is_kept() {
    let (pool, _database) = pool().await;
    pool.transaction(async |tx| {
        for cursor in [numbers(9).cursor(), numbers(9).cursor().scroll()] {
            let mut cursor = cursor.open(tx).await?;
            assert_eq!(cursor.fetch(2).await?, [1, 2]);
            assert!(cursor.fetch(0).await?.is_empty());
            assert!(cursor.fetch_back(0).await?.is_empty());
            assert_eq!(cursor.skip(0).await?, 0);
            assert_eq!(cursor.fetch(1).await?, [3]);
        }
        Ok::<_, howdah::Error>(())
    })
    .await
    .unwrap();
}

/// In the server's grammar, numbers end where an `int` does.
#[tokio::test]
async fn more_rows_may_be_asked_for_than_the_server_counts() {
    let (pool, _database) = pool().await;
    pool.transaction(async |tx| {
        let mut cursor = numbers(5).cursor().scroll().open(tx).await?;
        assert_eq!(cursor.fetch(u32::MAX).await?.len(), 5);
        assert_eq!(cursor.fetch_back(u32::MAX).await?.len(), 5);
        assert_eq!(cursor.skip(u32::MAX).await?, 5);
        for position in [i64::MAX, i64::MIN] {
            let error = cursor.fetch_at(position).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert_eq!(error.query(), Some("tests::numbers"));
        }
        // Nothing of it was sent.
        assert_eq!(cursor.fetch_at(5).await?, Some(5));
        let rows = cursor.into_stream(u32::MAX);
        assert_eq!(rows.count().await, 0);
        Ok::<_, howdah::Error>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_named_cursor_says_which_row_is_updated() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create table t (n int); insert into t select generate_series(1, 5)")
        .await
        .unwrap();
    pool.transaction(async |tx| {
        let select = query("select n from t order by n for update");
        let mut cursor = select
            .cursor::<Value<i32>>()
            .named("The \"Row")
            .open(tx)
            .await?;
        while let [n] = cursor.fetch(1).await?[..] {
            if n % 2 == 0 {
                let sql = r#"update t set n = n * 10 where current of "The ""Row""#;
                query(sql).execute(tx).await?;
            }
        }
        Ok::<_, howdah::Error>(())
    })
    .await
    .unwrap();
    let rows = query("select n from t order by n").fetch_all::<Value<i32>>(&pool);
    assert_eq!(rows.await.unwrap(), [1, 3, 5, 20, 40]);
}

#[tokio::test]
async fn a_stream_takes_batches() {
    let (pool, _database) = pool().await;
    for (last, batch) in [(0, 10), (10, 10), (11, 10), (25, 1), (5, 0)] {
        let rows = pool
            .transaction(async |tx| {
                let cursor = numbers(last).cursor().open(tx).await?;
                cursor.into_stream(batch).try_collect::<Vec<_>>().await
            })
            .await
            .unwrap();
        assert!(rows.into_iter().eq(1..=last));
    }
    // A failure half-way comes after the rows before it.
    let found = pool
        .transaction(async |tx| {
            let select = query("select 10 / (3 - n) from generate_series(1, 5) n");
            let rows = select.cursor::<Value<i32>>().open(tx).await?.into_stream(2);
            let mut rows = Box::pin(rows);
            assert_eq!(rows.next().await.unwrap()?, 5);
            assert_eq!(rows.next().await.unwrap()?, 10);
            rows.next().await.unwrap()
        })
        .await;
    assert_eq!(found.unwrap_err().sqlstate(), Some("22012"));
}

#[tokio::test]
async fn a_held_cursor_outlives_what_is_committed_meanwhile() {
    let (pool, _database) = pool().await;
    let mut connection = pool.get().await.unwrap();
    let mut cursor = numbers(5).cursor().open_held(&connection).await.unwrap();
    query("select 1").execute(&connection).await.unwrap();
    assert_eq!(cursor.fetch(3).await.unwrap(), [1, 2, 3]);
    assert_eq!(open_cursors(&connection).await, 1);
    drop(cursor);
    assert_eq!(open_cursors(&connection).await, 0);

    let transaction = connection.begin().await.unwrap();
    let cursor = numbers(5).cursor().open(&transaction).await.unwrap();
    drop(cursor);
    let left = query("select count(*) from pg_cursors where name <> ''")
        .fetch_one::<Value<i64>>(&transaction);
    assert_eq!(left.await.unwrap(), 0);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_pool_gets_its_connection_back_without_a_cursor() {
    let (_pool, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    for _ in 0..3 {
        let mut cursor = numbers(1_000_000).cursor().open_held(&pool).await.unwrap();
        assert_eq!(cursor.fetch(2).await.unwrap(), [1, 2]);
        drop(cursor);
        let connection = pool.get().await.unwrap();
        assert_eq!(open_cursors(&connection).await, 0);
    }
    let statements = "select count(*) from pg_prepared_statements where statement ~ 'cursor_[0-9]'";
    let left = query(statements).fetch_one::<Value<i64>>(&pool).await;
    assert_eq!(left.unwrap(), 0);
}

#[tokio::test]
async fn what_does_not_fit_is_said_when_the_cursor_is_opened() {
    let (pool, _database) = pool().await;
    let refused = pool
        .transaction(async |tx| {
            let select = query("select 'a'::text");
            select.cursor::<Value<i32>>().open(tx).await.map(drop)
        })
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Mapping);
    let refused = pool
        .transaction(async |tx| {
            let select = query("select $1::int").bind("no number");
            select.cursor::<Value<i32>>().open(tx).await.map(drop)
        })
        .await
        .unwrap_err();
    assert_eq!(
        (refused.kind(), refused.param()),
        (ErrorKind::Mapping, Some(1))
    );
}

/// The error shows the query's own SQL.
#[tokio::test]
async fn the_position_of_an_error_is_that_in_the_query() {
    let (pool, _database) = pool().await;
    let wrong = query("select 1,\n  naem");
    let wrong = wrong.cursor::<(i32, i32)>().named("c").open_held(&pool);
    let error = wrong.await.map(drop).unwrap_err();
    assert_eq!(error.position(), Some((2, 3)), "{error:?}");
}
