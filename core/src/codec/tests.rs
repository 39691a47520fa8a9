//! Hostile bytes: no decoder panics or allocates what is not there, whatever it is given; and what was read
//! from them is written and read again as the same value.

use std::fmt::Debug;

use ::bytes::BytesMut;
use postgres_types::{Kind, Type};
use proptest::prelude::*;

use crate::{geometric as g, *};

/// Reads the bytes; what is read must survive being written and read again.
fn both_ways<T>(ty: &Type, raw: &[u8])
where
    T: for<'r> Decode<'r> + Encode + Debug,
{
    let Ok(value) = T::decode(ty, raw) else {
        return;
    };
    let mut out = BytesMut::new();
    // Text with a zero byte, which no server sends, is not written.
    if value.encode(ty, &mut out).is_err() {
        return;
    }
    let back = T::decode(ty, &out).unwrap();
    // Not by equality, which NaN lacks.
    assert_eq!(format!("{back:?}"), format!("{value:?}"));
}

/// Reads the bytes as a value, and as what holds such values.
fn nested<T>(ty: &Type, raw: &[u8])
where
    T: for<'r> Decode<'r> + Encode + Debug,
{
    let of = |kind| Type::new("x".to_owned(), 1, kind, "public".to_owned());
    both_ways::<T>(ty, raw);
    both_ways::<T>(&of(Kind::Domain(ty.clone())), raw);
    let array = of(Kind::Array(ty.clone()));
    both_ways::<Vec<Option<T>>>(&array, raw);
    both_ways::<Array<Option<T>>>(&array, raw);
    both_ways::<Range<T>>(&of(Kind::Range(ty.clone())), raw);
    both_ways::<Multirange<T>>(&of(Kind::Multirange(ty.clone())), raw);
}

fn everything(raw: &[u8]) {
    nested::<Interval>(&Type::INTERVAL, raw);
    nested::<Inet>(&Type::INET, raw);
    nested::<std::net::IpAddr>(&Type::INET, raw);
    nested::<MacAddr>(&Type::MACADDR, raw);
    nested::<MacAddr8>(&Type::MACADDR8, raw);
    nested::<Numeric>(&Type::NUMERIC, raw);
    nested::<Money>(&Type::MONEY, raw);
    nested::<TimeTz>(&Type::TIMETZ, raw);
    nested::<BitString>(&Type::VARBIT, raw);
    nested::<Hstore>(&Type::TEXT, raw);
    nested::<TsVector>(&Type::TS_VECTOR, raw);
    nested::<TsQuery>(&Type::TSQUERY, raw);
    nested::<LTree>(&Type::TEXT, raw);
    nested::<JsonPath>(&Type::JSONPATH, raw);
    nested::<PgSnapshot>(&Type::PG_SNAPSHOT, raw);
    nested::<Tid>(&Type::TID, raw);
    nested::<Cube>(&Type::TEXT, raw);
    nested::<Ewkb>(&Type::BYTEA, raw);
    nested::<g::Path>(&Type::PATH, raw);
    nested::<g::Polygon>(&Type::POLYGON, raw);
    nested::<g::Circle>(&Type::CIRCLE, raw);
    nested::<String>(&Type::TEXT, raw);
    nested::<bool>(&Type::BOOL, raw);
    #[cfg(feature = "decimal")]
    nested::<rust_decimal::Decimal>(&Type::NUMERIC, raw);
    #[cfg(feature = "chrono")]
    {
        nested::<Infinite<chrono::NaiveDate>>(&Type::DATE, raw);
        nested::<Infinite<chrono::DateTime<chrono::Utc>>>(&Type::TIMESTAMPTZ, raw);
        nested::<chrono::NaiveTime>(&Type::TIME, raw);
        nested::<chrono::TimeDelta>(&Type::INTERVAL, raw);
    }
    #[cfg(feature = "geo")]
    nested::<geo_types::Geometry<f64>>(&Type::BYTEA, raw);
    #[cfg(feature = "json")]
    nested::<serde_json::Value>(&Type::JSONB, raw);
    let _ = Record::<(Option<String>, i32)>::decode(&Type::RECORD, raw);
    let _ = TsQuery::decode(&Type::TSQUERY, raw).map(|query| query.to_string());
    let _ = Numeric::decode(&Type::NUMERIC, raw).map(|numeric| numeric.to_string());
}

/// Bytes that lengths, counts, flags and kinds are made of, more often than chance has them.
fn plausible() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(vec![0, 0, 0, 0]),
        Just(vec![0, 0, 0, 1]),
        Just(vec![0, 0, 0, 2]),
        Just(vec![255, 255, 255, 255]),
        Just(vec![127, 255, 255, 255]),
        Just(vec![1, 2, 0, 0, 0]),
        Just(vec![1, 1, 0, 0, 160, 230, 16, 0, 0]),
        proptest::collection::vec(any::<u8>(), 1..9),
        proptest::collection::vec(0..5_u8, 1..5),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_bytes_do_harm(raw in proptest::collection::vec(any::<u8>(), 0..80)) {
        everything(&raw);
    }

    #[test]
    fn no_plausible_bytes_do_harm(raw in plausible()) {
        everything(&raw);
    }
}

#[test]
fn a_shape_says_what_it_is() {
    let header = [1, 1, 0, 0, 0xE0, 0xE6, 0x10, 0, 0];
    let point = [&header[..], &[0; 32]].concat();
    let shape = Ewkb::new(point.clone()).unwrap();
    let seen = (shape.kind(), shape.srid(), shape.has_z(), shape.has_m());
    assert_eq!(seen, ("Point", 4326, true, true));
    let bare = shape.with_srid(0);
    assert_eq!((bare.srid(), bare.as_bytes().len()), (0, 37));
    assert_eq!(bare.with_srid(4326), shape);
    assert!(Ewkb::new(&point[..40]).is_err());
    assert!(Ewkb::new([point, vec![0]].concat()).is_err());
}
