//! Statements about one table that need no `.sql` file, made by `#[derive(PgInsert)]`, `#[derive(PgUpdate)]` and
//! `#[derive(PgSelect)]`. Each builder writes the SQL that a person would have written, can show it, and runs it like any
//! other query. Only SQL that a reader can predict is built here.

mod after;
mod asked;
pub(crate) mod built;
mod by_key;
pub(crate) mod column;
mod compare;
pub(crate) mod conflict;
pub(crate) mod delete;
pub(crate) mod filter;
pub(crate) mod fragment;
mod given;
pub(crate) mod grouped;
pub(crate) mod insert;
pub(crate) mod key;
pub(crate) mod mark;
pub(crate) mod order;
pub(crate) mod page;
mod part;
mod row_lock;
pub mod select;
pub(crate) mod sql;
pub mod state;
pub mod unknown;
pub(crate) mod update;
pub(crate) mod updated_columns;

pub use built::Built;
pub use column::{Columns, Operand, Texts, TypedColumn};
pub use compare::Text;
pub use conflict::{InsertConflict, Upserted};
pub use delete::Delete;
pub use filter::Filter;
pub use fragment::{SqlFragment, sql};
pub use grouped::{GroupColumns, Grouped};
pub use insert::{Always, Executed, Insert, InsertKind, Maybe};
pub use key::Key;
pub use order::{Order, Sorted};
pub use page::{PageColumns, PageOrder, PagePosition, PageValue};
pub use select::{Select, SelectRow};
pub use update::{ByCondition, ByKey, RowsBy, Update};
