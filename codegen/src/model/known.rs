//! The SQL types with a home in Rust: which type holds a value, and which one a parameter is passed as.
//!
//! A table. Arrays, enums, composites and domains are built on it by [`super::rust_type`].

/// An SQL type that Rust has a type for.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// `typname`.
    pub sql: &'static str,
    /// `format_type(oid, null)`.
    pub display: &'static str,
    /// The type of a value that was read.
    pub owned: &'static str,
    /// What a parameter borrows, where that is not the owned type: `str` for `String`.
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
static BUILTIN: [Known; 24] = [
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
    Known {
        sql: "bytea",
        display: "bytea",
        owned: "Vec<u8>",
        borrowed: Some("[u8]"),
        copy: false,
    },
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
];

/// Types that extensions bring, wherever they were put.
static EXTENSION: [Known; 1] = [text("citext", "citext")];

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

/// Types of PostgreSQL without a home in Rust whose displayed name is not their `typname`.
const OTHER_DISPLAYS: [(&str, &str); 3] = [
    ("timetz", "time with time zone"),
    ("bit", "bit"),
    ("varbit", "bit varying"),
];

/// The built-in type `sql`.
pub(crate) fn builtin(sql: &str) -> Option<&'static Known> {
    BUILTIN.iter().find(|known| known.sql == sql)
}

/// The extension's type `sql`.
pub(crate) fn extension(sql: &str) -> Option<&'static Known> {
    EXTENSION.iter().find(|known| known.sql == sql)
}

/// The PostGIS subtype `subtype`, `""` for any.
pub(crate) fn spatial(subtype: &str) -> Option<&'static Known> {
    SPATIAL.iter().find(|known| known.sql == subtype)
}

/// How PostgreSQL shows the built-in type `sql`: `bigint[]` for `_int8`.
pub(crate) fn builtin_display(sql: &str) -> String {
    if let Some(element) = sql.strip_prefix('_') {
        return format!("{}[]", builtin_display(element));
    }
    let other = OTHER_DISPLAYS.iter().find(|(name, _)| *name == sql);
    match (builtin(sql), other) {
        (Some(known), _) => known.display.to_owned(),
        (None, Some((_, display))) => (*display).to_owned(),
        (None, None) => sql.to_owned(),
    }
}
