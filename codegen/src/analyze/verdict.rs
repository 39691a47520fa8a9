//! The result of the analysis: the verdicts on a query's parameters, columns and rows, each with its reason.

use serde::{Deserialize, Serialize};

use crate::cardinality::Cardinality;
use crate::catalog::QualifiedName;

/// The result of the analysis of one query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Its parameters, `$1` first.
    pub params: Vec<ParamVerdict>,
    /// Its result columns in order.
    pub columns: Vec<ColumnVerdict>,
    /// The number of rows that it returns.
    pub cardinality: Cardinality,
    /// The reason for the number of rows.
    pub cardinality_reason: Reason,
    /// The relations it reads, sorted.
    pub reads: Vec<QualifiedName>,
    /// The relations it writes, sorted.
    pub writes: Vec<QualifiedName>,
    /// Whether it is known that the query changes nothing, neither by itself nor by a function, so that a standby can
    /// run it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_reads: bool,
    /// The constraints that it can violate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

/// A constraint that a statement can violate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The names in the server's error.
    #[serde(flatten)]
    pub name: ViolationName,
    /// The definition of the constraint, as SQL.
    pub definition: String,
    /// The names in the error if the row is in a partition or child of the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ViolationName>,
}

/// A constraint with the names in the server's error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolationName {
    /// The table or domain that the constraint belongs to.
    pub relation: QualifiedName,
    /// The constraint.
    #[serde(flatten)]
    pub rule: ViolationRule,
}

/// A constraint of a table or domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationRule {
    /// The constraint or unique index with this name.
    Constraint(String),
    /// The NOT NULL of this column; before version 18 it has no name.
    NotNull(String),
    /// The check of a domain, with this name.
    DomainCheck(String),
    /// The NOT NULL of a domain.
    DomainNotNull,
}

/// The verdict on a parameter.
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
    /// The one column that it is stored in, or whose values it is compared with. It gives the parameter its name, the
    /// kind of shape, and Rust types that are set by column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnRef>,
    /// Another name for it: that of the function's argument or the clause that it is, or of the column beside it in a
    /// larger expression. With `column`, its name as one of the column's two bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The SRID that its shapes need to stand beside those of a column, or of several that agree. 0 if none is known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub srid: i32,
    /// Why it is nullable or not.
    pub reason: Reason,
}

/// The verdict on a result column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnVerdict {
    /// Its name from the server, including override marks.
    pub name: String,
    /// Its type as the server describes it: for a domain, its base type.
    #[serde(rename = "type")]
    pub ty: QualifiedName,
    /// The domain of the expression's value, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<QualifiedName>,
    /// The type modifier, `-1` for none.
    pub modifier: i32,
    /// Whether it can be null.
    pub nullable: bool,
    /// For an array: whether an element can be null.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub element_nullable: bool,
    /// For an array: the number of dimensions beyond the first, if the query tells it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_dimensions: u8,
    /// For a composite value, or an array of them: facts about the fields that the type does not tell. Empty if there
    /// are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldVerdict>,
    /// The column of a relation that the value comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<ColumnRef>,
    /// Why it is nullable or not.
    pub reason: Reason,
}

fn is_zero<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

impl ColumnVerdict {
    /// Its type: the domain, if it has one.
    pub(crate) fn declared(&self) -> &QualifiedName {
        self.domain.as_ref().unwrap_or(&self.ty)
    }
}

/// The verdict on a field of a composite value that is not null itself.
///
/// For an anonymous record (`record`) that the query constructs, there are either all fields, in order, or none. For a
/// named composite type, there are all fields if some are known to be not null: the type alone promises nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldVerdict {
    /// Its name: the type's, the column's, or PostgreSQL's `f1`.
    pub name: String,
    /// Its type in the binary format, which can be a domain.
    #[serde(rename = "type")]
    pub ty: QualifiedName,
    /// The type modifier, `-1` for none.
    pub modifier: i32,
    /// Whether it can be null.
    pub nullable: bool,
    /// For an array: whether an element can be null.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub element_nullable: bool,
    /// Like [`ColumnVerdict::fields`], for a composite in a composite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldVerdict>,
    /// The column of a relation that the value comes from.
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

/// The reason for a verdict, which can point into the SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// A phrase without capital and full stop: "`note` may be null in `public.places`".
    pub text: String,
    /// The byte offset in the query's SQL that it points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
}
