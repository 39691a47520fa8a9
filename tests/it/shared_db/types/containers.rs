//! Ranges, multiranges, arrays of any dimension, and records.

use std::ops::Bound;

use chrono::{DateTime, NaiveDate, Utc};
use howdah::{
    Array, Dimension, ErrorKind, Infinite, Interval, Multirange, Numeric, Range, Record, Value,
    query,
};
use proptest::prelude::*;

use super::{refusal, round_trip::round_trip, samples};
use crate::shared_db::support::pool;

/// Ranges whose bounds are in order, as the server has them: `[a,b)` for what is counted.
fn canonical() -> impl Strategy<Value = Range<i64>> {
    let bounds = (any::<i32>(), 1..1_000_i64)
        .prop_map(|(start, length)| (i64::from(start), i64::from(start) + length));
    prop_oneof![
        bounds
            .clone()
            .prop_map(|(start, end)| Range::from(start..end)),
        bounds.clone().prop_map(|(start, _)| Range::from(start..)),
        bounds.prop_map(|(_, end)| Range::from(..end)),
        Just(Range::Empty),
        Just(Range::from(..)),
    ]
}

fn any_bounds() -> impl Strategy<Value = Range<i64>> {
    let bound = |value: i64, kind| match kind {
        0 => Bound::Included(value),
        1 => Bound::Excluded(value),
        _ => Bound::Unbounded,
    };
    (any::<i32>(), 1..1_000_i64, 0..3_u8, 0..3_u8).prop_map(move |(start, length, lower, upper)| {
        let start = i64::from(start);
        Range::Between(bound(start, lower), bound(start + length, upper))
    })
}

#[tokio::test]
async fn ranges() {
    let (pool, _database) = pool().await;
    round_trip("int8range")
        .run(&pool, samples(canonical(), 20))
        .await;
    let small = |range: Range<i64>| range.map(|value| (value / 4) as i32);
    let small = samples(canonical(), 20).into_iter().map(small);
    // Two bounds may have become one.
    let small = small.filter(
        |range| !matches!(range, Range::Between(Bound::Included(a), Bound::Excluded(b)) if a == b),
    );
    round_trip("int4range").run(&pool, small).await;
    let numeric = |range: Range<i64>| range.map(Numeric::from);
    round_trip("numrange")
        .run(&pool, samples(any_bounds(), 20).into_iter().map(numeric))
        .await;
    let moment = |range: Range<i64>| {
        range.map(|value| DateTime::<Utc>::from_timestamp_micros(value * 1_000_000).unwrap())
    };
    round_trip("tstzrange")
        .run(&pool, samples(any_bounds(), 20).into_iter().map(moment))
        .await;
    let naive = |range: Range<i64>| {
        range.map(|value| {
            Infinite::Finite(DateTime::from_timestamp_micros(value).unwrap().naive_utc())
        })
    };
    let endless = Range::from(Infinite::NegInfinity..Infinite::Infinity);
    round_trip("tsrange")
        .run(
            &pool,
            samples(any_bounds(), 20)
                .into_iter()
                .map(naive)
                .chain([endless]),
        )
        .await;
    let day = |range: Range<i64>| {
        range.map(|value| {
            NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::TimeDelta::days(value % 10_000)
        })
    };
    let days = samples(canonical(), 20)
        .into_iter()
        .filter(|range| range.lower().is_some())
        .map(day);
    let ordered = |range: &Range<NaiveDate>| !matches!(range, Range::Between(Bound::Included(a), Bound::Excluded(b)) if a >= b);
    round_trip("daterange")
        .run(&pool, days.filter(ordered))
        .await;
    pool.batch_execute("create type span as range (subtype = interval)")
        .await
        .unwrap();
    let spans = [
        Range::from(Interval::from_days(1)..Interval::from_months(2)),
        Range::Empty,
    ];
    round_trip("span").run(&pool, spans).await;
}

#[tokio::test]
async fn a_range_is_sent_as_it_is_and_the_server_counts() {
    let (pool, _database) = pool().await;
    let counted = query("select $1::int4range")
        .bind(Range::from(1..=5))
        .fetch_one::<Value<Range<i32>>>(&pool);
    assert_eq!(counted.await.unwrap(), Range::from(1..6));
    let none = query("select $1::int4range")
        .bind(Range::from(5..5))
        .fetch_one::<Value<Range<i32>>>(&pool);
    assert_eq!(none.await.unwrap(), Range::Empty);
    let error = refusal::<Range<DateTime<Utc>>>(&pool, "tstzrange('2024-01-01', 'infinity')").await;
    assert!(
        error.contains("the value is infinity in field `upper`, `Range<DateTime<Utc>>`"),
        "{error}"
    );
}

