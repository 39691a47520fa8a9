//! A statement that a builder has put together, ready to run: text, parameters, and what its rows become.

use std::{fmt, future::Future, marker::PhantomData};

use super::sql::Sql;
use crate::{
    Cardinality, Error, Exec, Executor, Many, Param, RowStream, RowType,
    query::{Call, SqlSource, Text},
};

/// A statement that a builder has put together. `C` says how many rows it yields, and what they are read
/// into, as for [`Query`](crate::Query).
#[must_use = "a statement does nothing until it is fetched or executed"]
pub struct Built<'a, C> {
    text: Text,
    params: Vec<Param<'a>>,
    cardinality: PhantomData<fn() -> C>,
}

impl<'a, C> Built<'a, C> {
    /// The statement that `sql` has become, under the name that messages use.
    pub(crate) fn new(name: &'static str, sql: Sql<'a>) -> Self {
        let (text, params) = sql.finish();
        Self {
            text: Text::named(name, SqlSource::Shared(text.into())),
            params,
            cardinality: PhantomData,
        }
    }

    /// The SQL text.
    #[must_use]
    pub fn sql(&self) -> &str {
        self.text.sql()
    }

    /// Runs the statement and returns what its cardinality says: a `Vec` of rows, an `Option`, one row, or the
    /// number of rows affected.
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
        let handle = executor.handle();
        async move {
            C::collect(Call {
                handle,
                text: &self.text,
                params: &self.params,
            })
            .await
        }
    }

    /// Runs the statement, reads no rows and returns how many were affected (or found).
    ///
    /// # Errors
    ///
    /// When the statement fails.
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, C, E> {
        self.with_cardinality::<Exec>().fetch(executor)
    }

    /// The same statement, read in another way.
    pub(crate) fn with_cardinality<D>(self) -> Built<'a, D> {
        Built {
            text: self.text,
            params: self.params,
            cardinality: PhantomData,
        }
    }
}

impl<'a, R: RowType> Built<'a, Many<R>> {
    /// Runs the statement and returns its rows as they arrive, without keeping them.
    ///
    /// # Errors
    ///
    /// When the statement fails before its first row; later errors are items of the stream.
    pub fn stream<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<RowStream<'e, R>, Error>> + Send + use<'e, 'a, E, R> {
        let handle = executor.handle();
        async move { RowStream::open(handle, &self.text, &self.params).await }
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
