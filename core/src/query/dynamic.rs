//! Queries that are put together at run time. They are not checked against a schema while compiling; like all queries, they
//! are checked against the server once per statement. Values are always sent as parameters.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

use postgres_types::Type;

use super::{Asked, SqlSource, Text, collect, rows::all};
use crate::{
    Encode, Error, Exec, Executor, Many, One, Opt, Param, RowSet, RowStream, RowType,
    executor::Handle,
};

/// A query from SQL text. Its parameters `$1`, `$2`, … get their values by [`bind`](DynamicQuery::bind).
///
/// The SQL is not checked while compiling. The server checks it when the query first runs on a connection, and howdah then
/// compares the types of columns and parameters with the Rust types.
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// let rows = howdah::query("select id, name from places where country = $1")
///     .bind("NP")
///     .fetch_all::<(i64, String)>(pool)
///     .await?;
/// # Ok(()) }
/// ```
///
/// [`push`](DynamicQuery::push) and [`push_bind`](DynamicQuery::push_bind) append conditions and the like.
///
/// If you do not know the columns either, read the rows into [`AnyRow`](crate::AnyRow).
///
/// Only values can be parameters. [`TableName`](crate::TableName) quotes the name of a table that is chosen at run time, and
/// any other name, such as that of a column or a role. Statements that take no parameters at all, such as `create role`, can
/// be written by the server, which quotes names by `%I` and values by `%L`:
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool, name: &str, password: &str) -> Result<(), howdah::Error> {
/// use howdah::{Value, query};
///
/// let sql = query("select format('create role %I login password %L', $1::text, $2::text)");
/// let sql = sql.bind(name).bind(password).fetch_one::<Value<String>>(pool).await?;
/// query(sql).execute(pool).await?;
/// # Ok(()) }
/// ```
#[doc(alias("query_as", "query_scalar"))]
pub fn query<'a>(sql: impl Into<Cow<'static, str>>) -> DynamicQuery<'a> {
    let sql = match sql.into() {
        Cow::Borrowed(sql) => SqlSource::Static(sql),
        Cow::Owned(sql) => SqlSource::Shared(sql.into()),
    };
    DynamicQuery {
        text: Text::unnamed(sql),
        pushed: String::new(),
        params: Vec::new(),
    }
}

/// A query from SQL text, made by [`query`].
#[must_use = "a query does nothing until it is fetched or executed"]
#[doc(alias = "QueryBuilder")]
pub struct DynamicQuery<'a> {
    text: Text,
    /// The SQL after that of `text`.
    pushed: String,
    params: Vec<Param<'a>>,
}

