//! Types, as in `pg_type`.

use serde::{Deserialize, Serialize};

use super::{Catalog, FIRST_OF_THE_USER, QualifiedName};
use crate::nodes::oid;

/// A type of the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Type {
    /// `pg_type.oid` in the database that was read.
    #[serde(skip)]
    pub oid: u32,
    /// Schema and `typname` (`_int8` for `bigint[]`).
    pub name: QualifiedName,
    /// `format_type(oid, null)`: `bigint`, `bigint[]`, `mood`.
    pub display: String,
    /// The kind of type.
    pub kind: TypeKind,
    /// A base type that has no binary form (`pg_type.typsend` is 0), such as PostGIS' `box2d`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_only: bool,
    /// Its extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// `comment on type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The built-in casts, other than explicit ones, that can give null: an infinity has no time of day.
const NOT_TOTAL: [(u32, u32); 3] = [
    (oid::TIMESTAMP, oid::TIME),
    (oid::TIMESTAMPTZ, oid::TIME),
    (oid::TIMESTAMPTZ, oid::TIMETZ),
];

impl Catalog {
    /// Whether PostgreSQL may give null for a value of one type that it casts to another without being told to.
    pub(crate) fn cast_can_give_null(&self, from: u32, to: u32) -> bool {
        let by_user = match &self.user_casts {
            Some(casts) => casts.contains(&(from, to)),
            None => from.max(to) >= FIRST_OF_THE_USER,
        };
        by_user || NOT_TOTAL.contains(&(from, to))
    }

    /// `geometry` or `geography`, if values of a type are shapes, domains of shapes, or arrays of them; with the modifier.
    pub(crate) fn shapes<'c>(
        &'c self,
        mut ty: &'c Type,
        mut modifier: i32,
    ) -> Option<(&'c Type, i32)> {
        loop {
            match &ty.kind {
                TypeKind::Array { element } => ty = self.type_(element)?,
                TypeKind::Domain {
                    base,
                    modifier: declared,
                    ..
                } => {
                    modifier = modifier.max(*declared);
                    ty = self.type_(base)?;
                }
                _ => break,
            }
        }
        ["geometry", "geography"]
            .contains(&ty.name.name.as_str())
            .then_some((ty, modifier))
    }
}

/// The kind of a type (`pg_type.typtype`; an array is told by its element type).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeKind {
    /// A base type.
    Base,
    /// An array over `element`.
    Array {
        /// The element type.
        element: QualifiedName,
    },
    /// An enum.
    Enum {
        /// Its labels in sort order.
        labels: Vec<String>,
    },
    /// A domain.
    Domain {
        /// The type that it is based on, which can be a domain.
        base: QualifiedName,
        /// The base's type modifier, `-1` for none.
        modifier: i32,
        /// Declared NOT NULL.
        not_null: bool,
        /// Its CHECK constraints, sorted by name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        checks: Vec<DomainCheck>,
    },
    /// A composite type; a relation's row type is one as well.
    Composite {
        /// Its fields in order, without dropped ones.
        fields: Vec<CompositeField>,
    },
    /// A range over `subtype`.
    Range {
        /// The type of its bounds.
        subtype: QualifiedName,
    },
    /// A multirange of `range`.
    Multirange {
        /// The range type.
        range: QualifiedName,
    },
    /// A pseudo-type.
    Pseudo,
}

/// A CHECK constraint of a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainCheck {
    /// Its name, unquoted.
    pub name: String,
    /// `pg_get_constraintdef`.
    pub definition: String,
}

/// A field of a composite type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompositeField {
    /// Its number (`attnum`); a field that was dropped leaves a gap in the numbers.
    #[serde(skip)]
    pub number: i16,
    /// Its name, unquoted.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: QualifiedName,
    /// The type modifier, `-1` for none.
    pub modifier: i32,
    /// For the row type of a table: whether the column is NOT NULL. Other values of the composite type can have a null
    /// there.
    #[serde(default)]
    pub not_null: bool,
}

/// The contents of a PostGIS type modifier: `geometry(PointZ,4326)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spatial {
    /// The subtype as PostGIS writes it, without its Z and M: `Point`; `None` for any.
    pub subtype: Option<&'static str>,
    /// The SRID; `0` for any.
    pub srid: i32,
    /// Whether coordinates have a Z.
    pub z: bool,
    /// Whether coordinates have an M.
    pub m: bool,
}

impl Spatial {
    /// Reads a type modifier of `geometry` or `geography` (`postgis_typmod_type` and similar functions; liblwgeom's bit
    /// layout).
    ///
    /// ```
    /// use howdah_codegen::catalog::Spatial;
    ///
    /// let point = Spatial::from_modifier(1107460).unwrap();
    /// assert_eq!((point.subtype, point.srid), (Some("Point"), 4326));
    /// assert_eq!(Spatial::from_modifier(-1), None);
    /// ```
    pub fn from_modifier(modifier: i32) -> Option<Self> {
        const SUBTYPES: [Option<&str>; 16] = [
            None,
            Some("Point"),
            Some("LineString"),
            Some("Polygon"),
            Some("MultiPoint"),
            Some("MultiLineString"),
            Some("MultiPolygon"),
            Some("GeometryCollection"),
            Some("CircularString"),
            Some("CompoundCurve"),
            Some("CurvePolygon"),
            Some("MultiCurve"),
            Some("MultiSurface"),
            Some("PolyhedralSurface"),
            Some("Triangle"),
            Some("Tin"),
        ];
        if modifier < 0 {
            return None;
        }
        let subtype = usize::try_from((modifier & 0xfc) >> 2).ok()?;
        Some(Self {
            subtype: SUBTYPES.get(subtype).copied().flatten(),
            srid: ((modifier & 0x0fff_ff00) - (modifier & 0x1000_0000)) >> 8,
            z: modifier & 2 != 0,
            m: modifier & 1 != 0,
        })
    }
}
