//! The schema as const data, as the generated `schema` module holds it.
//! Plain structs: what they promise is checked in `check`.

use crate::SqlType;

/// A table or view.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The schema that the table lives in.
    pub schema: &'static str,
    /// The table's name.
    pub name: &'static str,
    /// Its columns, in the table's order.
    pub columns: &'static [Column],
    /// Its constraints.
    pub constraints: &'static [Constraint],
    /// The primary key among them.
    pub primary_key: Option<&'static Constraint>,
}

/// A column of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name of the table it belongs to.
    pub table: &'static str,
    /// The column's name.
    pub name: &'static str,
    /// Its type.
    pub ty: SqlType,
    /// Whether it can hold null.
    pub nullable: bool,
    /// What it gets when an insert leaves it out.
    pub default: ColumnDefault,
}

/// What a column gets when an insert leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnDefault {
    /// Nothing: null, or an error where the column is not null.
    None,
    /// The value of its `default` expression.
    Value,
    /// The next number of its identity, unless the insert says otherwise.
    IdentityByDefault,
    /// The next number of its identity; an insert may not say otherwise.
    IdentityAlways,
    /// What its expression computes; an insert may not say otherwise.
    Generated,
}

/// A constraint of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Constraint {
    /// The schema of the table it belongs to.
    pub schema: &'static str,
    /// The name of the table it belongs to.
    pub table: &'static str,
    /// The constraint's name.
    pub name: &'static str,
    /// What it demands.
    pub kind: ConstraintKind,
    /// The names of the columns it is about.
    pub columns: &'static [&'static str],
}

/// What a [`Constraint`] demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `primary key`
    PrimaryKey,
    /// `unique`
    Unique,
    /// `references`
    ForeignKey,
    /// `check`
    Check,
    /// `exclude`
    Exclusion,
}
