//! Documents for searching, maps of texts, and text in a language of its own.

use howdah::{Hstore, JsonPath, LQuery, LTree, LTxtQuery, TsQuery, TsVector, Value, query};

use super::{round_trip::round_trip, samples};
use crate::shared_db::support::pool;

#[tokio::test]
async fn documents_and_queries() {
    let (pool, _database) = pool().await;
    let mut vectors = Vec::new();
    for text in [
        "",
        "'cat':3 'fat':2,4A 'it''s':1B,9C",
        "'a' 'b\\\\c':16383",
        "'Zürich':1",
    ] {
        let read = query("select $1::text::tsvector").bind(text);
        let vector = read.fetch_one::<Value<TsVector>>(&pool).await.unwrap();
        assert_eq!(vector.to_string(), text);
        vectors.push(vector);
    }
    round_trip("tsvector").run(&pool, vectors).await;
    let mut queries = Vec::new();
    for text in [
        "",
        "'cat'",
        "'fat' & ( 'rat' | 'cat' )",
        "!( 'a' & !'b' ) <-> 'c':*AB",
        "'a' <-> ( 'b' <3> 'c' )",
        "'a' <-> 'b' <0> 'c'",
        "!!'it''s':D | 'x'",
        "( 'a' | 'b' ) & 'c' & ( 'd' | 'e' )",
    ] {
        let read = query("select $1::text::tsquery, ($1::text::tsquery)::text").bind(text);
        let (tsquery, theirs): (TsQuery, String) = read.fetch_one::<(_, _)>(&pool).await.unwrap();
        assert_eq!(tsquery.to_string(), theirs);
        if !text.is_empty() {
            queries.push(tsquery);
        }
    }
    round_trip("tsquery").run(&pool, queries).await;
    let empty = query("select $1::tsquery").bind(TsQuery::default());
    let error = empty.fetch_one::<Value<TsQuery>>(&pool).await.unwrap_err();
    let message = error.to_string();
    assert!(
        message.ends_with("PostgreSQL takes no empty tsquery as a parameter"),
        "{message}"
    );
    let built = TsQuery::word("a")
        .followed_by(2, TsQuery::prefix("b"))
        .or(TsQuery::word("c").not());
    let same = query("select $1 = tsquery '(a <2> b:*) | !c'").bind(built);
    assert!(same.fetch_one::<Value<bool>>(&pool).await.unwrap());
}

#[tokio::test]
async fn maps_of_texts() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create extension hstore").await.unwrap();
    let text = "[a-z\"\\\\' ,=>é]{0,6}";
    let maps = proptest::collection::btree_map(text, proptest::option::of(text), 0..5);
    let values = samples(maps, 40).into_iter().map(Hstore);
    round_trip("hstore")
        .without_order()
        .run(&pool, values)
        .await;
}

#[tokio::test]
async fn texts_in_a_language_of_their_own() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create extension ltree").await.unwrap();
    let values = ["", "Top", "Top.Science.Astronomy_1"].map(LTree::from);
    round_trip("ltree").run(&pool, values).await;
    let values = ["*.Astronomy@.*{1,2}", "!pizza.a|b"].map(LQuery::from);
    round_trip("lquery")
        .without_equality()
        .run(&pool, values)
        .await;
    let values = ["Europe & Russia@*", "a | b & !c"].map(LTxtQuery::from);
    round_trip("ltxtquery")
        .without_equality()
        .run(&pool, values)
        .await;
    let values = ["$", "$.\"a\"[*]?(@ > 1)", "strict $.\"b\""].map(JsonPath::from);
    round_trip("jsonpath")
        .without_equality()
        .run(&pool, values)
        .await;
    let refused = query("select $1::jsonpath")
        .bind(JsonPath::from("$.["))
        .fetch_one::<Value<JsonPath>>(&pool);
    assert_eq!(refused.await.unwrap_err().sqlstate(), Some("42601"));
}
