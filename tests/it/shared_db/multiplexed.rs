//! Many tasks on few connections: each gets its own answer, slow statements do not hold up the rest, and statements
//! that need their own session are refused.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::FutureExt;
use howdah::{Error, ErrorKind, Exec, Executor, Pool, Value, query};

use super::support::pool;

async fn number(executor: &impl Executor, n: i64) -> Result<i64, Error> {
    query("select $1::int8")
        .bind(n)
        .fetch_one::<Value<i64>>(executor)
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_share_few_connections() {
    let (pool, _database) = pool().await;
    let shared = pool.multiplexed(2);
    let tasks = (0..64_i64).map(|task| {
        let shared = shared.clone();
        tokio::spawn(async move {
            let mut backends = HashSet::new();
            for n in 0..50 {
                let sql = "select $1::int8, pg_backend_pid()";
                let query = query(sql).bind(task * 1_000 + n);
                let (answer, backend) = query.fetch_one::<(i64, i32)>(&shared).await.unwrap();
                assert_eq!(answer, task * 1_000 + n);
                backends.insert(backend);
            }
            backends
        })
    });
    let mut backends = HashSet::new();
    for task in tasks.collect::<Vec<_>>() {
        backends.extend(task.await.unwrap());
    }
    // Two of its own, and those of the pool where it was slow.
    assert!(backends.len() <= pool.status().max_size, "{backends:?}");
    assert!(pool.status().size >= 2);
}

#[tokio::test]
async fn a_slow_statement_does_not_hold_up_what_comes_after() {
    let (pool, _database) = pool().await;
    let shared = pool.multiplexed(1);
    pool.batch_execute("create table t (id int8 primary key); insert into t values (1)")
        .await
        .unwrap();
    let mut locker = pool.get().await.unwrap();
    let locker = locker.begin().await.unwrap();
    query("update t set id = id")
        .execute(&locker)
        .await
        .unwrap();

    let slow = query("update t set id = 2").execute(&shared);
    let mut slow = std::pin::pin!(slow);
    // It is on its way once the server has it wait for the lock.
    while !is_waiting(&pool).await {
        assert!(slow.as_mut().now_or_never().is_none());
    }
    // The only connection makes no progress, so this goes another way, at the latest when that is noticed.
    let other = tokio::time::timeout(Duration::from_secs(10), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        number(&shared, 7).await
    });
    assert_eq!(other.await.unwrap().unwrap(), 7);
    locker.rollback().await.unwrap();
    assert_eq!(slow.await.unwrap(), 1);
}

async fn is_waiting(pool: &Pool) -> bool {
    let sql = "select exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())";
    let waiting = query(sql).fetch_one::<Value<bool>>(pool);
    waiting.await.unwrap()
}

#[tokio::test]
async fn a_dropped_future_leaves_the_others_alone() {
    let (pool, _database) = pool().await;
    let shared = pool.multiplexed(1);
    let pid = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&shared);
    let pid = pid.await.unwrap();
    for polls in 0..5 {
        let mut dropped = Box::pin(number(&shared, 2));
        for _ in 0..polls {
            if dropped.as_mut().now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        let (kept, ()) = tokio::join!(number(&shared, 3), async { drop(dropped) });
        assert_eq!(kept.unwrap(), 3);
    }
    // The connection is still there; when it is slow to answer, others are opened.
    let there = query("select exists (select from pg_stat_activity where pid = $1)").bind(pid);
    assert!(there.fetch_one::<Value<bool>>(&pool).await.unwrap());
}

