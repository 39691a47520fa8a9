//! The types of pgvector, both ways through a server that has it. `cargo xtask pgvector` fetches such servers, and runs
//! what is here: elsewhere these tests are left out by name.

use howdah::{BitString, PgRow, Pool, Value, query};
use howdah_codegen::{Config, scratch::Database, scratch::Server};
use pgvector::{HalfVector, SparseVector, Vector};
use proptest::prelude::*;

use super::support;
use super::types::{refusal, round_trip::told, samples};

async fn pool() -> (Pool, Database) {
    let server = Server::shared().unwrap();
    server.require_extension("vector").unwrap();
    let (pool, database) = support::pool().await;
    pool.batch_execute("create extension vector").await.unwrap();
    (pool, database)
}

/// Of every class of bit patterns that are numbers: pgvector takes neither NaN nor infinities.
fn numbers() -> impl Strategy<Value = Vec<f32>> {
    let edges = [0.0, -0.0, 1.0, f32::MAX, f32::MIN, f32::MIN_POSITIVE, 1e-45];
    let any = any::<u32>().prop_map(f32::from_bits);
    let number = prop_oneof![any, proptest::sample::select(edges.to_vec())];
    let finite = number.prop_filter("finite", |number| number.is_finite());
    proptest::collection::vec(finite, 1..20)
}

fn text<T: ToString>(numbers: impl IntoIterator<Item = T>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(|n| n.to_string()).collect();
    format!("[{}]", numbers.join(","))
}

#[tokio::test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
async fn vectors_of_single_precision() {
    let (pool, _database) = pool().await;
    let longest = vec![0.5; 16_000];
    let values = samples(numbers(), 40).into_iter().chain([longest]);
    told("vector", |vector: &Vector| text(vector.as_slice()))
        .run(&pool, values.map(Vector::from))
        .await;
}

#[tokio::test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
async fn vectors_of_half_precision() {
    let (pool, _database) = pool().await;
    let values = samples(numbers(), 40).into_iter().map(|numbers| {
        // What is beyond half precision is infinite in it.
        let near = numbers.into_iter().map(|number| number % 65_504.0);
        HalfVector::from_f32_slice(&near.collect::<Vec<_>>())
    });
    told("halfvec", |vector: &HalfVector| text(vector.as_slice()))
        .run(&pool, values)
        .await;
}

#[tokio::test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
async fn vectors_with_few_numbers() {
    let (pool, _database) = pool().await;
    let element = (
        0..1_000_000_000_i32,
        numbers().prop_map(|numbers| numbers[0]),
    );
    let map = proptest::collection::btree_map(element.0, element.1, 0..20);
    let values = samples(map, 40).into_iter().map(|map| {
        let map = map.iter().filter(|(_, number)| **number != 0.0);
        SparseVector::from_map(map, 1_000_000_000)
    });
    told("sparsevec", |vector: &SparseVector| {
        let parts = vector.indices().iter().zip(vector.values());
        let parts: Vec<_> = parts
            .map(|(index, value)| format!("{}:{value}", index + 1))
            .collect();
        format!("{{{}}}/{}", parts.join(","), vector.dimensions())
    })
    .run(&pool, values)
    .await;
}

#[tokio::test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
async fn bits_are_those_of_postgresql() {
    let (pool, _database) = pool().await;
    let [a, b] = ["10110", "00111"].map(|bits| bits.parse::<BitString>().unwrap());
    let distance = query("select $1::bit(5) <~> $2::bit(5)").bind(a).bind(b);
    assert_eq!(distance.fetch_one::<Value<f64>>(&pool).await.unwrap(), 2.0);
    let signs = query("select binary_quantize($1::vector)").bind(Vector::from(vec![1.0, -1.0]));
    let signs: BitString = signs.fetch_one::<Value<_>>(&pool).await.unwrap();
    assert_eq!(signs.to_string(), "10");
}

