//! Every type both ways through a real server, which judges: what was sent must print as the literal
//! prints and equal it, and what comes back must be what was sent.

use std::{borrow::Cow, fmt::Debug};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use howdah::{Decode, Encode, Json, Pool, Value, query};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::support::pool;

/// Sends `value` and compares it with `literal`; reads it back, alone and in an array with a null.
pub(crate) async fn check<T>(pool: &Pool, ty: &str, value: T, literal: &str)
where
    T: Encode + for<'r> Decode<'r> + Clone + PartialEq + Debug,
{
    let sql = format!(
        "select $1::{ty}::text, {literal}::{ty}::text, $1::{ty}, array[null, $1]::{ty}[], $2::{ty}[]"
    );
    let both = vec![Some(value.clone()), None];
    let (sent, expected, back, array, same): (String, String, T, Vec<Option<T>>, Vec<Option<T>>) =
        query(sql)
            .bind(value.clone())
            .bind(both.clone())
            .fetch_one::<(_, _, _, _, _)>(pool)
            .await
            .unwrap();
    assert_eq!(sent, expected, "{ty} {literal}");
    assert_eq!(back, value, "{ty} {literal}");
    assert_eq!(array, [None, Some(value)], "{ty} {literal}");
    assert_eq!(same, both, "{ty} {literal}");
}

/// `count` values of a strategy, the same ones each time.
pub(crate) fn samples<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

#[tokio::test]
async fn numbers() {
    let (pool, _database) = pool().await;
    for value in [true, false] {
        check(&pool, "bool", value, &format!("'{value}'")).await;
    }
    for value in samples(any::<i16>(), 5)
        .into_iter()
        .chain([i16::MIN, 0, i16::MAX])
    {
        check(&pool, "int2", value, &format!("'{value}'")).await;
    }
    for value in samples(any::<i32>(), 5)
        .into_iter()
        .chain([i32::MIN, 0, i32::MAX])
    {
        check(&pool, "int4", value, &format!("'{value}'")).await;
    }
    for value in samples(any::<i64>(), 5)
        .into_iter()
        .chain([i64::MIN, 0, i64::MAX])
    {
        check(&pool, "int8", value, &format!("'{value}'")).await;
    }
    for value in [0, 1, u32::MAX] {
        check(&pool, "oid", value, &format!("'{value}'")).await;
    }
    for value in
        samples(any::<f32>(), 20)
            .into_iter()
            .chain([f32::INFINITY, f32::MIN_POSITIVE, -0.0])
    {
        check(&pool, "float4", value, &format!("'{value}'")).await;
    }
    for value in
        samples(any::<f64>(), 20)
            .into_iter()
            .chain([f64::NEG_INFINITY, f64::MIN_POSITIVE, -0.0])
    {
        check(&pool, "float8", value, &format!("'{value}'")).await;
    }
    check(&pool, "\"char\"", b'x' as i8, "'x'").await;
    let nan = query("select 'NaN'::float8")
        .fetch_one::<Value<f64>>(&pool)
        .await
        .unwrap();
    assert!(nan.is_nan());
}

#[tokio::test]
async fn decimals() {
    let (pool, _database) = pool().await;
    let digits = (any::<i64>(), any::<u32>(), 0..=28_u32).prop_map(|(high, low, scale)| {
        Decimal::from_i128_with_scale(i128::from(high) << 32 | i128::from(low), scale)
    });
    let edges = [
        "0",
        "0.000",
        "-0.1",
        "10000",
        "10000.0001",
        "0.00000001",
        "-123456789.5",
    ];
    let edges = edges.map(|text| text.parse().unwrap());
    for value in samples(digits, 100)
        .into_iter()
        .chain(edges)
        .chain([Decimal::MAX, Decimal::MIN])
    {
        check(&pool, "numeric", value, &format!("'{value}'")).await;
        let shown: String = query("select $1::text")
            .bind(value.to_string())
            .fetch_one::<Value<_>>(&pool)
            .await
            .unwrap();
        assert_eq!(shown, value.to_string());
    }
}

#[tokio::test]
async fn text_and_bytes() {
    let (pool, _database) = pool().await;
    for value in ["", "a", "O'Neil", "Zürich 🐘", "a,\"b\" {c} \\d"] {
        let literal = format!("E'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"));
        check(&pool, "text", value.to_owned(), &literal).await;
        check(
            &pool,
            "varchar",
            Cow::Borrowed(value).into_owned(),
            &literal,
        )
        .await;
        check(&pool, "name", value.to_owned(), &literal).await;
        check(
            &pool,
            "json",
            json!({ value: value }),
            &format!(
                "'{}'",
                json!({ value: value }).to_string().replace('\'', "''")
            ),
        )
        .await;
    }
    check(&pool, "char(5)", "ab   ".to_owned(), "'ab'").await;
    check(&pool, "bytea", vec![0_u8, 255, 10], r"'\x00ff0a'").await;
    let borrowed: Option<i64> = query("select length($1::bytea)::int8")
        .bind(&b"abc"[..])
        .fetch_one::<Value<_>>(&pool)
        .await
        .unwrap();
    assert_eq!(borrowed, Some(3));
    pool.batch_execute("create extension citext").await.unwrap();
    check(&pool, "citext", "MiXed".to_owned(), "'MiXed'").await;
}