/// Also where the statement gets a connection of its own, which goes back to the pool.
#[tokio::test]
async fn what_needs_a_session_is_refused() {
    let (pool, database) = pool().await;
    let shared = pool.multiplexed(1);
    let limited = shared.within(Duration::from_secs(5));
    let one = Pool::builder(database.url()).unwrap().max_size(1);
    let one = one.build().unwrap();
    let laneless = one.multiplexed(1);
    for sql in [
        "set search_path = x",
        "begin",
        "select set_config('search_path', 'x', false)",
        "create temp table t (id int8)",
        "select pg_advisory_lock(1)",
        "select 1 as id into local temp t",
    ] {
        let batched = howdah::batch((query(sql).yields::<Exec>(),));
        let streamed = query(sql).stream::<(i64,)>(&shared).await;
        for refused in [
            query(sql).execute(&shared).await.map(drop),
            query(sql).execute(&limited).await.map(drop),
            query(sql).execute(&laneless).await.map(drop),
            batched.fetch(&shared).await.map(drop),
            streamed.map(drop),
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Mapping, "{error}");
            assert!(
                error.to_string().contains("does not stand alone"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn deadlines_and_streams_have_connections_of_their_own() {
    let (pool, _database) = pool().await;
    let shared = pool.multiplexed(1);
    let pid = async |executor: &Pool| {
        let pid = query("select pg_backend_pid()").fetch_one::<Value<i32>>(executor);
        pid.await.unwrap()
    };
    let multiplexed = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&shared);
    let multiplexed = multiplexed.await.unwrap();
    let limited = shared.within(Duration::from_secs(5));
    let limited = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&limited);
    assert_ne!(limited.await.unwrap(), multiplexed);
    assert_ne!(pid(&pool).await, multiplexed);

    let rows = query("select generate_series(1, 100000)").stream::<Value<i32>>(&shared);
    let mut rows = rows.await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    // A stream that nobody reads on does not stop this.
    assert_eq!(number(&shared, 9).await.unwrap(), 9);
}

#[tokio::test]
async fn a_broken_connection_is_replaced() {
    let (pool, _database) = pool().await;
    let shared = pool.multiplexed(1);
    let pid = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&shared);
    let pid = pid.await.unwrap();
    let kill = query("select pg_terminate_backend($1, 10000)").bind(pid);
    assert!(kill.fetch_one::<Value<bool>>(&pool).await.unwrap());
    // What is sent before the socket is seen to be closed fails; what comes then does not.
    while number(&shared, 1).await.is_err() {}
    assert_eq!(number(&shared, 2).await.unwrap(), 2);
}

#[tokio::test]
async fn a_broken_connection_makes_room_for_the_one_in_its_place() {
    let (admin, database) = pool().await;
    let builder = Pool::builder(database.url()).unwrap();
    let builder = builder.max_size(2).wait_timeout(Duration::from_secs(5));
    let pool = builder.build().unwrap();
    let shared = pool.multiplexed(1);
    let _other = pool.get().await.unwrap();
    for n in 0..3 {
        let pid = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&shared);
        let kill = query("select pg_terminate_backend($1, 10000)").bind(pid.await.unwrap());
        assert!(kill.fetch_one::<Value<bool>>(&admin).await.unwrap());
        // Those that were sent before the socket was seen to be closed.
        while let Err(error) = number(&shared, n).await {
            assert_ne!(error.kind(), ErrorKind::Pool, "{error}");
        }
    }
}

/// What needs a connection of its own gets one, however many connections were asked for.
#[tokio::test]
async fn a_connection_is_left_to_the_pool() {
    let (_, database) = pool().await;
    for size in 1..4 {
        let builder = Pool::builder(database.url()).unwrap().max_size(size);
        let builder = builder.wait_timeout(Duration::from_secs(5));
        let pool = builder.build().unwrap();
        let several = [pool.multiplexed(1), pool.multiplexed(4)];
        let all = (0..32).map(|n| number(&several[n % 2], n as i64));
        for (n, answer) in futures_util::future::join_all(all)
            .await
            .into_iter()
            .enumerate()
        {
            assert_eq!(answer.unwrap(), n as i64);
        }
        let shared = &several[1];
        let rows = query("select 1")
            .stream::<Value<i32>>(shared)
            .await
            .unwrap();
        drop(rows);
        assert_eq!(
            number(&shared.within(Duration::from_secs(5)), 1)
                .await
                .unwrap(),
            1
        );
        pool.begin().await.unwrap().commit().await.unwrap();
        let error = query("set search_path = x")
            .execute(shared)
            .await
            .unwrap_err();
        let kinds = [ErrorKind::Mapping, ErrorKind::Configuration];
        assert!(kinds.contains(&error.kind()), "{error}");
        // Once one is given up, its connections are another's.
        drop(several);
        assert_eq!(number(&pool.multiplexed(4), 2).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn a_statement_runs_where_a_connection_is_free_first() {
    let (_, database) = pool().await;
    let builder = Pool::builder(database.url()).unwrap().max_size(2);
    let pool = builder
        .wait_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let shared = pool.multiplexed(1);
    number(&shared, 0).await.unwrap();
    let other = pool.get().await.unwrap();
    let slow = query("select pg_sleep(0.3)").execute(&shared);
    let behind = async {
        // Longer than a connection that makes no progress is waited for.
        tokio::time::sleep(Duration::from_millis(50)).await;
        number(&shared, 1).await
    };
    let (slow, behind) = tokio::join!(slow, behind);
    assert_eq!((slow.unwrap(), behind.unwrap()), (1, 1));

    let slow = query("select pg_sleep(3)").execute(&shared);
    let behind = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let (answer, ()) = tokio::join!(number(&shared, 2), async { drop(other) });
        (answer, std::time::Instant::now())
    };
    let slow = async { (slow.await, std::time::Instant::now()) };
    let ((slow, end), (behind, earlier)) = tokio::join!(slow, behind);
    assert_eq!((slow.unwrap(), behind.unwrap()), (1, 2));
    assert!(earlier < end);
}