impl<'a> DynamicQuery<'a> {
    /// Sets the next parameter: the first call sets `$1`, the second `$2`, and so on.
    pub fn bind<T: Encode + 'a>(mut self, value: T) -> Self {
        self.params.push(Param::new(value));
        self
    }

    /// Appends SQL, unchanged.
    ///
    /// It must not contain text from outside of the program: use [`push_bind`](Self::push_bind) for values, and
    /// [`TableName`](crate::TableName) to quote names.
    ///
    /// ```no_run
    /// use howdah::{Error, Pool, query};
    ///
    /// async fn search(pool: &Pool, continent: Option<&str>, ids: Option<&[i64]>) -> Result<Vec<(i64, String)>, Error> {
    ///     let mut places = query("select p.id, p.name from places p join countries c on c.code = p.country where true");
    ///     if let Some(continent) = continent {
    ///         places = places.push(" and c.continent::text = ").push_bind(continent);
    ///     }
    ///     if let Some(ids) = ids {
    ///         places = places.push(" and p.id = any(").push_bind(ids).push(")");
    ///     }
    ///     places.push(" order by p.id").fetch_all::<(i64, String)>(pool).await
    /// }
    /// ```
    ///
    /// Each different text is a different statement, which connections prepare and keep.
    pub fn push(mut self, sql: impl fmt::Display) -> Self {
        // Writing to a `String` fails only if the `Display` fails.
        let _ = write!(self.pushed, "{sql}");
        self
    }

    /// Appends the next parameter, such as `$1`, and sets its value; see [`push`](Self::push).
    pub fn push_bind<T: Encode + 'a>(self, value: T) -> Self {
        let number = self.params.len() + 1;
        self.push(format_args!("${number}")).bind(value)
    }

    /// Gives the query a name, which errors begin with, and by which spans and metrics tell it from other queries. Generated
    /// queries are named by the path of their function, such as `places::find_place`.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool, sql: String) -> Result<(), howdah::Error> {
    /// let rows = howdah::query(sql).named("report::places").fetch_all::<(i64, String)>(pool).await?;
    /// # Ok(()) }
    /// ```
    pub fn named(mut self, name: &'static str) -> Self {
        self.text = self.text.with_name(name);
        self
    }

    /// Use this for SQL that you run only once. `types` are the types of the parameters, in the order of their numbers.
    ///
    /// The query takes one round trip, even the first time, and no statement is kept, so it does not push others out of the
    /// cache. Its columns are checked when the first row arrives. If a column has a type of your schema, such as an enum,
    /// that the connection has not seen yet, all rows are read before you get the first one, and then the server is asked
    /// about the type.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool, sql: String) -> Result<(), howdah::Error> {
    /// use howdah::Type;
    ///
    /// let rows = howdah::query(sql).bind(7_i64).once([Type::INT8]).fetch_all::<(i64, String)>(pool).await?;
    /// # Ok(()) }
    /// ```
    pub fn once(mut self, types: impl Into<Box<[Type]>>) -> Self {
        self.text = self.text.once(types.into());
        self
    }

    /// Returns all rows, as values of the type that you name: `fetch_all::<Place>(pool)`. It is not inferred from a variable's
    /// type.
    ///
    /// # Errors
    ///
    /// When the statement fails, or its result does not fit `R`.
    pub async fn fetch_all<R: RowType>(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> Result<Vec<R::Output>, Error> {
        collect::<Many<R>>(self.asked(executor.handle())).await
    }

    /// Returns the only row, or `None` if there is none: `fetch_opt::<Place>(pool)`.
    ///
    /// # Errors
    ///
    /// When the statement fails, its result does not fit `R`, or there is more than one row.
    #[doc(alias("fetch_optional", "query_opt"))]
    pub async fn fetch_opt<R: RowType>(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> Result<Option<R::Output>, Error> {
        collect::<Opt<R>>(self.asked(executor.handle())).await
    }

    /// Returns the only row: `fetch_one::<Place>(pool)`, or `fetch_one::<Value<i64>>(pool)` for a single value.
    ///
    /// # Errors
    ///
    /// When the statement fails, its result does not fit `R`, or there is not exactly one row.
    pub async fn fetch_one<R: RowType>(
        self,
        executor: &(impl Executor + ?Sized),
    ) -> Result<R::Output, Error> {
        collect::<One<R>>(self.asked(executor.handle())).await
    }

    /// Returns all rows as the server sent them, for row types that borrow from them.
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub async fn fetch_rows(self, executor: &(impl Executor + ?Sized)) -> Result<RowSet, Error> {
        all(&self.asked(executor.handle()).call()).await
    }

    /// Runs the statement and returns the number of affected rows. Result rows are not read; if there are any, they are
    /// counted.
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub async fn execute(self, executor: &(impl Executor + ?Sized)) -> Result<u64, Error> {
        collect::<Exec>(self.asked(executor.handle())).await
    }

    /// Returns the rows as a stream, without keeping them in memory.
    ///
    /// # Errors
    ///
    /// When the statement fails before its first row. Later errors are items of the stream.
    pub async fn stream<'e, R: RowType>(
        self,
        executor: &'e (impl Executor + ?Sized),
    ) -> Result<RowStream<'e, R>, Error> {
        RowStream::open(executor.handle(), &self.text(), &self.params).await
    }

    pub(crate) fn text(&self) -> Text {
        self.text.clone().followed_by(&self.pushed)
    }

    pub(crate) fn into_parts(self) -> (Text, Vec<Param<'a>>) {
        (self.text.followed_by(&self.pushed), self.params)
    }

    pub(crate) fn asked<'q>(self, handle: Handle<'q>) -> Asked<'q>
    where
        'a: 'q,
    {
        let (text, params) = self.into_parts();
        Asked {
            handle,
            text,
            params,
        }
    }
}

impl fmt::Debug for DynamicQuery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicQuery")
            .field("sql", &self.text().sql())
            .field("params", &self.params.len())
            .finish()
    }
}
