//! What the user decides about the generated code: the part of the configuration that the model reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the user decides about the generated code.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Rust types of SQL types: `citext` or `public.citext` to `crate::Text`.
    pub types: BTreeMap<String, String>,
    /// Rust types of columns: `places.note` or `public.places.note` to `crate::Note`.
    pub columns: BTreeMap<String, String>,
    /// Names of the structs that hold whole rows of a table: `places` to `Place`.
    pub rows: BTreeMap<String, String>,
    /// What domains become.
    pub domains: Domains,
    /// What generated types derive besides `Clone` and `Debug`.
    pub derives: Vec<String>,
    /// The highest number of parameters that a function takes one by one.
    pub max_arguments: usize,
    /// Which tables the `schema` module holds.
    pub tables: Tables,
    /// What tells the constraints that a query can violate.
    pub errors: Errors,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            types: BTreeMap::new(),
            columns: BTreeMap::new(),
            rows: BTreeMap::new(),
            domains: Domains::default(),
            derives: Vec::new(),
            // Clippy's `too_many_arguments` begins to complain at the eighth.
            max_arguments: 7,
            tables: Tables::default(),
            errors: Errors::default(),
        }
    }
}

/// What domains become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Domains {
    /// A struct around the Rust type of the base.
    #[default]
    Newtype,
    /// The Rust type of the base itself.
    Transparent,
}

/// What tells the constraints that a query can violate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Errors {
    /// An enum beside each query that writes.
    #[default]
    Enums,
    /// Nothing but the consts of the `schema` module.
    Consts,
}

/// Which tables the `schema` module holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Tables {
    /// `"used"` or `"all"`.
    Rule(TableRule),
    /// These: `places` or `public.places`.
    Named(Vec<String>),
}

impl Default for Tables {
    fn default() -> Self {
        Self::Rule(TableRule::Used)
    }
}

/// A rule for the tables of the `schema` module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableRule {
    /// Those that a query reads or writes.
    Used,
    /// All of the database, PostgreSQL's own aside.
    All,
}
