//! Prepared statements under a schema that changes while the program runs.

use futures_util::FutureExt;
use howdah::{Error, ErrorKind, One, Opaque, Pool, Query, TransactionOptions, Value, query};
use howdah_codegen::scratch::Database;

use super::{proxy::Proxy, support::pool};

/// A pool of one connection, with whose statements the schema then changes.
async fn pool_of_one() -> (Pool, Database) {
    let (_, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .build()
        .unwrap();
    pool.batch_execute("create table t (id int4, note text); insert into t values (1, 'one')")
        .await
        .unwrap();
    (pool, database)
}

async fn notes(pool: &Pool) -> Result<Vec<(i32, String)>, Error> {
    query("select id, note::text from t")
        .fetch_all::<(i32, String)>(pool)
        .await
}

#[tokio::test]
async fn statements_go_on_after_each_change_of_the_schema() {
    let (pool, _database) = pool_of_one().await;
    assert_eq!(notes(&pool).await.unwrap(), [(1, "one".to_owned())]);
    for change in [
        "alter table t add extra int4 default 5",
        "alter table t alter note type varchar(20)",
        "drop table t; create table t (note text, id int4); insert into t values ('one', 1)",
        "create type mood as enum ('one'); alter table t alter note type mood using note::mood",
        "alter table t alter note type text; drop type mood; create type mood as enum ('zero', 'one');
         alter table t alter note type mood using note::mood",
        "deallocate all",
        "discard all",
    ] {
        pool.batch_execute(change).await.unwrap();
        assert_eq!(notes(&pool).await.unwrap(), [(1, "one".to_owned())], "{change}");
    }
    assert_eq!(pool.status().opened, 1);
}

#[tokio::test]
async fn a_result_or_parameter_of_another_type_is_found_out() {
    let (pool, _database) = pool_of_one().await;
    let all = async || {
        query("select id from t where id >= $1")
            .bind(1_i32)
            .fetch_all::<Value<i32>>(&pool)
            .await
    };
    assert_eq!(all().await.unwrap(), [1]);
    pool.batch_execute("alter table t alter id type int8")
        .await
        .unwrap();
    let error = all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping, "{error}");
    pool.batch_execute("alter table t alter id type int4")
        .await
        .unwrap();
    assert_eq!(all().await.unwrap(), [1]);
}

#[tokio::test]
async fn a_type_that_was_made_anew_is_looked_up_anew() {
    let (pool, _database) = pool_of_one().await;
    let define = "create domain short as text; create type pair as (a int4, b short)";
    pool.batch_execute(define).await.unwrap();
    let echo = async || {
        query("select ($1::short[])[1]::text")
            .bind(vec!["x"])
            .fetch_one::<Value<String>>(&pool)
            .await
    };
    assert_eq!(echo().await.unwrap(), "x");
    pool.batch_execute(&format!("drop type pair; drop domain short; {define}"))
        .await
        .unwrap();
    assert_eq!(echo().await.unwrap(), "x");
}

#[tokio::test]
async fn inside_of_a_transaction_the_error_says_so_and_the_next_one_works() {
    let (pool, _database) = pool_of_one().await;
    let all = "select * from t";
    query(all).execute(&pool).await.unwrap();
    pool.batch_execute("alter table t add extra int4 default 5")
        .await
        .unwrap();
    let failed = pool
        .transaction(async |tx| query(all).execute(tx).await)
        .await
        .unwrap_err();
    assert_eq!(failed.sqlstate(), Some("0A000"));
    assert!(
        failed.to_string().contains("has to be run again"),
        "{failed}"
    );
    assert_eq!(
        pool.transaction(async |tx| query(all).execute(tx).await)
            .await
            .unwrap(),
        1
    );

    pool.batch_execute("alter table t drop extra")
        .await
        .unwrap();
    let again = TransactionOptions::new().retry(1);
    let healed = pool
        .transaction_with(&again, async |tx| query(all).execute(tx).await)
        .await;
    assert_eq!(healed.unwrap(), 1);
}

