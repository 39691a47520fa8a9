//! What to write instead: the Rust type that usually holds a SQL type, and the name nearest to one
//! that does not exist. Advice for messages only; no check may depend on it.

use postgres_types::{Kind, Type};

use super::message::Message;
use crate::{SqlKind, SqlType, Table, sql_type::accepts::str_eq};

/// The Rust type that usually holds each built-in type, and those of known extensions.
const USUAL: &[(&str, &str)] = &[
    ("bool", "bool"),
    ("int2", "i16"),
    ("int4", "i32"),
    ("int8", "i64"),
    ("oid", "u32"),
    ("float4", "f32"),
    ("float8", "f64"),
    ("numeric", "rust_decimal::Decimal"),
    ("text", "String"),
    ("varchar", "String"),
    ("bpchar", "String"),
    ("name", "String"),
    ("citext", "String"),
    ("bytea", "Vec<u8>"),
    ("date", "chrono::NaiveDate"),
    ("time", "chrono::NaiveTime"),
    ("timestamp", "chrono::NaiveDateTime"),
    ("timestamptz", "chrono::DateTime<chrono::Utc>"),
    ("uuid", "uuid::Uuid"),
    ("json", "serde_json::Value"),
    ("jsonb", "serde_json::Value"),
    ("box2d", "howdah::Box2d"),
    ("box3d", "howdah::Box3d"),
];

/// The `geo_types` type of each PostGIS subtype.
const SPATIAL: &[(&str, &str)] = &[
    ("Point", "geo_types::Point<f64>"),
    ("LineString", "geo_types::LineString<f64>"),
    ("Polygon", "geo_types::Polygon<f64>"),
    ("MultiPoint", "geo_types::MultiPoint<f64>"),
    ("MultiLineString", "geo_types::MultiLineString<f64>"),
    ("MultiPolygon", "geo_types::MultiPolygon<f64>"),
    ("GeometryCollection", "geo_types::GeometryCollection<f64>"),
    ("Geometry", "geo_types::Geometry<f64>"),
    ("", "geo_types::Geometry<f64>"),
];

/// Appends `` : use `T` ``, in an `Option` if `nullable`; nothing if there is no usual type.
pub(super) const fn usual_type(message: Message, ty: &SqlType, nullable: bool) -> Message {
    let mut vecs = 0;
    let mut innermost = ty;
    let mut cast_from = None;
    loop {
        match innermost.kind {
            SqlKind::Array(element) => {
                vecs += 1;
                innermost = element;
            }
            SqlKind::Domain(base) => innermost = base,
            SqlKind::Carried(carrier) => {
                cast_from = Some(match carrier.element(innermost.name) {
                    Some(element) => element,
                    None => innermost.name,
                });
                innermost = &carrier.ty;
            }
            _ => break,
        }
    }
    let Some(usual) = (match (innermost.kind, cast_from) {
        // The types that are cast to a shape are boxes.
        (SqlKind::Spatial { .. }, Some(name)) => find(USUAL, name),
        (
            SqlKind::Spatial {
                subtype,
                z: false,
                m: false,
                ..
            },
            None,
        ) => find(SPATIAL, subtype),
        (SqlKind::Base, _) => find(USUAL, innermost.name),
        _ => None,
    }) else {
        return message;
    };
    let mut message = message
        .text(": use `")
        .text(if nullable { "Option<" } else { "" });
    let mut i = 0;
    while i < vecs {
        message = message.text("Vec<");
        i += 1;
    }
    message = message.text(usual);
    while i > 0 {
        message = message.text(">");
        i -= 1;
    }
    message.text(if nullable { ">`" } else { "`" })
}

/// The Rust type that usually holds values of a type that the server describes.
pub(crate) fn usual_type_of(ty: &Type) -> Option<String> {
    match ty.kind() {
        Kind::Array(element) => Some(format!("Vec<{}>", usual_type_of(element)?)),
        Kind::Domain(base) => usual_type_of(base),
        Kind::Simple => find(USUAL, ty.name()).map(str::to_owned),
        _ => None,
    }
}

const fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let mut i = 0;
    while i < table.len() {
        if str_eq(table[i].0, name) {
            return Some(table[i].1);
        }
        i += 1;
    }
    None
}

