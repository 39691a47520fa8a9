//! Queries on a pool: cardinalities, mapping by name, streams, caches, executors.

use std::time::Duration;

use futures_util::TryStreamExt;
use howdah::{
    Connection, DynamicQuery, Error, ErrorKind, Exec, Executor, Field, Many, One, Opt, Param,
    PgRow, Pool, Query, Row, TransactionOptions, Type, Value, batch, copy::Format, copy_in,
    copy_out, query,
};

use super::support::pool;

#[derive(Debug, PartialEq)]
struct Place {
    id: i64,
    note: Option<String>,
    visits: i32,
}

impl<'r> PgRow<'r> for Place {
    const FIELDS: &'static [Field] = &[
        Field::column::<i64>("id").named("Place::id", "i64"),
        Field::column::<Option<String>>("note").named("Place::note", "Option<String>"),
        Field::column::<i32>("visits").or_default(),
    ];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        Ok(Self {
            id: row.get()?,
            note: row.get()?,
            visits: row.get_or_default()?,
        })
    }
}

fn place<'a, C>(id: i64) -> Query<'a, C> {
    Query::new(
        "places::find_place",
        "select 'hill'::text as note, g as id from generate_series(1, $1::int8) g",
        [Param::new(id)],
    )
}

#[tokio::test]
async fn the_cardinality_decides_what_fetch_returns() {
    let (pool, _database) = pool().await;
    let hill = |id| Place {
        id,
        note: Some("hill".to_owned()),
        visits: 0,
    };
    assert_eq!(
        place::<Many<Place>>(2).fetch(&pool).await.unwrap(),
        [hill(1), hill(2)]
    );
    assert_eq!(place::<Many<Place>>(0).fetch(&pool).await.unwrap(), []);
    assert_eq!(
        place::<Opt<Place>>(1).fetch(&pool).await.unwrap(),
        Some(hill(1))
    );
    assert_eq!(place::<Opt<Place>>(0).fetch(&pool).await.unwrap(), None);
    assert_eq!(place::<One<Place>>(1).fetch(&pool).await.unwrap(), hill(1));
    assert_eq!(place::<Exec>(3).fetch(&pool).await.unwrap(), 3);
    assert_eq!(place::<Many<Place>>(4).execute(&pool).await.unwrap(), 4);

    let none = place::<One<Place>>(0).fetch(&pool).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NoRow);
    assert_eq!(
        none.to_string(),
        "query `places::find_place`: no row, where exactly one was expected: where there may be none, `:opt` or \
         `fetch_opt` gives an `Option`"
    );
    for (error, expected) in [
        (
            place::<Opt<Place>>(2).fetch(&pool).await.unwrap_err(),
            "at most one",
        ),
        (
            place::<One<Place>>(2).fetch(&pool).await.unwrap_err(),
            "exactly one",
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::TooManyRows);
        assert_eq!(
            error.to_string(),
            format!(
                "query `places::find_place`: more than one row, where {expected} was expected: `limit 1` takes the first, \
                 `:many` or `fetch_all` takes all"
            )
        );
    }
}

#[tokio::test]
async fn a_row_type_that_does_not_fit_is_an_error_even_without_rows() {
    let (pool, _database) = pool().await;
    let error = query("select 1 as id, 'x' as note where false")
        .fetch_all::<Place>(&pool)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `select 1 as id, 'x' as note where false`, column `id`: the column is integer, but `i64` holds bigint: read it as `i32`; \
         in SQL of your own, `::bigint` has the server convert it"
    );
    let error = query("select 1::int8 as id")
        .fetch_all::<Place>(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping);
    let error = query("select 1, 2")
        .fetch_all::<Value<i32>>(&pool)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the result has 2 columns, but 1 are read by position"),
        "{error}"
    );
}

#[tokio::test]
async fn a_row_of_many_kinds_of_columns_is_read() {
    struct Trip {
        from: Place,
        to: Option<Place>,
    }
    impl<'r> PgRow<'r> for Trip {
        const FIELDS: &'static [Field] = &[
            Field::nested::<Place>("from_"),
            Field::optional::<Place>("to_"),
        ];

        fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
            Ok(Self {
                from: row.nested()?,
                to: row.nested_optional()?,
            })
        }
    }
    let (pool, _database) = pool().await;
    let sql = "select null::text as to_note, nullif($1::int8, 0) as to_id, 7::int8 as from_id, 'x' as from_note, 3 as from_visits";
    let trip = query(sql)
        .bind(0_i64)
        .fetch_one::<Trip>(&pool)
        .await
        .unwrap();
    assert_eq!(
        trip.from,
        Place {
            id: 7,
            note: Some("x".to_owned()),
            visits: 3
        }
    );
    assert_eq!(trip.to, None);
    let trip = query(sql)
        .bind(9_i64)
        .fetch_one::<Trip>(&pool)
        .await
        .unwrap();
    assert_eq!(
        trip.to,
        Some(Place {
            id: 9,
            note: None,
            visits: 0
        })
    );
}

