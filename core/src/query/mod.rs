//! Query values: SQL, parameters, and how many rows are expected of what kind. A query is
//! plain data; nothing runs until it is given an executor.

mod cardinality;
mod text;

use std::{fmt, future::Future, marker::PhantomData};

pub use cardinality::{Cardinality, Exec, Many, One, Opt};
pub(crate) use text::{Call, SqlSource, Text};

use crate::{Error, Executor, Param, RowSet, RowStream, RowType, executor::Handle, rows::all};

/// The text of a query, and its name for messages. Generated functions keep it in a `static`, by
/// whose address a connection finds what it has prepared.
#[derive(Debug)]
pub struct Statement {
    name: &'static str,
    sql: &'static str,
    only_reads: bool,
}

impl Statement {
    /// A statement with the name that messages use, such as `places::find_place`.
    #[must_use]
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self {
            name,
            sql,
            only_reads: false,
        }
    }

    /// A statement of which it is known that it only reads: a pool with standbys may run it there
    /// ([`PoolBuilder::reads_on_replicas`](crate::PoolBuilder::reads_on_replicas)).
    #[must_use]
    pub const fn reading(name: &'static str, sql: &'static str) -> Self {
        Self {
            name,
            sql,
            only_reads: true,
        }
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

    pub(crate) fn params(&self) -> &[Param<'a>] {
        &self.params
    }

    pub(crate) fn into_parts(self) -> (Text, Vec<Param<'a>>) {
        (self.text(), self.params)
    }

    pub(crate) fn text(&self) -> Text {
        Text::named(self.statement.name, SqlSource::Static(self.statement.sql))
    }

    /// Where the query is to run: what only reads may go to a standby.
    fn way<'e>(&self, handle: Handle<'e>) -> Handle<'e> {
        match self.statement.only_reads {
            true => handle.for_reading(),
            false => handle,
        }
    }

    /// Runs the query and returns what its cardinality says: a `Vec` of rows, an `Option`,
    /// one row, or the number of rows affected.
    ///
    /// # Errors
    ///
    /// When the statement fails, its result does not fit, or it yields too few or too many rows.
    pub fn fetch<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<C::Output, Error>> + Send + use<'_, 'a, C, E>
    where
        C: Cardinality,
    {
        let handle = self.way(executor.handle());
        async move {
            C::collect(Call {
                handle,
                text: &self.text(),
                params: &self.params,
            })
            .await
        }
    }

    /// Runs the query and keeps its rows as the server sent them, for row types other than the
    /// query's own: those that borrow from them, or read fewer columns. How many there are is not checked.
    ///
    /// ```no_run
    /// # use howdah::{Error, Many, Pool, Query, Value};
    /// # fn names() -> Query<'static, Many<Value<String>>> { unimplemented!() }
    /// # async fn example(pool: &Pool) -> Result<(), Error> {
    /// let rows = names().fetch_rows(pool).await?;
    /// for name in rows.read::<(&str,)>()? {
    ///     println!("{}", name?.0);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn fetch_rows<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<RowSet, Error>> + Send + use<'_, 'a, C, E> {
        let handle = self.way(executor.handle());
        async move {
            all(&Call {
                handle,
                text: &self.text(),
                params: &self.params,
            })
            .await
        }
    }

    /// Runs the query, reads no rows and returns how many were affected (or found).
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, C, E> {
        let handle = self.way(executor.handle());
        async move {
            Exec::collect(Call {
                handle,
                text: &self.text(),
                params: &self.params,
            })
            .await
        }
    }
}

impl<'a, R: RowType> Query<'a, Many<R>> {
    /// Runs the query and returns its rows as they arrive, without keeping them.
    ///
    /// # Errors
    ///
    /// When the statement fails before its first row; later errors are items of the stream.
    pub fn stream<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<RowStream<'e, R>, Error>> + Send + use<'e, 'a, E, R> {
        let handle = self.way(executor.handle());
        async move {
            let text = self.text();
            RowStream::open(handle, &text, &self.params).await
        }
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
