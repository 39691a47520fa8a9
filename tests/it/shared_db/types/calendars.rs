//! Dates, times and timestamps to the ends of PostgreSQL's calendar, and as the types of each calendar crate.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use howdah::{Date, Decode, Encode, Infinite, OtherCalendar, Pool, Time, Timestamp, Value, query};

use super::{
    refusal,
    round_trip::{round_trip, told},
    samples,
};
use crate::shared_db::support::pool;

/// The first and last day that PostgreSQL has.
const DAYS: [i32; 2] = [-2_451_545, 2_145_031_948];
/// The first and last microsecond.
const MICROSECONDS: [i64; 2] = [-211_813_488_000_000_000, 9_223_371_331_199_999_999];

fn dates() -> Vec<Date> {
    // Most of them in years of four digits, which every calendar has.
    let near = samples(-730_000..2_900_000, 20).into_iter();
    let far = samples(DAYS[0]..=DAYS[1], 20);
    let edges = [0, -1, 59, -730_485, -730_486, DAYS[0], DAYS[1]];
    near.chain(far).chain(edges).map(Date::from_days).collect()
}

fn times() -> Vec<Time> {
    let edges = [0, 1, 999_999, 86_399_999_999, 86_400_000_000];
    let all = samples(0..=86_400_000_000_i64, 20).into_iter().chain(edges);
    all.map(|micros| Time::from_microseconds(micros).unwrap())
        .collect()
}

fn timestamps() -> Vec<Timestamp> {
    let near = samples(-63_000_000_000_000_000..252_000_000_000_000_000_i64, 20).into_iter();
    let far = samples(MICROSECONDS[0]..=MICROSECONDS[1], 20);
    let edges = [0, -1, 1, 500_000, MICROSECONDS[0], MICROSECONDS[1]];
    near.chain(far)
        .chain(edges)
        .map(Timestamp::from_microseconds)
        .collect()
}

/// In UTC, which stands before the era.
fn in_utc(timestamp: Timestamp) -> String {
    let text = timestamp.to_string();
    match text.strip_suffix(" BC") {
        Some(text) => format!("{text}+00 BC"),
        None if text.ends_with("infinity") => text,
        None => format!("{text}+00"),
    }
}

#[tokio::test]
async fn all_of_the_calendar() {
    let (pool, _database) = pool().await;
    let dates = dates()
        .into_iter()
        .chain([Date::INFINITY, Date::NEG_INFINITY]);
    round_trip("date").run(&pool, dates).await;
    round_trip("time").run(&pool, times()).await;
    let all = || {
        timestamps()
            .into_iter()
            .chain([Timestamp::INFINITY, Timestamp::NEG_INFINITY])
    };
    round_trip("timestamp").run(&pool, all()).await;
    told("timestamptz", |value| in_utc(*value))
        .run(&pool, all())
        .await;
    // One further, and the server has no such day.
    for beyond in [DAYS[0] - 1, DAYS[1] + 1] {
        let sent = query("select $1::date").bind(Date::from_days(beyond));
        let error = sent.fetch_one::<Value<Date>>(&pool).await.unwrap_err();
        assert_eq!(error.sqlstate(), Some("22008"), "{beyond}");
    }
    for beyond in [MICROSECONDS[0] - 1, MICROSECONDS[1] + 1] {
        let sent = query("select $1::timestamptz").bind(Timestamp::from_microseconds(beyond));
        let error = sent.fetch_one::<Value<Timestamp>>(&pool).await.unwrap_err();
        assert_eq!(error.sqlstate(), Some("22008"), "{beyond}");
    }
}

/// Those values that a calendar crate has a counterpart for; the others must be errors when they are read.
async fn held<T, Own>(
    pool: &Pool,
    ty: &'static str,
    all: Vec<Own>,
    text: fn(&T) -> String,
) -> Vec<T>
where
    T: TryFrom<Own, Error = OtherCalendar>
        + for<'r> Decode<'r>
        + Encode
        + Clone
        + Debug
        + PartialEq
        + Send
        + 'static,
    Own: Encode + Copy + Debug,
{
    let mut held = Vec::new();
    for own in all {
        match T::try_from(own) {
            Ok(value) => held.push(value),
            Err(expected) => {
                let read = query(format!("select $1::{ty} as x")).bind(own);
                let error = read
                    .fetch_one::<Value<T>>(pool)
                    .await
                    .unwrap_err()
                    .to_string();
                assert!(error.contains(&expected.to_string()), "{own:?}: {error}");
            }
        }
    }
    told(ty, text).run(pool, held.iter().cloned()).await;
    held
}

/// The text of a value, by the type that holds all.
fn text<T: Clone + TryInto<Own>, Own: ToString>(value: &T) -> String
where
    T::Error: Debug,
{
    value.clone().try_into().unwrap().to_string()
}

fn text_in_utc<T: Clone + TryInto<Timestamp>>(value: &T) -> String
where
    T::Error: Debug,
{
    in_utc(value.clone().try_into().unwrap())
}

