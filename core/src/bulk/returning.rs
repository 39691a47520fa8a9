//! Bulk statements that return rows.

use std::{fmt, marker::PhantomData};

use super::{
    delete::{DeleteMany, KeyValue},
    insert::InsertMany,
    run::Returned,
    update::{UpdateMany, UpdateRow},
};
use crate::{
    Columns, Error, Executor, RowType, Table, TableName, WriteRow, build::sql::Sql, query::Text,
};

/// The columns that a statement returns, which are read as an `R`.
pub(super) struct Returning<R> {
    /// Those that `R` reads, if none are named.
    columns: Option<Vec<&'static str>>,
    row_type: PhantomData<fn() -> R>,
}

impl<R: RowType> Returning<R> {
    /// The columns that `R` reads.
    pub(super) fn of_row() -> Self {
        Self::of(None)
    }

    /// These columns.
    pub(super) fn of_columns<T>(columns: &impl Columns<T, Row = R>) -> Self {
        Self::of(Some(columns.names()))
    }

    fn of(columns: Option<Vec<&'static str>>) -> Self {
        Self {
            columns,
            row_type: PhantomData,
        }
    }

    /// ` returning "t"."id", …`, each cast for the way to the client. A row type without fields gets all columns. An error
    /// names the statement, which begins with `verb`.
    fn sql(&self, verb: &str, table: &Table) -> Result<String, Error> {
        let mut sql = Sql::new(" returning ");
        sql.qualified("t", |sql| {
            match &self.columns {
                Some(columns) => sql.columns_named(columns, table),
                None => sql.columns_of(R::FIELDS, table),
            };
        });
        sql.check().map_err(|error| {
            let name = TableName::from(table);
            Text::written(format!("{verb} {name}")).blame(error)
        })?;
        Ok(sql.finish().0)
    }
}

/// Reads each row as `$row`, and appends it to `$rows`.
macro_rules! kept {
    ($rows:ident: $row:ty) => {
        Returned {
            fields: <$row>::FIELDS,
            sink: &mut |row| {
                $rows.push(<$row>::read(row)?);
                Ok(())
            },
        }
    };
}

/// An insert of many rows that returns rows; see [`InsertMany::returning`].
#[must_use = "nothing is inserted until it is fetched"]
pub struct InsertingMany<'a, T, R> {
    pub(super) insert: InsertMany<'a, T>,
    pub(super) returning: Returning<R>,
}

impl<'a, T: WriteRow + Sync, R: RowType> InsertingMany<'a, T, R> {
    /// Inserts the rows and returns the new and updated rows in the same order. Rows that were skipped are not returned.
    ///
    /// # Errors
    ///
    /// Those of [`InsertMany::execute`], or when the columns do not fit `R`.
    pub fn fetch<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<Vec<R::Output>, Error>> + Send + use<'e, 'a, T, R, E> {
        let handle = executor.handle();
        async move {
            let returning = self.returning.sql("insert into", T::TABLE)?;
            let mut rows = Vec::new();
            let returned = kept!(rows: R);
            self.insert.run(handle, &returning, returned).await?;
            Ok(rows)
        }
    }
}

/// An update of many rows that returns rows; see [`UpdateMany::returning`].
#[must_use = "nothing is updated until it is fetched"]
pub struct UpdatingMany<'a, T, R> {
    pub(super) update: UpdateMany<'a, T>,
    pub(super) returning: Returning<R>,
}

impl<'a, T: UpdateRow + Sync, R: RowType> UpdatingMany<'a, T, R> {
    /// Updates the rows and returns them, in no particular order.
    ///
    /// # Errors
    ///
    /// Those of [`UpdateMany::execute`], or when the columns do not fit `R`.
    pub fn fetch<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<Vec<R::Output>, Error>> + Send + use<'e, 'a, T, R, E> {
        let handle = executor.handle();
        async move {
            let returning = self.returning.sql("update", T::TABLE)?;
            let mut rows = Vec::new();
            let returned = kept!(rows: R);
            self.update.run(handle, &returning, returned).await?;
            Ok(rows)
        }
    }
}

/// A delete of many rows that returns them; see [`DeleteMany::returning`].
#[must_use = "nothing is deleted until it is fetched"]
pub struct DeletingMany<'a, K, T, R> {
    pub(super) delete: DeleteMany<'a, K, T>,
    pub(super) returning: Returning<R>,
}

impl<'a, K: KeyValue, T, R: RowType> DeletingMany<'a, K, T, R> {
    /// Deletes the rows and returns them, in no particular order.
    ///
    /// # Errors
    ///
    /// Those of [`DeleteMany::execute`], or when the columns do not fit `R`.
    pub fn fetch<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<Vec<R::Output>, Error>> + Send + use<'e, 'a, K, T, R, E> {
        let handle = executor.handle();
        async move {
            let returning = self.returning.sql("delete from", self.delete.table)?;
            let mut rows = Vec::new();
            let returned = kept!(rows: R);
            self.delete.run(handle, &returning, returned).await?;
            Ok(rows)
        }
    }
}

impl<T, R> fmt::Debug for InsertingMany<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertingMany")
            .field("insert", &self.insert)
            .field("columns", &self.returning.columns)
            .finish()
    }
}

impl<T, R> fmt::Debug for UpdatingMany<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdatingMany")
            .field("update", &self.update)
            .field("columns", &self.returning.columns)
            .finish()
    }
}

impl<K, T, R> fmt::Debug for DeletingMany<'_, K, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeletingMany")
            .field("delete", &self.delete)
            .field("columns", &self.returning.columns)
            .finish()
    }
}
