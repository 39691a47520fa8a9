//! The operations that move many rows, hold something, or listen.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt, stream};
use howdah::{
    Connection, Error, Event, Executor, Listener, One, Opaque, Pool, TransactionOptions, Type,
    Value, batch,
    copy::{Csv, Text},
    copy_in, copy_out, copy_out_query, notify, query,
};

use super::{Operation, Watched};

/// More than one chunk of them.
const COPIED: i32 = 30_000;

fn copied() -> impl Iterator<Item = (i32,)> + Send {
    (0..COPIED).map(|n| (n,))
}

/// What needs no session of its own, besides the operations of the module above.
pub(super) const WITHOUT_STATEMENTS: &[&str] = &[
    "copy in a transaction",
    "cursor",
    "batch",
    "lock in a transaction",
    "transaction that is run again",
    "multiplexed",
    "bulk insert",
    "bulk insert of many",
    "bulk insert in batches",
    "bulk update and delete",
    "a user's types",
    "once",
    "changed table",
    "waiting",
    "statement",
    "row by its key",
    "rows by a condition",
];

/// What needs no transaction either.
pub(super) const SINGLE: &[&str] = &[
    "fetch",
    "execute",
    "failing",
    "stream",
    "get",
    "deadline",
    "pipeline",
    "batch",
    "multiplexed",
    "bulk insert",
    "bulk insert of many",
    "bulk update and delete",
    "a user's types",
    "once",
    "changed table",
    "waiting",
    "statement",
    "row by its key",
    "rows by a condition",
];

