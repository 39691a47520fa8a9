//! From one database into another.

use std::time::Duration;

use howdah::{
    ErrorKind, Executor, Value,
    copy::{Csv, Format},
    copy_in, copy_out, query,
};

use crate::shared_db::support::pool;

#[tokio::test]
async fn rows_go_from_one_database_into_another() {
    let (old, _old) = pool().await;
    let (new, _new) = pool().await;
    let sql = "create table t (id int primary key, tags text[], at timestamptz)";
    old.batch_execute(sql).await.unwrap();
    new.batch_execute(sql).await.unwrap();
    let fill =
        "insert into t select n, array['a', null, n::text], now() from generate_series(1, 30000) n";
    query(fill).execute(&old).await.unwrap();
    let copied = copy_out("t").into_table(&old, copy_in("t"), &new).await;
    assert_eq!(copied.unwrap(), 30_000);
    let digest = "select md5(string_agg(t::text, ',' order by id)) from t";
    let digest = async |pool| query(digest).fetch_one::<(String,)>(pool).await.unwrap();
    assert_eq!(digest(&old).await, digest(&new).await);
    // A second time it is refused, and the row named.
    let error = copy_out("t")
        .into_table(&old, copy_in("t"), &new)
        .await
        .unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(error.row(), Some(1));
}

#[tokio::test]
async fn types_of_ones_own_have_other_numbers_in_each_database() {
    let (old, _old) = pool().await;
    let (new, _new) = pool().await;
    new.batch_execute("create type before as enum ('x'); create domain other as int")
        .await
        .unwrap();
    let sql = "create type mood as enum ('sad', 'glad');
               create type pair as (a int, b mood);
               create domain small as int check (value < 100);
               create table t (m mood, ms mood[], p pair, s small, r regtype)";
    old.batch_execute(sql).await.unwrap();
    new.batch_execute(sql).await.unwrap();
    let fill = "insert into t values ('sad', '{glad,sad}', '(1,glad)', 7, 'mood'), (null, null, null, null, null)";
    query(fill).execute(&old).await.unwrap();
    let copied = copy_out("t").into_table(&old, copy_in("t"), &new).await;
    assert_eq!(copied.unwrap(), 2);
    let rows = "select coalesce(t::text, '') from t order by m";
    let rows = async |pool| query(rows).fetch_all::<(String,)>(pool).await.unwrap();
    assert_eq!(rows(&old).await, rows(&new).await);
    assert_eq!(
        rows(&new).await[0].0,
        "(sad,\"{glad,sad}\",\"(1,glad)\",7,mood)"
    );
}

#[tokio::test]
async fn columns_of_other_types_are_refused() {
    let (old, _old) = pool().await;
    let (new, _new) = pool().await;
    old.batch_execute("create table t (a int, b float4)")
        .await
        .unwrap();
    new.batch_execute("create table t (a int, b int)")
        .await
        .unwrap();
    let error = copy_out("t")
        .into_table(&old, copy_in("t"), &new)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping);
    assert!(
        error
            .to_string()
            .ends_with("column number 2 is real, but integer where it is copied to; `copy_out_query` can cast it"),
        "{error}"
    );
}

/// The server does one thing after the other on each connection.
#[tokio::test]
async fn rows_do_not_go_from_a_connection_to_itself() {
    let (pool, _database) = pool().await;
    pool.batch_execute(
        "create table t (a int); create table other (a int); insert into t values (1)",
    )
    .await
    .unwrap();
    let transaction = pool.begin().await.unwrap();
    let within = transaction.within(Duration::from_secs(10));
    let error = copy_out("t")
        .into_table(&within, copy_in("other"), &within)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    let count = query("select count(*) from t").fetch_one::<Value<i64>>(&transaction);
    assert_eq!(count.await.unwrap(), 1);
}

/// As in PostgreSQL's own COPY of a table: what was copied out can be copied in.
#[tokio::test]
async fn generated_columns_stay_behind() {
    let (old, _old) = pool().await;
    let (new, _new) = pool().await;
    let sql = "create table t (id int primary key, gone int, twice int generated always as (id * 2) stored, note text);
               alter table t drop gone";
    old.batch_execute(sql).await.unwrap();
    new.batch_execute(sql).await.unwrap();
    let copied = copy_in("t").from_rows([(1, "a"), (2, "b")], &old).await;
    assert_eq!(copied.unwrap(), 2);
    let copied = copy_out("t").into_table(&old, copy_in("t"), &new).await;
    assert_eq!(copied.unwrap(), 2);
    for format in [Format::from(Csv::new()), Format::Binary] {
        let mut bytes = Vec::new();
        let copy = copy_out("t").to_writer(format.clone(), &mut bytes, &old);
        copy.await.unwrap();
        query("truncate t").execute(&new).await.unwrap();
        let copied = copy_in("t").from_reader(format, bytes.as_slice(), &new);
        assert_eq!(copied.await.unwrap(), 2);
    }
    // They are there for whoever reads rows, or names them.
    let rows = copy_out("t").rows::<(i32, i32, String), _>(&new);
    let rows = rows.await.unwrap().collect().await.unwrap();
    assert_eq!(rows, [(1, 2, "a".to_owned()), (2, 4, "b".to_owned())]);
    let mut csv = Vec::new();
    let copy = copy_out("t").columns(["twice"]);
    copy.to_writer(Csv::new(), &mut csv, &new).await.unwrap();
    assert_eq!(csv, b"2\n4\n");
}