#[tokio::test]
async fn dates_and_times() {
    let (pool, _database) = pool().await;
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    for value in [
        date(2000, 1, 1),
        date(1, 1, 1),
        date(1999, 12, 31),
        date(9999, 12, 31),
    ] {
        check(
            &pool,
            "date",
            value,
            &format!("'{}'", value.format("%Y-%m-%d")),
        )
        .await;
    }
    check(&pool, "date", date(-4712, 1, 1), "'4713-01-01 BC'").await;
    check(&pool, "date", date(262_142, 12, 31), "'262142-12-31'").await;
    for micros in samples(0..86_400_000_000_i64, 20)
        .into_iter()
        .chain([0, 86_399_999_999])
    {
        let value = NaiveTime::MIN + TimeDelta::microseconds(micros);
        check(&pool, "time", value, &format!("'{value}'")).await;
    }
    for micros in samples(-50_000_000_000_000_000..50_000_000_000_000_000_i64, 20) {
        let value = DateTime::<Utc>::from_timestamp_micros(micros).unwrap();
        check(
            &pool,
            "timestamptz",
            value,
            &format!("'{}'", value.format("%Y-%m-%d %H:%M:%S%.6f+00")),
        )
        .await;
        let value: NaiveDateTime = value.naive_utc();
        check(
            &pool,
            "timestamp",
            value,
            &format!("'{}'", value.format("%Y-%m-%d %H:%M:%S%.6f")),
        )
        .await;
    }
    // Finer than a microsecond: rounded as the server rounds a literal.
    let fine = date(2024, 2, 29)
        .and_hms_nano_opt(23, 59, 59, 999_999_500)
        .unwrap();
    let (sent, literal): (String, String) =
        query("select $1::timestamp::text, '2024-02-29 23:59:59.9999995'::timestamp::text")
            .bind(fine)
            .fetch_one::<(_, _)>(&pool)
            .await
            .unwrap();
    assert_eq!(sent, literal);
}

#[tokio::test]
async fn identities_and_documents() {
    let (pool, _database) = pool().await;
    for value in samples(any::<u128>(), 10) {
        let value = Uuid::from_u128(value);
        check(&pool, "uuid", value, &format!("'{value}'")).await;
    }
    let document = json!({ "a": [1, 2.5, null, "x"], "b": { "c": true } });
    check(&pool, "jsonb", document.clone(), &format!("'{document}'")).await;
    check(&pool, "jsonb", Json(vec![1_i32, 2]), "'[1, 2]'").await;
    let raw = query("select '{\"a\" : 1}'::json")
        .fetch_one::<Value<Box<serde_json::value::RawValue>>>(&pool)
        .await
        .unwrap();
    assert_eq!(raw.get(), "{\"a\" : 1}");
}

#[tokio::test]
async fn arrays_that_a_vec_cannot_hold_are_errors() {
    let (pool, _database) = pool().await;
    let array = |literal: &'static str| {
        let pool = &pool;
        async move {
            let sql = format!("select '{literal}'::int4[] as items");
            query(sql)
                .fetch_one::<Value<Vec<i32>>>(pool)
                .await
                .map_err(|error| error.to_string())
        }
    };
    assert_eq!(array("{}").await, Ok(vec![]));
    assert_eq!(array("[5:6]={7,8}").await, Ok(vec![7, 8]));
    let nested = array("{{1},{2}}").await.unwrap_err();
    assert!(
        nested.ends_with("column `items`: the array has 2 dimensions, `Vec<i32>` cannot hold it"),
        "{nested}"
    );
    let null = array("{1,NULL}").await.unwrap_err();
    assert!(
        null.ends_with(
            "unexpected null in element 1, `Vec<i32>` cannot hold it: use `Vec<Option<i32>>`"
        ),
        "{null}"
    );
}

#[tokio::test]
async fn values_that_no_rust_type_holds_are_errors() {
    let (pool, _database) = pool().await;
    macro_rules! refused {
        ($ty:ty, $literal:literal, $message:literal) => {
            let sql = concat!("select ", $literal, " as x");
            let error = query(sql)
                .fetch_one::<Value<$ty>>(&pool)
                .await
                .unwrap_err()
                .to_string();
            assert!(
                error.ends_with(concat!("column `x`: ", $message, " cannot hold it")),
                "{error}"
            );
        };
    }
    refused!(Decimal, "'NaN'::numeric", "the value is NaN, `Decimal`");
    refused!(
        Decimal,
        "'-Infinity'::numeric",
        "the value is -infinity, `Decimal`"
    );
    refused!(
        Decimal,
        "1e29::numeric",
        "the value needs more than 96 bits, `Decimal`"
    );
    refused!(
        Decimal,
        "1e-29::numeric",
        "the value has more than 28 fractional digits, `Decimal`"
    );
    refused!(
        NaiveDate,
        "'infinity'::date",
        "the value is infinity, `NaiveDate`"
    );
    refused!(
        NaiveDate,
        "'5874897-12-31'::date",
        "the date is beyond chrono's range, `NaiveDate`"
    );
    refused!(
        NaiveTime,
        "'24:00'::time",
        "the time is 24:00:00, `NaiveTime`"
    );
    refused!(
        DateTime<Utc>,
        "'-infinity'::timestamptz",
        "the value is -infinity, `DateTime<Utc>`"
    );
}
