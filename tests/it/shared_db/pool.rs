//! The pool: how long connections are kept, the order of waiting tasks, and the end of a pool.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use howdah::{ErrorKind, Executor, Pool, PoolBuilder, TransactionOptions, Value, query};
use howdah_codegen::scratch::Database;

use super::support::pool;
use crate::waiting::{in_time, poll_and_drop, wait_until};

async fn builder() -> (PoolBuilder, Database) {
    let (_, database) = pool().await;
    (Pool::builder(database.url()).unwrap(), database)
}

async fn pid(pool: &Pool) -> i32 {
    let sql = "select pg_backend_pid()";
    query(sql).fetch_one::<Value<i32>>(pool).await.unwrap()
}

#[tokio::test]
async fn a_minimum_is_kept_warm_and_the_rest_goes_cold() {
    let (builder, _database) = builder().await;
    let pool = builder
        .max_size(5)
        .min_idle(2)
        .idle_timeout(Duration::from_millis(80))
        .build()
        .unwrap();
    assert_eq!(pool.status().size, 0);
    pool.warm_up().await.unwrap();
    assert_eq!((pool.status().size, pool.status().idle), (2, 2));
    let held = futures_util::future::try_join_all((0..5).map(|_| pool.get()))
        .await
        .unwrap();
    assert_eq!((pool.status().size, pool.status().idle), (5, 0));
    drop(held);
    wait_until("two are kept", async || pool.status().size == 2).await;
    assert_eq!(pool.status().opened, 5);
}

#[tokio::test]
async fn who_warms_at_the_same_time_opens_no_more_than_the_minimum() {
    let (builder, _database) = builder().await;
    let pool = builder.max_size(9).min_idle(2).build().unwrap();
    let all = (0..4).map(|_| pool.warm_up());
    futures_util::future::try_join_all(all).await.unwrap();
    assert_eq!((pool.status().size, pool.status().idle), (2, 2));
}

#[tokio::test]
async fn a_connection_that_is_old_is_replaced() {
    let (builder, _database) = builder().await;
    let pool = builder
        .max_size(1)
        .max_lifetime(Duration::from_millis(100))
        .build()
        .unwrap();
    let first = pid(&pool).await;
    wait_until("there is another", async || pid(&pool).await != first).await;
}

/// However many wait for it.
#[tokio::test]
async fn a_connection_that_is_old_is_replaced_while_others_wait() {
    let (builder, _database) = builder().await;
    let builder = builder.max_size(1);
    let pool = builder.max_lifetime(Duration::from_millis(100));
    let pool = pool.build().unwrap();
    let work = async || {
        while pool.status().opened < 3 {
            pid(&pool).await;
        }
    };
    in_time(futures_util::future::join_all((0..3).map(|_| work()))).await;
    assert_eq!(pool.status().size, 1);
}

/// Another server has become the primary: those that wait get a connection that can write.
#[tokio::test]
async fn a_connection_that_cannot_write_any_more_is_replaced_while_others_wait() {
    let (_, database) = pool().await;
    let url = format!("{}?target_session_attrs=read-write", database.url());
    let pool = Pool::builder(&url).unwrap().max_size(1).build().unwrap();
    pool.batch_execute("create table t (n int4)").await.unwrap();
    let connection = pool.get().await.unwrap();
    let demoted = "set default_transaction_read_only = on";
    connection.batch_execute(demoted).await.unwrap();
    drop(connection);
    let write = async || {
        let insert = || query("insert into t values (1)").execute(&pool);
        while insert().await.is_err() {}
    };
    in_time(futures_util::future::join_all((0..4).map(|_| write()))).await;
    assert_eq!(pool.status().opened, 2);
}

/// It is a panic, which costs the pool no place.
#[test]
fn a_connection_that_is_taken_outside_of_a_runtime_takes_no_place() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (builder, _database) = runtime.block_on(builder());
    let pool = builder.max_size(1).build().unwrap();
    let outside = || pool.get().now_or_never().map(drop);
    let outside = std::panic::catch_unwind(std::panic::AssertUnwindSafe(outside));
    assert!(outside.is_err());
    assert_eq!(pool.status().size, 0);
    assert_ne!(runtime.block_on(pid(&pool)), 0);
}

