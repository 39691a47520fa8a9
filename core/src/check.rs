//! Compile-time checks of contracts, which derived and generated code calls in `const _` items.

use crate::SqlType;

/// A column of a query's result, as the analysis found it.
#[derive(Clone, Copy, Debug)]
pub struct ResultColumn {
    /// The query's name, such as `places::find_place`.
    pub query: &'static str,
    /// The column's name.
    pub name: &'static str,
    /// Its type.
    pub ty: SqlType,
    /// Whether it can be null.
    pub nullable: bool,
    /// Why it can or cannot.
    pub reason: &'static str,
}
