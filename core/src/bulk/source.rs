//! The rows of a bulk statement without their type, so that the code that runs them is compiled once, and the values of
//! a column as one array.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::sql::Sent;
use crate::{
    Accepts, Encode, EncodeError, Error, ErrorKind, WriteRow,
    codec::{element_type, put_value},
    row::mismatch::{type_name, unfit_value},
};

/// Rows of any type.
pub(crate) trait Source: Sync {
    fn len(&self) -> usize;

    /// Appends the value of one field of one row.
    fn encode(
        &self,
        row: usize,
        field: usize,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;

    /// Appends the values of a row to the arrays of its columns; the error comes with the number of its column. This is
    /// compiled for each source, so that there is one call through the trait object for each row, not for each value.
    fn put_row(&self, row: usize, columns: &mut [ColumnArray]) -> Result<(), (usize, EncodeError)> {
        for (i, column) in columns.iter_mut().enumerate() {
            let (field, element, bytes) = column.parts();
            put_value(bytes, |out| self.encode(row, field, element, out))
                .map_err(|error| (i, error))?;
        }
        Ok(())
    }
}

/// Rows to insert.
pub(crate) struct Inserts<'a, T>(pub(crate) &'a [T]);

impl<T: WriteRow + Sync> Source for Inserts<'_, T> {
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

/// The values of one column, as a one-dimensional array under construction.
pub(crate) struct ColumnArray {
    field: usize,
    element: Type,
    bytes: BytesMut,
}

/// The size of an array's header: number of dimensions, flag for nulls, type of the elements, length and lower bound.
const HEADER: usize = 20;

impl ColumnArray {
    /// An empty array for a parameter of this type.
    fn new(sent: &Sent, ty: &Type, rows: usize) -> Result<Self, Error> {
        let Some(element) = element_type(ty) else {
            let message = format!("the parameter is {}, which is no array", type_name(ty));
            return Err(Error::new(ErrorKind::Mapping, message).in_column(sent.column));
        };
        check(sent, element)?;
        let mut bytes = BytesMut::with_capacity(HEADER + rows.min(4096) * 16);
        bytes.put_i32(1);
        bytes.put_i32(0);
        bytes.put_u32(element.oid());
        bytes.put_i64(0);
        Ok(Self {
            field: sent.field,
            element: element.clone(),
            bytes,
        })
    }

    /// The index of the field, the type of the elements, and the buffer that they are appended to.
    pub(crate) fn parts(&mut self) -> (usize, &Type, &mut BytesMut) {
        (self.field, &self.element, &mut self.bytes)
    }

    fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Finishes the array, which has this many elements.
    fn finish(mut self, rows: usize) -> Encoded {
        // There are fewer rows than `i32::MAX`.
        self.bytes[12..16].copy_from_slice(&(rows as i32).to_be_bytes());
        self.bytes[16..20].copy_from_slice(&1_i32.to_be_bytes());
        Encoded(self.bytes)
    }
}

/// Checks that a field can be sent as `ty`.
pub(crate) fn check(sent: &Sent, ty: &Type) -> Result<(), Error> {
    if sent.accepts.accepts_type(ty) {
        return Ok(());
    }
    let message = unfit_value(ty, sent.accepts);
    Err(Error::new(ErrorKind::Mapping, message).in_column(sent.column))
}

/// A parameter that is already encoded and checked against its type.
pub(crate) struct Encoded(BytesMut);

impl Encode for Encoded {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }
}

/// Encodes rows from `first` on as an array for each column, as many as fit in one message, and returns their number.
pub(crate) fn arrays(
    source: &dyn Source,
    sent: &[Sent],
    types: &[Type],
    rows: std::ops::Range<usize>,
) -> Result<(Vec<Encoded>, usize), Error> {
    let mut columns = Vec::with_capacity(sent.len());
    for (sent, ty) in sent.iter().zip(types) {
        columns.push(ColumnArray::new(sent, ty, rows.len())?);
    }
    let mut taken = 0;
    for row in rows {
        if let Err((i, error)) = source.put_row(row, &mut columns) {
            let error = error.into_error(&columns[i].element);
            return Err(error.in_row(row as u64 + 1).in_column(sent[i].column));
        }
        taken += 1;
        if taken % 64 == 0 && columns.iter().map(ColumnArray::len).sum::<usize>() > LARGEST {
            break;
        }
    }
    let params = columns
        .into_iter()
        .map(|column| column.finish(taken))
        .collect();
    Ok((params, taken))
}

/// A message may have 1 GB, and the server holds it in memory more than once.
const LARGEST: usize = 64 * 1024 * 1024;
