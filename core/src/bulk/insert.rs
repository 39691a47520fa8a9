//! `insert_many`: inserts many rows, and says what to do about rows that exist already and what to return.

use std::fmt;

use super::{
    conflict::{Conflict, OnConflict},
    copied,
    returning::{InsertingMany, Returning},
    run::{Bulk, Form, Returned, Sink},
    source::Inserts,
    sql::Shape,
};
use crate::{
    Columns, Error, Executor, Key, Param, RowType, Value, WriteRow, codec::carrier::carried_field,
    executor::Handle, query::Text,
};

/// An insert of many rows. Either all rows are inserted or none, unless [`in_batches_of`](Self::in_batches_of) is called.
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
/// # Rows that exist already
///
/// [`on_conflict`](Self::on_conflict) says what to do if there is already a row with the same key. `upsert_many` of a
/// struct with `#[derive(PgInsert)]` is a short form that updates such rows.
///
/// If there are many such rows, sort them by their key first. An upsert of 100,000 rows in random order took about 40 %
/// longer than that of the same rows in order. Besides, two statements that lock rows in the same order do not deadlock
/// with each other. Going by way of a temporary table was not faster.
///
/// # How the rows are sent
///
/// Usually all rows go to the server in one `insert` statement, with one array for each column. These cases are different:
///
/// - For 500 rows and more, [`execute`](Self::execute) uses COPY if there is neither `on_conflict` nor `in_batches_of`. It
///   does not use COPY for views, foreign tables, tables with rules, tables with row-level security that applies to you, and
///   columns of types without a binary form, nor where a pooler may switch servers between messages.
/// - Above 64 MB of values, the rows go in several statements.
/// - If a column is an array, each value is a parameter of its own. A statement can have 65,535 parameters, so more values
///   go in several statements.
///
/// Several statements run in one transaction, so that either all rows are inserted or none. A trigger `for each statement`
/// fires once for each of them.
#[must_use = "nothing is inserted until it is executed"]
pub struct InsertMany<'a, T> {
    rows: &'a [T],
    pub(super) conflict: Conflict<'a>,
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

    /// Chooses what happens with rows whose key exists already: see the methods of the result. A key is written like
    /// `key!(schema::places::PLACES_NAME_KEY)`.
    pub fn on_conflict(self, key: Key<T>) -> OnConflict<'a, T> {
        OnConflict::new(self, key)
    }

    /// Skips rows that would violate any unique or exclusion constraint.
    pub fn on_any_conflict_do_nothing(mut self) -> Self {
        self.conflict = Conflict::SkipAny;
        self
    }

    /// Inserts the rows in batches of this many rows. If a batch fails, the batches before it stay inserted, and
    /// [`Error::rows_written`] is the number of their rows. Inside a transaction, an error undoes all batches.
    pub fn in_batches_of(mut self, rows: usize) -> Self {
        self.batch = Some(rows);
        self
    }

    /// Returns the inserted and updated rows, with the values that they have afterwards.
    pub fn returning(self) -> InsertingMany<'a, T, T>
    where
        T: RowType,
    {
        self.returning_as()
    }

    /// Returns the inserted and updated rows as another struct, whose fields are columns of the table. This struct is not
    /// compared with the table while compiling: a field without a column is an error when the statement runs.
    pub fn returning_as<R: RowType>(self) -> InsertingMany<'a, T, R> {
        InsertingMany {
            insert: self,
            returning: Returning::of_row(),
        }
    }

    /// Returns these columns of the inserted and updated rows: one value or a tuple for each row.
    pub fn returning_columns<C: Columns<T>>(self, columns: C) -> InsertingMany<'a, T, C::Row> {
        InsertingMany {
            insert: self,
            returning: Returning::of_columns(&columns),
        }
    }

    /// The statement for this number of rows. If `execute` uses COPY, this is the statement that it would use without COPY.
    ///
    /// # Errors
    ///
    /// When the table does not have one of the columns, or a conflict would update a column that the struct does not write.
    pub fn sql(&self) -> Result<String, Error> {
        let (shape, form, _) = self.form("")?;
        Ok(form.sql(self.rows.len(), &shape))
    }

    /// Inserts the rows, and returns how many were inserted or updated.
    ///
    /// # Errors
    ///
    /// When a value does not fit its column, or the server refuses a row. The error names the row and the column where they
    /// are known.
    pub fn execute<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'e, 'a, T, E> {
        let handle = executor.handle();
        async move {
            if !self.is_worth_a_copy() {
                return self.run(handle, "", ignored(&mut |_| Ok(()))).await;
            }
            let handle = handle.begun();
            let deadline = handle.deadline();
            let session = handle.session().await?;
            let handle = handle.on(&session);
            if session.keeps_server()
                && let Some(inserted) =
                    copied::insert(handle, &session, self.rows, deadline).await?
            {
                return Ok(inserted);
            }
            self.run(handle, "", ignored(&mut |_| Ok(()))).await
        }
    }

    /// Whether COPY is possible, as far as the struct and the options tell, and cheaper.
    fn is_worth_a_copy(&self) -> bool {
        matches!(self.conflict, Conflict::Fail)
            && self.batch.is_none()
            && const { carried_field(T::TABLE, T::FIELDS).is_none() && !T::FIELDS.is_empty() }
            && self.rows.len() >= copied::WORTHWHILE
    }

    /// Inserts the rows, and returns how many were inserted and how many updated.
    ///
    /// To count them, each update writes to the setting `howdah.updated`, which lasts until the end of the transaction.
    /// Unlike the usual trick with the system column `xmax`, this also works for partitioned tables and views.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
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
            let returning = format!(" returning {}", self.conflict.mark());
            self.run(handle, &returning, returned).await?;
            Ok(counts)
        }
    }

    pub(super) async fn run(
        &self,
        handle: Handle<'_>,
        returning: &str,
        returned: Returned<'_>,
    ) -> Result<u64, Error> {
        let (shape, form, given) = self.form(returning)?;
        let bulk = Bulk {
            source: &Inserts(self.rows),
            shape: &shape,
            given: &given,
            batch: self.batch,
        };
        bulk.run(handle, &form, returned).await
    }

    fn form(&self, returning: &str) -> Result<(Shape, Form, Vec<Param<'_>>), Error> {
        let mut shape = Shape::new(T::TABLE, T::FIELDS);
        let (form, given) = form(&mut shape, &self.conflict, self.rows.len(), returning)?;
        Ok((shape, form, given))
    }
}

/// The numbers of inserted and updated rows; see [`InsertMany::execute_counted`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpsertCounts {
    /// The number of rows that are new.
    pub inserted: u64,
    /// The number of rows that existed and were updated.
    pub updated: u64,
}

/// The statement, and the parameters before those of the rows.
fn form<'c>(
    shape: &mut Shape,
    conflict: &'c Conflict<'_>,
    rows: usize,
    returning: &str,
) -> Result<(Form, Vec<Param<'c>>), Error> {
    let head = shape.insert_head();
    let blame = |error| Text::written(head.clone()).blame(error);
    let (conflict, given) = conflict.sql(shape).map_err(blame)?;
    shape.given = given.len();
    let tail = format!("{conflict}{returning}");
    let form = if shape.sent.is_empty() {
        Form::Values(head, tail)
    } else if rows == 1 || shape.has_arrays().map_err(blame)? {
        Form::Values(format!("{head}values "), tail)
    } else {
        let unnests = shape.unnests().map_err(blame)?;
        Form::Arrays(format!("{head}select {unnests}{tail}"))
    };
    Ok((form, given))
}

/// Reads no columns of the returned rows.
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
