//! SQL types in generated contracts.

use super::resolve::{Resolver, array_element};
use crate::catalog::{QualifiedName, Spatial, TypeKind};

/// An SQL type in a contract, which becomes a `howdah::SqlType`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlTypeRef {
    /// A const of `howdah::types`.
    Constant(String),
    /// A base or pseudo-type without a const.
    Base(QualifiedName),
    /// An array over a type.
    Array(QualifiedName, Box<SqlTypeRef>),
    /// An enum.
    Enum(QualifiedName),
    /// A composite.
    Composite(QualifiedName),
    /// A domain over a type.
    Domain(QualifiedName, Box<SqlTypeRef>),
    /// A range of a type.
    Range(QualifiedName, Box<SqlTypeRef>),
    /// A multirange of a type.
    Multirange(QualifiedName, Box<SqlTypeRef>),
    /// PostGIS `geometry` or `geography`, with the declaration of the column.
    Spatial(QualifiedName, Option<Spatial>),
    /// A type with a carrier.
    Carried(QualifiedName, Box<Carried>),
}

/// How values without a binary form are sent, which becomes a `howdah::Carrier`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The type that they are read and sent as.
    pub ty: SqlTypeRef,
    /// The SQL before and after a value that leaves the server.
    pub leaving: (String, String),
    /// The SQL before and after a value that comes to the server, if they can be sent.
    pub coming: Option<(String, String)>,
}

/// The built-in types with a const in `howdah::types`, except arrays.
const CONSTANTS: &str = " aclitem bit bool box bpchar bytea char cid cidr circle date float4 float8 inet int2 int4 int8 \
    interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric oid path pg_lsn pg_snapshot point polygon \
    refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole \
    regtype text tid time timestamp timestamptz timetz tsquery tsvector txid_snapshot uuid varbit varchar xid xid8 xml \
    int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange \
    tstzmultirange datemultirange ";

/// The types there without an array type.
const SINGLE_CONSTANTS: &str = " int2vector oidvector record void unknown ";

fn constant(name: &str) -> Option<String> {
    let has = |list: &str, name: &str| list.contains(&format!(" {name} "));
    let upper = name.to_uppercase();
    match name.strip_prefix('_') {
        Some(element) if has(CONSTANTS, element) => Some(format!("{}_ARRAY", &upper[1..])),
        _ if has(CONSTANTS, name) || has(SINGLE_CONSTANTS, name) => Some(upper),
        _ => None,
    }
}

/// The contract's name for `ty` with `modifier`.
pub(crate) fn sql_type(resolver: &Resolver<'_>, ty: &QualifiedName, modifier: i32) -> SqlTypeRef {
    if ty.is_builtin()
        && let Some(constant) = constant(&ty.name)
    {
        return SqlTypeRef::Constant(constant);
    }
    let name = ty.clone();
    if let Some(element) = array_element(resolver.catalog, ty) {
        return SqlTypeRef::Array(name, Box::new(sql_type(resolver, &element, modifier)));
    }
    let inner = |ty: &QualifiedName, modifier| Box::new(sql_type(resolver, ty, modifier));
    match resolver.catalog.type_(ty).map(|ty| &ty.kind) {
        Some(TypeKind::Enum { .. }) => SqlTypeRef::Enum(name),
        Some(TypeKind::Composite { .. }) => SqlTypeRef::Composite(name),
        Some(TypeKind::Domain { base, modifier, .. }) => {
            SqlTypeRef::Domain(name, inner(base, *modifier))
        }
        Some(TypeKind::Range { subtype }) => SqlTypeRef::Range(name, inner(subtype, -1)),
        Some(TypeKind::Multirange { range }) => {
            let bound = match resolver.catalog.type_(range).map(|ty| &ty.kind) {
                Some(TypeKind::Range { subtype }) => inner(subtype, -1),
                _ => inner(range, -1),
            };
            SqlTypeRef::Multirange(name, bound)
        }
        _ if ["geometry", "geography"].contains(&ty.name.as_str()) => {
            SqlTypeRef::Spatial(name, Spatial::from_modifier(modifier))
        }
        _ => SqlTypeRef::Base(name),
    }
}
