//! Every type that is both read and written, each with a few values: a table that tests walk over.

use std::fmt::Debug;

use postgres_types::Type;

use crate::{geometric as g, *};

/// What a test does with each type.
pub(super) trait Visit {
    fn visit<T>(&mut self, ty: &Type, samples: Vec<T>)
    where
        T: for<'r> Decode<'r> + Encode + Debug;
}

const POINT: g::Point = g::Point { x: 1.5, y: -2.0 };

/// Shows the visitor every type.
pub(super) fn every_type(visitor: &mut impl Visit) {
    numbers(visitor);
    texts(visitor);
    times(visitor);
    visitor.visit::<Vec<u8>>(&Type::BYTEA, vec![vec![0, 1, 255], vec![]]);
    visitor.visit::<bytes::Bytes>(&Type::BYTEA, vec![]);
    visitor.visit::<[u8; 4]>(&Type::BYTEA, vec![[1, 2, 3, 4]]);
    visitor.visit::<BitString>(&Type::VARBIT, vec!["10110111010".parse().unwrap()]);
    let inet = |text: &str| text.parse::<Inet>().unwrap();
    visitor.visit(&Type::INET, vec![inet("10.0.0.1/8"), inet("::1/64")]);
    visitor.visit(&Type::CIDR, vec![inet("10.0.0.0/8")]);
    visitor.visit::<std::net::IpAddr>(&Type::INET, vec!["10.0.0.1".parse().unwrap()]);
    visitor.visit(&Type::MACADDR, vec![MacAddr([1, 2, 3, 4, 5, 6])]);
    visitor.visit(&Type::MACADDR8, vec![MacAddr8([1, 2, 3, 4, 5, 6, 7, 8])]);
    visitor.visit(&Type::PG_LSN, vec![PgLsn(7)]);
    visitor.visit(&Type::XID8, vec![Xid8(7)]);
    visitor.visit(&Type::TID, vec![Tid { block: 1, item: 2 }]);
    #[cfg(feature = "bit-vec")]
    visitor.visit(&Type::VARBIT, vec![bit_vec::BitVec::from_elem(3, true)]);
    #[cfg(feature = "ipnetwork")]
    visitor.visit::<ipnetwork::IpNetwork>(&Type::INET, vec![]);
    #[cfg(feature = "cidr")]
    {
        visitor.visit::<cidr::IpInet>(&Type::INET, vec![]);
        visitor.visit::<cidr::IpCidr>(&Type::CIDR, vec![]);
    }
    #[cfg(feature = "eui48")]
    visitor.visit::<eui48::MacAddress>(&Type::MACADDR, vec![]);
    #[cfg(feature = "pgvector")]
    {
        let numbers = [1.0, 0.0, -2.5];
        visitor.visit(&Type::TEXT, vec![pgvector::Vector::from(numbers.to_vec())]);
        visitor.visit(
            &Type::TEXT,
            vec![pgvector::HalfVector::from_f32_slice(&numbers)],
        );
        visitor.visit(
            &Type::TEXT,
            vec![pgvector::SparseVector::from_dense(&numbers)],
        );
    }
    let (xmin, xmax, in_progress) = (10, 20, vec![11, 12]);
    let snapshot = PgSnapshot {
        xmin,
        xmax,
        in_progress,
    };
    visitor.visit(&Type::PG_SNAPSHOT, vec![snapshot]);
    shapes(visitor);
    #[cfg(feature = "uuid")]
    visitor.visit(&Type::UUID, vec![uuid::Uuid::from_u128(7)]);
    #[cfg(feature = "json")]
    {
        let document = serde_json::json!({ "a": [1, null, "x"] });
        visitor.visit(&Type::JSON, vec![document.clone()]);
        visitor.visit(&Type::JSONB, vec![document]);
        visitor.visit(&Type::JSONB, vec![Json(vec![1, 2])]);
    }
}

