//! `delete_many`: deletes many rows by their keys.

use std::{fmt, marker::PhantomData};

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{
    condition::Conditions,
    insert::ignored,
    returning::{DeletingMany, Returning},
    run::{Bulk, Form, Returned},
    source::Source,
    sql::{Shape, keys_equal},
};
use crate::{
    Columns, Encode, EncodeError, Error, ErrorKind, Executor, Filter, Param, RowType, Table,
    TableName, WriteField, build::sql::Sql, executor::Handle, query::Text,
};

/// A key of a table: one value for a key of one column, or a tuple with the values of the key's columns in their order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a row",
    note = "use a value that howdah can encode, or a tuple of up to 6 of them"
)]
pub trait KeyValue: Sync + sealed::Sealed {
    #[doc(hidden)]
    const FIELDS: &'static [WriteField];

    #[doc(hidden)]
    fn encode_key(
        &self,
        field: usize,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;
}

mod sealed {
    pub trait Sealed {}
}

impl<T: Encode> sealed::Sealed for T {}

impl<T: Encode> KeyValue for T {
    const FIELDS: &'static [WriteField] = &[WriteField::column::<T>("")];

    fn encode_key(
        &self,
        _: usize,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        self.encode_at(srid, ty, out)
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt)+;)+) => {$(
        impl<$($name: Encode),+> sealed::Sealed for ($($name,)+) {}

        impl<$($name: Encode),+> KeyValue for ($($name,)+) {
            const FIELDS: &'static [WriteField] = &[$(WriteField::column::<$name>("")),+];

            fn encode_key(
                &self,
                field: usize,
                srid: i32,
                ty: &Type,
                out: &mut BytesMut,
            ) -> Result<IsNull, EncodeError> {
                match field {
                    $($index => self.$index.encode_at(srid, ty, out),)+
                    _ => Err(EncodeError::no_field(field)),
                }
            }
        }
    )+};
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
}

/// Keys, as the source of a bulk statement.
struct Keys<'a, K> {
    keys: &'a [K],
    /// The SRIDs that the columns of the key declare.
    srids: Vec<i32>,
}

impl<K: KeyValue> Source for Keys<'_, K> {
    fn len(&self) -> usize {
        self.keys.len()
    }

    fn encode(
        &self,
        row: usize,
        field: usize,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        self.keys[row].encode_key(field, self.srids[field], ty, out)
    }
}

/// Deletes the rows of a table that have these primary keys. Either all of them are deleted or none. Keys without a row are
/// skipped.
///
/// The values of a key are in the order of the primary key's columns. A struct with `#[derive(PgUpdate)]` has a
/// `delete_many` of its own, where the compiler checks the types of the keys.
///
/// ```no_run
/// # use howdah::Table;
/// # async fn example(places: &'static Table, visits: &'static Table, pool: &howdah::Pool)
/// # -> Result<(), howdah::Error> {
/// let deleted = howdah::delete_many(places, &[1_i64, 2, 3]).execute(pool).await?;
/// // A key of two columns.
/// let deleted = howdah::delete_many(visits, &[(1_i64, "Kathmandu"), (2, "Oslo")]).execute(pool).await?;
/// # Ok(()) }
/// ```
pub fn delete_many<'a, K: KeyValue>(table: &'static Table, keys: &'a [K]) -> DeleteMany<'a, K> {
    DeleteMany::new(table, None, keys)
}

/// A delete of many rows by their keys, made by [`delete_many`]. `T` is the struct for the rows.
#[must_use = "nothing is deleted until it is executed"]
pub struct DeleteMany<'a, K, T = ()> {
    pub(super) table: &'static Table,
    /// The columns of the key; those of the primary key, unless given.
    columns: Option<&'static [&'static str]>,
    keys: &'a [K],
    conditions: Conditions<'a>,
    batch: Option<usize>,
    row: PhantomData<fn() -> T>,
}

