//! The SQL types that a Rust type can hold. They are compared while compiling, and when a statement is prepared, but not
//! for each row or value.

use std::fmt;

use postgres_types::{Kind, Type};

use super::standard_name;
use crate::{
    Field, SqlKind, SqlType, codec::record::accepts_composite, names::named, row::field::count,
};

/// The SQL types that a Rust type can hold.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Accepts {
    /// Types of `pg_catalog`, by their names in `pg_type`.
    Builtin(&'static [&'static str]),
    /// Types of an extension, by their names in `pg_type`. The extension can be installed in any schema.
    Extension(&'static [&'static str]),
    /// PostGIS `geometry` or `geography` in two dimensions, with this subtype or without a declared subtype.
    Spatial {
        /// The subtype, such as `Point`. Empty if the Rust type can hold all of them.
        subtype: &'static str,
    },
    /// An enum, or another type that is recognized by its name.
    User {
        /// The type's schema.
        schema: &'static str,
        /// The type's name.
        name: &'static str,
    },
    /// A composite type that begins with these fields in this order, or an anonymous record with the same number of fields.
    /// Fields that were added to the type since, such as a table's new column, do no harm to who reads its values. To send one,
    /// there must be no more.
    Composite {
        /// The type's schema.
        schema: &'static str,
        /// The type's name.
        name: &'static str,
        /// The name of each field, and the types that its Rust type can hold.
        fields: &'static [(&'static str, &'static Accepts)],
    },
    /// A domain or its base type. The server describes result columns with a domain by its base type.
    Domain {
        /// The domain's schema.
        schema: &'static str,
        /// The domain's name.
        name: &'static str,
        /// The types that the Rust type inside can hold.
        base: &'static Accepts,
    },
    /// An array of elements.
    Array(&'static Accepts),
    /// A range between bounds.
    Range(&'static Accepts),
    /// A multirange between bounds.
    Multirange(&'static Accepts),
    /// A composite value, a table's row or an anonymous record, whose fields are read like the columns of a row.
    Row(&'static [Field]),
    /// Any of these.
    OneOf(&'static [Accepts]),
    /// Any type. The Rust type itself checks it when the statement runs.
    Any,
}

impl Accepts {
    /// Whether the Rust type can hold a column of type `ty`. A domain counts as its base type.
    #[must_use]
    pub const fn accepts(&self, ty: &SqlType) -> bool {
        match (self, ty.kind) {
            (Self::Any, _) => true,
            (Self::OneOf(alternatives), _) => {
                let mut i = 0;
                while i < alternatives.len() {
                    if alternatives[i].accepts(ty) {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            (_, SqlKind::Carried(carrier)) => self.accepts(&carrier.ty),
            (Self::User { schema, name } | Self::Composite { schema, name, .. }, kind) => {
                match kind {
                    SqlKind::Pseudo => {
                        matches!(self, Self::Composite { .. }) && str_eq(ty.name, "record")
                    }
                    SqlKind::Domain(base) if !is(ty, schema, name) => self.accepts(base),
                    _ => is(ty, schema, name),
                }
            }
            (Self::Domain { schema, name, base }, _) => is(ty, schema, name) || base.accepts(ty),
            (_, SqlKind::Domain(base)) => self.accepts(base),
            // The fields are compared when a statement is prepared.
            (Self::Row(_), SqlKind::Composite) => true,
            (Self::Row(_), SqlKind::Pseudo) => str_eq(ty.name, "record"),
            (Self::Builtin(names), _) => {
                str_eq(ty.schema, "pg_catalog") && contains(names, ty.name)
            }
            (Self::Extension(names), _) => contains(names, ty.name),
            (
                Self::Spatial { subtype },
                SqlKind::Spatial {
                    subtype: declared,
                    z,
                    m,
                    ..
                },
            ) => {
                !z && !m
                    && (subtype.is_empty()
                        || declared.is_empty()
                        || str_eq(declared, "Geometry")
                        || str_eq(subtype, declared))
            }
            (Self::Spatial { .. }, SqlKind::Base) => contains(SPATIAL, ty.name),
            // An array in an array is a multidimensional array, and PostgreSQL's type does not tell the dimensions.
            (Self::Array(inner), SqlKind::Array(element)) => {
                inner.accepts(element) || (inner.is_array() && inner.accepts(ty))
            }
            (Self::Range(inner), SqlKind::Range(bound)) => inner.accepts(bound),
            (Self::Multirange(inner), SqlKind::Multirange(bound)) => inner.accepts(bound),
            _ => false,
        }
    }

    pub(crate) const fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    /// The type to which the SQL can cast a value of type `ty` for the Rust type to hold it.
    pub(crate) fn cast_from(&self, ty: &Type) -> Option<String> {
        const NUMBERS: [Type; 6] = [
            Type::INT2,
            Type::INT4,
            Type::INT8,
            Type::NUMERIC,
            Type::FLOAT4,
            Type::FLOAT8,
        ];
        let held = match (self, ty.kind()) {
            (Self::Array(inner), Kind::Array(element)) => {
                return Some(format!("{}[]", inner.cast_from(element)?));
            }
            _ if self.accepts_type(&Type::TEXT) => Type::TEXT,
            _ if NUMBERS.contains(ty) => NUMBERS.into_iter().find(|ty| self.accepts_type(ty))?,
            _ => return None,
        };
        Some(standard_name(held.name()).to_owned())
    }

    /// Whether the Rust type can hold a column or parameter that the server describes as `ty`. A type of `public` is whichever of
    /// its name the search path has found, as elsewhere, but none of PostgreSQL's own.
    #[must_use]
    pub fn accepts_type(&self, ty: &Type) -> bool {
        let is = |schema: &str, name: &str| {
            let found = match named(schema) {
                Some(schema) => ty.schema() == schema,
                None => ty.schema() != "pg_catalog",
            };
            ty.name() == name && found
        };
        match (self, ty.kind()) {
            (Self::Any, _) => true,
            (Self::OneOf(alternatives), _) => alternatives.iter().any(|a| a.accepts_type(ty)),
            (Self::Domain { schema, name, base }, _) => is(schema, name) || base.accepts_type(ty),
            (Self::User { schema, name }, _) if is(schema, name) => true,
            (
                Self::Composite {
                    schema,
                    name,
                    fields,
                },
                Kind::Composite(actual),
            ) => {
                is(schema, name)
                    && fields.len() <= actual.len()
                    && fields.iter().zip(actual).all(|((name, accepts), field)| {
                        *name == field.name() && accepts.accepts_type(field.type_())
                    })
            }
            (Self::Composite { .. }, Kind::Pseudo) => *ty == Type::RECORD,
            (_, Kind::Domain(base)) => self.accepts_type(base),
            (Self::Row(fields), Kind::Composite(actual)) => accepts_composite(fields, actual),
            (Self::Row(_), _) => *ty == Type::RECORD,
            (Self::Builtin(names), _) => ty.schema() == "pg_catalog" && names.contains(&ty.name()),
            (Self::Extension(names), _) => names.contains(&ty.name()),
            (Self::Spatial { .. }, _) => SPATIAL.contains(&ty.name()),
            (Self::Array(inner), Kind::Array(element)) => {
                inner.accepts_type(element) || (inner.is_array() && inner.accepts_type(ty))
            }
            // postgres-types does not say that `record[]` is an array.
            (Self::Array(inner), Kind::Pseudo) => {
                *ty == Type::RECORD_ARRAY && inner.accepts_type(&Type::RECORD)
            }
            (Self::Range(inner), Kind::Range(bound)) => inner.accepts_type(bound),
            (Self::Multirange(inner), Kind::Multirange(bound)) => inner.accepts_type(bound),
            _ => false,
        }
    }
}

const SPATIAL: &[&str] = &["geometry", "geography"];

/// Lists the types as PostgreSQL prints them, such as ``text, character varying or citext``.
impl fmt::Display for Accepts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(_) | Self::Extension(_) | Self::OneOf(_) => list(f, &self.alternatives()),
            Self::Spatial { subtype: "" } => f.write_str("geometry"),
            Self::Spatial { subtype } => write!(f, "geometry({subtype})"),
            Self::User { schema, name }
            | Self::Composite { schema, name, .. }
            | Self::Domain { schema, name, .. } => write!(f, "{schema}.{name}"),
            Self::Array(inner) => write!(f, "array of {inner}"),
            Self::Range(inner) => write!(f, "range of {inner}"),
            Self::Multirange(inner) => write!(f, "multirange of {inner}"),
            Self::Row(fields) => {
                f.write_str("a record of ")?;
                write!(f, "{}", count(fields))?;
                f.write_str(if count(fields) == 1 {
                    " field"
                } else {
                    " fields"
                })
            }
            Self::Any => f.write_str("any type"),
        }
    }
}

impl Accepts {
    /// The types one by one, with nested lists flattened.
    fn alternatives(&self) -> Vec<String> {
        match self {
            Self::Builtin(names) => names.iter().map(|n| standard_name(n).to_owned()).collect(),
            Self::Extension(names) => names.iter().map(|n| (*n).to_owned()).collect(),
            Self::OneOf(inner) => inner.iter().flat_map(Self::alternatives).collect(),
            one => vec![one.to_string()],
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, items: &[String]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        f.write_str(match i {
            0 => "",
            _ if i + 1 == items.len() => " or ",
            _ => ", ",
        })?;
        f.write_str(item)?;
    }
    Ok(())
}

const fn is(ty: &SqlType, schema: &str, name: &str) -> bool {
    str_eq(ty.schema, schema) && str_eq(ty.name, name)
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut i = 0;
    while i < names.len() {
        if str_eq(names[i], name) {
            return true;
        }
        i += 1;
    }
    false
}

/// `a == b`, which is not yet const for strings.
pub(crate) const fn str_eq(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    const TEXT: Accepts = Accepts::Builtin(&["text", "varchar"]);
    static EMAIL: SqlType = SqlType::domain("public", "email", &types::TEXT);

    #[test]
    fn a_domain_is_held_where_its_base_is() {
        const EMAIL_TYPE: Accepts = Accepts::Domain {
            schema: "public",
            name: "email",
            base: &TEXT,
        };
        assert!(TEXT.accepts(&EMAIL));
        assert!(EMAIL_TYPE.accepts(&EMAIL));
        assert!(EMAIL_TYPE.accepts(&types::TEXT));
        assert!(!EMAIL_TYPE.accepts(&types::INT4));
    }

    #[test]
    fn a_type_of_an_app_is_none_of_the_servers_own() {
        const MONEY: Accepts = Accepts::Domain {
            schema: "public",
            name: "money",
            base: &Accepts::Builtin(&["int8"]),
        };
        const TIMESTAMP: Accepts = Accepts::User {
            schema: "public",
            name: "timestamp",
        };
        assert!(MONEY.accepts_type(&Type::INT8));
        assert!(!MONEY.accepts_type(&Type::MONEY));
        assert!(!TIMESTAMP.accepts_type(&Type::TIMESTAMP));
        let own = |kind| Type::new("timestamp".to_owned(), 70_000, kind, "app".to_owned());
        assert!(TIMESTAMP.accepts_type(&own(Kind::Enum(Vec::new()))));
    }

    #[test]
    fn a_declared_subtype_must_fit_and_a_third_coordinate_never_does() {
        const POINT: Accepts = Accepts::Spatial { subtype: "Point" };
        assert!(POINT.accepts(&SqlType::spatial("public", "geometry", "Point", 4326)));
        assert!(POINT.accepts(&SqlType::spatial("gis", "geography", "", 0)));
        assert!(!POINT.accepts(&SqlType::spatial("public", "geometry", "Polygon", 4326)));
        let kind = SqlKind::Spatial {
            subtype: "Point",
            srid: 0,
            z: true,
            m: false,
        };
        assert!(!POINT.accepts(&SqlType {
            schema: "public",
            name: "geometry",
            kind
        }));
    }

    #[test]
    fn the_type_a_server_describes_is_checked_by_the_same_table() {
        assert!(TEXT.accepts_type(&Type::VARCHAR));
        assert!(!TEXT.accepts_type(&Type::INT4));
        assert!(Accepts::Array(&TEXT).accepts_type(&Type::TEXT_ARRAY));
        assert!(!Accepts::Array(&TEXT).accepts_type(&Type::INT4_ARRAY));
        assert_eq!(TEXT.to_string(), "text or character varying");
        let either = Accepts::OneOf(&[TEXT, Accepts::Extension(&["citext"])]);
        assert_eq!(either.to_string(), "text, character varying or citext");
    }
}
