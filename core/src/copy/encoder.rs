//! Rows in COPY's binary format. The types have been compared before; a value that its column cannot hold is an error
//! that names row and column.

use bytes::{BufMut, BytesMut};
use postgres_types::Type;

use super::CopyRow;
use crate::{Error, ErrorKind, WriteField, codec::put_value, row::mismatch::unfit_value};

/// The start of every binary COPY: a signature, flags, and the length of an extension, which is empty.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// The number of columns that marks the end.
const END: i16 = -1;

/// A field of a row, and the column that it goes into.
pub(crate) struct EncodedField {
    field: usize,
    /// Empty if the columns are not named.
    column: String,
    ty: Type,
}

impl EncodedField {
    /// Checks that the field fits the column.
    pub(super) fn new(
        fields: &[WriteField],
        field: usize,
        column: String,
        ty: &Type,
    ) -> Result<Self, Error> {
        let ty = ty.clone();
        let this = Self { field, column, ty };
        match fields[field].accepts {
            accepts if accepts.accepts_type(&this.ty) => Ok(this),
            accepts => {
                let message = unfit_value(&this.ty, accepts);
                Err(this.blame(Error::new(ErrorKind::Mapping, message)))
            }
        }
    }

    #[cold]
    fn blame(&self, error: Error) -> Error {
        match self.column.as_str() {
            "" => error.in_param(self.field),
            column => error.in_column(column),
        }
    }
}

pub(super) struct Encoder {
    fields: Vec<EncodedField>,
    rows: u64,
}

impl Encoder {
    /// An encoder for rows with these fields. Appends the header.
    pub(super) fn new(fields: Vec<EncodedField>, out: &mut BytesMut) -> Self {
        out.put_slice(HEADER);
        Self { fields, rows: 0 }
    }

    /// The number of encoded rows.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Encodes a row. Inlined into the loop over the rows, because a call takes 50 % more time.
    #[inline]
    pub(super) fn push<R: CopyRow>(&mut self, row: &R, out: &mut BytesMut) -> Result<(), Error> {
        self.rows += 1;
        // A table has at most 1,600 columns.
        out.put_i16(self.fields.len() as i16);
        for field in &self.fields {
            let (i, ty) = (field.field, &field.ty);
            if let Err(error) = put_value(out, |out| row.encode_field(i, ty, out)) {
                return Err(field.blame(error.into_error(ty).in_row(self.rows)));
            }
        }
        Ok(())
    }

    /// Appends the end marker.
    pub(super) fn finish(&self, out: &mut BytesMut) {
        out.put_i16(END);
    }
}
