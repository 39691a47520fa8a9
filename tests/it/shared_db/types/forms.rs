//! The other Rust types of an SQL type: texts and bytes held in other ways, documents kept as text, moments with an
//! offset, types through `postgres-types`, and types that borrow from the result.

use std::{
    borrow::Cow,
    ops::Bound,
    sync::Arc,
    time::{Duration, SystemTime},
};

use chrono::{DateTime, FixedOffset, Utc};
use howdah::{
    Array, Bridge, Decode, Encode, Interval, Json, LazyJson, Multirange, PgComposite, PgRow, Range,
    Value, query,
};
use proptest::prelude::*;
use serde_json::value::RawValue;

use super::{
    refusal,
    round_trip::{compared, told},
    samples,
};
use crate::shared_db::support::pool;

#[tokio::test]
async fn texts_held_in_other_ways() {
    let (pool, _database) = pool().await;
    async fn texts<T>(pool: &howdah::Pool)
    where
        T: for<'r> Decode<'r> + Encode + From<String> + AsRef<str>,
        T: Clone + PartialEq + std::fmt::Debug + Send + 'static,
    {
        let values = samples("[^\0]{0,12}", 10).into_iter();
        told("text", |text: &T| text.as_ref().to_owned())
            .run(pool, values.chain([String::new()]).map(T::from))
            .await;
    }
    texts::<Box<str>>(&pool).await;
    texts::<Arc<str>>(&pool).await;
}

#[tokio::test]
async fn bytes_held_in_other_ways() {
    let (pool, _database) = pool().await;
    fn hex<T: AsRef<[u8]>>(bytes: &T) -> String {
        let digits = bytes.as_ref().iter().map(|byte| format!("{byte:02x}"));
        format!("\\x{}", digits.collect::<String>())
    }
    let values = || {
        let random = samples(proptest::collection::vec(any::<u8>(), 0..40), 10);
        random.into_iter().chain([vec![]])
    };
    told("bytea", hex::<bytes::Bytes>)
        .run(&pool, values().map(bytes::Bytes::from))
        .await;
    told("bytea", hex::<Box<[u8]>>)
        .run(&pool, values().map(Box::from))
        .await;
    let eight = samples(any::<[u8; 8]>(), 10);
    told("bytea", hex::<[u8; 8]>).run(&pool, eight).await;
    let error = refusal::<[u8; 8]>(&pool, "'\\x0102'::bytea").await;
    assert!(error.contains("2 bytes instead of 8"), "{error}");
}

#[tokio::test]
async fn documents_kept_as_text() {
    let (pool, _database) = pool().await;
    let texts = [
        "{\"b\" : [1, null],  \"a\": \"é\\u0041\"}",
        "null",
        "-1e-9",
        "\"\"",
    ];
    let raw = texts.map(|text| RawValue::from_string(text.to_owned()).unwrap());
    compared::<Box<RawValue>>(
        "json",
        |raw| raw.get().to_owned(),
        |a, b| a.get() == b.get(),
    )
    .without_equality()
    .run(&pool, raw)
    .await;
    told("json", |document: &LazyJson| document.as_str().to_owned())
        .without_equality()
        .run(&pool, texts.map(|text| LazyJson::new(text.into())))
        .await;
    // As jsonb prints them: it keeps no spaces and no order.
    let texts = ["{\"a\": \"éA\", \"b\": [1, null]}", "null", "0.5"];
    let raw = texts.map(|text| RawValue::from_string(text.to_owned()).unwrap());
    compared::<Box<RawValue>>(
        "jsonb",
        |raw| raw.get().to_owned(),
        |a, b| a.get() == b.get(),
    )
    .run(&pool, raw)
    .await;
    told("jsonb", |document: &LazyJson| document.as_str().to_owned())
        .run(&pool, texts.map(|text| LazyJson::new(text.into())))
        .await;
}

/// The offset is not kept: what comes back is the same moment.
#[tokio::test]
async fn moments_with_an_offset() {
    let (pool, _database) = pool().await;
    let parts = (
        -50_000_000_000_000_i64..4_000_000_000_000_000,
        -50_399..50_399_i32,
    );
    let moments = samples(parts, 20).into_iter().map(|(micros, offset)| {
        let moment = DateTime::<Utc>::from_timestamp_micros(micros).unwrap();
        moment.with_timezone(&FixedOffset::east_opt(offset).unwrap())
    });
    // The text of an offset has no seconds.
    told("timestamptz", |moment: &DateTime<FixedOffset>| {
        moment.to_utc().to_rfc3339()
    })
    .run(&pool, moments)
    .await;
}

#[tokio::test]
async fn spans_of_the_calendar() {
    let (pool, _database) = pool().await;
    let parts = (
        any::<bool>(),
        0..120_000_i32,
        0..40_i32,
        0..90_000_000_000_i64,
    );
    let spans = samples(parts, 20)
        .into_iter()
        .map(|(negative, months, days, microseconds)| {
            let sign = if negative { -1 } else { 1 };
            let interval = Interval {
                months: sign * months,
                days: sign * days,
                microseconds: i64::from(sign) * microseconds,
            };
            jiff::Span::try_from(interval).unwrap()
        });
    fn interval(span: &jiff::Span) -> Interval {
        Interval::try_from(*span).unwrap()
    }
    // A span of an hour is not a span of sixty minutes to jiff.
    compared(
        "interval",
        |span| interval(span).to_string(),
        |a, b| interval(a) == interval(b),
    )
    .run(&pool, spans)
    .await;
}

