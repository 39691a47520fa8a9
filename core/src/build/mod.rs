//! Statements about one table that need no `.sql` file: what `#[derive(PgInsert)]`, `#[derive(PgUpdate)]` and
//! `#[derive(PgSelect)]` build. Each builder puts together the SQL that a person would have written, shows it, and
//! runs it on the path that all queries take. Only SQL that a reader can predict is built here.

pub(crate) mod built;
pub(crate) mod column;
mod compare;
pub(crate) mod conflict;
pub(crate) mod filter;
pub(crate) mod insert;
mod sql;
pub mod state;

pub use built::Built;
pub use column::{Columns, Operand, Texts, TypedColumn};
pub use compare::Text;
pub use conflict::{InsertConflict, Key, Upserted};
pub use filter::Filter;
pub use insert::{Always, Insert, InsertKind, Maybe};
