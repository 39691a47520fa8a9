//! The number of rows that a query returns: the type that `.sql` files, the analysis and the generated code share.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number of rows that a query returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cardinality {
    /// Exactly one row (`:one`).
    One,
    /// At most one row (`:opt`).
    Opt,
    /// Any number of rows (`:many`).
    Many,
    /// No rows (`:exec`): the query has no result columns, or only the number of affected rows is wanted.
    Exec,
}

impl fmt::Display for Cardinality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::One => "one",
            Self::Opt => "opt",
            Self::Many => "many",
            Self::Exec => "exec",
        })
    }
}