#[tokio::test]
async fn chrono_holds_its_calendar() {
    let (pool, _database) = pool().await;
    held::<NaiveDate, _>(&pool, "date", dates(), text::<_, Date>).await;
    held::<NaiveTime, _>(&pool, "time", times(), text::<_, Time>).await;
    held::<NaiveDateTime, _>(&pool, "timestamp", timestamps(), text::<_, Timestamp>).await;
    held::<DateTime<Utc>, _>(&pool, "timestamptz", timestamps(), text_in_utc).await;
}

#[tokio::test]
async fn time_holds_its_calendar() {
    let (pool, _database) = pool().await;
    held::<time::Date, _>(&pool, "date", dates(), text::<_, Date>).await;
    held::<time::Time, _>(&pool, "time", times(), text::<_, Time>).await;
    held::<time::PrimitiveDateTime, _>(&pool, "timestamp", timestamps(), text::<_, Timestamp>)
        .await;
    held::<time::OffsetDateTime, _>(&pool, "timestamptz", timestamps(), text_in_utc).await;
    held::<time::UtcDateTime, _>(&pool, "timestamptz", timestamps(), text_in_utc).await;
}

#[tokio::test]
async fn jiff_holds_its_calendar() {
    let (pool, _database) = pool().await;
    held::<jiff::civil::Date, _>(&pool, "date", dates(), text::<_, Date>).await;
    held::<jiff::civil::Time, _>(&pool, "time", times(), text::<_, Time>).await;
    held::<jiff::civil::DateTime, _>(&pool, "timestamp", timestamps(), text::<_, Timestamp>).await;
    held::<jiff::Timestamp, _>(&pool, "timestamptz", timestamps(), text_in_utc).await;
}

#[tokio::test]
async fn infinity_in_every_calendar() {
    let (pool, _database) = pool().await;
    let date = Date::from_ymd(2024, 2, 29).unwrap();
    macro_rules! infinite {
        ($($ty:ty: $sql:literal $own:expr;)*) => {$({
            let value: $ty = $own.try_into().unwrap();
            let values = [Infinite::NegInfinity, Infinite::Finite(value), Infinite::Infinity];
            assert!(values.is_sorted());
            told($sql, |value: &Infinite<$ty>| match value {
                Infinite::Finite(value) => in_utc_or_not($sql, *value),
                Infinite::Infinity => "infinity".to_owned(),
                Infinite::NegInfinity => "-infinity".to_owned(),
            })
            .run(&pool, values)
            .await;
            for infinity in ["infinity", "-infinity"] {
                let error = refusal::<$ty>(&pool, &format!("'{infinity}'::{}", $sql)).await;
                assert!(error.contains(&format!("the value is {infinity}, `")), "{error}");
            }
        })*};
    }
    fn in_utc_or_not<T, Own>(sql: &str, value: T) -> String
    where
        T: Endless<Own = Own> + TryInto<Own>,
        Own: ToString,
        T::Error: Debug,
    {
        let text = value.try_into().unwrap().to_string();
        match sql {
            "timestamptz" => format!("{text}+00"),
            _ => text,
        }
    }
    use howdah::__private::Endless;
    let moment = Timestamp::from_microseconds(7);
    infinite! {
        NaiveDate: "date" date;
        NaiveDateTime: "timestamp" moment;
        DateTime<Utc>: "timestamptz" moment;
        time::Date: "date" date;
        time::PrimitiveDateTime: "timestamp" moment;
        time::OffsetDateTime: "timestamptz" moment;
        jiff::civil::Date: "date" date;
        jiff::civil::DateTime: "timestamp" moment;
        jiff::Timestamp: "timestamptz" moment;
    }
    let error = refusal::<NaiveTime>(&pool, "'24:00'::time").await;
    assert!(
        error.ends_with("the time is 24:00:00, `NaiveTime` cannot hold it: `howdah::Time` can"),
        "{error}"
    );
}

/// Finer than a microsecond: rounded as the server rounds a literal, in every calendar.
#[tokio::test]
async fn what_is_too_fine_is_rounded_as_literals_are() {
    let (pool, _database) = pool().await;
    for nanos in [999_999_500, 999_999_499, 499, 500, 1_500, 2_500] {
        let chrono = NaiveDate::from_ymd_opt(1999, 2, 28).unwrap();
        let chrono = chrono.and_hms_nano_opt(23, 59, 59, nanos).unwrap();
        let time = time::Date::from_calendar_date(1999, time::Month::February, 28).unwrap();
        let time = time.with_hms_nano(23, 59, 59, nanos).unwrap();
        let jiff = jiff::civil::date(1999, 2, 28).at(23, 59, 59, nanos as i32);
        let literal = format!("1999-02-28 23:59:59.{nanos:09}");
        let sql = "select $1::timestamp, $2::timestamp, $3::timestamp, $4::text::timestamp";
        let sent = query(sql).bind(chrono).bind(time).bind(jiff).bind(&literal);
        let (a, b, c, server) = sent
            .fetch_one::<(Timestamp, Timestamp, Timestamp, Timestamp)>(&pool)
            .await
            .unwrap();
        assert_eq!([a, b, c], [server; 3], "{literal}");
    }
}
