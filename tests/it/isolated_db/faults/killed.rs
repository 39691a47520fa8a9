//! The server is killed during each kind of work. Running work ends with an error, in time, and never as a success;
//! acknowledged writes are there afterwards, nothing is written partially, and the pool continues to work.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use howdah::{
    Error, Event, Exec, Executor, Listener, Pool, Value, batch, copy_in, copy_out_query, notify,
    query,
};

use super::bank;
use super::mortal::Mortal;
use crate::waiting::in_time;

/// As many rows as no buffer between server and client holds.
const ENDLESS: &str = "select n, repeat('x', 100) as word from generate_series(1, 10000000) n";

/// A server with a table, and a pool of it.
struct Bench {
    mortal: Mutex<Mortal>,
    pool: Pool,
}

impl Bench {
    async fn new() -> Self {
        let mortal = Mortal::start().await;
        let pool = mortal.pool();
        let table = "create table t (n int8 primary key, word text)";
        pool.batch_execute(table).await.unwrap();
        let mortal = Mutex::new(mortal);
        Self { mortal, pool }
    }

    fn kill(&self) {
        self.mortal.lock().unwrap().kill();
    }

    /// Kills the server once one of its sessions sleeps.
    async fn kill_asleep(&self) {
        let watcher = self.mortal.lock().unwrap().pool();
        let asleep = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
        loop {
            let asleep = query(asleep).fetch_one::<Value<i64>>(&watcher);
            if asleep.await.unwrap() > 0 {
                return self.kill();
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn start_again(&self) {
        self.mortal.lock().unwrap().start_again();
    }

    /// Starts the server again, and checks the pool; returns what was in the table.
    async fn recover(&self, what: &str) -> Vec<i64> {
        self.start_again();
        self.whole(what).await
    }

    /// Checks the pool, and returns what was in the table.
    async fn whole(&self, what: &str) -> Vec<i64> {
        bank::is_whole(&self.pool, what).await;
        let rows = query("select n from t order by n").fetch_all::<Value<i64>>(&self.pool);
        let rows = rows.await.unwrap();
        query("truncate t").execute(&self.pool).await.unwrap();
        rows
    }
}

/// What should have ended would wait for ever.
fn add<E: Executor + ?Sized>(n: i64, executor: &E) -> impl Future<Output = Result<u64, Error>> {
    query("insert into t values ($1)").bind(n).execute(executor)
}

#[tokio::test]
async fn queries_that_run_end_in_an_error() {
    let bench = Bench::new().await;
    let pool = &bench.pool;
    add(1, pool).await.unwrap();
    let sleeps = "insert into t select 2 from pg_sleep(60)";
    let both = async { tokio::join!(query(sleeps).execute(pool), bench.kill_asleep()) };
    let (outcome, ()) = in_time(both).await;
    assert!(outcome.is_err());
    assert_eq!(bench.recover("query").await, [1]);

    // The same on a connection that many tasks share, with queries behind the one that runs.
    let shared = pool.multiplexed(1);
    let waits = || query("select 1 from pg_sleep(60)").execute(&shared);
    let all = async { tokio::join!(waits(), waits(), add(3, &shared), bench.kill_asleep()) };
    let (first, second, third, ()) = in_time(all).await;
    assert!(first.is_err() && second.is_err());
    bench.start_again();
    // It has held a connection all the time, and gets another one.
    in_time(add(4, &shared)).await.unwrap();
    drop(shared);
    let there = bench.whole("multiplexed").await;
    assert!(
        there.contains(&4) && third.is_ok() == there.contains(&3),
        "{there:?}"
    );
}

#[tokio::test]
async fn rows_that_are_still_to_come_are_an_error_and_no_end() {
    let bench = Bench::new().await;
    let pool = &bench.pool;
    let mut rows = query(ENDLESS).stream::<(i32, String)>(pool).await.unwrap();
    let mut count = 0;
    let error = loop {
        match in_time(rows.next()).await {
            Some(Ok(_)) => count += 1,
            Some(Err(error)) => break error,
            None => panic!("the stream has ended after {count} rows as if these were all"),
        }
        if count == 10 {
            bench.kill();
        }
    };
    assert!(count >= 10, "{count}: {error}");
    drop(rows);
    bench.recover("stream").await;

    let mut rows = copy_out_query(ENDLESS)
        .rows::<(i32, String), _>(pool)
        .await
        .unwrap();
    let mut count = 0;
    loop {
        match in_time(rows.next()).await {
            Some(Ok(_)) => count += 1,
            Some(Err(_)) => break,
            None => panic!("the copy has ended after {count} rows as if these were all"),
        }
        if count == 10 {
            bench.kill();
        }
    }
    drop(rows);
    bench.recover("copy out").await;
}

#[tokio::test]
async fn a_copy_leaves_nothing() {
    let bench = Bench::new().await;
    let pool = &bench.pool;
    add(1, pool).await.unwrap();
    let rows = stream::iter(10..200_000_i64).map(|n| {
        if n == 100_000 {
            bench.kill();
        }
        Ok::<_, std::io::Error>((n, "word"))
    });
    let copy = copy_in("t").from_stream(rows, pool);
    assert!(in_time(copy).await.is_err());
    assert_eq!(bench.recover("copy in").await, [1]);

    // All is sent, and the server is killed before it has answered.
    let slow = "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end';
                create trigger slow after insert on t for each statement execute function slow()";
    pool.batch_execute(slow).await.unwrap();
    let copy = copy_in("t")
        .columns(["n"])
        .from_rows((1..1_000_i64).map(|n| (n,)), pool);
    let (outcome, ()) = in_time(async { tokio::join!(copy, bench.kill_asleep()) }).await;
    assert!(outcome.is_err());
    assert_eq!(bench.recover("copy in that was sent").await, [0_i64; 0]);
}

#[tokio::test]
async fn a_transaction_is_not_done() {
    let bench = Bench::new().await;
    let pool = &bench.pool;
    let done: Result<(), Error> = in_time(pool.transaction(async |tx| {
        add(1, tx).await?;
        bench.kill();
        Ok(())
    }))
    .await;
    assert!(done.is_err());
    assert_eq!(bench.recover("before commit").await, [0_i64; 0]);

    let done: Result<(), Error> = in_time(pool.transaction(async |tx| {
        add(1, tx).await?;
        let _inner: Result<(), Error> = tx
            .transaction(async |tx| {
                bench.kill();
                add(2, tx).await.map(drop)
            })
            .await;
        // Whoever takes no notice of it is told again.
        Ok(())
    }))
    .await;
    assert!(done.is_err());
    assert_eq!(bench.recover("savepoint").await, [0_i64; 0]);

    // During COMMIT, which waits for what is checked at its end.
    let late = "create function late() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end';
                create constraint trigger late after insert on t deferrable initially deferred
                for each row execute function late()";
    pool.batch_execute(late).await.unwrap();
    let commit = pool.transaction(async |tx| add(3, tx).await);
    let (done, ()) = in_time(async { tokio::join!(commit, bench.kill_asleep()) }).await;
    assert_eq!(done.unwrap_err().kind(), howdah::ErrorKind::OutcomeUnknown);
    assert_eq!(bench.recover("commit").await, [0_i64; 0]);
}

#[tokio::test]
async fn a_cursor_ends_in_an_error() {
    let bench = Bench::new().await;
    let pool = &bench.pool;
    let done: Result<(), Error> = in_time(pool.transaction(async |tx| {
        let mut cursor = query(ENDLESS).cursor::<(i32, String)>().open(tx).await?;
        assert_eq!(cursor.fetch(10).await?.len(), 10);
        bench.kill();
        let next = cursor.fetch(10).await;
        assert!(next.is_err());
        next.map(drop)
    }))
    .await;
    assert!(done.is_err());
    bench.recover("cursor").await;

    let held = "select n, 'word' from generate_series(1, 1000) n";
    let cursor = query(held).cursor::<(i32, String)>().open_held(pool);
    let mut rows = std::pin::pin!(cursor.await.unwrap().into_stream(20));
    let mut count = 0;
    loop {
        match in_time(rows.next()).await {
            Some(Ok(_)) => count += 1,
            Some(Err(_)) => break,
            None => panic!("the cursor has ended after {count} rows as if these were all"),
        }
        if count == 10 {
            bench.kill();
        }
    }
}

#[tokio::test]
async fn a_batch_and_bulk_work_are_done_or_not() {
    let bench = Bench::new().await;
    let pool = &bench.pool;
    let insert = |n: i64| query("insert into t values ($1)").bind(n).yields::<Exec>();
    let sleep = query("select from pg_sleep(60)").yields::<Exec>();
    let work = batch(vec![insert(1), insert(2), sleep, insert(3)]).fetch_each(pool);
    let (outcome, ()) = in_time(async { tokio::join!(work, bench.kill_asleep()) }).await;
    let done: Vec<bool> = match &outcome {
        Ok(results) => results.iter().map(Result::is_ok).collect(),
        Err(_) => vec![false; 4],
    };
    assert!(!done[2], "{done:?}");
    let there = bench.recover("batch").await;
    // The order in which they are prepared does not matter.
    for (n, done) in [1, 2, 0, 3].into_iter().zip(done) {
        assert!(
            !done || there.contains(&n),
            "{n} was acknowledged: {there:?}"
        );
    }

    let slow = "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end';
                create trigger slow after insert on t for each statement execute function slow()";
    pool.batch_execute(slow).await.unwrap();
    let rows: Vec<bulk::Row> = (1..5_000).map(|n| bulk::Row { n }).collect();
    let insert = bulk::Row::insert_many(&rows).execute(pool);
    let (outcome, ()) = in_time(async { tokio::join!(insert, bench.kill_asleep()) }).await;
    assert!(outcome.is_err());
    assert_eq!(bench.recover("bulk").await, [0_i64; 0]);
}

/// As `howdah generate` writes it.
mod bulk {
    use howdah::{Column, ColumnDefault, PgInsert, Table, types};

    pub(super) mod t {
        use super::{Column, ColumnDefault, Table, types};

        pub(crate) const TABLE: Table = Table {
            schema: "public",
            name: "t",
            columns: &[N],
            constraints: &[],
            primary_key: None,
            hidden: &[],
        };
        const N: Column = Column {
            table: "t",
            name: "n",
            ty: types::INT8,
            nullable: false,
            default: ColumnDefault::None,
        };
    }

    #[derive(PgInsert)]
    #[pg(table = t)]
    pub(super) struct Row {
        pub(super) n: i64,
    }
}

#[tokio::test]
async fn a_listener_says_that_it_was_away_and_hears_what_follows() {
    let bench = Bench::new().await;
    let url = bench.mortal.lock().unwrap().database.url().to_owned();
    let builder = Listener::builder(&url).unwrap().channel("news");
    let mut listener = builder.connect().await.unwrap();
    bench.kill();
    bench.recover("listener").await;
    // It has reconnected, or will, and says so before anything else.
    let event = in_time(listener.recv()).await.unwrap();
    assert!(matches!(event, Event::Gap(_)), "{event:?}");
    notify("news", "word").execute(&bench.pool).await.unwrap();
    let event = in_time(listener.recv()).await.unwrap();
    assert!(
        matches!(&event, Event::Notification(sent) if sent.payload == "word"),
        "{event:?}"
    );
}

#[tokio::test]
async fn a_lock_is_lost_and_says_so() {
    let bench = Bench::new().await;
    let lock = bench.pool.lock("work").await.unwrap();
    bench.kill();
    assert!(in_time(query("select 1").execute(&lock)).await.is_err());
    assert!(in_time(lock.release()).await.is_err());
    bench.recover("lock").await;
    let again = bench.pool.lock("work").await.unwrap();
    again.release().await.unwrap();
}