#[tokio::test]
async fn sql_and_parameters_are_put_together_at_run_time() {
    let (pool, _database) = pool().await;
    let even = |least: Option<i32>, of: Option<&'static [i32]>| {
        let mut numbers = query("select n from generate_series($1, 20) n where true").bind(2);
        if let Some(least) = least {
            numbers = numbers.push(" and n >= ").push_bind(least);
        }
        if let Some(of) = of {
            numbers = numbers.push(" and n = any(").push_bind(of).push(")");
        }
        numbers.push(format_args!(" and n % {} = 0", 2))
    };
    let sql = "select n from generate_series($1, 20) n where true and n >= $2 and n = any($3) and n % 2 = 0";
    let both = even(Some(4), Some(&[2, 3, 4, 6]));
    assert_eq!(
        format!("{both:?}"),
        format!("DynamicQuery {{ sql: {sql:?}, params: 3 }}")
    );
    let fetch =
        async |numbers: DynamicQuery<'_>| numbers.fetch_all::<Value<i32>>(&pool).await.unwrap();
    assert_eq!(fetch(both).await, [4, 6]);
    assert_eq!(fetch(even(Some(17), None)).await, [18, 20]);
    assert_eq!(fetch(even(None, Some(&[3, 8]))).await, [8]);
    // Whatever comes after it, and however it runs.
    let types = [Type::INT4, Type::INT4];
    let once = query("select $1").once(types).bind(1).push(" + ");
    assert_eq!(fetch(once.push_bind(2)).await, [3]);
    let stream = even(None, None).stream::<Value<i32>>(&pool).await.unwrap();
    assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 10);
    let twice = [Some(12), Some(19)].map(|least| even(least, None).yields::<Many<Value<i32>>>());
    let batched = batch(twice.into_iter().collect::<Vec<_>>()).fetch(&pool);
    assert_eq!(batched.await.unwrap(), [vec![12, 14, 16, 18, 20], vec![20]]);
    let error = query("select ")
        .push("nme")
        .execute(&pool)
        .await
        .unwrap_err();
    assert_eq!(error.position(), Some((1, 8)));
}

#[tokio::test]
async fn rows_stream_as_they_arrive() {
    let (pool, _database) = pool().await;
    let mut rows = place::<Many<Place>>(1000).stream(&pool).await.unwrap();
    let mut sum = 0;
    while let Some(row) = rows.next().await {
        sum += row.unwrap().id;
    }
    assert_eq!(sum, 500_500);

    // One that is left early costs its connection, and the pool goes on.
    let mut rows = place::<Many<Place>>(100_000).stream(&pool).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().id, 1);
    drop(rows);
    assert_eq!(place::<Exec>(3).fetch(&pool).await.unwrap(), 3);
}

#[tokio::test]
async fn independent_queries_share_a_connection() {
    let (_, database) = pool().await;
    let connection = Connection::connect(database.url()).await.unwrap();
    let (a, b) = tokio::join!(
        place::<Exec>(2).fetch(&connection),
        place::<Exec>(5).fetch(&connection)
    );
    assert_eq!((a.unwrap(), b.unwrap()), (2, 5));
}