#[tokio::test]
async fn multiranges() {
    let (pool, _database) = pool().await;
    let ranges = [
        vec![],
        vec![Range::from(1..3), Range::from(5..6), Range::from(9..)],
        vec![Range::from(..)],
    ];
    round_trip("int4multirange")
        .run(&pool, ranges.map(Multirange))
        .await;
    pool.batch_execute(
        "create type speed as range (subtype = float8, multirange_type_name = speeds);
         create domain fast as speeds;
         create type trip as (over speeds, inner_speeds speeds[])",
    )
    .await
    .unwrap();
    let speeds = [
        Multirange(vec![]),
        Multirange(vec![Range::from(1.5..=2.5), Range::from(9.0..)]),
    ];
    round_trip("speeds").run(&pool, speeds.clone()).await;
    round_trip("fast").run(&pool, speeds).await;
    let error = refusal::<Multirange<i64>>(&pool, "'{}'::speeds").await;
    assert!(
        error.contains(
            "the column is public.speeds, but `Multirange<i64>` holds multirange of bigint"
        ),
        "{error}"
    );
    let joined = Multirange::from_iter([1..3, 3..5, 7..7]);
    let back = query("select $1::int4multirange")
        .bind(joined)
        .fetch_one::<Value<Multirange<i32>>>(&pool);
    assert_eq!(back.await.unwrap(), Multirange(vec![Range::from(1..5)]));
    let both = Multirange(vec![Range::from(Numeric::from(1)..=Numeric::from(2))]);
    round_trip("nummultirange").run(&pool, [both]).await;
}

/// Any number of ranges in their order, with gaps, as the server has them.
fn many() -> impl Strategy<Value = Vec<std::ops::Range<i64>>> {
    let steps = proptest::collection::vec((1..1_000_i64, 1..1_000_i64), 0..4);
    (-1_000_000..1_000_000_i64, steps).prop_map(|(mut at, steps)| {
        let range = |(gap, length)| {
            let start = at + gap;
            at = start + length;
            start..at
        };
        steps.into_iter().map(range).collect()
    })
}

#[tokio::test]
async fn multiranges_of_every_kind() {
    let (pool, _database) = pool().await;
    let all = || samples(many(), 10).into_iter();
    let numbers = all().map(Multirange::from_iter);
    round_trip("int8multirange").run(&pool, numbers).await;
    /// Each bound as the type that `bound` makes of it.
    fn of<T: PartialOrd>(
        ranges: Vec<std::ops::Range<i64>>,
        bound: impl Fn(i64) -> T,
    ) -> Multirange<T> {
        let ranges = ranges.into_iter();
        ranges
            .map(|range| bound(range.start)..bound(range.end))
            .collect()
    }
    let day = |days| NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::TimeDelta::days(days);
    let days = all().map(|ranges| of(ranges, |days| day(days / 10)));
    // Neighbours may have met.
    let apart = |days: &Multirange<NaiveDate>| {
        let bounds = days.0.iter().flat_map(|range| match range {
            Range::Between(Bound::Included(start), Bound::Excluded(end)) => [*start, *end],
            other => panic!("{other:?}"),
        });
        bounds.is_sorted_by(|a, b| a < b)
    };
    round_trip("datemultirange")
        .run(&pool, days.filter(apart))
        .await;
    let moment = |micros| DateTime::<Utc>::from_timestamp_micros(micros).unwrap();
    let moments = all().map(|ranges| of(ranges, moment));
    round_trip("tstzmultirange").run(&pool, moments).await;
    let naive = all().map(|ranges| of(ranges, |micros| moment(micros).naive_utc()));
    round_trip("tsmultirange").run(&pool, naive).await;
}

