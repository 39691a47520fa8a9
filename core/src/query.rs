//! Query values: SQL, parameters, and how many rows are expected of what kind. A query is
//! plain data; nothing runs until it is given an executor.

use std::{fmt, future::Future, marker::PhantomData, sync::Arc};

use crate::{
    Error, ErrorKind, Executor, Param, RowSet, RowStream, RowType,
    executor::Handle,
    rows::{all, each},
};

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
    type Output: Send;

    #[doc(hidden)]
    fn collect(call: Call<'_>) -> impl Future<Output = Result<Self::Output, Error>> + Send;

    /// What comes of a statement that is not run, if that can be.
    #[doc(hidden)]
    fn nothing() -> Option<Self::Output>;

    /// Whether no row came.
    #[doc(hidden)]
    fn is_nothing(output: &Self::Output) -> bool;
}

impl<R: RowType> Cardinality for Many<R> {
    type Output = Vec<R::Output>;

    fn nothing() -> Option<Self::Output> {
        Some(Vec::new())
    }

    fn is_nothing(output: &Self::Output) -> bool {
        output.is_empty()
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        let mut rows = Vec::new();
        each(&call, R::FIELDS, &mut |row| {
            rows.push(R::read(row)?);
            Ok(())
        })
        .await?;
        Ok(rows)
    }
}

impl<R: RowType> Cardinality for Opt<R> {
    type Output = Option<R::Output>;

    fn nothing() -> Option<Self::Output> {
        Some(None)
    }

    fn is_nothing(output: &Self::Output) -> bool {
        output.is_none()
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        let mut found = None;
        each(&call, R::FIELDS, &mut |row| {
            if found.is_some() {
                let message = "more than one row, where at most one was expected";
                return Err(Error::new(ErrorKind::TooManyRows, message));
            }
            found = Some(R::read(row)?);
            Ok(())
        })
        .await?;
        Ok(found)
    }
}

impl<R: RowType> Cardinality for One<R> {
    type Output = R::Output;

    fn nothing() -> Option<Self::Output> {
        None
    }

    fn is_nothing(_: &Self::Output) -> bool {
        false
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        let text = call.text;
        Opt::<R>::collect(call).await?.ok_or_else(|| {
            text.blame(Error::new(
                ErrorKind::NoRow,
                "no row, where exactly one was expected",
            ))
        })
    }
}

impl Cardinality for Exec {
    type Output = u64;

    fn nothing() -> Option<u64> {
        Some(0)
    }

    fn is_nothing(affected: &u64) -> bool {
        *affected == 0
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        each(&call, &[], &mut |_| Ok(())).await
    }
}

/// The text of a query: its SQL, and a name for messages if it has one.
#[derive(Clone)]
pub(crate) struct Text {
    name: Option<&'static str>,
    sql: SqlSource,
}

/// SQL that lives for ever, or that a query was given at run time.
#[derive(Clone)]
pub(crate) enum SqlSource {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Text {
    /// SQL without a name.
    pub(crate) fn unnamed(sql: SqlSource) -> Self {
        Self { name: None, sql }
    }

    pub(crate) fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// SQL with the name that messages use.
    pub(crate) fn named(name: &'static str, sql: SqlSource) -> Self {
        Self {
            name: Some(name),
            sql,
        }
    }

    /// Other SQL with the same name.
    pub(crate) fn with_sql(self, sql: SqlSource) -> Self {
        Self { sql, ..self }
    }

    pub(crate) fn sql_source(&self) -> &SqlSource {
        &self.sql
    }

    pub(crate) fn sql(&self) -> &str {
        match &self.sql {
            SqlSource::Static(sql) => sql,
            SqlSource::Shared(sql) => sql,
        }
    }

    /// The same error with the query's name, or the beginning of its SQL where it has none.
    #[cold]
    pub(crate) fn blame(&self, error: Error) -> Error {
        if let Some(name) = self.name {
            return error.in_query(name, self.sql());
        }
        let mut words = self.sql().split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = words.char_indices().nth(60) {
            words.truncate(end);
            words.push('…');
        }
        error.in_query(&words, self.sql())
    }
}

/// A query on its way to a connection; no type parameter is left.
pub struct Call<'q> {
    pub(crate) handle: Handle<'q>,
    pub(crate) text: &'q Text,
    pub(crate) params: &'q [Param<'q>],
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

    pub(crate) fn params(&self) -> &[Param<'a>] {
        &self.params
    }

    pub(crate) fn into_parts(self) -> (Text, Vec<Param<'a>>) {
        (self.text(), self.params)
    }

    pub(crate) fn text(&self) -> Text {
        Text {
            name: Some(self.statement.name),
            sql: SqlSource::Static(self.statement.sql),
        }
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