impl<'a, K, T> DeleteMany<'a, K, T> {
    /// A delete by these columns. `#[derive(PgUpdate)]` calls this, and compares the columns with the table's keys.
    #[doc(hidden)]
    pub fn by(table: &'static Table, columns: &'static [&'static str], keys: &'a [K]) -> Self {
        Self::new(table, Some(columns), keys)
    }

    fn new(table: &'static Table, columns: Option<&'static [&'static str]>, keys: &'a [K]) -> Self {
        Self {
            table,
            columns,
            keys,
            conditions: Conditions::default(),
            batch: None,
            row: PhantomData,
        }
    }
}

impl<'a, K: KeyValue, T> DeleteMany<'a, K, T> {
    /// Deletes a row only if this condition is true for it as well.
    pub fn only_where(mut self, filter: Filter<'a, T>) -> Self {
        self.conditions.and(filter);
        self
    }

    /// Deletes the rows in batches of this many keys. If a batch fails, the batches before it stay deleted, and
    /// [`Error::rows_written`] is the number of their keys. Inside a transaction, an error undoes all batches.
    pub fn in_batches_of(mut self, keys: usize) -> Self {
        self.batch = Some(keys);
        self
    }

    /// Returns the deleted rows, in no particular order.
    pub fn returning(self) -> DeletingMany<'a, K, T, T>
    where
        T: RowType,
    {
        self.returning_as()
    }

    /// Returns the deleted rows, in no particular order, as another struct, whose fields are columns of the table. This struct
    /// is not compared with the table while compiling: a field without a column is an error when the statement runs.
    pub fn returning_as<R: RowType>(self) -> DeletingMany<'a, K, T, R> {
        DeletingMany {
            delete: self,
            returning: Returning::of_row(),
        }
    }

    /// Returns these columns of the deleted rows, in no particular order: one value or a tuple for each row.
    pub fn returning_columns<C: Columns<T>>(self, columns: C) -> DeletingMany<'a, K, T, C::Row> {
        DeletingMany {
            delete: self,
            returning: Returning::of_columns(&columns),
        }
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// When the table has no primary key, or a key with another number of columns.
    pub fn sql(&self) -> Result<String, Error> {
        let (shape, form, _) = self.form("")?;
        Ok(form.sql(self.keys.len(), &shape))
    }

    /// Deletes the rows, and returns the number of deleted rows.
    ///
    /// # Errors
    ///
    /// When the table has no primary key, the key has other types, or the server reports an error.
    pub fn execute<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'e, 'a, K, T, E> {
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
        let srids = key_columns(self.table, self.columns).unwrap_or_default();
        let srids = srids.iter().map(|name| self.table.srid(name));
        let keys = Keys {
            keys: self.keys,
            srids: srids.collect(),
        };
        let bulk = Bulk {
            source: &keys,
            shape: &shape,
            given: &given,
            batch: self.batch,
        };
        bulk.run(handle, &form, returned).await
    }

    fn form(&self, returning: &str) -> Result<(Shape, Form, Vec<Param<'_>>), Error> {
        let (table, columns) = (self.table, self.columns);
        form(table, columns, K::FIELDS, &self.conditions, returning)
    }
}

/// The columns of the key; those of the primary key, unless given.
fn key_columns(
    table: &Table,
    columns: Option<&'static [&'static str]>,
) -> Option<&'static [&'static str]> {
    columns.or(table.primary_key.map(|key| key.columns))
}

/// The statement, the key columns that it sends, and the parameters before them.
fn form<'c>(
    table: &'static Table,
    columns: Option<&'static [&'static str]>,
    fields: &'static [WriteField],
    conditions: &'c Conditions<'_>,
    returning: &str,
) -> Result<(Shape, Form, Vec<Param<'c>>), Error> {
    let name = TableName::from(table);
    let blame = |error| Text::written(format!("delete from {name}")).blame(error);
    let refuse = |message: String| Err(blame(Error::new(ErrorKind::Mapping, message)));
    let Some(key) = key_columns(table, columns) else {
        return refuse("the table has no primary key".to_owned());
    };
    let (columns, values) = (key.len(), fields.len());
    if columns != values {
        return refuse(format!(
            "the key has {columns} columns, but the keys have {values} values"
        ));
    }
    let mut shape = Shape::named(table, fields, key.iter().copied());
    let mut sql = Sql::default();
    let conditions = conditions.write(&mut sql);
    let (_, given) = sql.finish();
    shape.given = given.len();
    let same = std::iter::once(keys_equal(shape.columns()));
    let conditions: Vec<_> = same.chain(conditions).collect();
    let tail = format!(" where {}{returning}", conditions.join(" and "));
    let head = format!("delete from {name} as t using ");
    let form = Form::joined(&shape, &head, &tail).map_err(blame)?;
    Ok((shape, form, given))
}

impl<K, T> fmt::Debug for DeleteMany<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteMany")
            .field("table", &self.table.name)
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}
