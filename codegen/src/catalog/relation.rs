//! Relations: tables, views and similar objects, with their columns, keys and constraints.

use serde::{Deserialize, Serialize};

use super::{Constraint, ConstraintKind, QualifiedName, Triggers, UniqueIndex};

/// A table, view, materialized view, partitioned or foreign table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// `pg_class.oid` in the database that was read.
    #[serde(skip)]
    pub oid: u32,
    /// Schema and name.
    pub name: QualifiedName,
    /// The kind of relation.
    pub kind: RelationKind,
    /// Whether it is in the write-ahead log, and so on standbys: it is neither temporary nor unlogged.
    #[serde(skip)]
    pub is_logged: bool,
    /// Whether it belongs to an extension, like PostGIS' `spatial_ref_sys`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_extension: bool,
    /// Whether PostgreSQL accepts an INSERT into it: a table, an updatable view, or a view with an INSTEAD OF trigger.
    #[serde(skip)]
    pub is_inserted: bool,
    /// Whether PostgreSQL accepts an UPDATE of it.
    #[serde(skip)]
    pub is_updated: bool,
    /// `comment on table`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Its columns in order, without dropped ones.
    pub columns: Vec<Column>,
    /// Its constraints, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Its valid unique indexes (including those of keys), sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_indexes: Vec<UniqueIndex>,
    /// For an insertable view: the columns of the table below that need a value in an INSERT, but that cannot be set
    /// through the view.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// For an insertable view: the unique keys of the table below whose columns it shows, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys_below: Vec<KeyBelow>,
    /// For an updatable view: the table that it writes to.
    #[serde(skip)]
    pub below: Option<Below>,
    /// Direct children: partitions and inheriting tables.
    #[serde(skip)]
    pub children: Vec<u32>,
    /// The node tree of a materialized view's query (`pg_rewrite.ev_action`), if the view is read.
    #[serde(skip)]
    pub query: Option<String>,
    /// The enabled row-level triggers that can change or skip the written rows.
    #[serde(skip)]
    pub triggers: Triggers,
}

impl Relation {
    /// Its node trees: those of its checks, and of its indexes' predicates and expressions.
    pub(super) fn trees(&self) -> impl Iterator<Item = &str> {
        let checks = self
            .constraints
            .iter()
            .filter_map(|c| c.expression.as_deref());
        let indexes = self.unique_indexes.iter();
        let parts = indexes.flat_map(|i| [&i.predicate_tree, &i.expressions]);
        checks.chain(parts.filter_map(|tree| tree.as_deref()))
    }

    /// The column of this name.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of this number (`pg_attribute.attnum`).
    pub(crate) fn column_numbered(&self, number: impl Into<i64>) -> Option<&Column> {
        let number = number.into();
        let mut columns = self.columns.iter();
        columns.find(|column| i64::from(column.number) == number)
    }

    /// Whether the index enforces a constraint.
    pub(crate) fn has_constraint_of(&self, index: &UniqueIndex) -> bool {
        self.constraints.iter().any(|c| c.name == index.name)
    }

    /// Whether it cannot be written to.
    pub fn is_read_only(&self) -> bool {
        let mut columns = self.columns.iter();
        columns.all(|column| column.default == ColumnDefault::ReadOnly)
    }
}

/// A unique key of the table that a view writes to, as the view shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyBelow {
    /// The table.
    pub table: QualifiedName,
    /// The constraint's or the index' name, unquoted.
    pub name: String,
    /// The kind of constraint. `None` for an index without a constraint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ConstraintKind>,
    /// Its columns, with the view's names.
    pub columns: Vec<String>,
    /// Whether it is deferrable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deferrable: bool,
}

/// The table that a view writes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Below {
    /// The table, below all views.
    pub table: QualifiedName,
    /// The columns that can be written: their names in the view and in the table.
    pub columns: Vec<(String, String)>,
}

/// The kind of a relation (`pg_class.relkind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// An ordinary table.
    Table,
    /// A partitioned table.
    PartitionedTable,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table, whose constraints PostgreSQL does not enforce.
    ForeignTable,
}

/// A column of a relation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// `pg_attribute.attnum`.
    #[serde(skip)]
    pub number: i16,
    /// Its name, unquoted.
    pub name: String,
    /// Its type; a domain is named as such.
    #[serde(rename = "type")]
    pub ty: QualifiedName,
    /// `pg_type.oid` of its type.
    #[serde(skip)]
    pub type_oid: u32,
    /// The type modifier, `-1` for none.
    #[serde(default = "no_modifier", skip_serializing_if = "is_no_modifier")]
    pub modifier: i32,
    /// Declared NOT NULL by a validated constraint, here and in every child. For an insertable view: the column below
    /// is. In the `schema` module also for a generated column that the analysis proves to be, and for a column of a
    /// read-only view if its query returns no null there.
    pub not_null: bool,
    /// The value that an INSERT without the column stores.
    #[serde(default, skip_serializing_if = "ColumnDefault::is_none")]
    pub default: ColumnDefault,
    /// The expression of a generated column.
    #[serde(skip)]
    pub expression: Option<String>,
    /// The tree of a query of that expression, if the server has returned it.
    #[serde(skip)]
    pub tree: Option<String>,
    /// For a column of the primary key, or of a view of it: its DEFAULT is a new value each time, like that of a
    /// `serial`.
    #[serde(skip)]
    pub new_by_default: bool,
    /// `comment on column`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Column {
    /// Whether an INSERT must set it.
    pub(super) fn is_required(&self) -> bool {
        self.not_null && self.default.is_none()
    }
}

fn no_modifier() -> i32 {
    -1
}

fn is_no_modifier(modifier: &i32) -> bool {
    *modifier == -1
}

/// The value that an INSERT without a column stores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnDefault {
    /// Null.
    #[default]
    None,
    /// A DEFAULT expression.
    Expression,
    /// `generated by default as identity`.
    IdentityByDefault,
    /// `generated always as identity`: can be written only with OVERRIDING.
    IdentityAlways,
    /// `generated always as (…)`: cannot be written.
    Generated,
    /// An expression of a view: cannot be written through it.
    ReadOnly,
}

impl ColumnDefault {
    fn is_none(&self) -> bool {
        *self == Self::None
    }
}
