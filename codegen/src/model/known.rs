//! The Rust types of SQL types: for values that are read, and for parameters.
//!
//! A table. Arrays, enums, composites and domains are built on it by [`super::rust_type`].

use super::settings::{Calendar, DecimalType, Settings};

/// An SQL type that Rust has a type for.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// `typname`.
    pub sql: &'static str,
    /// `format_type(oid, null)`.
    pub display: &'static str,
    /// The type of a value that was read.
    pub owned: &'static str,
    /// The borrowed type of a parameter, if it is not the owned type: `str` for `String`.
    pub borrowed: Option<&'static str>,
    /// Whether the owned type is `Copy`, so that parameters are passed by value.
    pub copy: bool,
}

const fn copy(sql: &'static str, display: &'static str, owned: &'static str) -> Known {
    Known {
        sql,
        display,
        owned,
        borrowed: None,
        copy: true,
    }
}

const fn text(sql: &'static str, display: &'static str) -> Known {
    Known {
        sql,
        display,
        owned: "String",
        borrowed: Some("str"),
        copy: false,
    }
}

const fn bytes(sql: &'static str, display: &'static str) -> Known {
    Known {
        sql,
        display,
        owned: "Vec<u8>",
        borrowed: Some("[u8]"),
        copy: false,
    }
}

const fn owned(sql: &'static str, display: &'static str, owned: &'static str) -> Known {
    Known {
        sql,
        display,
        owned,
        borrowed: None,
        copy: false,
    }
}

/// The built-in types.
static BUILTIN: &[Known] = &[
    copy("bool", "boolean", "bool"),
    copy("int2", "smallint", "i16"),
    copy("int4", "integer", "i32"),
    copy("int8", "bigint", "i64"),
    copy("float4", "real", "f32"),
    copy("float8", "double precision", "f64"),
    copy("oid", "oid", "u32"),
    copy("char", "\"char\"", "i8"),
    text("text", "text"),
    text("varchar", "character varying"),
    text("bpchar", "character"),
    text("name", "name"),
    text("xml", "xml"),
    text("unknown", "unknown"),
    text("cstring", "cstring"),
    text("aclitem", "aclitem"),
    text("gtsvector", "gtsvector"),
    bytes("bytea", "bytea"),
    copy("numeric", "numeric", "rust_decimal::Decimal"),
    copy("date", "date", "chrono::NaiveDate"),
    copy("time", "time without time zone", "chrono::NaiveTime"),
    copy(
        "timestamp",
        "timestamp without time zone",
        "chrono::NaiveDateTime",
    ),
    copy(
        "timestamptz",
        "timestamp with time zone",
        "chrono::DateTime<chrono::Utc>",
    ),
    copy("uuid", "uuid", "uuid::Uuid"),
    owned("json", "json", "serde_json::Value"),
    owned("jsonb", "jsonb", "serde_json::Value"),
    text("refcursor", "refcursor"),
    copy("xid", "xid", "u32"),
    copy("cid", "cid", "u32"),
    copy("regclass", "regclass", "u32"),
    copy("regcollation", "regcollation", "u32"),
    copy("regconfig", "regconfig", "u32"),
    copy("regdictionary", "regdictionary", "u32"),
    copy("regnamespace", "regnamespace", "u32"),
    copy("regoper", "regoper", "u32"),
    copy("regoperator", "regoperator", "u32"),
    copy("regproc", "regproc", "u32"),
    copy("regprocedure", "regprocedure", "u32"),
    copy("regrole", "regrole", "u32"),
    copy("regtype", "regtype", "u32"),
    copy("interval", "interval", "howdah::Interval"),
    copy("timetz", "time with time zone", "howdah::TimeTz"),
    copy("inet", "inet", "howdah::Inet"),
    copy("cidr", "cidr", "howdah::Inet"),
    copy("macaddr", "macaddr", "howdah::MacAddr"),
    copy("macaddr8", "macaddr8", "howdah::MacAddr8"),
    copy("money", "money", "howdah::Money"),
    copy("pg_lsn", "pg_lsn", "howdah::PgLsn"),
    copy("xid8", "xid8", "howdah::Xid8"),
    copy("tid", "tid", "howdah::Tid"),
    owned("pg_snapshot", "pg_snapshot", "howdah::PgSnapshot"),
    owned("txid_snapshot", "txid_snapshot", "howdah::PgSnapshot"),
    owned("bit", "bit", "howdah::BitString"),
    owned("varbit", "bit varying", "howdah::BitString"),
    owned("jsonpath", "jsonpath", "howdah::JsonPath"),
    owned("tsvector", "tsvector", "howdah::TsVector"),
    owned("tsquery", "tsquery", "howdah::TsQuery"),
    copy("point", "point", "howdah::geometric::Point"),
    copy("line", "line", "howdah::geometric::Line"),
    copy("lseg", "lseg", "howdah::geometric::LineSegment"),
    copy("box", "box", "howdah::geometric::Box"),
    owned("path", "path", "howdah::geometric::Path"),
    owned("polygon", "polygon", "howdah::geometric::Polygon"),
    copy("circle", "circle", "howdah::geometric::Circle"),
];

