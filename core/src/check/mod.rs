//! Contracts, checked while compiling. Derived and generated code calls these functions in `const _: () = …` items at a
//! field or a query; if something does not fit, they panic with a message that says what to write. Nothing here runs in
//! a program.

pub(crate) mod contract;
mod key;
mod message;
mod suggest;
mod table;
mod verdict;
mod write;

pub(crate) use suggest::usual_type_of;

use crate::build::page::PageColumn;
use crate::build::select::SelectRow;
use crate::{Constraint, Field, PgRow, SqlType, Table, WriteField};

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

/// Checks that a field can hold the values of a column of `table`: the column exists, the field's type decodes its
/// type, and the field is an `Option` if the column can be null. An `Option` for a column that is never null is fine.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn table_field(table: &Table, field: &Field) {
    if let Field::Column(field) = field
        && let Some(message) = table::field(table, field)
    {
        panic!("{}", message.as_str());
    }
}

/// Checks that `table` has a column of this name, for a field whose type depends on a type parameter of the struct.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn table_column(table: &Table, column: &str, field: &str) {
    if table.column(column).is_none() {
        panic!("{}", table::no_column(table, column, field).as_str());
    }
}

/// Checks that rows with these columns can be read as `R`: every column that a field of `R` or of a nested struct reads
/// occurs once and has a type that fits, and the field is an `Option` if the column can be null. Columns without a
/// field are fine, because a struct can be used for several queries. A struct that is read by position needs exactly as
/// many columns as it has fields.
///
/// In an optional nested struct every column can be null, because a left join that finds no row makes all of them null.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn row<'r, R: PgRow<'r>>(columns: &[ResultColumn]) {
    if let Some(message) = verdict::row(R::FIELDS, columns) {
        panic!("{}", message.as_str());
    }
}

/// Checks that lists of `R` can be read from its table: every column that it reads is a column of the table and has a
/// type that fits, and the field is an `Option` or in an optional nested struct if the column can be null. Fields that
/// a derive has named have their own contracts, [`table_field`].
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn table_row<R: SelectRow>() {
    if let Some(message) = table::row(R::TABLE, R::FIELDS) {
        panic!("{}", message.as_str());
    }
}

/// Checks that an insert can write a field into a column of `table`: the column exists, can be written and can hold the
/// field's type, and the field is an `Option` only if the column can be null.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn insert_field(table: &Table, field: &WriteField) {
    if let Some(message) = write::insert_field(table, field) {
        panic!("{}", message.as_str());
    }
}

/// Checks that an insert can write the column of this name, for a field whose type depends on a type parameter of the
/// struct.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn insert_column(table: &Table, column: &str, field: &str) {
    if let Some(message) = write::insert_column(table, column, field) {
        panic!("{}", message.as_str());
    }
}

/// Checks that a struct whose fields are written into these columns gives a value to all columns that need one: those
/// that are not null and have no default. For a view, this includes the columns of the table below.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn insert_columns(table: &Table, name: &str, columns: &[&str]) {
    if let Some(message) = write::insert_columns(table, name, columns) {
        panic!("{}", message.as_str());
    }
}

/// Checks that the column of a field can be the version of its row: that it holds integers, which can be counted up.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn version_field(table: &Table, field: &WriteField) {
    if let Some(message) = write::version_field(table, field) {
        panic!("{}", message.as_str());
    }
}

/// Checks that COPY, which reads the binary form of values, can write these fields into columns of `table`.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn copied(table: &Table, fields: &[WriteField]) {
    if let Some(message) = write::copied(table, fields) {
        panic!("{}", message.as_str());
    }
}

/// Checks that rows can be written to `table`, which can be a view.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn writable(table: &Table, name: &str) {
    if let Some(message) = write::writable(table, name) {
        panic!("{}", message.as_str());
    }
}

/// Checks that a constraint is a unique key of `table` that `on conflict` can name.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn unique_key(table: &Table, constraint: &Constraint) {
    if let Some(message) = key::unique_key(table, constraint) {
        panic!("{}", message.as_str());
    }
}

/// Checks that no two rows of a table are equal in these columns, which pages are sorted by.
///
/// For a view, or a table without any constraint, only the key that the struct states is known.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn page_order(columns: &[PageColumn]) {
    if let Some(message) = key::page_order(columns) {
        panic!("{}", message.as_str());
    }
}

/// Checks that a column of a key can be compared with a field: it exists, and can hold the field's type.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn key_field(table: &Table, field: &WriteField) {
    if let Some(message) = write::key_field(table, field) {
        panic!("{}", message.as_str());
    }
}

/// Checks that no two rows of `table` have the same values in these columns, which are the key of a struct.
///
/// This is not checked for a view or a table without any constraint, of which nothing is known.
///
/// # Panics
///
/// If not. Call it in a const, so that this is a compile error.
#[track_caller]
pub const fn key_columns(table: &Table, name: &str, columns: &[&str]) {
    if let Some(message) = key::key_columns(table, name, columns) {
        panic!("{}", message.as_str());
    }
}