pub(super) const OPERATIONS: &[Operation] = &[
    ("a user's types", |Watched { pool, .. }| {
        Box::pin(async move {
            let sql = "select 'good'::mood, $1::mood[] from generate_series(1, 300)";
            let found = query(sql).bind(None::<Opaque>).fetch_rows(pool).await;
            assert_eq!(found.unwrap().len(), 300);
        })
    }),
    ("once", |Watched { pool, .. }| {
        Box::pin(async move {
            let once = || query("select $1 + 1").bind(1_i64).once([Type::INT8]);
            let two = once().fetch_one::<Value<i64>>(pool).await.unwrap();
            assert_eq!(two, 2);
            let two = once().fetch_opt::<Value<i64>>(pool).await.unwrap();
            assert_eq!(two, Some(2));
        })
    }),
    // What was prepared before no longer fits, and is prepared anew.
    ("changed table", |Watched { pool, .. }| {
        Box::pin(async move {
            for change in [
                "add column if not exists more int4",
                "drop column if exists more",
            ] {
                let change = format!("alter table changing {change}");
                pool.batch_execute(&change).await.unwrap();
                let all = query("select * from changing where n = $1").bind(1);
                assert!(all.fetch_rows(pool).await.unwrap().is_empty());
            }
        })
    }),
    ("waiting", |Watched { pool, .. }| {
        Box::pin(async move {
            let held = pool.get().await.unwrap();
            let mut waiting = Box::pin(pool.get());
            assert!(waiting.as_mut().now_or_never().is_none());
            drop(held);
            query("select 1")
                .execute(&waiting.await.unwrap())
                .await
                .unwrap();
        })
    }),
    ("pool of one's own", |Watched { url, .. }| {
        Box::pin(async move {
            let builder = Pool::builder(url).unwrap().max_size(2).min_idle(2);
            let own = builder.build().unwrap();
            own.warm_up().await.unwrap();
            query("select 1").execute(&own).await.unwrap();
            own.shut_down(Duration::from_secs(20)).await.unwrap();
            drop(Pool::connect(url).await.unwrap());
        })
    }),
    (
        "listener that connects again",
        |Watched { pool, .. }| {
            Box::pin(async move {
                let builder = pool.listener().channel("one");
                let soon = Duration::from_millis(1);
                let builder = builder.wait_between_attempts(soon, soon);
                let mut listener = builder.connect().await.unwrap();
                let end = "select pg_terminate_backend(pid) from pg_stat_activity \
                           where query ilike 'listen%' and datname = current_database()";
                query(end).execute(pool).await.unwrap();
                let event = listener.recv().await.unwrap();
                assert!(matches!(event, Event::Gap { .. }), "{event:?}");
            })
        },
    ),
    ("copy in of rows", |Watched { pool, .. }| {
        Box::pin(async move {
            let copied = copy_in("copied").from_rows(copied(), pool).await;
            assert_eq!(copied.unwrap(), COPIED as u64);
        })
    }),
    ("copy in of a stream", |Watched { pool, .. }| {
        Box::pin(async move {
            let rows = stream::iter(copied().map(Ok::<_, std::io::Error>));
            copy_in("copied").from_stream(rows, pool).await.unwrap();
        })
    }),
    ("copy in of a file", |Watched { pool, .. }| {
        Box::pin(async move {
            let file = "7\n".repeat(COPIED as usize);
            let copy = copy_in("copied").from_reader(Text::new(), file.as_bytes(), pool);
            copy.await.unwrap();
        })
    }),
    ("copy in of bytes", |Watched { pool, .. }| {
        Box::pin(async move {
            let piece = "7\n".repeat(COPIED as usize / 3);
            let pieces = (0..3).map(move |_| Ok::<_, std::io::Error>(piece.clone().into()));
            let copy = copy_in("copied").from_bytes(Csv::new(), stream::iter(pieces), pool);
            copy.await.unwrap();
        })
    }),
    ("copy in of what is refused", |Watched { pool, .. }| {
        Box::pin(async move {
            let file = "x\n".repeat(COPIED as usize);
            let copy = copy_in("copied").from_reader(Csv::new(), file.as_bytes(), pool);
            copy.await.unwrap_err();
        })
    }),
    ("copy in that ends early", |Watched { pool, .. }| {
        Box::pin(async move {
            let rows = stream::iter(copied().map(Ok)).chain(stream::iter([Err("no more")]));
            copy_in("copied").from_stream(rows, pool).await.unwrap_err();
        })
    }),
    ("copy in a transaction", |Watched { pool, .. }| {
        Box::pin(async move {
            let copied: Result<u64, Error> = pool
                .transaction(async |tx| copy_in("copied").from_rows(copied(), tx).await)
                .await;
            copied.unwrap();
        })
    }),
    ("copy with a deadline", |Watched { pool, .. }| {
        Box::pin(async move {
            let within = pool.within(Duration::from_secs(60));
            copy_in("copied")
                .from_rows(copied(), &within)
                .await
                .unwrap();
        })
    }),
    ("copy out of rows", |Watched { pool, .. }| {
        Box::pin(async move {
            let copy = copy_out_query("select n from generate_series(1, 300) n");
            let rows = copy.rows::<(i32,), _>(pool).await.unwrap();
            assert_eq!(rows.collect().await.unwrap().len(), 300);
        })
    }),
    ("copy out row by row", |Watched { pool, .. }| {
        Box::pin(async move {
            let rows = copy_out("few").columns(["n"]).rows::<(i32,), _>(pool);
            let mut rows = rows.await.unwrap();
            let mut count = 0;
            while rows.next().await.is_some() {
                count += 1;
            }
            assert_eq!(count, 100);
        })
    }),
    ("copy out of bytes", |Watched { pool, .. }| {
        Box::pin(async move {
            let copy = copy_out_query("select n from generate_series(1, 300) n");
            let mut bytes = copy.bytes(Csv::new(), pool).await.unwrap();
            while bytes.next().await.is_some() {}
        })
    }),
    ("copy out to a writer", |Watched { pool, .. }| {
        Box::pin(async move {
            let copy = copy_out("few").to_writer(Csv::new(), tokio::io::sink(), pool);
            assert!(copy.await.unwrap() > 0);
        })
    }),
    (
        "copy between databases",
        |Watched { pool, other, .. }| {
            Box::pin(async move {
                let copy = copy_out("few").into_table(pool, copy_in("nowhere"), other);
                copy.await.unwrap();
                let copy = copy_out("few").into_table(other, copy_in("nowhere"), pool);
                copy.await.unwrap();
            })
        },
    ),
    ("cursor", |Watched { pool, .. }| {
        Box::pin(async move {
            let done: Result<(), Error> = pool
                .transaction(async |tx| {
                    let select = query("select n from generate_series(1, 50) n");
                    let cursor = select.cursor::<Value<i32>>().scroll();
                    let mut cursor = cursor.open(tx).await?;
                    cursor.fetch(10).await?;
                    cursor.fetch_back(2).await?;
                    cursor.fetch_at(20).await?;
                    cursor.skip(5).await?;
                    cursor.move_to(3).await?;
                    cursor.close().await
                })
                .await;
            done.unwrap();
        })
    }),
    ("held cursor", |Watched { pool, .. }| {
        Box::pin(async move {
            let select = query("select n from generate_series(1, 50) n");
            let within = pool.within(Duration::from_secs(60));
            let cursor = select.cursor::<Value<i32>>().open_held(&within).await;
            let rows = cursor.unwrap().into_stream(20).collect::<Vec<_>>().await;
            assert_eq!(rows.len(), 50);
        })
    }),
    ("batch", |Watched { pool, .. }| {
        Box::pin(async move {
            let one = |n: i32| query("select $1::int4").bind(n).yields::<One<Value<i32>>>();
            let fails = query("select 1 / 0").yields::<One<Value<i32>>>();
            let (first, second, third) = batch((one(1), fails, one(3)))
                .fetch_each(pool)
                .await
                .unwrap();
            assert!(first.is_ok() && second.is_err() && third.is_ok());
            let many = batch((1..20).map(one).collect::<Vec<_>>());
            assert_eq!(many.fetch(pool).await.unwrap().len(), 19);
        })
    }),
    ("lock", |Watched { pool, .. }| {
        Box::pin(async move {
            let lock = pool.lock("cancelled").await.unwrap();
            query("select 1").execute(&lock).await.unwrap();
            lock.release().await.unwrap();
            drop(pool.lock(7).await.unwrap());
            drop(pool.try_lock((1, 2)).await.unwrap());
        })
    }),
    ("lock in a transaction", |Watched { pool, .. }| {
        Box::pin(async move {
            let locked: Result<bool, Error> = pool
                .transaction(async |tx| {
                    tx.lock("cancelled").await?;
                    tx.try_lock(8).await
                })
                .await;
            assert!(locked.unwrap());
        })
    }),
    (
        "transaction that is run again",
        |Watched { pool, .. }| {
            Box::pin(async move {
                let fails = "do $$ begin raise sqlstate '40001'; end $$";
                let done: Result<u64, Error> = pool
                    .transaction_with(&TransactionOptions::new().retry(2), async |tx| {
                        query("insert into t values (9)").execute(tx).await?;
                        query(fails).execute(tx).await
                    })
                    .await;
                assert!(done.unwrap_err().is_serialization_failure());
            })
        },
    ),
    ("multiplexed", |Watched { url, .. }| {
        Box::pin(async move {
            let builder = Pool::builder(url).unwrap().max_size(2);
            let shared = builder.build().unwrap().multiplexed(1);
            let sql = "select n from generate_series(1, 100) n";
            let one = || query(sql).fetch_all::<Value<i32>>(&shared);
            tokio::try_join!(one(), one(), one()).unwrap();
        })
    }),
    ("replica", |Watched { pool, .. }| {
        Box::pin(async move {
            let written = pool.written().await.unwrap();
            let reading = query("select 1");
            reading
                .execute(&pool.replica().after(written))
                .await
                .unwrap();
        })
    }),
    ("connection of one's own", |Watched { url, .. }| {
        Box::pin(async move {
            let mut connection = Connection::connect(url).await.unwrap();
            connection.batch_execute("select 1").await.unwrap();
            let transaction = connection.begin().await.unwrap();
            query("select 1").execute(&transaction).await.unwrap();
            transaction.commit().await.unwrap();
            let only_reads = TransactionOptions::new().read_only();
            let mut transaction = connection.begin_with(&only_reads).await.unwrap();
            let savepoint = transaction.savepoint().await.unwrap();
            savepoint.batch_execute("select 1").await.unwrap();
            savepoint.commit().await.unwrap();
            transaction.commit().await.unwrap();
            let done: Result<u64, Error> = connection
                .transaction(async |tx| query("select 1").execute(tx).await)
                .await;
            assert_eq!(done.unwrap(), 1);
            let done: Result<u64, Error> = connection
                .transaction_with(&only_reads, async |tx| query("select 1").execute(tx).await)
                .await;
            assert_eq!(done.unwrap(), 1);
            let connector = howdah::__private::Connector::parse(url).unwrap();
            drop(connector.open().await.unwrap());
        })
    }),
    ("listener", |Watched { pool, url, .. }| {
        Box::pin(async move {
            let builder = Listener::builder(url).unwrap();
            let mut listener = builder.channel("one").connect().await.unwrap();
            listener.listen("two").await.unwrap();
            notify("two", "word").execute(pool).await.unwrap();
            let event = listener.recv().await.unwrap();
            assert!(matches!(event, Event::Notification(sent) if sent.payload == "word"));
            listener.unlisten("one").await;
            drop(Listener::connect(url).await.unwrap());
        })
    }),
];
