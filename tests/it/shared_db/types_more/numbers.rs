//! Numbers without loss, and PostgreSQL's own kinds of numbers.

use howdah::{BitString, Money, Numeric, PgLsn, PgSnapshot, Tid, Value, Xid8, query};
use proptest::prelude::*;

use super::{check, check_all, samples};
use crate::shared_db::support::pool;

#[tokio::test]
async fn numerics_of_any_size() {
    let (pool, _database) = pool().await;
    let texts = "-?[0-9]{1,60}(\\.[0-9]{1,60})?";
    let small = "-?0\\.0{1,40}[1-9][0-9]{0,9}";
    let large = "-?[1-9]0{0,200}";
    let texts = samples(prop_oneof![texts, small, large], 150);
    let edges = [
        "0",
        "0.000",
        "-0.10",
        "10000",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e-16383",
        "12e1000",
    ];
    let values = texts.iter().map(String::as_str).chain(edges);
    check_all::<Numeric>(&pool, "numeric", values.map(|text| text.parse().unwrap())).await;
}

#[tokio::test]
async fn the_longest_numerics() {
    let (pool, _database) = pool().await;
    let digits = "1234567".repeat(18_725);
    let longest = format!("-{}.{}", &digits[..131_072], &digits[..16_383]);
    let value: Numeric = longest.parse().unwrap();
    let (text, back): (String, Numeric) = query("select $1::numeric::text, $1")
        .bind(value.clone())
        .fetch_one::<(_, _)>(&pool)
        .await
        .unwrap();
    assert!(text == longest && back == value && back.to_string() == longest);
}

#[tokio::test]
async fn numerics_compare_as_postgresql_compares_them() {
    let (pool, _database) = pool().await;
    let number = || {
        prop_oneof![
            "-?[0-9]{1,3}(\\.[0-9]{1,3})?",
            "-?[0-9]{3,9}(0000)?",
            Just("NaN".to_owned()),
            Just("-Infinity".to_owned())
        ]
    };
    for (a, b) in samples((number(), number()), 100) {
        let [a, b]: [Numeric; 2] = [a, b].map(|text| text.parse().unwrap());
        let less = query("select $1::numeric < $2::numeric")
            .bind(a.clone())
            .bind(b.clone());
        assert_eq!(
            less.fetch_one::<Value<bool>>(&pool).await.unwrap(),
            a < b,
            "{a} {b}"
        );
    }
}

#[tokio::test]
async fn numbers_of_the_system() {
    let (pool, _database) = pool().await;
    check_all(
        &pool,
        "pg_lsn",
        samples(any::<u64>(), 10)
            .into_iter()
            .chain([0, u64::MAX])
            .map(PgLsn),
    )
    .await;
    check_all(
        &pool,
        "xid8",
        samples(any::<u64>(), 10)
            .into_iter()
            .chain([0, u64::MAX])
            .map(Xid8),
    )
    .await;
    let tids = samples((any::<u32>(), any::<u16>()), 10);
    check_all(
        &pool,
        "tid",
        tids.into_iter().map(|(block, item)| Tid { block, item }),
    )
    .await;
    let snapshots = [
        (
            "10:10:",
            PgSnapshot {
                xmin: 10,
                xmax: 10,
                in_progress: vec![],
            },
        ),
        (
            "10:20:10,14,15",
            PgSnapshot {
                xmin: 10,
                xmax: 20,
                in_progress: vec![10, 14, 15],
            },
        ),
    ];
    for (text, snapshot) in snapshots {
        check(&pool, "pg_snapshot", snapshot.clone(), &format!("'{text}'")).await;
        check(&pool, "txid_snapshot", snapshot, &format!("'{text}'")).await;
    }
    // The scratch server's locale has cents.
    for cents in samples(-1_000_000_000_000..1_000_000_000_000_i64, 10) {
        let sign = if cents < 0 { "-" } else { "" };
        let literal = format!(
            "'{sign}{}.{:02}'::numeric",
            cents.abs() / 100,
            cents.abs() % 100
        );
        let same = query(format!(
            "select $1::money = {literal}::money * power(10, coalesce(2 - scale(money '1'::numeric), 0))::float8"
        ));
        assert!(
            same.bind(Money(cents))
                .fetch_one::<Value<bool>>(&pool)
                .await
                .unwrap(),
            "{cents}"
        );
        check(&pool, "money", Money(cents), &format!("({literal})")).await;
    }
    check(&pool, "regclass", 1259_u32, "'pg_class'").await;
}

#[tokio::test]
async fn strings_of_bits() {
    let (pool, _database) = pool().await;
    let bits = proptest::collection::vec(any::<bool>(), 0..40);
    let values = samples(bits, 40).into_iter().map(BitString::from_iter);
    check_all(&pool, "varbit", values).await;
    check_all::<BitString>(&pool, "bit(10)", ["0101010101".parse().unwrap()]).await;
}