#[tokio::test]
async fn a_failure_inside_of_a_statement_is_not_tried_again() {
    let (pool, _database) = pool_of_one().await;
    pool.batch_execute(
        "create sequence calls; create function refuse() returns int4 language plpgsql as $$
         begin perform nextval('calls'); raise feature_not_supported; end $$",
    )
    .await
    .unwrap();
    let refused = query("select refuse()").execute(&pool).await.unwrap_err();
    assert_eq!(refused.sqlstate(), Some("0A000"));
    let calls = query("select last_value from calls")
        .fetch_one::<Value<i64>>(&pool)
        .await;
    assert_eq!(calls.unwrap(), 1);
}

/// The compiler may keep a literal at several addresses.
#[tokio::test]
async fn a_text_is_prepared_once_wherever_it_stands() {
    let (pool, _database) = pool_of_one().await;
    let text = "select note from t where id = 1";
    let copies: [&'static str; 2] = [text.to_owned().leak(), text.to_owned().leak()];
    let run = async || {
        for copy in copies {
            let note: Query<'_, One<Value<String>>> = Query::new("note", copy, []);
            assert_eq!(note.fetch(&pool).await.unwrap(), "one");
        }
        let dynamic = query(text.to_owned()).fetch_one::<Value<String>>(&pool);
        assert_eq!(dynamic.await.unwrap(), "one");
        let kept = query("select count(*) from pg_prepared_statements where statement = $1");
        let kept = kept.bind(text).fetch_one::<Value<i64>>(&pool);
        assert_eq!(kept.await.unwrap(), 1);
    };
    run().await;
    pool.batch_execute("alter table t alter note type varchar(20)")
        .await
        .unwrap();
    run().await;
}

#[tokio::test]
async fn the_cache_is_bounded_on_the_server_too() {
    let (_, database) = pool_of_one().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .max_size(1)
        .statement_cache(4)
        .build()
        .unwrap();
    for n in 0..40 {
        query(format!("select {n}")).execute(&pool).await.unwrap();
    }
    let sql = "select count(*) from pg_prepared_statements";
    let count = query(sql).fetch_one::<Value<i64>>(&pool).await.unwrap();
    assert!(count <= 5, "{count}");
}

#[tokio::test]
async fn the_first_query_of_a_connection_asks_nothing_of_the_catalog() {
    let (_, database) = pool().await;
    let proxy = Proxy::new(database.url()).await;
    let pool = Pool::connect(&proxy.url()).await.unwrap();
    pool.batch_execute("create type mood as enum ('glad', 'sad')")
        .await
        .unwrap();
    let connection = pool.get().await.unwrap();
    let questions = async |sql: &'static str| {
        let before = proxy.asked();
        query(sql).execute(&connection).await.unwrap();
        proxy.asked() - before
    };
    // Numbers, times, JSON, arrays, ranges: what PostgreSQL brings is known. It is prepared, and then run.
    let plain =
        "select 1::int8, '{a}'::text[], now(), '{}'::jsonb, 1.5, int4range(1, 2), 'x'::\"char\"";
    assert_eq!(questions(plain).await, 2);
    assert_eq!(questions(plain).await, 1);
    // Types of the schema are looked up without a separate statement.
    assert_eq!(questions("select null::mood").await, 2);
    assert_eq!(questions("select null::mood as second").await, 2);
}

