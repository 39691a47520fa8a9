//! The schema as const data, as the generated `schema` module holds it: what derives are checked
//! against while compiling, and what statement builders are made from. Plain structs that decide
//! nothing; what a contract demands stands in [`crate::check`].

use crate::{SqlKind, SqlType};

/// A table, view, materialized view or foreign table.
///
/// The generated `schema` module has one for each, as `TABLE` in a module of the table's name, which is
/// what `#[pg(table = schema::places)]` names.
///
/// ```
/// mod places {
///     use howdah::{Column, ColumnDefault, Constraint, ConstraintKind, Table, types};
///
///     pub const TABLE: Table = Table {
///         schema: "public",
///         name: "places",
///         columns: &[ID, NOTE],
///         constraints: &[PLACES_PKEY],
///         primary_key: Some(&PLACES_PKEY),
///         hidden: &[],
///     };
///     pub const ID: Column = Column {
///         table: "places",
///         name: "id",
///         ty: types::INT8,
///         nullable: false,
///         default: ColumnDefault::IdentityByDefault,
///     };
///     pub const NOTE: Column = Column {
///         table: "places",
///         name: "note",
///         ty: types::TEXT,
///         nullable: true,
///         default: ColumnDefault::None,
///     };
///     pub const PLACES_PKEY: Constraint = Constraint {
///         schema: "public",
///         table: "places",
///         name: "places_pkey",
///         kind: ConstraintKind::PrimaryKey,
///         columns: &["id"],
///         deferrable: false,
///     };
/// }
/// assert_eq!(places::TABLE.column("note").map(|column| column.nullable), Some(true));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The schema that the table lives in.
    pub schema: &'static str,
    /// The table's name, unquoted.
    pub name: &'static str,
    /// Its columns, in the table's order.
    pub columns: &'static [Column],
    /// Its constraints and unique indexes, by name; of a view that is written through, the unique keys of the table below whose
    /// columns it shows, by its own names for them.
    pub constraints: &'static [Constraint],
    /// The primary key among them.
    pub primary_key: Option<&'static Constraint>,
    /// Of a view, the columns of the table below that an insert has to give a value, and that it cannot, since the view
    /// does not show them.
    pub hidden: &'static [&'static str],
}

impl Table {
    /// Whether nothing can be written to it: a materialized view, or a view that is more than a selection from one table
    /// and has no `INSTEAD OF` trigger.
    pub(crate) const fn is_read_only(&self) -> bool {
        let mut i = 0;
        while i < self.columns.len() {
            if !matches!(self.columns[i].default, ColumnDefault::ReadOnly) {
                return false;
            }
            i += 1;
        }
        !self.columns.is_empty()
    }

    /// The column of this name, compared as PostgreSQL compares quoted names: byte for byte.
    #[must_use]
    pub const fn column(&self, name: &str) -> Option<&'static Column> {
        let mut i = 0;
        while i < self.columns.len() {
            if crate::accepts::str_eq(self.columns[i].name, name) {
                return Some(&self.columns[i]);
            }
            i += 1;
        }
        None
    }
}

/// A column of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name of the table it belongs to.
    pub table: &'static str,
    /// The column's name, unquoted.
    pub name: &'static str,
    /// Its type, with what a PostGIS column declares.
    pub ty: SqlType,
    /// Whether it can hold null: false only where the schema forbids it; of a view, in the table that it is written through to,
    /// or, where nothing can be written to it, where its query cannot give one.
    pub nullable: bool,
    /// What it gets when an insert leaves it out.
    pub default: ColumnDefault,
}

impl Column {
    /// Whether an insert has to give it a value: it is not null, and gets none by itself.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        !self.nullable && matches!(self.default, ColumnDefault::None)
    }

    /// The SRID that a PostGIS column declares, or 0 for none.
    pub(crate) const fn srid(&self) -> i32 {
        let mut ty = &self.ty;
        loop {
            match ty.kind {
                SqlKind::Spatial { srid, .. } => return srid,
                SqlKind::Array(inner) | SqlKind::Domain(inner) => ty = inner,
                _ => return 0,
            }
        }
    }
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
    /// What a view selects; nothing can be written into the column through the view, and no trigger of the view's does
    /// so.
    ReadOnly,
}

/// A constraint, or a unique index that stands for none, of a [`Table`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The schema of the table or domain it belongs to.
    pub schema: &'static str,
    /// The name of the table it belongs to; of a constraint of a domain, the domain's.
    pub table: &'static str,
    /// The constraint's name, which an error that it causes carries.
    pub name: &'static str,
    /// What it demands.
    pub kind: ConstraintKind,
    /// The names of the columns it is about, in its order; of an index, the plain columns in it.
    pub columns: &'static [&'static str],
    /// Whether it may be checked at the end of the transaction, which makes it no target of
    /// `on conflict`.
    pub deferrable: bool,
}

/// What a [`Constraint`] demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `primary key`
    PrimaryKey,
    /// `unique`
    Unique,
    /// A unique index that is no constraint: partial, or over an expression, or made by
    /// `create unique index`.
    UniqueIndex {
        /// The condition of a partial index, as SQL.
        predicate: Option<&'static str>,
    },
    /// `references`
    ForeignKey {
        /// The schema of the referenced table.
        schema: &'static str,
        /// The name of the referenced table.
        table: &'static str,
        /// The names of the referenced columns, in the order of the constraint's own.
        columns: &'static [&'static str],
    },
    /// `check`
    Check,
    /// `exclude`
    Exclusion,
    /// `not null`, which has a name of its own from PostgreSQL 18 on.
    NotNull,
    /// `check` of a domain, or of the one that it is made of.
    DomainCheck,
    /// `not null` of a domain. The server does not name it.
    DomainNotNull,
}