#[tokio::test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
async fn what_pgvector_refuses_is_an_error() {
    let (pool, _database) = pool().await;
    let sent = query("select $1::vector").bind(Vector::from(vec![f32::NAN]));
    let error = sent.fetch_one::<Value<Vector>>(&pool).await.unwrap_err();
    assert_eq!(error.sqlstate(), Some("22000"), "{error}");
    let sent = query("select $1::vector").bind(Vector::from(vec![0.0; 70_000]));
    let error = sent.fetch_one::<Value<Vector>>(&pool).await.unwrap_err();
    let message = error.to_string();
    assert!(
        message.ends_with("the vector has too many dimensions"),
        "{message}"
    );
    let error = refusal::<Vector>(&pool, "'[1]'::halfvec").await;
    assert!(error.contains("the column is public.halfvec"), "{error}");
}

#[derive(Debug, PartialEq, PgRow)]
struct Found {
    id: i64,
    embedding: Vector,
    half: Option<HalfVector>,
    distance: f64,
}

/// What people use it for: nearest neighbours by an index.
#[tokio::test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
async fn the_nearest_are_found() {
    let (pool, _database) = pool().await;
    pool.batch_execute(
        "create table items (id int8 primary key, embedding vector(3) not null, half halfvec(3));
         create index on items using hnsw (embedding vector_l2_ops)",
    )
    .await
    .unwrap();
    let points = (1..=9).map(|n| Vector::from(vec![n as f32, 0.0, 1.0]));
    let points: Vec<Vector> = points.collect();
    let add = "insert into items select row_number() over (), p, nullif(p, '[1,0,1]')::halfvec \
               from unnest($1::vector[]) p";
    query(add).bind(&points).execute(&pool).await.unwrap();
    let nearest = query(
        "select id, embedding, half, embedding <-> $1 as distance from items order by embedding <-> $1 limit 2",
    );
    let nearest = nearest.bind(Vector::from(vec![0.0, 0.0, 1.0]));
    let found = nearest.fetch_all::<Found>(&pool).await.unwrap();
    let item = |n: i64, half| Found {
        id: n,
        embedding: points[n as usize - 1].clone(),
        half,
        distance: n as f64,
    };
    let half = HalfVector::from_f32_slice(&[2.0, 0.0, 1.0]);
    assert_eq!(found, [item(1, None), item(2, Some(half))]);
    let wrong = query("insert into items values (10, $1)").bind(Vector::from(vec![1.0]));
    let error = wrong.execute(&pool).await.unwrap_err();
    assert!(
        error.to_string().contains("expected 3 dimensions, not 1"),
        "{error}"
    );
}

/// The types of the crate `pgvector`, and distances that are null only where a vector is.
#[tokio::test]
#[ignore = "needs pgvector: cargo xtask pgvector"]
async fn generated_code_has_its_types() {
    let (pool, database) = pool().await;
    let table = "create table items (id int8 primary key, embedding vector(3) not null, half halfvec(3), few sparsevec(9), signs bit(3))";
    pool.batch_execute(table).await.unwrap();
    let app = tempfile::tempdir().unwrap();
    let queries = app.path().join("queries");
    std::fs::create_dir(&queries).unwrap();
    let text = "-- name: nearest\n\
        select embedding, half, few, signs, embedding <-> :here as distance from items order by distance limit :many;\n";
    std::fs::write(queries.join("items.sql"), text).unwrap();
    let url = database.url().to_owned();
    let root = app.path().to_owned();
    let generated = tokio::task::spawn_blocking(move || {
        let config = Config::new().root(root).database_url(url);
        config
            .generate()
            .map(|_| ())
            .map_err(|failure| failure.to_string())
    });
    generated.await.unwrap().unwrap();
    let code = std::fs::read_to_string(app.path().join("src/queries/items.rs")).unwrap();
    for part in [
        "pub fn nearest(here: &pgvector::Vector, many: i64)",
        "pub embedding: pgvector::Vector,",
        "pub half: Option<pgvector::HalfVector>,",
        "pub few: Option<pgvector::SparseVector>,",
        "pub signs: Option<howdah::BitString>,",
        "pub distance: f64,",
    ] {
        assert!(code.contains(part), "{part} in\n{code}");
    }
}
