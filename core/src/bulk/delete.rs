//! `delete_many`: deletes many rows by their keys.

use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{
    insert::ignored,
    run::{Bulk, Form},
    source::Source,
    sql::{Shape, keys_equal},
};
use crate::{
    Encode, EncodeError, Error, ErrorKind, Executor, Table, TableName, WriteField,
    copy::describe::text,
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

    fn encode_key(&self, _: usize, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.encode(ty, out)
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
                ty: &Type,
                out: &mut BytesMut,
            ) -> Result<IsNull, EncodeError> {
                match field {
                    $($index => self.$index.encode(ty, out),)+
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

/// Keys, as a bulk statement reads them.
struct Keys<'a, K>(&'a [K]);

impl<K: KeyValue> Source for Keys<'_, K> {
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
        self.0[row].encode_key(field, ty, out)
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
/// let deleted = howdah::delete_many(visits, &[(1_i64, "2026-01-01"), (2, "2026-01-01")]).execute(pool).await?;
/// # Ok(()) }
/// ```
pub fn delete_many<'a, K: KeyValue>(table: &'static Table, keys: &'a [K]) -> DeleteMany<'a, K> {
    DeleteMany {
        table,
        columns: None,
        keys,
        batch: None,
    }
}

/// A delete of many rows by their keys, made by [`delete_many`].
#[must_use = "nothing is deleted until it is executed"]
pub struct DeleteMany<'a, K> {
    table: &'static Table,
    /// The columns of the key; those of the primary key, unless given.
    columns: Option<&'static [&'static str]>,
    keys: &'a [K],
    batch: Option<usize>,
}

impl<'a, K> DeleteMany<'a, K> {
    /// A delete by these columns. `#[derive(PgUpdate)]` calls this, and compares the columns with the table's keys.
    #[doc(hidden)]
    pub fn by(table: &'static Table, columns: &'static [&'static str], keys: &'a [K]) -> Self {
        Self {
            table,
            columns: Some(columns),
            keys,
            batch: None,
        }
    }
}

impl<'a, K: KeyValue> DeleteMany<'a, K> {
    /// Deletes the rows in batches of this many keys. If a batch fails, the batches before it stay deleted, and
    /// [`Error::rows_written`] is the number of their keys. Inside a transaction, an error undoes all batches.
    pub fn in_batches_of(mut self, keys: usize) -> Self {
        self.batch = Some(keys);
        self
    }

    /// The statement.
    ///
    /// # Errors
    ///
    /// When the table has no primary key, or a key with another number of columns.
    pub fn sql(&self) -> Result<String, Error> {
        let (shape, form) = self.form()?;
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
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'e, 'a, K, E> {
        let handle = executor.handle();
        async move {
            let (shape, form) = self.form()?;
            let bulk = Bulk {
                source: &Keys(self.keys),
                shape: &shape,
                batch: self.batch,
            };
            bulk.run(handle, &form, ignored(&mut |_| Ok(()))).await
        }
    }

    fn form(&self) -> Result<(Shape, Form), Error> {
        form(self.table, self.columns, K::FIELDS)
    }
}

fn form(
    table: &'static Table,
    columns: Option<&'static [&'static str]>,
    fields: &'static [WriteField],
) -> Result<(Shape, Form), Error> {
    let name = TableName::from(table);
    let blame = |error| text(format!("DELETE FROM {name}")).blame(error);
    let refuse = |message: String| Err(blame(Error::new(ErrorKind::Mapping, message)));
    let Some(key) = columns.or(table.primary_key.map(|key| key.columns)) else {
        return refuse("the table has no primary key".to_owned());
    };
    let (columns, values) = (key.len(), fields.len());
    if columns != values {
        return refuse(format!(
            "the primary key has {columns} columns, but the keys have {values} values"
        ));
    }
    let shape = Shape::named(table, fields, key.iter().copied());
    let same = keys_equal(shape.columns());
    let head = format!("DELETE FROM {name} AS t USING ");
    let form = Form::joined(&shape, &head, &format!(" WHERE {same}")).map_err(blame)?;
    Ok((shape, form))
}

impl<K> fmt::Debug for DeleteMany<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteMany")
            .field("table", &self.table.name)
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}
