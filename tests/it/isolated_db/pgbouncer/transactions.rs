//! Each transaction on another server: statements are kept by none.

use std::time::{Duration, Instant};

use howdah::{Error, ErrorKind, Exec, Executor, Many, Opaque, Pool, Value, batch, copy_in, query};

use super::Bouncer;

async fn kept(direct: &Pool) -> i64 {
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'";
    query(sql).fetch_one::<Value<i64>>(direct).await.unwrap()
}

#[tokio::test]
async fn queries_of_many_tasks_share_the_servers_of_a_pooler() {
    let bouncer = Bouncer::start_in("transaction").await;
    let pool = bouncer.builder().unnamed_statements().build().unwrap();
    pool.batch_execute(
        "create type mood as enum ('good', 'bad');
         create table t (id int4 primary key, tags text[], mood mood);
         insert into t select n, array['tag ' || n], 'good' from generate_series(1, 100) n",
    )
    .await
    .unwrap();
    let one = async |id: i32| {
        let sql = "select tags[1], mood::text, $2::text from t where id = $1";
        query(sql)
            .bind(id)
            .bind("é")
            .fetch_one::<(String, String, String)>(&pool)
            .await
    };
    // More tasks than connections to PgBouncer, and more of these than servers.
    for round in 0..3 {
        let all = futures_util::future::join_all((1..=100).map(one)).await;
        for (id, row) in (1..=100).zip(all) {
            let expected = (format!("tag {id}"), "good".to_owned(), "é".to_owned());
            assert_eq!(row.unwrap(), expected, "round {round}");
        }
    }
    // Nothing was left on the servers that could disturb others.
    for _ in 0..8 {
        let left = query(
            "select count(*) from pg_prepared_statements where not from_sql and statement like '%from t where%'",
        );
        assert_eq!(left.fetch_one::<Value<i64>>(&pool).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn transactions_copy_and_cancels_go_through_a_pooler() {
    let bouncer = Bouncer::start_in("transaction").await;
    let pool = bouncer
        .builder()
        .unnamed_statements()
        .query_timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    pool.batch_execute("create table t (id int4)")
        .await
        .unwrap();
    let insert = async |id: i32| {
        pool.transaction(async |tx| {
            query("insert into t values ($1)")
                .bind(id)
                .execute(tx)
                .await?;
            copy_in("t")
                .columns(["id"])
                .from_rows([(id + 100,)], tx)
                .await?;
            query("insert into t values ($1)")
                .bind(id + 200)
                .execute(tx)
                .await
        })
        .await
    };
    let all: Result<Vec<u64>, Error> =
        futures_util::future::try_join_all((0..20).map(insert)).await;
    all.unwrap();
    let count = query("select count(*) from t")
        .fetch_one::<Value<i64>>(&pool)
        .await;
    assert_eq!(count.unwrap(), 60);

    let began = Instant::now();
    let soon = pool.within(Duration::from_millis(50));
    query("select pg_sleep(60)")
        .execute(&soon)
        .await
        .unwrap_err();
    for _ in 0..4 {
        query("select 1").execute(&pool).await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(30));
    let direct = Pool::connect(bouncer.database.url()).await.unwrap();
    assert_eq!(kept(&direct).await, 0);
}

/// There is no session setting that could limit the server.
#[tokio::test]
async fn the_deadline_of_a_pool_holds_without_the_servers_help() {
    let bouncer = Bouncer::start_in("transaction").await;
    let limit = Duration::from_millis(200);
    let pool = bouncer.builder().unnamed_statements().query_timeout(limit);
    let pool = pool.build().unwrap();
    let slow = || query("select pg_sleep(30)");
    let mut connection = pool.get().await.unwrap();
    let began = Instant::now();
    let transaction = connection.begin().await.unwrap();
    let in_transaction = slow().execute(&transaction).await.unwrap_err();
    drop(transaction);
    let late = [
        in_transaction,
        slow().execute(&pool).await.unwrap_err(),
        slow().execute(&connection).await.unwrap_err(),
        slow().execute(&pool.multiplexed(1)).await.unwrap_err(),
        batch((slow().yields::<Exec>(),))
            .fetch(&connection)
            .await
            .unwrap_err(),
    ];
    for error in late {
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        let message = "query `select pg_sleep(30)`: no result within 200ms";
        assert_eq!(error.to_string(), message);
    }
    // The limit of one query takes precedence over that of the pool.
    let patient = connection.within(Duration::from_secs(30));
    query("select pg_sleep(0.4)")
        .execute(&patient)
        .await
        .unwrap();
    assert!(began.elapsed() < Duration::from_secs(20));
}

fn of_one_connection(bouncer: &Bouncer) -> Pool {
    let builder = bouncer.builder().unnamed_statements().max_size(1);
    builder.build().unwrap()
}

/// A column that was `bigint` when its query was run first, and has eight bytes as before.
#[tokio::test]
async fn what_a_column_has_become_is_seen_in_the_answer() {
    let bouncer = Bouncer::start_in("transaction").await;
    let pool = of_one_connection(&bouncer);
    pool.batch_execute("create table t (n int8); insert into t values (1)")
        .await
        .unwrap();
    let sql = "select n from t";
    let number = async || query(sql).fetch_one::<Value<i64>>(&pool).await;
    assert_eq!(number().await.unwrap(), 1);
    pool.batch_execute("alter table t alter column n type float8")
        .await
        .unwrap();
    let error = number().await.unwrap_err().to_string();
    assert!(error.contains("the column is double precision"), "{error}");
    assert_eq!(
        query(sql).fetch_one::<Value<f64>>(&pool).await.unwrap(),
        1.0
    );
}

/// The types of a query's result are known before it runs, whatever was dropped from the cache in the meantime.
#[tokio::test]
async fn what_was_applied_is_not_applied_again_to_learn_a_type() {
    let bouncer = Bouncer::start_in("transaction").await;
    let pool = of_one_connection(&bouncer);
    pool.batch_execute(
        "create type mood as enum ('good'); create table t (id int4, mood mood default 'good')",
    )
    .await
    .unwrap();
    let insert = async |id: i32| {
        let sql = "insert into t (id) values ($1) returning mood";
        query(sql).bind(id).fetch_rows(&pool).await
    };
    bouncer.use_both_servers().await;
    insert(0).await.unwrap();
    for id in 1..20 {
        // A type that does not fit makes all types be looked up again.
        query("select $1::int4")
            .bind("one")
            .execute(&pool)
            .await
            .unwrap_err();
        let _ = insert(id).await;
    }
    let most = query("select max(n) from (select count(*) as n from t group by id) as c");
    assert_eq!(most.fetch_one::<Value<i64>>(&pool).await.unwrap(), 1);
}

#[tokio::test]
async fn many_rows_are_inserted_outside_of_a_transaction() {
    let bouncer = Bouncer::start_in("transaction").await;
    let pool = bouncer.builder().unnamed_statements().build().unwrap();
    bouncer.use_both_servers().await;
    super::can_insert_many(&pool).await;
}

#[tokio::test]
async fn what_needs_more_than_a_transaction_is_refused_before_it_is_sent() {
    let bouncer = Bouncer::start_in("transaction").await;
    let pool = bouncer.builder().unnamed_statements().build().unwrap();
    pool.batch_execute("create table t (id int4)")
        .await
        .unwrap();
    let held = query("select 1").cursor::<Value<i32>>().open_held(&pool);
    let refusals = [
        copy_in("t")
            .columns(["id"])
            .from_rows([(1,)], &pool)
            .await
            .err(),
        held.await.err(),
        pool.lock("t").await.err(),
        pool.listener().channel("c").connect().await.err(),
    ];
    for refusal in refusals {
        let error = refusal.unwrap();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(
            error.to_string().contains("`unnamed_statements`"),
            "{error}"
        );
    }
}

/// One server has no statement that was prepared on the other.
#[tokio::test]
async fn types_that_a_user_made_are_learnt_on_whichever_server() {
    let bouncer = Bouncer::start_in("transaction").await;
    bouncer.use_both_servers().await;
    let pool = bouncer.builder().unnamed_statements().build().unwrap();
    for n in 0..10 {
        pool.batch_execute(&format!("create type t{n} as enum ('a{n}')"))
            .await
            .unwrap();
    }
    for n in 0..10 {
        let found = query(format!("select 'a{n}'::t{n} where $1 = 1"));
        let found = found.bind(1).fetch_rows(&pool).await.unwrap();
        assert_eq!(found.len(), 1);
    }
}

/// Batches, bulk statements and connections that are held have no other connection to go to.
#[tokio::test]
async fn a_users_types_are_learnt_on_whichever_server_in_what_cannot_go_elsewhere() {
    let bouncer = Bouncer::start_in("transaction").await;
    bouncer.use_both_servers().await;
    let pool = bouncer.builder().unnamed_statements().build().unwrap();
    for n in 0..10 {
        let sql = format!(
            "create type t{n} as enum ('a{n}'); create type c{n} as (first t{n}); create table of_t{n} (id int4, c c{n}[])"
        );
        pool.batch_execute(&sql).await.unwrap();
    }
    let connection = pool.get().await.unwrap();
    for n in 0..10 {
        let sql = format!(
            "select 'a{n}'::t{n}, array[row('a{n}')]::c{n}[] where $1::text::t{n} is not null"
        );
        let found = || {
            query(sql.clone())
                .bind(format!("a{n}"))
                .yields::<Many<Value<Opaque>>>()
        };
        let found = match n % 2 {
            0 => batch(vec![found(), found()]).fetch_each(&pool).await,
            _ => batch(vec![found(), found()]).fetch_each(&connection).await,
        };
        for found in found.unwrap() {
            // It is read by position, and there are two columns.
            assert_eq!(found.unwrap_err().kind(), ErrorKind::Mapping);
        }
        let held = query(sql).bind(format!("a{n}")).fetch_rows(&connection);
        assert_eq!(held.await.unwrap().len(), 1);
        let parameter = format!("insert into of_t{n} select 1, $1::c{n}[] returning c");
        let none = query(parameter)
            .bind(None::<Opaque>)
            .fetch_rows(&connection);
        assert_eq!(none.await.unwrap().len(), 1);
    }
    // Nothing with which types were asked for was left on the servers.
    for _ in 0..8 {
        let left = query("select count(*) from pg_prepared_statements where not from_sql");
        let left = left.fetch_one::<Value<i64>>(&pool).await.unwrap();
        assert_eq!(left, 0);
    }
}

#[tokio::test]
async fn who_forgets_that_there_is_a_pooler_is_told_what_to_do() {
    let bouncer = Bouncer::start_in("transaction").await;
    let pool = bouncer.builder().build().unwrap();
    let slow = |_| query("select 1 from pg_sleep(0.05)").execute(&pool);
    let mut told = 0;
    for _ in 0..20 {
        for result in futures_util::future::join_all((0..4).map(slow)).await {
            if let Err(error) = result {
                assert_eq!(error.sqlstate(), Some("26000"), "{error}");
                assert!(
                    error.to_string().contains("`unnamed_statements`"),
                    "{error}"
                );
                told += 1;
            }
        }
        if told > 0 {
            return;
        }
    }
    panic!("no statement was run on another server");
}
