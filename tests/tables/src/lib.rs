//! The structs that `howdah derive` prints for the tables of `schema.sql`, and what a test has to know of each: how a row is
//! handed to the builders. The build script writes that from the structs.

// The build script does not know which types are `Copy`.
#![allow(clippy::clone_on_copy)]
// A table of 300 columns has a method call for each.
#![recursion_limit = "512"]

use std::fmt::Debug;
use std::future::Future;

use howdah::{
    Built, ByCondition, Delete, Error, Filter, Insert, InsertMany, Key, One, Opt, PgRow, Pool,
    RowType, Select, SelectRow, Update, UpdateMany, UpdateRow, Value, WriteRow,
};

#[allow(
    missing_docs,
    reason = "generated for users, who document what they expose"
)]
pub mod queries;
#[allow(
    missing_docs,
    unused_imports,
    reason = "printed to be pasted, and not every schema has types of its own"
)]
pub mod structs;

include!(concat!(env!("OUT_DIR"), "/impls.rs"));

/// A column, an operator, and the filter that compares the column by it with the value of a row.
pub type Test<'a, R> = (&'static str, &'static str, Filter<'a, R>);

/// A struct for the rows of a table or view.
pub trait Rows:
    SelectRow
    + RowType<Output = Self>
    + for<'r> PgRow<'r>
    + Clone
    + Debug
    + Send
    + Sync
    + Sized
    + 'static
{
    /// The conditions that hold of this row, column by column, and others that compare with it.
    fn filters(&self) -> Vec<Test<'_, Self>>;

    /// All rows in the order of their key.
    fn sorted<'a>() -> Select<'a, Self>;
}

/// A struct that rows are written from.
pub trait Written: Rows + WriteRow {
    /// An insert of this row, column by column.
    fn by_column(&self) -> Insert<'_, Self>;
    /// `insert_row`
    fn whole(&self) -> Insert<'_, Self>;
    /// `insert_many`
    fn many(rows: &[Self]) -> InsertMany<'_, Self>;
    /// `delete_where`
    fn remove_where(filter: Filter<'_, Self>) -> Delete<'_, Self, ByCondition>;
}

/// A struct whose rows have keys.
pub trait Keyed: Written + UpdateRow {
    /// Whether there is anything beside the key to be updated.
    const CHANGES: bool;
    /// The primary key, if inserts write it.
    const TARGET: Option<Key<Self>>;

    /// This row with the other's key, and with all that the database makes of the other.
    fn with_key_of(&self, other: &Self) -> Self;
    /// An update of the row with the key of `key` to this row's values, column by column.
    fn change<'a>(&'a self, key: &'a Self) -> Update<'a, Self>;
    /// `update_row`
    fn change_whole(&self) -> Update<'_, Self>;
    /// `update_many`
    fn change_many(rows: &[Self]) -> UpdateMany<'_, Self>;
    /// `find`
    fn found(&self) -> Built<'_, Opt<Self>>;
    /// `exists`
    fn is_there(&self) -> Built<'_, One<Value<bool>>>;
    /// `delete`
    fn remove(&self) -> Delete<'_, Self>;
    /// `find_many`
    fn find_all(rows: &[Self], pool: &Pool) -> impl Future<Output = Result<Vec<Self>, Error>>;
    /// `delete_many`
    fn remove_many(rows: &[Self], pool: &Pool) -> impl Future<Output = Result<u64, Error>>;
}