#[tokio::test]
async fn arrays_of_any_dimension() {
    let (pool, _database) = pool().await;
    let dimension = |length, lower_bound| Dimension {
        length,
        lower_bound,
    };
    let some = |values: &[i32]| values.iter().copied().map(Some).collect::<Vec<_>>();
    for (array, literal) in [
        (Array::from(vec![]), "{}"),
        (Array::from(vec![Some(1), None]), "{1,NULL}"),
        (
            Array::new(vec![dimension(2, 5)], some(&[7, 8])).unwrap(),
            "[5:6]={7,8}",
        ),
        (
            Array::new(
                vec![dimension(2, 1), dimension(3, 1)],
                some(&[1, 2, 3, 4, 5, 6]),
            )
            .unwrap(),
            "{{1,2,3},{4,5,6}}",
        ),
        (
            Array::new(
                vec![dimension(1, -1), dimension(2, 0), dimension(1, 1)],
                some(&[1, 2]),
            )
            .unwrap(),
            "[-1:-1][0:1][1:1]={{{1},{2}}}",
        ),
    ] {
        let sql = format!("select $1::int4[]::text, $1::int4[], '{literal}'::int4[]");
        let (text, back, read): (String, Array<Option<i32>>, Array<Option<i32>>) = query(sql)
            .bind(array.clone())
            .fetch_one::<(_, _, _)>(&pool)
            .await
            .unwrap();
        assert_eq!((text.as_str(), &back, &read), (literal, &array, &array));
    }
    let matrix = query("select '[0:1][1:2]={{1,2},{3,4}}'::int4[]")
        .fetch_one::<Value<Array<i32>>>(&pool)
        .await
        .unwrap();
    assert_eq!(
        (matrix.get(&[1, 1]), matrix.get(&[2, 1]), matrix.get(&[1])),
        (Some(&3), None, None)
    );
}

#[tokio::test]
async fn vecs_in_vecs_are_dimensions() {
    let (pool, _database) = pool().await;
    type Matrix = Vec<Vec<Option<i32>>>;
    let cases: [(Matrix, &str); 5] = [
        (vec![], "{}"),
        (vec![vec![], vec![]], "{}"),
        (vec![vec![Some(1), None]], "{{1,NULL}}"),
        (
            vec![vec![Some(1)], vec![None], vec![Some(-3)]],
            "{{1},{NULL},{-3}}",
        ),
        (
            vec![vec![Some(1), Some(2)], vec![Some(3), Some(4)]],
            "{{1,2},{3,4}}",
        ),
    ];
    for (matrix, literal) in cases {
        let sql = format!("select $1::int4[]::text, $1::int4[], '{literal}'::int4[] = $1");
        let (text, back, equal) = query(sql)
            .bind(matrix.clone())
            .fetch_one::<(String, Matrix, bool)>(&pool)
            .await
            .unwrap();
        assert_eq!((text.as_str(), equal), (literal, true));
        let expected = if literal == "{}" { vec![] } else { matrix };
        assert_eq!(back, expected);
    }
    let cube = vec![[["a", "b"]], [["c", "d"]]];
    let (text, back) = query("select $1::text[]::text, $1")
        .bind(cube)
        .fetch_one::<(String, Vec<Vec<Vec<String>>>)>(&pool)
        .await
        .unwrap();
    assert_eq!(text, "{{{a,b}},{{c,d}}}");
    assert_eq!(back, [[["a", "b"]], [["c", "d"]]]);

    let ragged = query("select $1::int4[]").bind(vec![vec![1], vec![2, 3]]);
    let error = ragged.execute(&pool).await.unwrap_err();
    assert_eq!((error.kind(), error.param()), (ErrorKind::Encode, Some(1)));
    assert!(error.to_string().contains("differ in length"), "{error}");
    for (sql, said) in [
        ("select '{1,2}'::int4[] as a", "1 dimension"),
        ("select '{{{1}}}'::int4[] as a", "3 dimensions"),
    ] {
        let error = query(sql)
            .fetch_one::<Value<Matrix>>(&pool)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test]
async fn arrays_in_domains_in_arrays_are_elements() {
    let (pool, _database) = pool().await;
    pool.batch_execute("create domain trail as int4[]")
        .await
        .unwrap();
    let paths = vec![vec![1, 2], vec![], vec![3]];
    let (text, back) = query("select $1::trail[]::text, $1")
        .bind(paths.clone())
        .fetch_one::<(String, Vec<Vec<i32>>)>(&pool)
        .await
        .unwrap();
    assert_eq!((text.as_str(), back), (r#"{"{1,2}","{}","{3}"}"#, paths));
}

#[tokio::test]
async fn records_are_tuples() {
    let (pool, _database) = pool().await;
    type Pair = Record<(i32, Option<String>)>;
    let pairs = query("select array[row(1, 'a'::text), row(2, null::text)]");
    let pairs: Vec<Pair> = pairs.fetch_one::<Value<_>>(&pool).await.unwrap();
    assert_eq!(
        pairs,
        [Record((1, Some("a".to_owned()))), Record((2, None))]
    );
    let error = refusal::<Pair>(&pool, "row(1::int8, 'a'::text)").await;
    assert!(
        error.contains("the SQL type is int8 in field `1`"),
        "{error}"
    );
    let error = refusal::<Pair>(&pool, "row(1)").await;
    assert!(
        error.contains("the record has 1 fields instead of 2"),
        "{error}"
    );
}
