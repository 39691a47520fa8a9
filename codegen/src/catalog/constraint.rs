//! The rules for the rows of a relation: its constraints and its unique indexes.

use serde::{Deserialize, Serialize};

use super::QualifiedName;

/// A constraint of a relation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    /// `pg_constraint.oid` in the database that was read.
    #[serde(skip)]
    pub oid: u32,
    /// Its name, unquoted.
    pub name: String,
    /// The kind of constraint.
    pub kind: ConstraintKind,
    /// Its columns, in its order.
    pub columns: Vec<String>,
    /// `pg_get_constraintdef`.
    pub definition: String,
    /// The target of a foreign key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<ForeignKeyTarget>,
    /// Whether it is checked for all rows (not NOT VALID) and enforced.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub validated: bool,
    /// Whether it is deferrable, so that it can be violated inside a transaction.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deferrable: bool,
    /// A check's expression as a node tree (`pg_constraint.conbin`).
    #[serde(skip)]
    pub expression: Option<String>,
}

/// The kind of a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// PRIMARY KEY.
    PrimaryKey,
    /// UNIQUE.
    Unique,
    /// FOREIGN KEY.
    ForeignKey,
    /// CHECK.
    Check,
    /// EXCLUDE.
    Exclusion,
    /// NOT NULL (a constraint of its own from version 18).
    NotNull,
}

/// The target of a foreign key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignKeyTarget {
    /// The referenced relation.
    pub relation: QualifiedName,
    /// The referenced columns, in the order of the constraint's.
    pub columns: Vec<String>,
    /// What happens to the referring rows if the referenced key changes.
    #[serde(skip)]
    pub on_update: ReferentialAction,
    /// What happens to the referring rows if the referenced row is deleted.
    #[serde(skip)]
    pub on_delete: ReferentialAction,
    /// MATCH FULL: a key of which only some columns are null is an error.
    #[serde(skip)]
    pub match_full: bool,
}

/// What a foreign key does if the referenced row is changed or deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReferentialAction {
    /// NO ACTION or RESTRICT: an error.
    #[default]
    Refuse,
    /// CASCADE.
    Cascade,
    /// SET NULL.
    SetNull,
    /// SET DEFAULT.
    SetDefault,
}

/// A unique index that is valid, as a source of cardinality and a target of ON CONFLICT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UniqueIndex {
    /// Its name, unquoted.
    pub name: String,
    /// Its key columns. `None` if it indexes an expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// The numbers of its key columns, with a zero for each expression.
    #[serde(skip)]
    pub parts: Vec<i16>,
    /// The OIDs of its parts' collations, with a zero for parts without one.
    #[serde(skip)]
    pub collations: Vec<u32>,
    /// The expressions among its parts, in order, as a node tree (`pg_index.indexprs`).
    #[serde(skip)]
    pub expressions: Option<String>,
    /// `pg_get_expr` of a partial index' predicate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// The predicate as a node tree (`pg_index.indpred`).
    #[serde(skip)]
    pub predicate_tree: Option<String>,
    /// Whether it compares like `=`: by the default operator classes of its parts' types, or by the bytes of text.
    #[serde(skip)]
    pub has_usual_operators: bool,
    /// Whether it treats two nulls as equal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// Whether it is checked at once (not deferrable).
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub immediate: bool,
    /// Whether it belongs to the primary key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub primary: bool,
}

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}