fn numbers(visitor: &mut impl Visit) {
    visitor.visit(&Type::BOOL, vec![true]);
    visitor.visit(&Type::CHAR, vec![1_i8]);
    visitor.visit(&Type::INT2, vec![1_i16]);
    visitor.visit(&Type::INT4, vec![1_i32]);
    visitor.visit(&Type::INT8, vec![1_i64]);
    visitor.visit(&Type::OID, vec![1_u32]);
    visitor.visit(&Type::FLOAT4, vec![1.5_f32]);
    visitor.visit(&Type::FLOAT8, vec![1.5_f64]);
    visitor.visit(&Type::MONEY, vec![Money(7)]);
    let numeric = |text: &str| text.parse::<Numeric>().unwrap();
    let numbers = ["0", "-12345678.0009", "1e100", "NaN"].map(numeric);
    visitor.visit(&Type::NUMERIC, numbers.to_vec());
    #[cfg(feature = "bigdecimal")]
    visitor.visit::<bigdecimal::BigDecimal>(&Type::NUMERIC, vec![]);
    #[cfg(feature = "decimal")]
    visitor.visit(&Type::NUMERIC, vec![rust_decimal::Decimal::new(12_345, 2)]);
}

fn texts(visitor: &mut impl Visit) {
    visitor.visit::<String>(&Type::TEXT, vec!["a".into(), "é🐘".into()]);
    visitor.visit::<std::sync::Arc<str>>(&Type::TEXT, vec![]);
    visitor.visit::<LTree>(&Type::TEXT, vec!["a.b".into()]);
    visitor.visit::<LQuery>(&Type::TEXT, vec!["a.*".into()]);
    visitor.visit::<LTxtQuery>(&Type::TEXT, vec!["a & b".into()]);
    visitor.visit::<JsonPath>(&Type::JSONPATH, vec!["$.a".into()]);
    let tags = Hstore::from_iter([("a", Some("b")), ("c", None)]);
    visitor.visit(&Type::TEXT, vec![tags]);
    let query = TsQuery::word("cat").and(TsQuery::prefix("ra").not());
    visitor.visit(&Type::TSQUERY, vec![query]);
    let (position, weight) = (3, Weight::B);
    let lexeme = Lexeme {
        word: "cat".to_owned(),
        positions: vec![Position { position, weight }],
    };
    visitor.visit(&Type::TS_VECTOR, vec![TsVector(vec![lexeme])]);
}

fn times(visitor: &mut impl Visit) {
    let interval = Interval {
        months: 1,
        days: -2,
        microseconds: 3,
    };
    visitor.visit(&Type::INTERVAL, vec![interval]);
    visitor.visit::<std::time::Duration>(&Type::INTERVAL, vec![]);
    visitor.visit(&Type::TIMETZ, vec![TimeTz::new(7, 3_600).unwrap()]);
    visitor.visit(&Type::DATE, vec![Date::INFINITY, Date::from_days(-7)]);
    visitor.visit(&Type::TIME, vec![Time::from_microseconds(7).unwrap()]);
    visitor.visit(&Type::TIMESTAMP, vec![Timestamp::from_microseconds(-7)]);
    #[cfg(feature = "time")]
    {
        visitor.visit::<time::Date>(&Type::DATE, vec![]);
        visitor.visit::<Infinite<time::Date>>(&Type::DATE, vec![]);
        visitor.visit::<time::Time>(&Type::TIME, vec![]);
        visitor.visit::<time::PrimitiveDateTime>(&Type::TIMESTAMP, vec![]);
        visitor.visit::<time::OffsetDateTime>(&Type::TIMESTAMPTZ, vec![]);
        visitor.visit::<time::UtcDateTime>(&Type::TIMESTAMPTZ, vec![]);
        visitor.visit::<time::Duration>(&Type::INTERVAL, vec![]);
    }
    #[cfg(feature = "jiff")]
    {
        visitor.visit::<jiff::civil::Date>(&Type::DATE, vec![]);
        visitor.visit::<jiff::civil::Time>(&Type::TIME, vec![]);
        visitor.visit::<jiff::civil::DateTime>(&Type::TIMESTAMP, vec![]);
        visitor.visit::<jiff::Timestamp>(&Type::TIMESTAMPTZ, vec![]);
        visitor.visit::<Infinite<jiff::Timestamp>>(&Type::TIMESTAMPTZ, vec![]);
        visitor.visit::<jiff::SignedDuration>(&Type::INTERVAL, vec![]);
        visitor.visit::<jiff::Span>(&Type::INTERVAL, vec![]);
    }
    #[cfg(feature = "chrono")]
    {
        use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        visitor.visit(&Type::DATE, vec![day]);
        visitor.visit(&Type::DATE, vec![Infinite::Finite(day), Infinite::Infinity]);
        visitor.visit(&Type::TIME, vec![NaiveTime::MIN]);
        visitor.visit::<NaiveDateTime>(&Type::TIMESTAMP, vec![day.and_time(NaiveTime::MIN)]);
        visitor.visit::<Infinite<NaiveDateTime>>(&Type::TIMESTAMP, vec![Infinite::NegInfinity]);
        visitor.visit::<DateTime<Utc>>(&Type::TIMESTAMPTZ, vec![]);
        visitor.visit::<DateTime<FixedOffset>>(&Type::TIMESTAMPTZ, vec![]);
        visitor.visit::<Infinite<DateTime<Utc>>>(&Type::TIMESTAMPTZ, vec![]);
        visitor.visit::<TimeDelta>(&Type::INTERVAL, vec![TimeDelta::seconds(1)]);
    }
}

