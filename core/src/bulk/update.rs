//! `update_many`: updates many rows by their keys, each with its own values.

use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{
    condition::Conditions,
    insert::ignored,
    returning::{Returning, UpdatingMany},
    run::{Bulk, Form, Returned},
    source::Source,
    sql::{Shape, keys_equal},
};
use crate::{
    Columns, EncodeError, Error, ErrorKind, Executor, Filter, Param, RowType, Table, TableName,
    WriteField,
    build::{sql::Sql, updated_columns::assignments},
    executor::Handle,
    query::Text,
};

/// A struct whose fields update the row of a table that has the same key. `#[derive(PgUpdate)]` implements it.
pub trait UpdateRow {
    /// The table whose rows are updated.
    const TABLE: &'static Table;

    /// The columns that are written and the columns of the key. Each occurs once.
    const FIELDS: &'static [WriteField];

    /// The columns of the key. Together they are unique and not null.
    const KEY: &'static [&'static str];

    /// The column with the version of the row. An update compares the version with the one in the struct, and raises it by
    /// one.
    const VERSION: Option<&'static str> = None;

    /// Appends the value of the field with this index in [`FIELDS`](Self::FIELDS), encoded as `ty`. For null, appends
    /// nothing and returns [`IsNull::Yes`].
    ///
    /// # Errors
    ///
    /// When the column cannot hold the value.
    fn encode(&self, field: usize, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError>;
}

/// Rows to update, as the source of a bulk statement.
struct Updates<'a, T>(&'a [T]);

impl<T: UpdateRow + Sync> Source for Updates<'_, T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn encode(
        &self,
        row: usize,
        field: usize,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        self.0[row].encode(field, ty, out)
    }
}

/// An update of many rows by their keys. Either all rows are updated or none, unless [`in_batches_of`](Self::in_batches_of)
/// is called.
///
/// If the table has no row with a key, or the row now has another version, this row is skipped. Compare the number of
/// updated rows with the number of your rows to notice it. Do not use a key twice: PostgreSQL does not report it, and
/// updates the row with only one of the two.
///
/// Usually all rows go to the server in one `update` statement. Above 64 MB of values, or above 65,535 values if a column
/// is an array, they go in several statements in one transaction. A trigger `for each statement` fires once for each of
/// them.
#[must_use = "nothing is updated until it is executed"]
pub struct UpdateMany<'a, T> {
    rows: &'a [T],
    columns: Option<Vec<&'static str>>,
    conditions: Conditions<'a>,
    batch: Option<usize>,
}

impl<'a, T: UpdateRow + Sync> UpdateMany<'a, T> {
    /// An update by these rows.
    pub fn new(rows: &'a [T]) -> Self {
        Self {
            rows,
            columns: None,
            conditions: Conditions::default(),
            batch: None,
        }
    }

    /// Updates only these columns, and raises the version if there is one.
    pub fn only(mut self, columns: impl Columns<T>) -> Self {
        self.columns = Some(columns.names());
        self
    }

    /// Updates a row only if this condition is true for it as well.
    pub fn only_where(mut self, filter: Filter<'a, T>) -> Self {
        self.conditions.and(filter);
        self
    }

    /// Like [`only_where`](Self::only_where), with a condition in SQL. In the condition, `t` is the existing row, and
    /// `u` the row with the new values: `t.changed_at < u.changed_at`.
    pub fn only_where_sql(mut self, condition: &'static str) -> Self {
        self.conditions.and_sql(condition);
        self
    }

    /// Updates the rows in batches of this many rows. If a batch fails, the batches before it stay updated, and
    /// [`Error::rows_written`] is the number of their rows. Inside a transaction, an error undoes all batches.
    pub fn in_batches_of(mut self, rows: usize) -> Self {
        self.batch = Some(rows);
        self
    }

    /// Returns the updated rows, with the values that they have afterwards, in no particular order.
    pub fn returning(self) -> UpdatingMany<'a, T, T>
    where
        T: RowType,
    {
        self.returning_as()
    }

