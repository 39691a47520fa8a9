//! Functions and operators, as far as the analysis asks about them.

use super::QualifiedName;

/// A function, procedure, aggregate or window function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Schema and name.
    pub name: QualifiedName,
    /// The name with the `typname`s of its input arguments: `lower(text)`.
    pub signature: String,
    /// The extension that brought it; `None` for built-in ones and the user's own.
    pub extension: Option<String>,
    /// What it is.
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
    /// The trees of the body's statements, the last of which gives the result; of one in PL/pgSQL those of what it returns. None
    /// if the server does not understand them.
    pub trees: Vec<String>,
}

/// What can be called (`pg_proc.prokind`).
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
    /// Whether it is one of PostgreSQL's own.
    pub fn is_builtin(&self) -> bool {
        self.name.is_builtin()
    }

    /// Whether its body is in PL/pgSQL.
    pub fn is_procedural(&self) -> bool {
        self.language == "plpgsql"
    }

    /// Whether facts about functions by name can be about it: it is PostgreSQL's own or an extension's, and not one that a
    /// user has given such a name.
    pub fn has_known_identity(&self) -> bool {
        self.is_builtin() || self.extension.is_some()
    }
}

/// An operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// Its name, e.g. `=`.
    pub name: String,
    /// The OID of the function behind it.
    pub function: u32,
    /// Whether it is an equality that PostgreSQL joins or groups by (`oprcanmerge`, `oprcanhash`).
    pub is_equality: bool,
}