#[tokio::test]
async fn the_connection_used_last_is_used_next() {
    let (builder, _database) = builder().await;
    let pool = builder.max_size(4).build().unwrap();
    let held = futures_util::future::try_join_all((0..4).map(|_| pool.get()))
        .await
        .unwrap();
    drop(held);
    let first = pid(&pool).await;
    for _ in 0..10 {
        assert_eq!(pid(&pool).await, first);
    }
}

#[tokio::test]
async fn who_waits_longest_is_served_first() {
    let (builder, _database) = builder().await;
    let pool = builder.max_size(1).build().unwrap();
    let order = Mutex::new(Vec::new());
    let held = pool.get().await.unwrap();
    let wait = async |n: i32| {
        let connection = pool.get().await.unwrap();
        order.lock().unwrap().push(n);
        query("select 1").execute(&connection).await.unwrap();
    };
    let waiting = futures_util::future::join_all((0..20).map(wait));
    tokio::join!(waiting, async { drop(held) });
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
    assert_eq!(pool.status().waits, 20);
}

#[tokio::test]
async fn a_connection_that_broke_while_idle_is_not_given_out() {
    let (builder, database) = builder().await;
    let pool = builder.max_size(2).build().unwrap();
    let first = pid(&pool).await;
    let other = Pool::connect(database.url()).await.unwrap();
    let end = query("select pg_terminate_backend($1, 10000)").bind(first);
    assert!(end.fetch_one::<Value<bool>>(&other).await.unwrap());
    // Our side hears of it when its task runs.
    tokio::task::yield_now().await;
    wait_until("another is given", async || {
        let next = query("select pg_backend_pid()")
            .fetch_one::<Value<i32>>(&pool)
            .await;
        next.is_ok_and(|next| next != first)
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_the_server_has_ended_is_not_given_to_the_next() {
    let (builder, database) = builder().await;
    let pool = builder.max_size(1).build().unwrap();
    let other = Pool::connect(database.url()).await.unwrap();
    for _ in 0..20 {
        let running = query("select pg_sleep(60)").execute(&pool);
        let ending = async {
            let sql = "select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and wait_event = 'PgSleep'";
            while query(sql).execute(&other).await.unwrap() == 0 {}
        };
        let (ran, ()) = tokio::join!(running, ending);
        let error = ran.unwrap_err();
        assert_eq!(error.sqlstate(), Some("57P01"), "{error}");
        query("select 1").execute(&pool).await.unwrap();
    }
}

/// Also where it was ended while nobody waited for an answer.
#[tokio::test]
async fn an_idle_connection_that_the_server_has_ended_says_why() {
    let (builder, database) = builder().await;
    let pool = builder.max_size(1).build().unwrap();
    let other = Pool::connect(database.url()).await.unwrap();
    let end = async |pid: i32| {
        let ended = query("select pg_terminate_backend($1, 10000)").bind(pid);
        assert!(ended.fetch_one::<Value<bool>>(&other).await.unwrap());
        // Our side hears of it when its task runs.
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    for commits in [false, true] {
        let transaction = pool.begin().await.unwrap();
        let pid = query("select pg_backend_pid()").fetch_one::<Value<i32>>(&transaction);
        end(pid.await.unwrap()).await;
        let error = match commits {
            false => query("select 1").execute(&transaction).await.unwrap_err(),
            true => transaction.commit().await.unwrap_err(),
        };
        assert_eq!(error.kind(), ErrorKind::Database, "{error}");
        assert_eq!(error.sqlstate(), Some("57P01"), "{error}");
    }
    query("select 1").execute(&pool).await.unwrap();
}

#[tokio::test]
async fn a_pool_shuts_down_once_all_came_back() {
    let (builder, _database) = builder().await;
    let pool = builder.max_size(1).build().unwrap();
    let held = pool.get().await.unwrap();
    let early = pool.shut_down(Duration::from_millis(20)).await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Pool);
    let message = early.to_string();
    assert!(
        message.starts_with("1 connection is still in use after 20ms"),
        "{message}"
    );
    // Held connections keep working, and no more are given out.
    query("select 1").execute(&held).await.unwrap();
    assert_eq!(
        pool.get().await.unwrap_err().to_string(),
        "the pool is closed"
    );
    let (done, ()) = tokio::join!(pool.shut_down(Duration::from_secs(20)), async {
        drop(held)
    });
    done.unwrap();
    assert_eq!(pool.status().size, 0);
}

#[tokio::test]
async fn what_many_share_is_given_back_when_the_pool_closes() {
    let (builder, _database) = builder().await;
    let pool = builder.max_size(2).build().unwrap();
    let shared = pool.multiplexed(2);
    query("select 1").execute(&shared).await.unwrap();
    assert_eq!((pool.status().size, pool.status().idle), (1, 0));
    // What is under way goes on to its end.
    let under_way = query("select pg_sleep(0.2)");
    let end = pool.shut_down(Duration::from_secs(20));
    let (under_way, end) = tokio::join!(under_way.execute(&shared), end);
    assert_eq!(under_way.unwrap(), 1);
    end.unwrap();
    assert_eq!(pool.status().size, 0);
    let refused = query("select 1").execute(&shared).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Pool, "{refused}");
}

#[tokio::test]
async fn a_pool_shuts_down_together_with_its_standbys() {
    let (builder, database) = builder().await;
    let pool = builder.replica(database.url()).unwrap().build().unwrap();
    let standby = pool.replica();
    let rows = query("select generate_series(1, 9)").stream::<Value<i32>>(&standby);
    let held = rows.await.unwrap();
    let of_standby = || pool.status().standbys[0].connections.size;
    assert_eq!((pool.status().size, of_standby()), (0, 1));
    let early = pool.shut_down(Duration::from_millis(20)).await.unwrap_err();
    let message = early.to_string();
    assert!(message.starts_with("of the standby "), "{message}");
    assert!(
        message.contains(", 1 connection is still in use after 20ms"),
        "{message}"
    );
    let (done, ()) = tokio::join!(pool.shut_down(Duration::from_secs(20)), async {
        drop(held)
    });
    done.unwrap();
    assert_eq!(of_standby(), 0);
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    for (builder, expected) in [
        (builder().await.0.max_size(0), "at least one connection"),
        (builder().await.0.max_size(1).min_idle(2), "`min_idle`"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

/// No clock goes so far.
#[tokio::test]
async fn who_has_all_the_time_in_the_world_may_say_so() {
    let all = Duration::MAX;
    let (builder, database) = builder().await;
    let builder = builder
        .replica(database.url())
        .unwrap()
        .connect_timeout(all)
        .wait_timeout(all)
        .query_timeout(all)
        .recovery_timeout(all)
        .idle_timeout(all)
        .max_lifetime(all);
    let pool = builder.build().unwrap();
    assert_ne!(pid(&pool).await, 0);
    let one = || query("select 1");
    one().execute(&pool.within(all)).await.unwrap();
    let mut rows = one().stream::<Value<i32>>(&pool).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    let written = pool.written().await.unwrap();
    let replica = pool.replica().after(written).patience(all);
    one().execute(&replica).await.unwrap();
    let options = TransactionOptions::new().timeout(all);
    pool.transaction_with(&options, async |tx| one().execute(tx).await)
        .await
        .unwrap();
}

/// The error of an exhausted pool names the code that asked for a shared connection.
#[tokio::test]
async fn who_asked_for_a_shared_connection_is_named() {
    let (builder, _database) = builder().await;
    let builder = builder.max_size(2).wait_timeout(Duration::from_millis(20));
    let pool = builder.build().unwrap();
    let shared = pool.multiplexed(1);
    query("select 1").execute(&shared).await.unwrap();
    let other = query("select 1").stream::<Value<i32>>(&pool).await.unwrap();
    let error = pool.get().await.unwrap_err().to_string();
    assert!(error.contains(file!()), "{error}");
    drop(other);
}

async fn clients(watcher: &Pool) -> i64 {
    let sql = "select count(*) from pg_stat_activity where datname = current_database()
               and backend_type = 'client backend' and pid <> pg_backend_pid()";
    query(sql).fetch_one::<Value<i64>>(watcher).await.unwrap()
}

#[tokio::test]
async fn warming_up_can_be_dropped_at_every_await_point() {
    let (builder, database) = builder().await;
    let watcher = Pool::builder(database.url()).unwrap().max_size(1);
    let watcher = watcher.build().unwrap();
    drop(builder);
    for polls in 0.. {
        let builder = Pool::builder(database.url()).unwrap();
        let pool = builder.max_size(3).min_idle(3).build().unwrap();
        let done = poll_and_drop(async { pool.warm_up().await.unwrap() }, polls).await;
        // No room is lost: all three connections can be used at once.
        let all = futures_util::future::try_join_all([pool.get(), pool.get(), pool.get()]);
        drop(in_time(all).await.unwrap());
        in_time(pool.warm_up()).await.unwrap();
        let status = pool.status();
        assert_eq!((status.size, status.idle), (3, 3), "{polls} polls");
        drop(pool);
        wait_until("all are closed", async || clients(&watcher).await == 0).await;
        if done {
            assert!(polls > 3, "{polls}");
            return;
        }
    }
}

#[tokio::test]
async fn shutting_down_can_be_dropped_at_every_await_point() {
    let (builder, database) = builder().await;
    let watcher = builder.max_size(1).build().unwrap();
    for polls in 0.. {
        let builder = Pool::builder(database.url()).unwrap();
        let pool = builder.max_size(2).build().unwrap();
        let (mut held, idle) = tokio::try_join!(pool.get(), pool.get()).unwrap();
        drop(idle);
        // Its end is what is waited for, and comes after some round trips.
        let shut_down = pool.shut_down(Duration::from_secs(20));
        let work = async move {
            let release = async move {
                let transaction = held.begin().await.unwrap();
                query("select 1").execute(&transaction).await.unwrap();
                transaction.commit().await.unwrap();
                drop(held);
            };
            let (end, ()) = tokio::join!(shut_down, release);
            end.unwrap();
        };
        let done = poll_and_drop(work, polls).await;
        if polls > 0 {
            let refused = pool.get().await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Pool, "{polls} polls: {refused}");
        }
        // Once more, to the end: nothing is in use any longer.
        pool.shut_down(Duration::from_secs(20)).await.unwrap();
        assert_eq!(pool.status().size, 0, "{polls} polls");
        wait_until("all are closed", async || clients(&watcher).await == 0).await;
        if done {
            assert!(polls > 2, "{polls}");
            return;
        }
    }
}

#[tokio::test]
async fn connections_begin_with_what_is_asked_for() {
    let (builder, _database) = builder().await;
    let pool = builder
        .on_connect("create temporary table mine (id int); set work_mem = '5MB'")
        .max_size(2)
        .build()
        .unwrap();
    let (one, other) = (pool.get().await.unwrap(), pool.get().await.unwrap());
    for connection in [&one, &other] {
        let sql = "select current_setting('work_mem') from (select count(*) from mine) m";
        let set = query(sql).fetch_one::<Value<String>>(connection).await;
        assert_eq!(set.unwrap(), "5MB");
    }
}

#[tokio::test]
async fn a_connection_that_cannot_begin_so_is_none() {
    let (builder, database) = builder().await;
    let pool = builder
        .on_connect("select 1;\nselect * from nothing")
        .build()
        .unwrap();
    for _ in 0..2 {
        let error = pool.get().await.unwrap_err();
        assert_eq!(error.sqlstate(), Some("42P01"));
        let message = error.to_string();
        assert!(message.contains("does not begin as it should"), "{message}");
        assert_eq!(error.position(), Some((2, 15)));
    }
    assert_eq!(pool.status().size, 0);
    let left_open = Pool::builder(database.url()).unwrap().on_connect("begin");
    let error = query("select 1").execute(&left_open.build().unwrap()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Connection);
    let pooled = Pool::builder(database.url()).unwrap().unnamed_statements();
    let error = pooled.on_connect("set a.b = 1").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn connections_come_back_as_they_went() {
    let (builder, _database) = builder().await;
    let pool = builder
        .on_return("reset all; discard temp")
        .max_size(1)
        .build()
        .unwrap();
    let name = async |executor: &Pool| {
        let sql = "select current_setting('application_name')";
        let name = query(sql).fetch_one::<Value<String>>(executor).await;
        name.unwrap()
    };
    let before = name(&pool).await;
    let connection = pool.get().await.unwrap();
    let sql = "set application_name = 'tenant 1'; create temporary table mine (id int)";
    connection.batch_execute(sql).await.unwrap();
    // Not between two statements of one holder.
    let sql = "select current_setting('application_name') from (select count(*) from mine) m";
    let set = query(sql).fetch_one::<Value<String>>(&connection).await;
    assert_eq!(set.unwrap(), "tenant 1");
    drop(connection);
    assert_eq!(name(&pool).await, before);
    let gone = query("select from mine").execute(&pool).await;
    assert_eq!(gone.unwrap_err().sqlstate(), Some("42P01"));

    // What a query on the pool itself sets does not stay either.
    let sql = "select set_config('application_name', 'tenant 2', false)";
    query(sql).execute(&pool).await.unwrap();
    assert_eq!(name(&pool).await, before);

    // An unfinished transaction is rolled back before.
    let mut connection = pool.get().await.unwrap();
    let transaction = connection.begin().await.unwrap();
    let sql = "create temporary table mine (id int); set application_name = 'tenant 3'";
    transaction.batch_execute(sql).await.unwrap();
    drop(transaction);
    drop(connection);
    assert_eq!(name(&pool).await, before);
    assert_eq!(pool.status().opened, 1);
}

#[tokio::test]
async fn a_connection_that_cannot_come_back_is_closed() {
    let (builder, _database) = builder().await;
    let pool = builder
        .on_return("select 1 / (current_setting('my.divisor', true) is distinct from '0')::int")
        .build()
        .unwrap();
    for opened in 1..3 {
        let connection = pool.get().await.unwrap();
        let sql = "set my.divisor = '0'";
        connection.batch_execute(sql).await.unwrap();
        drop(connection);
        wait_until("it is closed", async || pool.status().size == 0).await;
        assert_eq!(pool.status().opened, opened);
    }
}

#[tokio::test]
async fn what_connections_may_not_come_back_with_is_refused() {
    let (_, database) = builder().await;
    for (sql, what) in [
        ("Discard\tALL;", "reset all; discard temp"),
        ("reset all; deallocate all", "deallocate"),
    ] {
        let builder = Pool::builder(database.url()).unwrap();
        let error = builder.on_return(sql).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(what), "{error}");
    }
    let wrong = Pool::builder(database.url()).unwrap();
    let wrong = wrong.on_return("reset alles").build().unwrap();
    let error = query("select 1").execute(&wrong).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("42704"), "{error}");
    let pooled = Pool::builder(database.url()).unwrap().unnamed_statements();
    let error = pooled.on_return("reset all").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn notices_go_to_who_wants_them() {
    let (builder, _database) = builder().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notices = Arc::clone(&seen);
    let pool = builder
        .on_notice(move |notice| notices.lock().unwrap().push(notice.clone()))
        .build()
        .unwrap();
    pool.batch_execute(
        "do $$ begin
             raise notice 'half of it';
             raise warning 'careful' using detail = 'it is old', hint = 'make a new one', errcode = '01H99';
         end $$",
    )
    .await
    .unwrap();
    let seen = seen.lock().unwrap();
    let [half, careful] = &seen[..] else {
        panic!("{seen:?}");
    };
    assert_eq!((&half.severity[..], &half.code[..]), ("NOTICE", "00000"));
    assert_eq!(half.to_string(), "NOTICE:  half of it");
    assert_eq!(careful.code, "01H99");
    let shown = "WARNING:  careful\nDETAIL:  it is old\nHINT:  make a new one";
    assert_eq!(careful.to_string(), shown);
}
