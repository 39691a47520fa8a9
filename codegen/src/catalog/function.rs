//! Functions and operators, with the properties that the analysis needs.

use super::QualifiedName;

/// A function, procedure, aggregate or window function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Schema and name.
    pub name: QualifiedName,
    /// The name with the `typname`s of its input arguments: `lower(text)`.
    pub signature: String,
    /// Whether it is built in. A user's function in `pg_catalog` is not, although it can have the same name and types of the same
    /// names.
    pub is_builtin: bool,
    /// Its extension. `None` for built-in and user-defined functions.
    pub extension: Option<String>,
    /// The kind of function.
    pub kind: FunctionKind,
    /// Whether a null argument makes its result null without a call.
    pub strict: bool,
    /// Whether it returns a set of rows.
    pub returns_set: bool,
    /// How far its result can change.
    pub volatility: Volatility,
    /// The language it is written in.
    pub language: String,
    /// The result type's OID.
    pub result: u32,
    /// The OIDs of its input arguments' types.
    pub arguments: Vec<u32>,
    /// The names of its input arguments, empty for those without one.
    pub input_names: Vec<String>,
    /// The names of its OUT, INOUT and TABLE arguments, in order.
    pub output_names: Vec<String>,
    /// The OIDs of those arguments' types.
    pub output_types: Vec<u32>,
    /// The body of a function in SQL or PL/pgSQL, as text.
    pub source: Option<String>,
    /// The trees of the body's statements, the last of which has the result. For PL/pgSQL, those of the returned
    /// expressions. Empty if the server does not understand them.
    pub trees: Vec<String>,
}

/// The kind of a function (`pg_proc.prokind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A plain function.
    Function,
    /// An aggregate.
    Aggregate,
    /// A window function.
    Window,
    /// A procedure.
    Procedure,
}

/// How far a function's result can change (`pg_proc.provolatile`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volatility {
    /// Never, for the same arguments.
    Immutable,
    /// Not within a statement.
    Stable,
    /// From call to call.
    Volatile,
}

impl Function {
    /// Whether its body is in PL/pgSQL.
    pub fn is_procedural(&self) -> bool {
        self.language == "plpgsql"
    }

    /// Whether facts about functions by name apply to it: only if it is built in or belongs to an extension, and not if
    /// a user has defined it with such a name.
    pub fn has_known_identity(&self) -> bool {
        self.is_builtin || self.extension.is_some()
    }
}

/// An operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// Its name, e.g. `=`.
    pub name: String,
    /// The OID of its function.
    pub function: u32,
    /// Whether it is an equality that PostgreSQL can join or group by (`oprcanmerge`, `oprcanhash`).
    pub is_equality: bool,
    /// Whether its name says what it does: only if it is built in or belongs to an extension.
    pub has_known_identity: bool,
}
