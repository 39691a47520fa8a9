//! How many rows a query returns: the one word that `.sql` files, the analysis and the generated code share.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many rows a query returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cardinality {
    /// Exactly one row (`:one`).
    One,
    /// No row or one (`:opt`).
    Opt,
    /// Any number of rows (`:many`).
    Many,
    /// Rows are not what it is for (`:exec`): it has no result columns, or its caller wants the number of rows affected.
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
