//! Helpers shared by the integration tests.
//!
//! Constants of tables are made from functions of this crate, as the optimizing compiler goes in circles (E0391) where their
//! own crate has such functions, and writes the tables within async closures.

use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, SqlType};

/// A column that is not null and has no default.
#[must_use]
pub const fn column(table: &'static str, name: &'static str, ty: SqlType) -> Column {
    Column {
        table,
        name,
        ty,
        nullable: false,
        default: ColumnDefault::None,
    }
}

/// The same column, with null.
#[must_use]
pub const fn nullable(column: Column) -> Column {
    Column {
        nullable: true,
        ..column
    }
}

/// The same column, with a default.
#[must_use]
pub const fn with_default(column: Column, default: ColumnDefault) -> Column {
    Column { default, ..column }
}

/// A constraint that is checked at once.
#[must_use]
pub const fn key(
    schema: &'static str,
    table: &'static str,
    name: &'static str,
    kind: ConstraintKind,
    columns: &'static [&'static str],
) -> Constraint {
    Constraint {
        schema,
        table,
        name,
        kind,
        columns,
        deferrable: false,
    }
}
