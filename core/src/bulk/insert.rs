//! `insert_many`: rows into a table, with what to do about those that are there already, and what to return.

use std::{fmt, marker::PhantomData};

use super::{
    conflict::{Conflict, Update},
    copied,
    run::{Bulk, Form, Returned, Sink},
    source::Inserts,
    sql::{Shape, returning},
};
use crate::{
    Columns, Error, ErrorKind, Executor, Key, RowType, Value, WriteRow, copy::describe::text,
    deadline::Deadline, executor::Handle, field::column_names, updated_columns::UpdatedColumns,
};

/// An insert of many rows, before it runs: one statement whatever their number, all or nothing.
///
/// ```no_run
/// # use howdah::{InsertMany, WriteRow};
/// # async fn example<NewPlace: WriteRow + Sync>(new_places: Vec<NewPlace>, pool: &howdah::Pool)
/// # -> Result<(), howdah::Error> {
/// let inserted = InsertMany::new(&new_places).execute(pool).await?;
/// assert_eq!(inserted, new_places.len() as u64);
/// # Ok(()) }
/// ```
///
/// # Rows that are there already
///
/// `upsert_many` of a struct with `#[derive(PgInsert)]` begins an insert that updates rows whose key is there already;
/// [`on_conflict`](Self::on_conflict) has more choices.
///
/// Both are `insert … on conflict` over the rows themselves, whatever their number. To copy them into a temporary table
/// first, and to insert from there, took longer or as long. In milliseconds on the server, rows in no order with a `bigint` key
/// and four more columns, half of them there already:
///
/// | rows | as they are | by a temporary table |
/// | --- | --- | --- |
/// | 100 | 0.9 | 2.5 |
/// | 1,000 | 3.7 | 6.6 |
/// | 10,000 | 42 | 42 |
/// | 100,000 | 529 | 540 |
/// | 100,000, with two more indexes | 1,087 | 1,149 |
/// | 100,000, with a trigger for each row | 754 | 721 |
///
/// What does help with so many rows is their order: sorted by the key, the 100,000 with two more indexes took 801 and not
/// 1,246. Sorted rows are also locked in one order, so that two such statements at once do not lock each other out.
#[must_use = "nothing is inserted until it is executed"]
pub struct InsertMany<'a, T> {
    rows: &'a [T],
    conflict: Conflict,
    batch: Option<usize>,
}

impl<'a, T: WriteRow + Sync> InsertMany<'a, T> {
    /// An insert of these rows.
    pub fn new(rows: &'a [T]) -> Self {
        Self {
            rows,
            conflict: Conflict::Fail,
            batch: None,
        }
    }

