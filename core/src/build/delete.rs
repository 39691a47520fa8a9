//! Deletions: of the row with a key, or of all rows that meet a condition.

use std::{future::Future, marker::PhantomData};

use super::built::{Built, Otherwise};
use super::column::Columns;
use super::filter::Filter;
use super::sql::{Returning, Sql};
use super::update::{ByKey, RowsBy};
use crate::{Error, Exec, Executor, Param, PgRow, RowType, Table};

/// A deletion. `#[derive(PgUpdate)]` begins it.
///
/// `K` says which rows it is about: [`ByKey`], one row at most, or [`ByCondition`](crate::ByCondition).
#[must_use = "a deletion does nothing until it is fetched or executed"]
pub struct Delete<'a, R, K = ByKey> {
    name: &'static str,
    table: &'static Table,
    filter: Filter<'a, R>,
    otherwise: Otherwise,
    kind: PhantomData<fn() -> K>,
}

impl<'a, R, K: RowsBy> Delete<'a, R, K> {
    /// A deletion of the rows of this table that meet a condition, under the name that messages use.
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

    /// The row has to have this version still.
    #[doc(hidden)]
    pub fn at_version(mut self, column: &'static str, version: Param<'a>) -> Self {
        let version = version.in_column(self.table.column(column));
        self.filter = self.filter.and(Filter::equals(column, version));
        self.otherwise = Otherwise::Stale;
        self
    }

    /// Deletes only rows of which this is true as well.
    pub fn only_where(mut self, filter: Filter<'a, R>) -> Self {
        self.filter = self.filter.and(filter);
        self
    }

    /// Returns the rows as they were.
    pub fn returning(self) -> Built<'a, K::Of<R>>
    where
        R: RowType + for<'r> PgRow<'r>,
    {
        self.returning_as()
    }

    /// Returns the rows as another struct, whose fields are columns of the table.
    /// What that struct has and the table has not is an error when the statement runs, not when it is compiled.
    pub fn returning_as<S: RowType>(self) -> Built<'a, K::Of<S>> {
        self.build(Returning::Fields(S::FIELDS)).yielding()
    }

    /// Returns these columns of the rows: the value of one, or a tuple.
    pub fn returning_columns<C: Columns<R>>(self, columns: C) -> Built<'a, K::Of<C::Row>> {
        self.build(Returning::Names(columns.names())).yielding()
    }

    /// The SQL text.
    #[must_use]
    pub fn sql(self) -> String {
        self.build(Returning::Nothing).sql().to_owned()
    }

    /// Deletes the rows, and returns how many there were.
    ///
    /// # Errors
    ///
    /// When the statement fails, or when the row has another version
    /// ([`ErrorKind::Stale`](crate::ErrorKind::Stale)).
    pub fn execute<E: Executor + ?Sized>(
        self,
        executor: &E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'_, 'a, R, K, E> {
        self.build(Returning::Nothing).fetch(executor)
    }

    fn build(self, returning: Returning) -> Built<'a, Exec> {
        let mut sql = Sql::new("delete from ");
        sql.table(self.table);
        self.filter.write_where(&mut sql);
        sql.returning(returning, self.table);
        Built::new(self.name, sql).otherwise(self.otherwise)
    }
}
