//! The shapes of the catalog queries' JSON answers, and how they become catalog data.

mod callables;
mod relations;
mod types;

pub(super) use callables::{Callables, Function, Operator};
pub(super) use relations::{Constraints, Relation, relations};
pub(super) use types::Type;

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};

use super::QualifiedName;

pub(super) type TypeNames = HashMap<u32, QualifiedName>;

/// An OID, which PostgreSQL writes into JSON as a string.
pub(super) fn oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

pub(super) fn optional_oid<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|text| text.parse().map_err(serde::de::Error::custom))
        .transpose()
}

pub(super) fn oids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| text.parse().map_err(serde::de::Error::custom))
        .collect()
}

/// The name of a type; every OID that the catalog refers to is in it.
pub(super) fn type_name(names: &TypeNames, oid: u32) -> QualifiedName {
    names
        .get(&oid)
        .cloned()
        .unwrap_or_else(|| QualifiedName::builtin("unknown"))
}

#[derive(Deserialize)]
pub(super) struct Meta {
    pub(super) version: u32,
    pub(super) search_path: Vec<String>,
}