/// Types that know the traits of `postgres-types` and nothing of howdah, which mostly know nothing of domains either.
#[tokio::test]
async fn types_by_way_of_postgres_types() {
    let (pool, _database) = pool().await;
    let times = samples(-900_000_000_000_000..4_000_000_000_000_000_i64, 10);
    let times = times.into_iter().map(|micros| {
        let distance = Duration::from_micros(micros.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        Bridge(if micros < 0 {
            epoch - distance
        } else {
            epoch + distance
        })
    });
    fn text(time: &Bridge<SystemTime>) -> String {
        DateTime::<Utc>::from(time.0).to_rfc3339()
    }
    told("timestamptz", text).run(&pool, times.clone()).await;
    let since = times.map(|time| Multirange(vec![Range::from(time..)]));
    told("tstzmultirange", |since: &Multirange<_>| {
        match &since.0[0] {
            Range::Between(Bound::Included(time), _) => format!("{{[{},)}}", text(time)),
            other => panic!("{other:?}"),
        }
    })
    .run(&pool, since)
    .await;
    let texts = samples("[^\0]{0,12}", 10).into_iter().map(Bridge);
    told("text", |text: &Bridge<String>| text.0.clone())
        .run(&pool, texts)
        .await;
    let numbers = samples(any::<i64>(), 10).into_iter().map(Bridge);
    told("int8", |number: &Bridge<i64>| number.0.to_string())
        .run(&pool, numbers)
        .await;
    let arrays = samples(proptest::collection::vec(any::<Option<i32>>(), 0..5), 10);
    for array in arrays {
        let sql = "select $1::int4[], $1::int4[] = $2::int4[]";
        let sent = query(sql).bind(Bridge(array.clone())).bind(&array);
        type Row = (Bridge<Vec<Option<i32>>>, bool);
        let (back, same) = sent.fetch_one::<Row>(&pool).await.unwrap();
        assert_eq!((back.0, same), (array, true));
    }
    let error = refusal::<Bridge<SystemTime>>(&pool, "1").await;
    let expected = "column `x`: the SQL type is int4, `Bridge<SystemTime>` cannot hold it";
    assert!(error.ends_with(expected), "{error}");
    let sent = query("select $1::int8").bind(Bridge("text".to_owned()));
    let error = sent.fetch_one::<Value<i64>>(&pool).await.unwrap_err();
    assert_eq!(error.kind(), howdah::ErrorKind::Encode, "{error}");
}

#[derive(Debug, PartialEq, PgComposite)]
#[pg(name = "label")]
struct Label<'r> {
    text: &'r str,
    bytes: Option<&'r [u8]>,
}

#[derive(Debug, PgRow)]
struct Borrowed<'r> {
    text: &'r str,
    domain: &'r str,
    cow: Cow<'r, str>,
    bytes: &'r [u8],
    cow_bytes: Cow<'r, [u8]>,
    none: Option<&'r str>,
    texts: Vec<Option<&'r str>>,
    square: Array<&'r [u8]>,
    range: Range<&'r str>,
    label: Label<'r>,
    labels: Vec<Label<'r>>,
    document: Json<Vec<&'r str>>,
    raw: Json<&'r RawValue>,
    lazy: LazyJson<&'r str>,
}

/// Each from the bytes of the result: nothing is copied.
#[tokio::test]
async fn everything_borrows() {
    let (pool, _database) = pool().await;
    pool.batch_execute(
        "create type label as (text text, bytes bytea);
         create domain name_of as text;
         create type texts as range (subtype = text, collation = \"C\")",
    )
    .await
    .unwrap();
    let sql = "select 'a'::text as text, 'b'::name_of as domain, 'c'::text as cow, '\\x01'::bytea as bytes, \
               '\\x02'::bytea as cow_bytes, null::text as none, array['d', null] as texts, \
               array[['\\x03'::bytea, '\\x04']] as square, texts('e', 'f') as range, \
               row('g', '\\x05')::label as label, array[row('h', null)::label] as labels, \
               '[\"i\"]'::jsonb as document, '{\"j\" : 1}'::json as raw, '{\"k\":  2}'::json as lazy";
    let rows = query(sql).fetch_rows(&pool).await.unwrap();
    let read: Vec<Borrowed<'_>> = rows.read().unwrap().collect::<Result<_, _>>().unwrap();
    let [row] = &read[..] else {
        panic!("{} rows", read.len())
    };
    assert_eq!((row.text, row.domain, row.none), ("a", "b", None));
    assert!(matches!(row.cow, Cow::Borrowed("c")), "{:?}", row.cow);
    assert_eq!(row.bytes, [1]);
    assert!(matches!(row.cow_bytes, Cow::Borrowed([2])));
    assert_eq!(row.texts, [Some("d"), None]);
    assert_eq!(row.square.elements(), [&[3][..], &[4]]);
    assert_eq!(row.range, Range::from("e".."f"));
    let (text, bytes) = ("g", Some(&[5][..]));
    assert_eq!(row.label, Label { text, bytes });
    let (text, bytes) = ("h", None);
    assert_eq!(row.labels, [Label { text, bytes }]);
    assert_eq!(row.document, Json(vec!["i"]));
    assert_eq!(
        (row.raw.0.get(), row.lazy.as_str()),
        ("{\"j\" : 1}", "{\"k\":  2}")
    );
    // Sent as they are, too.
    let (texts, label) = (&row.texts, &row.label);
    let sent = query("select $1 = 'a' and $2::bytea = '\\x01' and $3 = '{d,null}'::text[] and ($4::label).text = 'g' and $5 = texts('e', 'f')")
        .bind(row.text)
        .bind(row.bytes)
        .bind(texts)
        .bind(label)
        .bind(row.range);
    assert!(sent.fetch_one::<Value<bool>>(&pool).await.unwrap());
}
