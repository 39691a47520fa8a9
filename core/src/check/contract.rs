//! The schema as const data, as in the generated `schema` module. Derives are checked against it while compiling, and
//! builders write SQL from it. These structs only hold data; [`crate::check`] has the rules.

use crate::{SqlKind, SqlType};

/// A table, view, materialized view or foreign table.
///
/// The generated `schema` module has a module for each table, with its `Table` as the const `TABLE`. The path in
/// `#[pg(table = schema::places)]` is the path of this module.
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
    /// The table's schema.
    pub schema: &'static str,
    /// The table's name, unquoted.
    pub name: &'static str,
    /// The columns, in the table's order.
    pub columns: &'static [Column],
    /// The constraints and unique indexes, sorted by name. For a view that can be written through, these are the unique
    /// keys of the table below, if the view shows all of their columns, with the view's names for the columns.
    pub constraints: &'static [Constraint],
    /// The primary key. It is one of the constraints.
    pub primary_key: Option<&'static Constraint>,
    /// For a view, the columns of the table below that need a value in an insert, but that the view does not show.
    pub hidden: &'static [&'static str],
}

impl Table {
    /// Whether it cannot be written to: a materialized view, or a view that is more than a selection from one table and
    /// has no `INSTEAD OF` trigger.
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

    /// The column with this name. Names are compared byte for byte, as PostgreSQL compares quoted names.
    #[must_use]
    pub const fn column(&self, name: &str) -> Option<&'static Column> {
        let mut i = 0;
        while i < self.columns.len() {
            if crate::sql_type::accepts::str_eq(self.columns[i].name, name) {
                return Some(&self.columns[i]);
            }
            i += 1;
        }
        None
    }
}

impl Table {
    /// The SRID that a column declares, or 0 for none.
    pub(crate) const fn srid(&self, name: &str) -> i32 {
        match self.column(name) {
            Some(column) => column.srid(),
            None => 0,
        }
    }
}

/// A column of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name of the column's table.
    pub table: &'static str,
    /// The column's name, unquoted.
    pub name: &'static str,
    /// The column's type. For PostGIS it includes the declared kind of shape and SRID.
    pub ty: SqlType,
    /// Whether the column can be null. It is false only if the schema forbids null. For the column of a view, it is false
    /// if the column of the table below forbids null or, if the view cannot be written to, if its query cannot return null.
    pub nullable: bool,
    /// The value that the column gets if an insert leaves it out.
    pub default: ColumnDefault,
}

impl Column {
    /// Whether an insert has to set the column, because it cannot be null and has no default.
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

/// The value that a column gets if an insert leaves it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnDefault {
    /// Null, which is an error if the column cannot be null.
    None,
    /// The value of its `default` expression.
    Value,
    /// The next number of the identity (`generated by default as identity`). An insert can set another value.
    IdentityByDefault,
    /// The next number of the identity (`generated always as identity`). An insert cannot set another value.
    IdentityAlways,
    /// The value of the expression of a generated column. An insert cannot set another value.
    Generated,
    /// A value that a view computes. The column cannot be written through the view, and the view has no trigger for that.
    ReadOnly,
}

/// A constraint of a [`Table`] or domain, or a unique index that does not belong to a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The schema of the table or domain it belongs to.
    pub schema: &'static str,
    /// The name of the table it belongs to. For a constraint of a domain, the name of the domain.
    pub table: &'static str,
    /// The constraint's name, as in errors of the server.
    pub name: &'static str,
    /// The kind of constraint.
    pub kind: ConstraintKind,
    /// The names of its columns, in its order. For an index, its plain columns without expressions.
    pub columns: &'static [&'static str],
    /// Whether it is deferrable. Such a constraint cannot be a target of `on conflict`.
    pub deferrable: bool,
}

/// The kind of a [`Constraint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `primary key`
    PrimaryKey,
    /// `unique`
    Unique,
    /// A unique index without a constraint, made by `create unique index`. It can be partial or have expressions.
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
    /// `not null`. It has a name from PostgreSQL 18 on.
    NotNull,
    /// A `check` of a domain, or of the domain that it is based on.
    DomainCheck,
    /// `not null` of a domain. Errors of the server do not name it.
    DomainNotNull,
}