fn shapes(visitor: &mut impl Visit) {
    visitor.visit(&Type::POINT, vec![POINT]);
    let (a, b, c) = (1.0, 2.0, 3.0);
    visitor.visit(&Type::LINE, vec![g::Line { a, b, c }]);
    let (start, end) = (POINT, POINT);
    visitor.visit(&Type::LSEG, vec![g::LineSegment { start, end }]);
    visitor.visit::<g::Box>(&Type::BOX, vec![]);
    let (closed, points) = (true, vec![POINT; 3]);
    visitor.visit(
        &Type::POLYGON,
        vec![g::Polygon {
            points: vec![POINT],
        }],
    );
    visitor.visit(&Type::PATH, vec![g::Path { closed, points }]);
    visitor.visit::<g::Circle>(&Type::CIRCLE, vec![]);
    let (corner, opposite) = (vec![1.0, 2.0], Some(vec![3.0, 4.0]));
    visitor.visit(&Type::TEXT, vec![Cube { corner, opposite }]);
    let (min, max) = ([0.0, 1.0, -1.0], [0.5, 1.0, 2.0]);
    visitor.visit(&Type::BYTEA, vec![Box3d { min, max }]);
    let (min, max) = ([0.0, 1.0], [0.5, 2.0]);
    visitor.visit(&Type::BYTEA, vec![Box2d { min, max }]);
    let position = [&[1, 1, 0, 0, 0xE0, 0xE6, 0x10, 0, 0][..], &[0; 32]].concat();
    visitor.visit(&Type::BYTEA, vec![Ewkb::new(position).unwrap()]);
    #[cfg(feature = "wkt")]
    {
        let texts = ["POINT ZM(1 2 3 4)", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"];
        let shapes = texts.map(|text| text.parse::<wkt::Wkt<f64>>().unwrap());
        visitor.visit(&Type::BYTEA, shapes.to_vec());
    }
    #[cfg(feature = "geojson")]
    visitor.visit::<geojson::Geometry>(&Type::BYTEA, vec![]);
    #[cfg(feature = "geo")]
    {
        use geo_types::*;
        let point = Point::new(1.0, 2.0);
        let line = LineString::from(vec![(0.0, 0.0), (1.0, 1.0)]);
        let area = Polygon::new(line.clone(), vec![line.clone()]);
        let inner = GeometryCollection::from(vec![Geometry::from(point), area.clone().into()]);
        let outer = Geometry::GeometryCollection(vec![Geometry::GeometryCollection(inner)].into());
        visitor.visit(&Type::BYTEA, vec![point]);
        visitor.visit(&Type::BYTEA, vec![Srid::<4326, Point>(point)]);
        visitor.visit(&Type::BYTEA, vec![line.clone()]);
        visitor.visit(&Type::BYTEA, vec![area.clone()]);
        visitor.visit(&Type::BYTEA, vec![MultiPoint::from(vec![point])]);
        visitor.visit(&Type::BYTEA, vec![MultiLineString(vec![line])]);
        visitor.visit(&Type::BYTEA, vec![MultiPolygon::from(vec![area])]);
        visitor.visit(&Type::BYTEA, vec![outer]);
    }
}
