//! Parts of arrays in what wraps them: a `Box`, an `Arc`, a transparent struct.

use std::sync::Arc;

use howdah::{PgDomain, Value, query};

use crate::shared_db::support::pool;

#[derive(Clone, Debug, PartialEq, PgDomain)]
#[pg(transparent)]
struct Line(Vec<i32>);

#[tokio::test]
async fn what_an_array_is_wrapped_in_is_a_dimension() {
    let (pool, _database) = pool().await;
    let sql = "select $1::int4[]::text, $1::int4[]";
    let lines = vec![Line(vec![1, 2]), Line(vec![3, 4])];
    let (text, back): (String, Vec<Line>) = query(sql)
        .bind(lines.clone())
        .fetch_one::<(_, _)>(&pool)
        .await
        .unwrap();
    assert_eq!((text.as_str(), back), ("{{1,2},{3,4}}", lines));
    let boxes: Vec<Box<[i32]>> = vec![[1, 2].into(), [3, 4].into()];
    let (text, back): (String, Vec<Box<Vec<i32>>>) = query(sql)
        .bind(boxes)
        .fetch_one::<(_, _)>(&pool)
        .await
        .unwrap();
    let expected = vec![Box::new(vec![1, 2]), Box::new(vec![3, 4])];
    assert_eq!((text.as_str(), back), ("{{1,2},{3,4}}", expected));
    let shared: Vec<Arc<[i32]>> = vec![[1, 2].into(), [3, 4].into()];
    let text: String = query("select $1::int4[]::text")
        .bind(shared)
        .fetch_one::<Value<_>>(&pool)
        .await
        .unwrap();
    assert_eq!(text, "{{1,2},{3,4}}");
}