/// It is neither one of those that the pool prepared, nor gone with a change of the schema.
#[tokio::test]
async fn a_prepared_statement_of_the_users_own_that_is_missing_is_not_explained_as_ours() {
    let (_, database) = pool().await;
    let builder = || Pool::builder(database.url()).unwrap().max_size(1);
    for pool in [
        builder().build().unwrap(),
        builder().unnamed_statements().build().unwrap(),
    ] {
        let execute = || query("/* mine */ execute mine");
        let failed = pool
            .transaction(async |tx| {
                tx.batch_execute("prepare mine as select 1").await?;
                execute().execute(tx).await?;
                tx.batch_execute("deallocate mine").await?;
                execute().execute(tx).await
            })
            .await
            .unwrap_err();
        let execute = execute().execute(&pool).await.unwrap_err();
        let deallocate = query("deallocate mine").execute(&pool).await.unwrap_err();
        for error in [failed, execute, deallocate] {
            assert_eq!(error.sqlstate(), Some("26000"), "{error}");
            let message = error.to_string();
            assert!(!message.contains("the statement was run"), "{message}");
            assert!(!message.contains("has to be run again"), "{message}");
        }
    }
}

/// A failing statement affects nothing else, also while the types of another are looked up.
#[tokio::test]
async fn what_is_written_while_types_are_learnt_stays_written() {
    let (_, database) = pool().await;
    let pool = Pool::builder(database.url())
        .unwrap()
        .unnamed_statements()
        .build()
        .unwrap();
    pool.batch_execute("create type mood as enum ('glad'); create table t (id int4 primary key)")
        .await
        .unwrap();
    let connection = pool.get().await.unwrap();
    let insert = async |n: i32| {
        query("insert into t values ($1)")
            .bind(n)
            .execute(&connection)
            .await
    };
    insert(0).await.unwrap();
    let learn = query("select 'glad'::mood where $1 = 1")
        .bind(1)
        .fetch_rows(&connection);
    let (learnt, written) = tokio::join!(learn, async { (insert(1).await, insert(0).await) });
    let found = query("select id from t order by id")
        .fetch_all::<Value<i32>>(&pool)
        .await
        .unwrap();
    assert!(written.0.is_ok() && written.1.is_err());
    assert_eq!(learnt.unwrap().len(), 1);
    assert_eq!(found, [0, 1]);
}

/// At whatever point one gives up to learn types, the statements of others do not find themselves in a transaction.
#[tokio::test]
async fn who_gives_up_learning_types_leaves_no_transaction_to_others() {
    let (_, database) = pool().await;
    let builder = Pool::builder(database.url()).unwrap();
    let pool = builder.unnamed_statements().build().unwrap();
    let outside = Pool::connect(database.url()).await.unwrap();
    pool.batch_execute("create type mood as enum ('glad'); create table t (id int4 primary key)")
        .await
        .unwrap();
    let connection = pool.multiplexed(1);
    for n in 0..20 {
        let sql = format!("select 'glad'::mood, {n} where $1 = 1");
        let learning = query(sql).bind(1).fetch_rows(&connection);
        let mut learning = Box::pin(learning);
        for _ in 0..n {
            if (&mut learning).now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(learning);
        let insert = query("insert into t values ($1)").bind(n);
        insert.execute(&connection).await.unwrap();
        let again = query("insert into t values ($1)").bind(n);
        let error = again.execute(&connection).await.unwrap_err();
        assert_eq!(error.sqlstate(), Some("23505"));
        // What was acknowledged is there for others, too.
        let count = query("select count(*) from t");
        let count: i64 = count.fetch_one::<Value<_>>(&outside).await.unwrap();
        assert_eq!(count, i64::from(n) + 1);
    }
}

/// The schema has not changed then.
#[tokio::test]
async fn a_row_that_the_caller_does_not_want_leaves_its_statement_prepared() {
    let (pool, _database) = pool_of_one().await;
    pool.batch_execute("create type mood as enum ('good', 'bad')")
        .await
        .unwrap();
    let moods = "select unnest(enum_range(null::mood)) as mood";
    let several = query(moods).fetch_one::<Value<Opaque>>(&pool).await;
    assert_eq!(several.unwrap_err().kind(), ErrorKind::TooManyRows);
    let kept = "select count(*) from pg_prepared_statements where statement = $1";
    let kept = query(kept).bind(moods).fetch_one::<Value<i64>>(&pool);
    assert_eq!(kept.await.unwrap(), 1);
}