/// `date`, `time`, `timestamp` and `timestamptz` in calendars other than `chrono`'s.
const fn calendar(types: [&'static str; 4]) -> [Known; 4] {
    let [date, time, timestamp, timestamptz] = types;
    [
        copy("date", "date", date),
        copy("time", "time without time zone", time),
        copy("timestamp", "timestamp without time zone", timestamp),
        copy("timestamptz", "timestamp with time zone", timestamptz),
    ]
}

static TIME: [Known; 4] = calendar([
    "time::Date",
    "time::Time",
    "time::PrimitiveDateTime",
    "time::OffsetDateTime",
]);
static JIFF: [Known; 4] = calendar([
    "jiff::civil::Date",
    "jiff::civil::Time",
    "jiff::civil::DateTime",
    "jiff::Timestamp",
]);
static HOWDAH: [Known; 4] = calendar([
    "howdah::Date",
    "howdah::Time",
    "howdah::Timestamp",
    "howdah::Timestamp",
]);

static BIG_DECIMAL: Known = owned("numeric", "numeric", "bigdecimal::BigDecimal");
static ANY_NUMERIC: Known = owned("numeric", "numeric", "howdah::Numeric");

/// The built-in ranges, their multiranges, and the type of their bounds.
const RANGES: [(&str, &str, &str); 6] = [
    ("int4range", "int4multirange", "int4"),
    ("int8range", "int8multirange", "int8"),
    ("numrange", "nummultirange", "numeric"),
    ("tsrange", "tsmultirange", "timestamp"),
    ("tstzrange", "tstzmultirange", "timestamptz"),
    ("daterange", "datemultirange", "date"),
];

/// Types of extensions, in any schema.
static EXTENSION: [Known; 12] = [
    text("citext", "citext"),
    owned("hstore", "hstore", "howdah::Hstore"),
    owned("ltree", "ltree", "howdah::LTree"),
    owned("lquery", "lquery", "howdah::LQuery"),
    owned("ltxtquery", "ltxtquery", "howdah::LTxtQuery"),
    owned("cube", "cube", "howdah::Cube"),
    owned("vector", "vector", "pgvector::Vector"),
    owned("halfvec", "halfvec", "pgvector::HalfVector"),
    owned("sparsevec", "sparsevec", "pgvector::SparseVector"),
    copy("box2d", "box2d", "howdah::Box2d"),
    copy("box3d", "box3d", "howdah::Box3d"),
    bytes("raster", "raster"),
];

/// Any other type without a binary form: its text.
pub(crate) static TEXT_ONLY: Known = text("", "");

/// PostGIS shapes that `geo_types` cannot hold.
static EWKB: Known = owned("", "geometry", "howdah::Ewkb");

/// PostGIS subtypes by name; the first is for values of any subtype.
static SPATIAL: [Known; 8] = [
    owned("", "geometry", "geo_types::Geometry<f64>"),
    copy("Point", "geometry(Point)", "geo_types::Point<f64>"),
    owned(
        "LineString",
        "geometry(LineString)",
        "geo_types::LineString<f64>",
    ),
    owned("Polygon", "geometry(Polygon)", "geo_types::Polygon<f64>"),
    owned(
        "MultiPoint",
        "geometry(MultiPoint)",
        "geo_types::MultiPoint<f64>",
    ),
    owned(
        "MultiLineString",
        "geometry(MultiLineString)",
        "geo_types::MultiLineString<f64>",
    ),
    owned(
        "MultiPolygon",
        "geometry(MultiPolygon)",
        "geo_types::MultiPolygon<f64>",
    ),
    owned(
        "GeometryCollection",
        "geometry(GeometryCollection)",
        "geo_types::GeometryCollection<f64>",
    ),
];

/// The built-in type `sql` with the Rust type that the settings choose.
pub(crate) fn chosen(settings: &Settings, sql: &str) -> Option<&'static Known> {
    let calendar: &[Known] = match settings.calendar {
        Calendar::Chrono => &[],
        Calendar::Time => &TIME,
        Calendar::Jiff => &JIFF,
        Calendar::Howdah => &HOWDAH,
    };
    if let Some(known) = calendar.iter().find(|known| known.sql == sql) {
        return Some(known);
    }
    match (sql, settings.decimal) {
        ("numeric", DecimalType::BigDecimal) => Some(&BIG_DECIMAL),
        ("numeric", DecimalType::Howdah) => Some(&ANY_NUMERIC),
        _ => builtin(sql),
    }
}

