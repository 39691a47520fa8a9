//! What the analysis says of a query: the verdicts on its parameters, columns and rows, each with its reason.

use serde::{Deserialize, Serialize};

use crate::cardinality::Cardinality;
use crate::catalog::QualifiedName;

/// What the analysis says of one query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Its parameters, `$1` first.
    pub params: Vec<ParamVerdict>,
    /// Its result columns in order.
    pub columns: Vec<ColumnVerdict>,
    /// How many rows it returns.
    pub cardinality: Cardinality,
    /// Why that many.
    pub cardinality_reason: Reason,
    /// The relations it reads, sorted.
    pub reads: Vec<QualifiedName>,
    /// The relations it writes, sorted.
    pub writes: Vec<QualifiedName>,
    /// Whether it is known that it changes nothing, neither by itself nor by a function, and that a standby can run it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_reads: bool,
    /// The constraints that it can violate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

/// A constraint that a statement can violate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// What the server's error says was violated.
    #[serde(flatten)]
    pub name: ViolationName,
    /// What the constraint demands, as SQL.
    pub definition: String,
    /// What the error says instead where the row is in a partition or child of the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ViolationName>,
}

/// A constraint as the server's error names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolationName {
    /// The table that the constraint belongs to, or the domain.
    pub relation: QualifiedName,
    /// The constraint.
    #[serde(flatten)]
    pub rule: ViolationRule,
}

/// A constraint of a table or domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationRule {
    /// The constraint or unique index of this name.
    Constraint(String),
    /// The one that this column is not null; before version 18 it has no name.
    NotNull(String),
    /// The check of this name, of a domain.
    DomainCheck(String),
    /// The one that a domain is not null.
    DomainNotNull,
}

/// What the analysis says of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParamVerdict {
    /// Its type as the server resolved it.
    #[serde(rename = "type")]
    pub ty: QualifiedName,
    /// Whether null has a meaning for it.
    pub nullable: bool,
    /// For an array: whether a null element has a meaning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub element_nullable: bool,
    /// The one column that it is stored in, or with whose values it is compared: names it, and gives the kind of shape, and
    /// per-column Rust types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnRef>,
    /// What else to call it: after a function's argument or the clause that it is all of, or the column that it is beside in a
    /// larger expression; with the column, if it is one of that column's two bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The SRID that its shapes need to stand beside those of a column, or of several that agree. 0 if none is known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub srid: i32,
    /// Why it is nullable or not.
    pub reason: Reason,
}

/// What the analysis says of a result column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnVerdict {
    /// Its name as the server gives it, override marks included.
    pub name: String,
    /// Its type as the server describes it: for a domain, the type it is over.
    #[serde(rename = "type")]
    pub ty: QualifiedName,
    /// The domain that the expression is of, if it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<QualifiedName>,
    /// The type modifier, `-1` for none.
    pub modifier: i32,
    /// Whether it may be null.
    pub nullable: bool,
    /// For an array: whether an element may be null.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub element_nullable: bool,
    /// For an array: how many dimensions it has beyond the first, where the query says so.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_dimensions: u8,
    /// For a composite value, or an array of them: what is known of the fields beyond the type. Empty where that is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldVerdict>,
    /// The column of a relation whose value it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnRef>,
    /// Why it is nullable or not.
    pub reason: Reason,
}

fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

impl ColumnVerdict {
    /// Its type: the domain, where it is of one.
    pub(crate) fn declared(&self) -> &QualifiedName {
        self.domain.as_ref().unwrap_or(&self.ty)
    }
}

/// What the analysis says of a field of a composite value that is not null itself.
///
/// An anonymous record (`record`) that is put together in the query has all its fields here, in order, or none. Those of a
/// named composite type are here, all of them, if some are known to be not null: the type alone promises that of none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldVerdict {
    /// Its name: the type's, the column's, or PostgreSQL's `f1`.
    pub name: String,
    /// Its type as it travels, which may be a domain.
    #[serde(rename = "type")]
    pub ty: QualifiedName,
    /// The type modifier, `-1` for none.
    pub modifier: i32,
    /// Whether it may be null.
    pub nullable: bool,
    /// For an array: whether an element may be null.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub element_nullable: bool,
    /// As [`ColumnVerdict::fields`], for a composite in a composite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldVerdict>,
    /// The column of a relation whose value it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnRef>,
    /// Why it is nullable or not.
    pub reason: Reason,
}

/// A column of a relation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ColumnRef {
    /// The relation.
    pub relation: QualifiedName,
    /// The column's name, unquoted.
    pub column: String,
}

/// Why a verdict is what it is, in words that can point into the SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A phrase without capital and full stop: "`note` may be null in `public.places`".
    pub text: String,
    /// The byte offset in the query's SQL that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
}