    /// What to do about rows whose key, such as `key!(schema::places::PLACES_NAME_KEY)`, is there already.
    pub fn on_conflict(self, key: Key<T>) -> OnConflict<'a, T> {
        OnConflict { insert: self, key }
    }

    /// Leaves out rows that would violate any unique or exclusion constraint.
    pub fn on_any_conflict_do_nothing(mut self) -> Self {
        self.conflict = Conflict::SkipAny;
        self
    }

    /// Inserts so many rows at a time, each batch for itself: when one fails, those before it stay
    /// inserted, and [`Error::rows_written`] says how many rows they were.
    pub fn in_batches_of(mut self, rows: usize) -> Self {
        self.batch = Some(rows);
        self
    }

    /// Returns the inserted and updated rows as they then are.
    pub fn returning(self) -> ReturningMany<'a, T, T>
    where
        T: RowType,
    {
        self.returning_as()
    }

    /// Returns the inserted and updated rows as another struct, whose fields are columns of the table.
    /// What that struct has and the table has not is an error when the statement runs, not when it is compiled.
    pub fn returning_as<R: RowType>(self) -> ReturningMany<'a, T, R> {
        let columns = column_names(R::FIELDS);
        ReturningMany {
            insert: self,
            columns,
            row_type: PhantomData,
        }
    }

    /// Returns these columns of the inserted and updated rows: the value of one, or a tuple.
    pub fn returning_columns<C: Columns<T>>(self, columns: C) -> ReturningMany<'a, T, C::Row> {
        let columns = columns.names().into_iter().map(str::to_owned).collect();
        ReturningMany {
            insert: self,
            columns,
            row_type: PhantomData,
        }
    }

    /// The statement, as it is for this number of rows; of rows that go by COPY, the one they would else go by.
    ///
    /// # Errors
    ///
    /// When the table has no such column, or a conflict is to update one that the struct does not write.
    pub fn sql(&self) -> Result<String, Error> {
        let shape = Shape::new(T::TABLE, T::FIELDS);
        Ok(form(&shape, &self.conflict, self.rows.len(), "")?.sql(self.rows.len(), &shape))
    }

    /// Inserts the rows, and returns how many were inserted or updated.
    ///
    /// # Errors
    ///
    /// When a value does not fit its column, which the error names together with its row, or the server
    /// refuses.
    pub fn execute<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'e, 'a, T, E> {
        let handle = executor.handle();
        async move {
            if matches!(self.conflict, Conflict::Fail)
                && self.batch.is_none()
                && !T::FIELDS.is_empty()
                && self.rows.len() >= copied::WORTHWHILE
            {
                let deadline = Deadline::of(handle);
                let session = handle.session().await?;
                let handle = handle.on(&session);
                if session.keeps_server()
                    && let Some(inserted) =
                        copied::insert(handle, &session, self.rows, deadline).await?
                {
                    return Ok(inserted);
                }
                return self.run(handle, "", ignored(&mut |_| Ok(()))).await;
            }
            self.run(handle, "", ignored(&mut |_| Ok(()))).await
        }
    }

    /// Inserts the rows, and returns how many were inserted and how many updated.
    ///
    /// Each update leaves a mark in a setting, `howdah.updated`, which lasts no longer than the transaction: that tells also
    /// of partitioned tables and views, which the system column `xmax` of the usual trick does not.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn execute_counted<'e, E: Executor + ?Sized>(
        mut self,
        executor: &'e E,
    ) -> impl Future<Output = Result<UpsertCounts, Error>> + Send + use<'e, 'a, T, E> {
        let handle = executor.handle();
        async move {
            let mut counts = UpsertCounts::default();
            let returned = Returned {
                fields: Value::<bool>::FIELDS,
                sink: &mut |row| {
                    match Value::<bool>::read(row)? {
                        true => counts.inserted += 1,
                        false => counts.updated += 1,
                    }
                    Ok(())
                },
            };
            let returning = format!(" RETURNING {}", self.conflict.mark());
            self.run(handle, &returning, returned).await?;
            Ok(counts)
        }
    }

    async fn run(
        &self,
        handle: Handle<'_>,
        returning: &str,
        returned: Returned<'_>,
    ) -> Result<u64, Error> {
        let shape = Shape::new(T::TABLE, T::FIELDS);
        let form = form(&shape, &self.conflict, self.rows.len(), returning)?;
        let bulk = Bulk {
            source: &Inserts(self.rows),
            shape: &shape,
            batch: self.batch,
        };
        bulk.run(handle, &form, returned).await
    }
}

/// What became of rows of which some may have been there; see [`InsertMany::execute_counted`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpsertCounts {
    /// How many rows are new.
    pub inserted: u64,
    /// How many rows were there and were updated.
    pub updated: u64,
}

fn form(shape: &Shape, conflict: &Conflict, rows: usize, returning: &str) -> Result<Form, Error> {
    let head = shape.insert_head();
    let blame = |error| text(head.clone()).blame(error);
    let conflict = conflict.sql(shape).map_err(blame)?;
    if shape.sent.is_empty() {
        return Ok(Form::Values(head, format!("{conflict}{returning}")));
    }
    if rows == 1 || shape.has_arrays().map_err(blame)? {
        return Ok(Form::Values(
            format!("{head}VALUES "),
            format!("{conflict}{returning}"),
        ));
    }
    let unnests = shape.unnests().map_err(blame)?;
    Ok(Form::Arrays(format!(
        "{head}SELECT {unnests}{conflict}{returning}"
    )))
}

