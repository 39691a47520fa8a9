//! Intervals, durations, and times with an offset.

use chrono::TimeDelta;
use howdah::{Connection, Interval, TimeTz, Value, query};
use proptest::prelude::*;

use super::{
    refusal,
    round_trip::{round_trip, told},
    samples,
};
use crate::shared_db::support::pool;

#[tokio::test]
async fn intervals_are_what_postgresql_says() {
    let (pool, database) = pool().await;
    let connection = Connection::connect(database.url()).await.unwrap();
    connection
        .batch_execute("set intervalstyle = iso_8601")
        .await
        .unwrap();
    let version = query("select current_setting('server_version_num')::int4");
    let version = version.fetch_one::<Value<i32>>(&connection).await.unwrap();
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
        // Version 14 has no text for more hours than an integer counts.
        if version < 150_000 && value.microseconds.unsigned_abs() / 3_600_000_000 >= 1 << 31 {
            continue;
        }
        let sql = "select $1::interval::text, $1, array[$1, null]";
        let (text, back, array): (String, Interval, Vec<Option<Interval>>) = query(sql)
            .bind(value)
            .fetch_one::<(_, _, _)>(&connection)
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
    let half = 1_i64 << 62;
    let large = (any::<i32>(), any::<i32>(), -half..half).prop_map(interval);
    let values = samples(small, 20).into_iter().chain(samples(large, 20));
    told("interval", in_words).run(&pool, values).await;
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
    round_trip("timetz").run(&pool, values).await;
}

/// As every version of PostgreSQL reads it to the last microsecond.
fn in_words(interval: &Interval) -> String {
    let sign = if interval.microseconds < 0 { "-" } else { "" };
    let microseconds = interval.microseconds.unsigned_abs();
    let (seconds, fraction) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!(
        "{} mons {} days {sign}{hours}:{minutes:02}:{:02}.{fraction:06}",
        interval.months,
        interval.days,
        seconds % 60
    )
}

#[tokio::test]
async fn durations_of_a_fixed_length() {
    let (pool, _database) = pool().await;
    let micros = || {
        samples(-(1_i64 << 61)..1 << 61, 10)
            .into_iter()
            .chain([0, 1, -1])
    };
    let values = micros().map(TimeDelta::microseconds);
    told("interval", |value: &TimeDelta| {
        in_words(&(*value).try_into().unwrap())
    })
    .run(&pool, values)
    .await;
    let values = micros().map(|micros| std::time::Duration::from_micros(micros.unsigned_abs()));
    told("interval", |value: &std::time::Duration| {
        in_words(&(*value).try_into().unwrap())
    })
    .run(&pool, values)
    .await;
    let values = micros().map(time::Duration::microseconds);
    told("interval", |value: &time::Duration| {
        in_words(&(*value).try_into().unwrap())
    })
    .run(&pool, values)
    .await;
    let values = micros().map(jiff::SignedDuration::from_micros);
    told("interval", |value: &jiff::SignedDuration| {
        in_words(&(*value).try_into().unwrap())
    })
    .run(&pool, values)
    .await;
    let error = refusal::<TimeDelta>(&pool, "interval '1 day'").await;
    assert!(
        error.ends_with(
            "the interval has days, which are not always 24 hours, `TimeDelta` cannot hold it: `howdah::Interval` can"
        ),
        "{error}"
    );
    let error = refusal::<jiff::Span>(&pool, "interval '1 mon -1 day'").await;
    assert!(
        error.ends_with(
            "the interval has parts of both signs, `Span` cannot hold it: `howdah::Interval` can"
        ),
        "{error}"
    );
}
