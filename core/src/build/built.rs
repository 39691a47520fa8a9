//! A statement that a builder has put together, ready to run: the SQL, the parameters and the type of the rows.

use std::{fmt, future::Future, marker::PhantomData, sync::OnceLock};

use super::sql::Sql;
use crate::{
    Cardinality, Error, ErrorKind, Exec, Executor, Many, Param, RowStream, RowType,
    query::{Asked, SqlSource, Text, collect},
};

/// A statement that a builder has put together. As in [`Query`](crate::Query), `C` is its cardinality: how many rows it
/// returns, and their type.
#[must_use = "a statement does nothing until it is fetched or executed"]
pub struct Built<'a, C> {
    text: Text,
    params: Vec<Param<'a>>,
    /// What happens instead of running the statement.
    instead: Option<Instead>,
    otherwise: Otherwise,
    cardinality: PhantomData<fn() -> C>,
}

/// What happens with a statement that is not sent.
enum Instead {
    Nothing,
    Fault(Error),
}

/// What it means that a statement found no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// There was none, which is no error.
    Nothing,
    /// The row has been changed or removed since it was read.
    Stale,
}

impl<'a, C> Built<'a, C> {
    /// The finished statement, with its name in messages.
    pub(super) fn new(name: &'static str, mut sql: Sql<'a>) -> Self {
        if let Err(fault) = sql.check() {
            return Self::fault(name, fault);
        }
        let (text, params) = sql.finish();
        Self::of(name, SqlSource::Shared(text.into()), params)
    }

    /// A statement whose text is always the same, with its parameters in order.
    pub(super) fn fixed(name: &'static str, sql: &'static str, params: Vec<Param<'a>>) -> Self {
        Self::of(name, SqlSource::Static(sql), params)
    }

    /// A statement that need not be sent.
    pub(super) fn nothing(name: &'static str) -> Self {
        let mut built = Self::of(name, SqlSource::Static(""), Vec::new());
        built.instead = Some(Instead::Nothing);
        built
    }

    /// A statement that cannot be written, and why.
    pub(super) fn fault(name: &'static str, error: Error) -> Self {
        let mut built = Self::of(name, SqlSource::Static(""), Vec::new());
        built.instead = Some(Instead::Fault(error));
        built
    }

    fn of(name: &'static str, sql: SqlSource, params: Vec<Param<'a>>) -> Self {
        Self {
            text: Text::named(name, sql),
            params,
            instead: None,
            otherwise: Otherwise::Nothing,
            cardinality: PhantomData,
        }
    }

    pub(super) fn otherwise(self, otherwise: Otherwise) -> Self {
        Self { otherwise, ..self }
    }

    /// Changes the type of the rows.
    pub(super) fn yielding<D>(self) -> Built<'a, D> {
        Built {
            text: self.text,
            params: self.params,
            instead: self.instead,
            otherwise: self.otherwise,
            cardinality: PhantomData,
        }
    }

    /// Puts SQL before and after the statement.
    pub(super) fn wrapped(mut self, before: &str, after: &str) -> Self {
        if self.instead.is_none() {
            let text = format!("{before}{}{after}", self.text.sql());
            self.text = self.text.with_sql(SqlSource::Shared(text.into()));
        }
        self
    }

    /// The SQL text. It is empty if there is nothing to send.
    #[must_use]
    pub fn sql(&self) -> &str {
        self.text.sql()
    }

    /// Runs the statement. Depending on its cardinality, returns a `Vec` of rows, an `Option`, one row, or the number of
    /// affected rows.
    ///
    /// # Errors
    ///
    /// When the statement fails, its result does not fit the row type, or it returns too few or too many rows. When an
    /// update or delete of a row with a version, and without a condition besides, finds that the row has another version:
    /// [`ErrorKind::Stale`].
    pub fn fetch<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<C::Output, Error>> + Send + use<'_, 'a, C, E>
    where
        C: Cardinality,
    {
        let handle = executor.handle();
        async move {
            if let Some(instead) = self.instead {
                let error = match (instead, C::nothing()) {
                    (Instead::Nothing, Some(nothing)) => return Ok(nothing),
                    (Instead::Nothing, None) => {
                        Error::new(ErrorKind::NothingToDo, "there is nothing to do")
                    }
                    (Instead::Fault(error), _) => error,
                };
                return Err(self.text.blame(error));
            }
            let text = self.text.clone();
            let output = collect::<C>(Asked {
                handle,
                text: self.text,
                params: self.params,
            })
            .await?;
            if self.otherwise == Otherwise::Stale && C::is_nothing(&output) {
                let message = "the row has been changed or removed since it was read";
                return Err(text.blame(Error::new(ErrorKind::Stale, message)));
            }
            Ok(output)
        }
    }

    /// Runs the statement and returns the number of rows that it affected or found. The rows are not read.
    ///
    /// # Errors
    ///
    /// Those of [`fetch`](Self::fetch).
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, C, E> {
        self.yielding::<Exec>().fetch(executor)
    }
}

impl<'a, R: RowType> Built<'a, Many<R>> {
    /// Runs the statement and returns its rows as a stream, without keeping them in memory.
    ///
    /// # Errors
    ///
    /// When the statement fails before its first row. Later errors are items of the stream.
    pub fn stream<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<RowStream<'e, R>, Error>> + Send + use<'e, 'a, E, R> {
        let handle = executor.handle();
        async move {
            let error = match self.instead {
                None => return RowStream::open(handle, &self.text, &self.params).await,
                Some(Instead::Nothing) => {
                    Error::new(ErrorKind::NothingToDo, "there is nothing to stream")
                }
                Some(Instead::Fault(error)) => error,
            };
            Err(self.text.blame(error))
        }
    }
}

impl<C> fmt::Debug for Built<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Built")
            .field("sql", &self.sql())
            .field("params", &self.params.len())
            .finish()
    }
}

/// The text of a statement that is always the same, written when it is first used. It is kept in a `static`, by whose
/// address a connection finds the prepared statement.
#[derive(Debug, Default)]
pub struct Shape(OnceLock<String>);

impl Shape {
    /// A text that is not written yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The text, which the first call writes.
    pub(super) fn text<T>(&self, about: &T, write: fn(&mut Sql<'_>, &T)) -> &str {
        self.0.get_or_init(|| {
            let mut sql = Sql::new("");
            write(&mut sql, about);
            sql.finish().0
        })
    }
}
