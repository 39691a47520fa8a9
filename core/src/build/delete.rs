//! Deletes the row with a key, or all rows for which a condition is true.

use std::{future::Future, marker::PhantomData};

use super::built::{Built, Otherwise};
use super::column::Columns;
use super::filter::Filter;
use super::sql::{Returning, Sql};
use super::update::{ByKey, RowsBy};
use crate::{Error, Exec, Executor, Param, PgRow, RowType, Table};

/// A delete. The methods of `#[derive(PgUpdate)]` make it.
///
/// `K` is [`ByKey`] for the row with a key, so at most one, and [`ByCondition`](crate::ByCondition) for all rows for which
/// a condition is true.
#[must_use = "a deletion does nothing until it is fetched or executed"]
pub struct Delete<'a, R, K = ByKey> {
    name: &'static str,
    table: &'static Table,
    filter: Filter<'a, R>,
    otherwise: Otherwise,
    kind: PhantomData<fn() -> K>,
}

impl<'a, R, K: RowsBy> Delete<'a, R, K> {
    /// A delete of the rows of this table for which a condition is true. Messages use the name.
    #[doc(hidden)]
    pub fn new(name: &'static str, table: &'static Table, filter: Filter<'a, R>) -> Self {
        Self {
            name,
            table,
            filter,
            otherwise: Otherwise::Nothing,
            kind: PhantomData,
        }
    }

    /// Requires that the row still has this version.
    #[doc(hidden)]
    pub fn at_version(mut self, column: &'static str, version: Param<'a>) -> Self {
        let filter = Filter::column_is(self.table, column, version);
        self.filter = self.filter.and(filter);
        self.otherwise = Otherwise::Stale;
        self
    }

    /// Deletes only rows for which this condition is true as well.
    ///
    /// With a condition, a delete that finds no row is not an error, even if the row has a version: the row may have
    /// another version, be gone, or not meet the condition. `execute` then returns 0, and what is returned is `None`.
    pub fn only_where(mut self, filter: Filter<'a, R>) -> Self {
        self.filter = self.filter.and(filter);
        self.otherwise = Otherwise::Nothing;
        self
    }

    /// Returns the deleted rows.
    pub fn returning(self) -> Built<'a, K::Of<R>>
    where
        R: RowType + for<'r> PgRow<'r>,
    {
        self.returning_as()
    }

    /// Returns the rows as another struct, whose fields are columns of the table. This struct is not compared with the
    /// table while compiling: a field without a column is an error when the statement runs.
    pub fn returning_as<S: RowType>(self) -> Built<'a, K::Of<S>> {
        self.build(Returning::Fields(S::FIELDS)).yielding()
    }

    /// Returns these columns of the rows: one value or a tuple for each row.
    pub fn returning_columns<C: Columns<R>>(self, columns: C) -> Built<'a, K::Of<C::Row>> {
        self.build(Returning::Names(columns.names())).yielding()
    }

    /// The SQL text.
    #[must_use]
    pub fn sql(&self) -> String {
        self.by_ref().build(Returning::Nothing).sql().to_owned()
    }

    /// Deletes the rows, and returns the number of deleted rows.
    ///
    /// # Errors
    ///
    /// When the statement fails, or when the row has another version
    /// ([`ErrorKind::Stale`](crate::ErrorKind::Stale)), unless there is a condition as well.
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, R, K, E> {
        self.build(Returning::Nothing).fetch(executor)
    }

    /// The same delete with borrowed parameters.
    fn by_ref(&self) -> Delete<'_, R, K> {
        Delete {
            filter: self.filter.by_ref(),
            ..*self
        }
    }

    fn build(self, returning: Returning) -> Built<'a, Exec> {
        let mut sql = Sql::new("delete from ");
        sql.table(self.table);
        self.filter.write_where(&mut sql);
        sql.returning(returning, self.table);
        Built::new(self.name, sql).otherwise(self.otherwise)
    }
}
