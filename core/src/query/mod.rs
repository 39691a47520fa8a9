//! Query values: the SQL, the parameters, the number of rows and their type. A query is plain data. It runs when it is
//! given an executor.

pub(crate) mod batch;
mod cardinality;
pub(crate) mod dynamic;
mod fetch;
pub(crate) mod param;
pub(crate) mod parts;
pub(crate) mod rows;
mod text;

use std::{fmt, future::Future, marker::PhantomData};

pub(crate) use cardinality::collect;
pub use cardinality::{Cardinality, Exec, Many, One, Opt};
pub use fetch::Fetch;
pub(crate) use text::{Asked, Call, SqlSource, Text};

use self::rows::all;
use crate::{Error, Executor, Param, RowSet, RowStream, RowType, executor::Handle};

/// SQL with its parameters, and a name for messages. `C` is its [`Cardinality`]: the number of rows that it returns,
/// and their type.
#[must_use = "a query does nothing until it is fetched or executed"]
pub struct Query<'a, C> {
    untyped: Untyped<'a>,
    cardinality: PhantomData<fn() -> C>,
}

/// A query without its cardinality, so that its code is compiled once and not for each row type.
struct Untyped<'a> {
    name: &'static str,
    sql: &'static str,
    only_reads: bool,
    params: Vec<Param<'a>>,
}

impl<'a> Untyped<'a> {
    fn text(&self) -> Text {
        Text::named(self.name, SqlSource::Generated(self.sql))
    }

    fn asked<'q>(self, handle: Handle<'q>) -> Asked<'q>
    where
        'a: 'q,
    {
        Asked {
            handle: self.way(handle),
            text: self.text(),
            params: self.params,
        }
    }

    /// The handle to run the query on: a query that only reads can go to a standby.
    fn way<'e>(&self, handle: Handle<'e>) -> Handle<'e> {
        match self.only_reads {
            true => handle.for_reading(),
            false => handle,
        }
    }
}

impl<'a, C> Query<'a, C> {
    /// A query with a name for messages, such as `places::find_place`, and its parameters in the order of their
    /// numbers.
    pub fn new<const N: usize>(
        name: &'static str,
        sql: &'static str,
        params: [Param<'a>; N],
    ) -> Self {
        Self::with_params(name, sql, params.into())
    }

    /// A query that is known to only read. A pool with standbys may run it on one of them; see
    /// [`PoolBuilder::reads_on_replicas`](crate::PoolBuilder::reads_on_replicas).
    pub fn reading<const N: usize>(
        name: &'static str,
        sql: &'static str,
        params: [Param<'a>; N],
    ) -> Self {
        Self::reading_with_params(name, sql, params.into())
    }

    /// Like [`new`](Self::new), with any number of parameters.
    pub fn with_params(name: &'static str, sql: &'static str, params: Vec<Param<'a>>) -> Self {
        Self::of(Untyped {
            name,
            sql,
            only_reads: false,
            params,
        })
    }

    /// Like [`reading`](Self::reading), with any number of parameters.
    pub fn reading_with_params(
        name: &'static str,
        sql: &'static str,
        params: Vec<Param<'a>>,
    ) -> Self {
        Self::of(Untyped {
            name,
            sql,
            only_reads: true,
            params,
        })
    }

    fn of(untyped: Untyped<'a>) -> Self {
        Self {
            untyped,
            cardinality: PhantomData,
        }
    }

    /// The query's name, such as `places::find_place`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.untyped.name
    }

    /// The SQL text.
    #[must_use]
    pub fn sql(&self) -> &'static str {
        self.untyped.sql
    }

    pub(crate) fn into_parts(self) -> (Text, Vec<Param<'a>>) {
        (self.text(), self.untyped.params)
    }

    pub(crate) fn text(&self) -> Text {
        self.untyped.text()
    }

    pub(crate) fn asked<'q>(self, handle: Handle<'q>) -> Asked<'q>
    where
        'a: 'q,
    {
        self.untyped.asked(handle)
    }

    /// Runs the query. Depending on its cardinality, returns a `Vec` of rows, an `Option`, one row, or the number of
    /// affected rows.
    ///
    /// # Errors
    ///
    /// When the statement fails, its result does not fit the row type, or it returns too few or too many rows.
    #[doc(alias("fetch_one", "fetch_optional", "fetch_all"))]
    pub fn fetch<E: Executor + ?Sized>(self, executor: &'a E) -> Fetch<'a, C::Output>
    where
        C: Cardinality,
    {
        Fetch(Box::pin(collect::<C>(self.asked(executor.handle()))))
    }

    /// Runs the query and returns its rows as the server sent them. You can read them into another row type than the
    /// query's own, one that borrows or has fewer columns. The number of rows is not checked.
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
        let handle = executor.handle();
        async move { all(&self.asked(handle).call()).await }
    }

    /// Runs the query and returns the number of rows that it affected or found. The rows are not read.
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, C, E> {
        let handle = executor.handle();
        async move { collect::<Exec>(self.asked(handle)).await }
    }
}

impl<'a, R: RowType> Query<'a, Many<R>> {
    /// Runs the query and returns its rows as a stream, without keeping them in memory.
    ///
    /// Other statements on the same connection or transaction get their answers after these rows, and may have to wait
    /// until you have read them. To run a query for each row of a stream, use another connection, such as the pool's,
    /// or a [cursor](Self::cursor).
    ///
    /// # Errors
    ///
    /// When the statement fails before its first row. Later errors are items of the stream.
    pub fn stream<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<RowStream<'e, R>, Error>> + Send + use<'e, 'a, E, R> {
        let handle = self.untyped.way(executor.handle());
        async move {
            let text = self.text();
            RowStream::open(handle, &text, &self.untyped.params).await
        }
    }
}

impl<C> fmt::Debug for Query<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("name", &self.name())
            .field("sql", &self.sql())
            .field("params", &self.untyped.params.len())
            .finish()
    }
}
