//! Numbers without loss, and PostgreSQL's own kinds of numbers.

use bigdecimal::BigDecimal;
use bit_vec::BitVec;
use howdah::{BitString, Money, Numeric, PgLsn, PgSnapshot, Tid, Value, Xid8, query};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{
    refusal,
    round_trip::{round_trip, told},
    samples,
};
use crate::shared_db::support::pool;

/// The texts of numbers of every size that PostgreSQL has.
fn numerics() -> Vec<String> {
    let texts = "-?[0-9]{1,60}(\\.[0-9]{1,60})?";
    let small = "-?0\\.0{1,40}[1-9][0-9]{0,9}";
    let large = "-?[1-9]0{0,200}";
    let edges = [
        "0",
        "0.000",
        "-0.10",
        "10000",
        "10000.0001",
        "1e-16383",
        "12e1000",
    ];
    let digits = "1234567".repeat(18_725);
    let longest = format!("-{}.{}", &digits[..131_072], &digits[..16_383]);
    samples(prop_oneof![texts, small, large], 100)
        .into_iter()
        .chain(edges.map(str::to_owned))
        .chain([longest])
        .collect()
}

#[tokio::test]
async fn numerics_of_any_size() {
    let (pool, _database) = pool().await;
    let special = ["NaN", "Infinity", "-Infinity"].map(str::to_owned);
    let values = numerics().into_iter().chain(special);
    round_trip::<Numeric>("numeric")
        .same_if(|a, b| a == b && a.scale() == b.scale())
        .run(&pool, values.map(|text| text.parse().unwrap()))
        .await;
}

#[tokio::test]
async fn big_decimals() {
    let (pool, _database) = pool().await;
    let values = numerics().into_iter().map(|text| text.parse().unwrap());
    told("numeric", |value: &BigDecimal| {
        Numeric::try_from(value).unwrap().to_string()
    })
    .same_if(|a, b| {
        a == b && a.fractional_digit_count().max(0) == b.fractional_digit_count().max(0)
    })
    .run(&pool, values)
    .await;
    for special in ["NaN", "Infinity"] {
        let error = refusal::<BigDecimal>(&pool, &format!("numeric '{special}'")).await;
        assert!(
            error.ends_with(
                "the value is not finite, `BigDecimal` cannot hold it: `howdah::Numeric` can"
            ),
            "{error}"
        );
    }
    let sent = query("select $1::numeric").bind(BigDecimal::new(1.into(), 20_000));
    let error = sent
        .fetch_one::<Value<BigDecimal>>(&pool)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("the number has more digits than PostgreSQL's numeric"),
        "{error}"
    );
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
    let values = samples(digits, 60)
        .into_iter()
        .chain(edges)
        .chain([Decimal::MAX, Decimal::MIN]);
    round_trip("numeric")
        .same_if(|a: &Decimal, b| a == b && a.scale() == b.scale())
        .run(&pool, values)
        .await;
    for (value, problem) in [
        ("'NaN'::numeric", "the value is NaN"),
        ("'-Infinity'::numeric", "the value is -infinity"),
        ("1e29::numeric", "the value needs more than 96 bits"),
        (
            "1e-29::numeric",
            "the value has more than 28 fractional digits",
        ),
    ] {
        let error = refusal::<Decimal>(&pool, value).await;
        assert!(
            error.ends_with(&format!(
                "column `x`: {problem}, `Decimal` cannot hold it: `howdah::Numeric` can"
            )),
            "{error}"
        );
    }
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
        let less = less.fetch_one::<Value<bool>>(&pool).await.unwrap();
        assert_eq!(less, a < b, "{a} {b}");
    }
}

#[tokio::test]
async fn numbers_of_the_system() {
    let (pool, _database) = pool().await;
    let numbers = || samples(any::<u64>(), 10).into_iter().chain([0, u64::MAX]);
    round_trip("pg_lsn").run(&pool, numbers().map(PgLsn)).await;
    round_trip("xid8").run(&pool, numbers().map(Xid8)).await;
    let tids = samples((any::<u32>(), any::<u16>()), 10).into_iter();
    let edges = [(0, 0), (u32::MAX, u16::MAX)];
    let tids = tids.chain(edges).map(|(block, item)| Tid { block, item });
    round_trip("tid").run(&pool, tids).await;
    let snapshot = |xmin, xmax, in_progress| PgSnapshot {
        xmin,
        xmax,
        in_progress,
    };
    for ty in ["pg_snapshot", "txid_snapshot"] {
        let snapshots = [snapshot(10, 10, vec![]), snapshot(10, 20, vec![10, 14, 15])];
        round_trip(ty)
            .without_equality()
            .run(&pool, snapshots)
            .await;
    }
    // Of names that the server knows, the text is the name.
    let kin = [
        ("regclass", "pg_class"),
        ("regtype", "integer"),
        ("regproc", "boolin"),
        ("regprocedure", "abs(integer)"),
        ("regoperator", "+(integer,integer)"),
        ("regnamespace", "pg_catalog"),
        ("regconfig", "simple"),
        ("regdictionary", "simple"),
        ("regcollation", "\"C\""),
        ("regoper", "|/"),
    ];
    for (ty, name) in kin {
        let sql = format!("select $1::text::{ty}, ($1::text::{ty})::oid, $2::{ty}[]::text");
        let number = query(format!("select $1::text::{ty}")).bind(name);
        let number = number.fetch_one::<Value<u32>>(&pool).await.unwrap();
        let asked = query(sql).bind(name).bind(vec![Some(number), None]);
        let (kin, oid, array) = asked.fetch_one::<(u32, u32, String)>(&pool).await.unwrap();
        assert_eq!((kin, oid), (number, number), "{ty}");
        assert!(array.ends_with(",NULL}"), "{ty}: {array}");
    }
}

#[tokio::test]
async fn money_is_cents_of_the_servers_currency() {
    let (pool, _database) = pool().await;
    // How many digits a currency has, only its text shows.
    let fraction = query(
        "select length(split_part(regexp_replace(1::money::text, '[^0-9.]', '', 'g'), '.', 2))",
    );
    let fraction = fraction.fetch_one::<Value<i32>>(&pool).await.unwrap();
    let text = match fraction {
        2 => |money: &Money| {
            let sign = if money.0 < 0 { "-" } else { "" };
            let cents = money.0.unsigned_abs();
            format!("{sign}{}.{:02}", cents / 100, cents % 100)
        },
        0 => |money: &Money| money.0.to_string(),
        digits => panic!("a currency with {digits} digits"),
    };
    let cents = samples(any::<i64>(), 10)
        .into_iter()
        .chain([0, 1, -1, i64::MAX, i64::MIN]);
    told("money", text).run(&pool, cents.map(Money)).await;
}

#[tokio::test]
async fn strings_of_bits() {
    let (pool, _database) = pool().await;
    let bits = || samples(proptest::collection::vec(any::<bool>(), 0..40), 40).into_iter();
    round_trip("varbit")
        .run(&pool, bits().map(BitString::from_iter))
        .await;
    let ten: BitString = "0101010101".parse().unwrap();
    round_trip("bit(10)").run(&pool, [ten]).await;
    told("varbit", |bits: &BitVec| BitString::from(bits).to_string())
        .run(&pool, bits().map(BitVec::from_iter))
        .await;
}