/// The column whose name is most similar to a wrong name.
pub(super) const fn nearest_column<'a>(table: &'a Table, name: &'a str) -> Nearest<'a> {
    let mut near = Nearest::to(name);
    let mut i = 0;
    while i < table.columns.len() {
        near = near.or(table.columns[i].name);
        i += 1;
    }
    near
}

/// The name that is most similar to a wanted one.
pub(super) struct Nearest<'a> {
    wanted: &'a str,
    name: &'a str,
    distance: usize,
}

impl<'a> Nearest<'a> {
    pub(super) const fn to(wanted: &'a str) -> Self {
        Nearest {
            wanted,
            name: "",
            distance: usize::MAX,
        }
    }

    pub(super) const fn or(self, name: &'a str) -> Self {
        let distance = distance(self.wanted, name);
        if distance < self.distance {
            Nearest {
                name,
                distance,
                ..self
            }
        } else {
            self
        }
    }

    /// The name, if it is similar: at most a third of the wanted name differs.
    pub(super) const fn name(self) -> Option<&'a str> {
        let length = if self.wanted.len() < 3 {
            3
        } else {
            self.wanted.len()
        };
        if self.distance <= length / 3 {
            Some(self.name)
        } else {
            None
        }
    }

    /// Appends the name, if it is similar.
    pub(super) const fn suggest(self, message: Message) -> Message {
        match self.name() {
            Some(name) => message.text(": did you mean ").name(name).text("?"),
            None => message,
        }
    }
}

/// PostgreSQL cuts names to 63 bytes; longer ones are not compared.
const LONGEST: usize = 63;

/// How many letters must be added, left out, replaced, or swapped with their neighbour to make one name
/// of the other. `usize::MAX` if a name is too long to be one of PostgreSQL's.
const fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    // The last three rows of the table, which are reused in turn.
    let mut rows = [[0; LONGEST + 1]; 3];
    let mut i = 0;
    while i <= a.len() {
        let mut j = 0;
        while j <= b.len() {
            rows[i % 3][j] = if i == 0 {
                j
            } else if j == 0 {
                i
            } else {
                let (above, here) = (&rows[(i + 2) % 3], &rows[i % 3]);
                let replaced = above[j - 1] + (a[i - 1] != b[j - 1]) as usize;
                let best = min(replaced, min(above[j], here[j - 1]) + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    min(best, rows[(i + 1) % 3][j - 2] + 1)
                } else {
                    best
                }
            };
            j += 1;
        }
        i += 1;
    }
    rows[a.len() % 3][b.len()]
}

const fn min(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    fn suggestion(ty: &SqlType, nullable: bool) -> String {
        usual_type(Message::new(), ty, nullable).as_str().to_owned()
    }

    #[test]
    fn the_usual_type_of_a_column_is_suggested() {
        static EMAIL: SqlType = SqlType::domain("public", "email", &types::TEXT);
        static EMAILS: SqlType = SqlType::array("public", "_email", &EMAIL);
        let point = SqlType::spatial("public", "geometry", "Point", 4326);
        assert_eq!(suggestion(&types::INT8, false), ": use `i64`");
        assert_eq!(suggestion(&types::INT8, true), ": use `Option<i64>`");
        assert_eq!(suggestion(&types::TEXT_ARRAY, false), ": use `Vec<String>`");
        assert_eq!(suggestion(&EMAILS, true), ": use `Option<Vec<String>>`");
        assert_eq!(suggestion(&point, false), ": use `geo_types::Point<f64>`");
    }

    #[test]
    fn no_type_is_made_up() {
        let mood = SqlType::enumeration("public", "mood");
        assert_eq!(suggestion(&mood, true), "");
        assert_eq!(suggestion(&types::TSVECTOR, false), "");
    }

    #[test]
    fn the_distance_counts_letters() {
        assert_eq!(distance("name", "nmae"), 1);
        assert_eq!(distance("location", "loaction_x"), 3);
        assert_eq!(distance("note", "notes"), 1);
        assert_eq!(distance("", "id"), 2);
        assert_eq!(distance("id", "id"), 0);
        assert_eq!(distance(&"x".repeat(64), "id"), usize::MAX);
    }
}
