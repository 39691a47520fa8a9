//! Contracts, checked while compiling: derived and generated code calls these functions in
//! `const _: () = …` items that stand at a field or a query, and what does not fit panics there with a
//! sentence that says what to write. Nothing here runs in a program, and nothing depends on order.

mod key;
mod message;
mod suggest;
mod table;
mod verdict;
mod write;

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

/// Checks that a field can hold what a column of `table` holds: the column exists, has a type that the
/// field's type decodes, and is null only where the field is an `Option`. An `Option` over a column
/// that is never null is fine.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn table_field(table: &Table, field: &Field) {
    if let Field::Column(field) = field
        && let Some(message) = table::field(table, field)
    {
        panic!("{}", message.as_str());
    }
}

/// Checks that `table` has a column of this name, for a field whose type is known only where the
/// generic struct is used.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn table_column(table: &Table, column: &str, field: &str) {
    if table.column(column).is_none() {
        panic!("{}", table::no_column(table, column, field).as_str());
    }
}

/// Checks that rows with these columns can be read as `R`: every column that a field of `R` or of a
/// nested struct reads is there once, has a type that fits, and is null only where the field is an
/// `Option`. Columns that no field reads are fine: a struct may serve several queries. A struct that is
/// read by position needs just as many columns as it has fields.
///
/// Inside of an optional nested struct every column may be null, since a left join that finds nothing
/// makes them all null at once.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn row<'r, R: PgRow<'r>>(columns: &[ResultColumn]) {
    if let Some(message) = verdict::row(R::FIELDS, columns) {
        panic!("{}", message.as_str());
    }
}

/// Checks that lists of `R` can be read from its table: every column that it reads is one of the table's, has a type that
/// fits, and is null only where the field is an `Option` or inside of an optional nested struct. Fields that a derive has
/// named have contracts of their own, [`table_field`].
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn table_row<R: SelectRow>() {
    if let Some(message) = table::row(R::TABLE, R::FIELDS) {
        panic!("{}", message.as_str());
    }
}

/// Checks that an insert can write a field into a column of `table`: the column exists, the database lets
/// it be written, it holds the field's type, and the field is an `Option` only where the column can hold null.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn insert_field(table: &Table, field: &WriteField) {
    if let Some(message) = write::insert_field(table, field) {
        panic!("{}", message.as_str());
    }
}

/// Checks that an insert can write the column of this name, for a field whose type is known only where
/// the generic struct is used.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn insert_column(table: &Table, column: &str, field: &str) {
    if let Some(message) = write::insert_column(table, column, field) {
        panic!("{}", message.as_str());
    }
}

/// Checks that a struct whose fields are written into these columns gives a value to all that need one: that
/// are not null and have no default. Of a view, so are the columns of the table below.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
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
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn copied(table: &Table, fields: &[WriteField]) {
    if let Some(message) = write::copied(table, fields) {
        panic!("{}", message.as_str());
    }
}

/// Checks that something can be written to `table`, which may be a view.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
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
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn unique_key(table: &Table, constraint: &Constraint) {
    if let Some(message) = key::unique_key(table, constraint) {
        panic!("{}", message.as_str());
    }
}

/// Checks that no two rows of a table are equal in these columns of it, which pages are sorted by.
///
/// Of a view, or a table without any constraint, nothing is known but what the struct says its key is.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn page_order(columns: &[PageColumn]) {
    if let Some(message) = key::page_order(columns) {
        panic!("{}", message.as_str());
    }
}

/// Checks that a column of a key can be compared with a field: it exists, and holds the field's type.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn key_field(table: &Table, field: &WriteField) {
    if let Some(message) = write::key_field(table, field) {
        panic!("{}", message.as_str());
    }
}

/// Checks that no two rows of `table` have the same values in these columns, which are the key of a struct.
///
/// Of a view, or a table without any constraint, nothing is known, and this is not checked.
///
/// # Panics
///
/// If not; this is meant to happen while compiling.
#[track_caller]
pub const fn key_columns(table: &Table, name: &str, columns: &[&str]) {
    if let Some(message) = key::key_columns(table, name, columns) {
        panic!("{}", message.as_str());
    }
}
