//! Decides what a query returns: nullability, parameters, cardinality, each with its reason.
//!
//! A pure function of the catalog and of what the server said about the query. It never guesses: what it does not know
//! is nullable and may be many rows.

mod verdict;

pub use verdict::{Analysis, ColumnRef, ColumnVerdict, ParamVerdict, Reason};