#[tokio::test]
async fn prepared_statements_are_reused_and_bounded() {
    let (_, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .statement_cache(3)
        .build()
        .unwrap();
    let prepared = || async {
        let sql =
            "select count(*) from pg_prepared_statements where statement like 'select ''x''%'";
        query(sql).fetch_one::<Value<i64>>(&pool).await.unwrap()
    };
    for _ in 0..5 {
        query("select 'x'").execute(&pool).await.unwrap();
    }
    assert_eq!(prepared().await, 1);
    for i in 0..10 {
        query(format!("select 'x', {i}"))
            .execute(&pool)
            .await
            .unwrap();
    }
    assert_eq!(prepared().await, 2);
}

#[tokio::test]
async fn a_changed_result_type_is_prepared_anew() {
    let (_, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    pool.batch_execute(
        "create table t (id int8 default 1, note text); insert into t default values",
    )
    .await
    .unwrap();
    let all = || query("select * from t").fetch_all::<Place>(&pool);
    assert_eq!(all().await.unwrap().len(), 1);
    pool.batch_execute("alter table t add visits int4 default 5")
        .await
        .unwrap();
    assert_eq!(all().await.unwrap()[0].visits, 5);
}

#[tokio::test]
async fn a_pool_that_is_exhausted_says_so() {
    let (_, database) = pool().await;
    let wait = std::time::Duration::from_millis(10);
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .wait_timeout(wait)
        .build()
        .unwrap();
    let held = pool.get().await.unwrap();
    let error = place::<Exec>(1).fetch(&pool).await.unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with(
            "query `places::find_place`: no connection became free within 10ms; all 1 are in use"
        ),
        "{message}"
    );
    // Debug builds say who has it.
    assert_eq!(
        message.contains("queries.rs:"),
        cfg!(debug_assertions),
        "{message}"
    );
    drop(held);
    place::<Exec>(1).fetch(&pool).await.unwrap();
}

/// A deadline that passes before there is a connection says so, and who has them.
#[tokio::test]
async fn a_deadline_that_passes_in_the_queue_says_so() {
    let (_, database) = pool().await;
    let pool = Pool::builder(database.url()).unwrap().max_size(1);
    let pool = pool.build().unwrap();
    let held = pool.get().await.unwrap();
    let limit = Duration::from_millis(30);
    let soon = pool.within(limit);
    let options = TransactionOptions::new().timeout(limit);
    let in_queue = "no connection became free within 30ms; all 1 are in use";
    for error in [
        place::<Exec>(1).fetch(&soon).await.unwrap_err(),
        place::<One<Place>>(1).fetch(&soon).await.unwrap_err(),
        place::<Many<Place>>(1).fetch_rows(&soon).await.unwrap_err(),
        place::<Many<Place>>(1).stream(&soon).await.unwrap_err(),
        place::<Exec>(1)
            .fetch(&soon.within(limit * 9))
            .await
            .unwrap_err(),
        place::<Exec>(1)
            .fetch(&pool.multiplexed(1).within(limit))
            .await
            .unwrap_err(),
        place::<Exec>(1)
            .fetch(&pool.replica().within(limit))
            .await
            .unwrap_err(),
        batch(vec![place::<Exec>(1)])
            .fetch(&soon)
            .await
            .unwrap_err(),
        place::<Many<Place>>(1)
            .cursor()
            .open_held(&soon)
            .await
            .unwrap_err(),
        copy_in("t").from_rows([(1,)], &soon).await.unwrap_err(),
        copy_out("t")
            .bytes(Format::Binary, &soon)
            .await
            .unwrap_err(),
        pool.transaction_with(&options, async |tx| place::<Exec>(1).fetch(tx).await)
            .await
            .unwrap_err(),
    ] {
        let message = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{message}");
        assert!(message.contains(in_queue), "{message}");
        assert_eq!(
            message.contains("queries.rs:"),
            cfg!(debug_assertions),
            "{message}"
        );
    }
    assert_eq!(pool.status().timeouts, 12);
    drop(held);
    // In a transaction the server is not told, which might be the first to say so.
    let tx = pool.begin().await.unwrap();
    let soon = tx.within(limit);
    let late = query("select pg_sleep(9)").execute(&soon);
    let late = late.await.unwrap_err();
    let message = "query `select pg_sleep(9)`: no result within 30ms";
    assert_eq!(late.to_string(), message);
}

/// One bound is enough for all that runs queries.
#[tokio::test]
async fn what_is_generic_over_executors_runs_all_kinds_of_queries() {
    async fn hills(executor: &(impl Executor + ?Sized)) -> (u64, u64) {
        let written = place::<Exec>(2).fetch(executor).await.unwrap();
        let dynamic = query("select 1").execute(executor).await.unwrap();
        let together = batch((query("select 1").yields::<Exec>(),));
        assert_eq!(together.fetch(executor).await.unwrap(), (1,));
        (written, dynamic)
    }
    let (pool, _database) = pool().await;
    let mut connection = pool.get().await.unwrap();
    assert_eq!(hills(&pool).await, (2, 1));
    assert_eq!(hills(&pool.within(Duration::from_secs(20))).await, (2, 1));
    assert_eq!(hills(&pool.multiplexed(1)).await, (2, 1));
    assert_eq!(hills(&pool.replica()).await, (2, 1));
    assert_eq!(hills(&pool.lock("hills").await.unwrap()).await, (2, 1));
    assert_eq!(hills(&connection).await, (2, 1));
    let transaction = connection.begin().await.unwrap();
    assert_eq!(hills(&transaction).await, (2, 1));
    // A list of either, as a struct would hold one.
    let either: [&dyn Executor; 2] = [&pool, &transaction];
    for executor in either {
        assert_eq!(hills(executor).await, (2, 1));
        let limit = Duration::from_secs(20);
        assert_eq!(hills(&(&executor).within(limit)).await, (2, 1));
    }
}

#[tokio::test]
async fn the_future_of_a_query_is_small() {
    let (pool, _database) = pool().await;
    // Connecting and preparing, which are rare, live on the heap.
    let size = size_of_val(&place::<One<Place>>(1).fetch(&pool));
    assert!(size <= 2048, "{size}");
}

#[tokio::test]
async fn a_query_of_sql_text_can_have_a_name() {
    let (pool, _database) = pool().await;
    let named = query("select 1 / ").named("report::shares");
    let error = named.push_bind(0).execute(&pool).await.unwrap_err();
    assert!(
        error.to_string().starts_with("query `report::shares`: "),
        "{error}"
    );
    assert_eq!(error.query(), Some("report::shares"));
}
