//! Intervals, times with an offset, and infinite dates.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use howdah::{Infinite, Interval, TimeTz, Value, query};
use proptest::prelude::*;

use super::{check, check_all, refusal, samples};
use crate::shared_db::support::pool;

#[tokio::test]
async fn intervals_are_what_postgresql_says() {
    let (pool, _database) = pool().await;
    let micros = prop_oneof![any::<i64>(), -(1_i64 << 51)..1 << 51];
    let parts = (any::<i32>(), any::<i32>(), micros);
    let interval = |(months, days, microseconds)| Interval {
        months,
        days,
        microseconds,
    };
    let edges = [
        (0, 0, 0),
        (14, -3, 4_005_006),
        (-1, 1, -1),
        (i32::MAX, i32::MIN, i64::MAX),
    ];
    for value in samples(parts, 40).into_iter().chain(edges).map(interval) {
        let sql = "select set_config('intervalstyle', 'iso_8601', true), $1::interval::text, $1, \
                   array[$1, null]";
        let (_, text, back, array): (String, String, Interval, Vec<Option<Interval>>) = query(sql)
            .bind(value)
            .fetch_one::<(_, _, _, _)>(&pool)
            .await
            .unwrap();
        assert_eq!(text, value.to_string());
        assert_eq!(back, value);
        assert_eq!(array, [Some(value), None]);
        // PostgreSQL multiplies in floating point, which beyond 52 bits is not exact.
        if value.microseconds.unsigned_abs() >= 1 << 52 {
            continue;
        }
        let sql = "select make_interval(months => $1, days => $2) \
                   + $3::int8 * interval '1 microsecond'";
        let made = query(sql)
            .bind(value.months)
            .bind(value.days)
            .bind(value.microseconds);
        assert_eq!(
            made.fetch_one::<Value<Interval>>(&pool).await.unwrap(),
            value
        );
    }
    let small = (
        -400..400_i32,
        -40..40_i32,
        -90_000_000_000..90_000_000_000_i64,
    );
    let small = small.prop_map(|(months, days, microseconds)| Interval {
        months,
        days,
        microseconds,
    });
    check_all(&pool, "interval", samples(small, 20)).await;
    check(
        &pool,
        "interval",
        TimeDelta::microseconds(-1_500_000),
        "'-1.5 seconds'",
    )
    .await;
    check(
        &pool,
        "interval",
        std::time::Duration::from_millis(90_500),
        "'1 min 30.5 s'",
    )
    .await;
    let error = refusal::<TimeDelta>(&pool, "interval '1 day'").await;
    assert!(
        error.ends_with(
            "the interval has days, which are not always 24 hours, `TimeDelta` cannot hold it"
        ),
        "{error}"
    );
}

#[tokio::test]
async fn sums_of_intervals_are_those_of_postgresql() {
    let (pool, _database) = pool().await;
    let part = || (any::<i32>(), any::<i32>(), any::<i64>());
    for (a, b) in samples((part(), part()), 50) {
        let [a, b] = [a, b].map(|(months, days, microseconds)| Interval {
            months,
            days,
            microseconds,
        });
        for (sum, sign) in [(a.checked_add(b), '+'), (a.checked_sub(b), '-')] {
            let theirs = query(format!("select $1::interval {sign} $2::interval"))
                .bind(a)
                .bind(b)
                .fetch_one::<Value<Interval>>(&pool)
                .await;
            assert_eq!(theirs.ok(), sum, "{a} {sign} {b}");
        }
    }
}

#[tokio::test]
async fn times_with_an_offset() {
    let (pool, _database) = pool().await;
    let times = (0..=86_400_000_000_i64, -57_599..=57_599_i32);
    let edges = [
        (0, 0),
        (86_400_000_000, 57_599),
        (86_399_999_999, -57_599),
        (1, 19_800),
        (1, -1),
    ];
    let values = samples(times, 40).into_iter().chain(edges);
    let values = values.filter_map(|(microseconds, offset)| TimeTz::new(microseconds, offset));
    check_all(&pool, "timetz", values).await;
}

#[tokio::test]
async fn infinite_dates_and_timestamps() {
    let (pool, _database) = pool().await;
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let all = [
        Infinite::NegInfinity,
        Infinite::Finite(date),
        Infinite::Infinity,
    ];
    check_all(&pool, "date", all).await;
    let noon: NaiveDateTime = date.and_hms_opt(12, 0, 0).unwrap();
    check_all(
        &pool,
        "timestamp",
        [
            Infinite::NegInfinity,
            Infinite::Finite(noon),
            Infinite::Infinity,
        ],
    )
    .await;
    let utc: DateTime<Utc> = noon.and_utc();
    check_all(
        &pool,
        "timestamptz",
        [
            Infinite::NegInfinity,
            Infinite::Finite(utc),
            Infinite::Infinity,
        ],
    )
    .await;
    assert!(all.is_sorted());
}