    /// Returns the updated rows, in no particular order, as another struct, whose fields are columns of the table. This
    /// struct is not compared with the table while compiling: a field without a column is an error when the statement runs.
    pub fn returning_as<R: RowType>(self) -> UpdatingMany<'a, T, R> {
        UpdatingMany {
            update: self,
            returning: Returning::of_row(),
        }
    }

    /// Returns these columns of the updated rows, in no particular order: one value or a tuple for each row.
    pub fn returning_columns<C: Columns<T>>(self, columns: C) -> UpdatingMany<'a, T, C::Row> {
        UpdatingMany {
            update: self,
            returning: Returning::of_columns(&columns),
        }
    }

    /// The statement for this number of rows.
    ///
    /// # Errors
    ///
    /// When there is no column to update, or no key.
    pub fn sql(&self) -> Result<String, Error> {
        let (shape, form, _) = self.form("")?;
        Ok(form.sql(self.rows.len(), &shape))
    }

    /// Updates the rows, and returns the number of updated rows.
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
        async move { self.run(handle, "", ignored(&mut |_| Ok(()))).await }
    }

    pub(super) async fn run(
        &self,
        handle: Handle<'_>,
        returning: &str,
        returned: Returned<'_>,
    ) -> Result<u64, Error> {
        let (shape, form, given) = self.form(returning)?;
        let bulk = Bulk {
            source: &Updates(self.rows),
            shape: &shape,
            given: &given,
            batch: self.batch,
        };
        bulk.run(handle, &form, returned).await
    }

    fn form(&self, returning: &str) -> Result<(Shape, Form, Vec<Param<'_>>), Error> {
        let shape = Shape::new(T::TABLE, T::FIELDS);
        let columns = self.columns.as_deref();
        form(
            shape,
            T::KEY,
            T::VERSION,
            columns,
            &self.conditions,
            returning,
        )
    }
}

/// The statement, the columns that it sends (those of the key and those that are set), and the parameters before them.
fn form<'c>(
    mut shape: Shape,
    key: &[&'static str],
    version: Option<&'static str>,
    columns: Option<&[&'static str]>,
    conditions: &'c Conditions<'_>,
    returning: &str,
) -> Result<(Shape, Form, Vec<Param<'c>>), Error> {
    let table = TableName::from(shape.table);
    let blame = |error| Text::written(format!("update {table}")).blame(error);
    let set: Vec<_> = match columns {
        Some(columns) => columns
            .iter()
            .copied()
            .filter(|name| version != Some(*name))
            .collect(),
        None => shape
            .columns()
            .filter(|column| !key.contains(column) && version != Some(*column))
            .collect(),
    };
    // Raising the version may be all that is asked for.
    let raises = version.is_some_and(|name| columns.is_some_and(|columns| columns.contains(&name)));
    if key.is_empty() || (set.is_empty() && !raises) {
        let message = match key.is_empty() {
            true => "the table has no key to find rows by",
            false => "there is no column to update",
        };
        return Err(blame(Error::new(ErrorKind::Mapping, message)));
    }
    if let Some(missing) = key
        .iter()
        .chain(&version)
        .chain(&set)
        .find(|name| !shape.columns().any(|c| c == **name))
    {
        let message = "the rows have no field for this column";
        return Err(blame(
            Error::new(ErrorKind::Mapping, message).in_column(*missing),
        ));
    }
    // Conditions in SQL can refer to any field, not only to those that are set.
    if !conditions.has_sql() {
        let finds = |column| key.contains(&column) || version == Some(column);
        shape
            .sent
            .retain(|sent| finds(sent.column) || set.contains(&sent.column));
    }
    let assignments = assignments(&set, "u", version, "t");
    let same = keys_equal(key.iter().copied().chain(version));
    let mut sql = Sql::default();
    let conditions = conditions.write(&mut sql);
    let (_, given) = sql.finish();
    shape.given = given.len();
    let conditions: String = conditions.iter().map(|sql| format!(" and {sql}")).collect();
    let head = format!("update {table} as t set {assignments} from ");
    let tail = format!(" where {same}{conditions}{returning}");
    let form = Form::joined(&shape, &head, &tail).map_err(blame)?;
    Ok((shape, form, given))
}

impl<T> fmt::Debug for UpdateMany<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateMany")
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}
