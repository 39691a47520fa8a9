//! SQL types as const data, so that columns and Rust types can be compared while compiling. They never hold data that only
//! a running server knows, such as an OID.

pub(crate) mod accepts;

use std::fmt;

use self::accepts::str_eq;
use crate::Carrier;

/// An SQL type: its name in `pg_type`, and its kind.
///
/// ```
/// use howdah::types;
///
/// assert_eq!(types::INT8_ARRAY.to_string(), "bigint[]");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SqlType {
    /// The schema of the type, such as `pg_catalog`.
    pub schema: &'static str,
    /// The name in `pg_type.typname`, such as `int8` or `_text`.
    pub name: &'static str,
    /// The kind of type, with the types that it is made of.
    pub kind: SqlKind,
}

/// The kind of an [`SqlType`], with the types that it is made of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum SqlKind {
    /// A base type.
    Base,
    /// An array of any number of dimensions.
    Array(&'static SqlType),
    /// A `create type … as enum`.
    Enum,
    /// A `create type … as (…)` or the row type of a table.
    Composite,
    /// A domain over another type.
    Domain(&'static SqlType),
    /// A range of another type.
    Range(&'static SqlType),
    /// A multirange of another type.
    Multirange(&'static SqlType),
    /// A pseudo-type such as `record`.
    Pseudo,
    /// A type without a binary form, or an array, domain or composite of such values.
    Carried(&'static Carrier),
    /// PostGIS `geometry` or `geography`, with the declaration of the column.
    Spatial {
        /// The declared subtype, such as `Point`. Empty if any subtype is allowed.
        subtype: &'static str,
        /// The declared SRID. 0 if any SRID is allowed.
        srid: i32,
        /// Values have a Z coordinate.
        z: bool,
        /// Values have an M coordinate.
        m: bool,
    },
}

impl SqlType {
    const fn new(schema: &'static str, name: &'static str, kind: SqlKind) -> Self {
        Self { schema, name, kind }
    }

    /// A base type of `pg_catalog` or of an extension.
    #[must_use]
    pub const fn base(schema: &'static str, name: &'static str) -> Self {
        Self::new(schema, name, SqlKind::Base)
    }

    /// An array type. `name` is the name of the array type, such as `_text`.
    #[must_use]
    pub const fn array(
        schema: &'static str,
        name: &'static str,
        element: &'static SqlType,
    ) -> Self {
        Self::new(schema, name, SqlKind::Array(element))
    }

    /// An enum type.
    #[must_use]
    pub const fn enumeration(schema: &'static str, name: &'static str) -> Self {
        Self::new(schema, name, SqlKind::Enum)
    }

    /// A composite type.
    #[must_use]
    pub const fn composite(schema: &'static str, name: &'static str) -> Self {
        Self::new(schema, name, SqlKind::Composite)
    }

    /// A domain over `base`.
    #[must_use]
    pub const fn domain(schema: &'static str, name: &'static str, base: &'static SqlType) -> Self {
        Self::new(schema, name, SqlKind::Domain(base))
    }

    /// A range over `bound`.
    #[must_use]
    pub const fn range(schema: &'static str, name: &'static str, bound: &'static SqlType) -> Self {
        Self::new(schema, name, SqlKind::Range(bound))
    }

    /// A multirange over `bound`.
    #[must_use]
    pub const fn multirange(
        schema: &'static str,
        name: &'static str,
        bound: &'static SqlType,
    ) -> Self {
        Self::new(schema, name, SqlKind::Multirange(bound))
    }

    /// A type without a binary form, or over one.
    #[must_use]
    pub const fn carried(
        schema: &'static str,
        name: &'static str,
        carrier: &'static Carrier,
    ) -> Self {
        Self::new(schema, name, SqlKind::Carried(carrier))
    }

    /// A two-dimensional PostGIS type with the declaration of a column. `name` is `geometry` or `geography`.
    #[must_use]
    pub const fn spatial(
        schema: &'static str,
        name: &'static str,
        subtype: &'static str,
        srid: i32,
    ) -> Self {
        let (z, m) = (false, false);
        Self::new(
            schema,
            name,
            SqlKind::Spatial {
                subtype,
                srid,
                z,
                m,
            },
        )
    }

    /// The type itself, or the base type of a domain, without any domains in between.
    pub(crate) const fn without_domains(&self) -> &Self {
        let mut ty = self;
        while let SqlKind::Domain(base) = ty.kind {
            ty = base;
        }
        ty
    }
}

/// Prints the type like PostgreSQL's `format_type`, with the schema unless it is `pg_catalog`.
impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SqlKind::Array(element) => write!(f, "{element}[]"),
            SqlKind::Carried(carrier) => match carrier.element(self.name) {
                Some(element) => write!(f, "{}[]", Self::base(self.schema, element)),
                None => Self::base(self.schema, self.name).fmt(f),
            },
            SqlKind::Spatial {
                subtype,
                srid,
                z,
                m,
            } => {
                f.write_str(self.name)?;
                if subtype.is_empty() && srid == 0 {
                    return Ok(());
                }
                let (subtype, dimensions) = shape_name(subtype, z, m);
                write!(f, "({subtype}{dimensions}")?;
                match srid {
                    0 => f.write_str(")"),
                    srid => write!(f, ",{srid})"),
                }
            }
            _ if self.schema == "pg_catalog" => f.write_str(standard_name(self.name)),
            _ => write!(f, "{}.{}", self.schema, self.name),
        }
    }
}

/// The kind of shape as in a type's name, such as `Point`, and the suffix of its further dimensions.
pub(crate) const fn shape_name(subtype: &str, z: bool, m: bool) -> (&str, &'static str) {
    let subtype = if subtype.is_empty() {
        "Geometry"
    } else {
        subtype
    };
    let dimensions = match (z, m) {
        (false, false) => "",
        (true, false) => "Z",
        (false, true) => "M",
        (true, true) => "ZM",
    };
    (subtype, dimensions)
}

/// The names that the SQL standard gives to some of `pg_catalog`'s types.
const STANDARD_NAMES: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("bpchar", "character"),
    ("char", "\"char\""),
    ("float4", "real"),
    ("float8", "double precision"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("time", "time without time zone"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("timetz", "time with time zone"),
    ("varbit", "bit varying"),
    ("varchar", "character varying"),
];

/// The name that the SQL standard gives to one of `pg_catalog`'s types.
pub(crate) const fn standard_name(typname: &str) -> &str {
    let mut i = 0;
    while i < STANDARD_NAMES.len() {
        if str_eq(STANDARD_NAMES[i].0, typname) {
            return STANDARD_NAMES[i].1;
        }
        i += 1;
    }
    typname
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    #[test]
    fn types_print_as_postgresql_prints_them() {
        static POINT: SqlType = SqlType::spatial("public", "geometry", "Point", 4326);
        static MOOD: SqlType = SqlType::enumeration("public", "mood");
        let cases = [
            (types::INT8, "bigint"),
            (types::TIMESTAMPTZ_ARRAY, "timestamp with time zone[]"),
            (POINT, "geometry(Point,4326)"),
            (SqlType::spatial("public", "geography", "", 0), "geography"),
            (
                SqlType::spatial("public", "geometry", "", 3857),
                "geometry(Geometry,3857)",
            ),
            (SqlType::array("public", "_mood", &MOOD), "public.mood[]"),
        ];
        for (ty, expected) in cases {
            assert_eq!(ty.to_string(), expected);
        }
    }
}
