//! Results kept as the server sent them: rows that borrow from them, and JSON taken apart later.

use howdah::{ErrorKind, LazyJson, PgRow, query};

use super::support::pool;

#[derive(Debug, PartialEq, PgRow)]
struct Label<'r> {
    name: &'r str,
    bytes: Option<&'r [u8]>,
    document: LazyJson<&'r str>,
}

const LABELS: &str = "select n::int4 as n, 'name ' || n as name, nullif('\\x0102'::bytea, case n when 2 then '\\x0102'::bytea end) as bytes, \
     jsonb_build_object('n', n) as document from generate_series(1, 3) n";

#[tokio::test]
async fn rows_borrow_from_the_result() {
    let (pool, _database) = pool().await;
    let rows = query(LABELS).fetch_rows(&pool).await.unwrap();
    assert_eq!((rows.len(), rows.is_empty()), (3, false));
    let labels: Vec<Label<'_>> = rows.read().unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(
        labels[1],
        Label {
            name: "name 2",
            bytes: None,
            document: LazyJson::new(r#"{"n": 2}"#),
        }
    );
    assert_eq!(labels[2].bytes, Some(&[1, 2][..]));
    // The connection is free, whatever is still read.
    assert_eq!(query("select 1").execute(&pool).await.unwrap(), 1);
}

#[tokio::test]
async fn one_result_is_read_as_several_row_types() {
    let (pool, _database) = pool().await;
    let rows = query("select n::int4 as n, 'name ' || n as name from generate_series(1, 2) n")
        .fetch_rows(&pool)
        .await
        .unwrap();
    #[derive(PgRow)]
    struct Number {
        n: i32,
    }
    for _ in 0..2 {
        let numbers = rows.read::<Number>().unwrap().map(|row| row.unwrap().n);
        assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
        let pairs: Result<Vec<(i32, &str)>, _> = rows.read().unwrap().collect();
        assert_eq!(pairs.unwrap(), [(1, "name 1"), (2, "name 2")]);
    }
    let error = rows.read::<(i32,)>().map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mapping);
    assert_eq!(
        error.to_string(),
        "query `select n::int4 as n, 'name ' || n as name from generate_seri…`: the result has 2 columns, but 1 are read by position: `n`, `name`"
    );
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_an_item() {
    let (pool, _database) = pool().await;
    let rows = query("select nullif(n, 2)::int4 as n from generate_series(1, 3) n")
        .fetch_rows(&pool)
        .await
        .unwrap();
    let read: Vec<_> = rows.read::<(i32,)>().unwrap().collect();
    assert!(read[0].is_ok() && read[2].is_ok());
    let error = read[1].as_ref().unwrap_err();
    assert_eq!(
        (error.kind(), error.column()),
        (ErrorKind::Decode, Some("n"))
    );
}

#[tokio::test]
async fn lazy_json_is_the_text_and_is_sent_as_it_is() {
    let (pool, _database) = pool().await;
    let text = r#"{"b": 1,   "a": [null, "ü\u0041"]}"#;
    let (json, jsonb, null) = query("select $1::json, $2::jsonb, null::jsonb")
        .bind(LazyJson::new(text))
        .bind(LazyJson::new(text))
        .fetch_one::<(LazyJson<String>, LazyJson, Option<LazyJson>)>(&pool)
        .await
        .unwrap();
    assert_eq!(json.as_str(), text);
    assert_eq!(jsonb.as_str(), r#"{"a": [null, "üA"], "b": 1}"#);
    assert_eq!(null, None);
    assert_eq!(json.parse::<serde_json::Value>().unwrap()["a"][1], "üA");
    assert!(json.parse::<Vec<i32>>().is_err());

    let broken = query("select $1::json").bind(LazyJson::new("{"));
    let error = broken.execute(&pool).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("22P02"));
}
