//! Query values: SQL, parameters, and how many rows are expected of what kind. A query is
//! plain data; nothing runs until it is given an executor.

use std::{fmt, marker::PhantomData};

use crate::{Param, RowType};

/// The text of a query, and its name for messages. Generated functions keep it in a `static`, by
/// whose address a connection finds what it has prepared.
#[derive(Debug)]
pub struct Statement {
    name: &'static str,
    sql: &'static str,
}

impl Statement {
    /// A statement with the name that messages use, such as `places::find_place`.
    #[must_use]
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql }
    }

    /// The name that messages use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The SQL text.
    #[must_use]
    pub const fn sql(&self) -> &'static str {
        self.sql
    }
}

/// Any number of rows: `fetch` returns a `Vec`.
pub struct Many<R>(PhantomData<fn() -> R>);

/// No row or one: `fetch` returns an `Option`.
pub struct Opt<R>(PhantomData<fn() -> R>);

/// Exactly one row: `fetch` returns it.
pub struct One<R>(PhantomData<fn() -> R>);

/// No rows: `fetch` returns how many were affected.
pub struct Exec(());

/// How many rows a query yields, and what they are read into.
pub trait Cardinality: sealed::Sealed {
    /// What `fetch` returns.
    type Output;
}

impl<R: RowType> Cardinality for Many<R> {
    type Output = Vec<R::Output>;
}

impl<R: RowType> Cardinality for Opt<R> {
    type Output = Option<R::Output>;
}

impl<R: RowType> Cardinality for One<R> {
    type Output = R::Output;
}

impl Cardinality for Exec {
    type Output = u64;
}

mod sealed {
    pub trait Sealed {}
    impl<R> Sealed for super::Many<R> {}
    impl<R> Sealed for super::Opt<R> {}
    impl<R> Sealed for super::One<R> {}
    impl Sealed for super::Exec {}
}

/// A statement with its parameters. `C` says how many rows it yields, and what they are read into.
#[must_use = "a query does nothing until it is fetched or executed"]
pub struct Query<'a, C> {
    statement: &'static Statement,
    params: Vec<Param<'a>>,
    cardinality: PhantomData<fn() -> C>,
}

impl<'a, C> Query<'a, C> {
    /// A statement with its parameters, `$1` first.
    pub fn new(statement: &'static Statement, params: Vec<Param<'a>>) -> Self {
        Self {
            statement,
            params,
            cardinality: PhantomData,
        }
    }

    /// The query's name, such as `places::find_place`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.statement.name
    }

    /// The SQL text.
    #[must_use]
    pub fn sql(&self) -> &'static str {
        self.statement.sql
    }
}

impl<C> fmt::Debug for Query<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("name", &self.statement.name)
            .field("sql", &self.statement.sql)
            .field("params", &self.params.len())
            .finish()
    }
}