/// Rows that are not read.
pub(super) fn ignored(sink: Sink<'_>) -> Returned<'_> {
    Returned { fields: &[], sink }
}

impl<T> fmt::Debug for InsertMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertMany")
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

/// An insert that is to be told what to do about rows that are there already; see
/// [`InsertMany::on_conflict`].
#[must_use = "say what to do about rows that are there already"]
pub struct OnConflict<'a, T> {
    insert: InsertMany<'a, T>,
    key: Key<T>,
}

impl<'a, T: WriteRow + Sync> OnConflict<'a, T> {
    /// Leaves out rows whose key is there already. They are neither counted nor returned.
    pub fn do_nothing(mut self) -> InsertMany<'a, T> {
        self.insert.conflict = Conflict::Skip(self.key.constraint());
        self.insert
    }

    /// Updates rows whose key is there already, with all values but the key. A key may come up but once
    /// among the rows.
    pub fn do_update(self) -> InsertMany<'a, T> {
        self.update(None, None)
    }

    /// Updates these columns of rows whose key is there already. One that the struct does not write is an error when the
    /// statement runs.
    pub fn do_update_of(self, columns: impl Columns<T>) -> InsertMany<'a, T> {
        self.update(Some(columns.names()), None)
    }

    /// Updates rows whose key is there already, where this SQL condition is true. In it, `t` is the row that
    /// is there, and `excluded` the one that would have been inserted: `t.changed_at < excluded.changed_at`.
    pub fn do_update_where(self, condition: &'static str) -> InsertMany<'a, T> {
        self.update(None, Some(condition))
    }

    fn update(
        mut self,
        columns: Option<Vec<&'static str>>,
        condition: Option<&'static str>,
    ) -> InsertMany<'a, T> {
        self.insert.conflict = Conflict::Update(Update {
            columns: UpdatedColumns {
                key: self.key.constraint(),
                given: columns,
                version: T::VERSION,
            },
            condition,
            marked: false,
        });
        self.insert
    }
}

impl<T> fmt::Debug for OnConflict<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnConflict")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// An insert of many rows that returns rows; see [`InsertMany::returning`].
#[must_use = "nothing is inserted until it is fetched"]
pub struct ReturningMany<'a, T, R> {
    insert: InsertMany<'a, T>,
    columns: Vec<String>,
    row_type: PhantomData<fn() -> R>,
}

impl<'a, T: WriteRow + Sync, R: RowType> ReturningMany<'a, T, R> {
    /// Inserts the rows and returns what became of them, in their order. Those that a conflict leaves out
    /// are not returned.
    ///
    /// # Errors
    ///
    /// As [`InsertMany::execute`], or when the columns do not fit `R`.
    pub fn fetch<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<Vec<R::Output>, Error>> + Send + use<'e, 'a, T, R, E> {
        let handle = executor.handle();
        async move {
            let returning = self.returning()?;
            let mut rows = Vec::with_capacity(self.insert.rows.len());
            let returned = Returned {
                fields: R::FIELDS,
                sink: &mut |row| {
                    rows.push(R::read(row)?);
                    Ok(())
                },
            };
            self.insert.run(handle, &returning, returned).await?;
            Ok(rows)
        }
    }

    fn returning(&self) -> Result<String, Error> {
        if self.columns.is_empty() || self.columns.iter().any(String::is_empty) {
            let message = "rows that are read by position do not say which columns they want";
            return Err(Error::new(ErrorKind::Mapping, message));
        }
        Ok(returning(&self.columns))
    }
}

impl<T, R> fmt::Debug for ReturningMany<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReturningMany")
            .field("insert", &self.insert)
            .field("columns", &self.columns)
            .finish()
    }
}