/// The built-in type `sql`.
pub(crate) fn builtin(sql: &str) -> Option<&'static Known> {
    BUILTIN.iter().find(|known| known.sql == sql)
}

/// The type with this Rust name, if howdah knows it.
pub(crate) fn written(rust: &str) -> Option<&'static Known> {
    BUILTIN.iter().find(|known| known.owned == rust)
}

/// The extension's type `sql`.
pub(crate) fn extension(sql: &str) -> Option<&'static Known> {
    EXTENSION.iter().find(|known| known.sql == sql)
}

/// The PostGIS subtype `subtype`, `""` for any: curves and surfaces have only their bytes.
pub(crate) fn spatial(subtype: &str) -> &'static Known {
    let known = SPATIAL.iter().find(|known| known.sql == subtype);
    known.unwrap_or(&EWKB)
}

/// PostGIS shapes with a Z or M coordinate.
pub(crate) fn measured() -> &'static Known {
    &EWKB
}

/// The type of the bounds of the built-in range `sql`.
pub(crate) fn range_bound(sql: &str) -> Option<&'static str> {
    let range = RANGES.iter().find(|(range, _, _)| *range == sql);
    range.map(|(_, _, bound)| *bound)
}

/// The type of the bounds of the built-in multirange `sql`.
pub(crate) fn multirange_bound(sql: &str) -> Option<&'static str> {
    let range = RANGES.iter().find(|(_, multirange, _)| *multirange == sql);
    range.map(|(_, _, bound)| *bound)
}

/// How PostgreSQL shows the type that SQL lets one write in another way: `numeric` for `DECIMAL(10, 2)`.
pub(crate) fn type_in_full(written: &str) -> String {
    let written = written.to_lowercase();
    let (element, brackets) = match written.strip_suffix("[]") {
        Some(element) => (element, "[]"),
        None => (written.as_str(), ""),
    };
    let bare = match (element.split_once('('), element.split_once(')')) {
        (Some((before, _)), Some((_, behind))) => format!("{}{behind}", before.trim_end()),
        _ => element.to_owned(),
    };
    let full = match bare.as_str() {
        "int" | "serial" => "integer",
        "smallserial" => "smallint",
        "bigserial" => "bigint",
        "dec" | "decimal" => "numeric",
        "float" => "double precision",
        "char" => "character",
        bare => builtin(bare).map_or(bare, |known| known.display),
    };
    format!("{full}{brackets}")
}

/// How PostgreSQL shows the built-in type `sql`: `bigint[]` for `_int8`.
pub(crate) fn builtin_display(sql: &str) -> String {
    if let Some(element) = sql.strip_prefix('_') {
        return format!("{}[]", builtin_display(element));
    }
    match builtin(sql) {
        Some(known) => known.display.to_owned(),
        None => sql.to_owned(),
    }
}
