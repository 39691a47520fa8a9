//! The rows that COPY can write: structs, which know their columns, and tuples, which do not.

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use crate::{Encode, EncodeError, WriteField, WriteRow, check};

/// A row that COPY can write: a struct with `#[derive(PgInsert)]`, or a tuple whose values go into the columns in their
/// order. References to these work as well.
#[diagnostic::on_unimplemented(
    message = "COPY cannot write `{Self}` as a row",
    label = "no row of a table",
    note = "derive `howdah::PgInsert` on a struct, or use a tuple of up to 16 values: one value is `(value,)`"
)]
pub trait CopyRow: sealed::Sealed {
    #[doc(hidden)]
    const FIELDS: &'static [WriteField];

    /// Compiles only if COPY can write the fields.
    #[doc(hidden)]
    const CHECKED: () = ();

    #[doc(hidden)]
    fn encode_field(
        &self,
        field: usize,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;
}

mod sealed {
    pub trait Sealed {}
}

impl<T: WriteRow> sealed::Sealed for T {}

impl<T: WriteRow> CopyRow for T {
    const FIELDS: &'static [WriteField] = T::FIELDS;
    const CHECKED: () = check::copied(T::TABLE, T::FIELDS);

    #[inline]
    fn encode_field(
        &self,
        field: usize,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        self.encode(field, ty, out)
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt)+;)+) => {$(
        tuples! { impl ($($name $index)+) for ($($name,)+) }
        tuples! { impl ($($name $index)+) for &($($name,)+) }
    )+};
    (impl ($($name:ident $index:tt)+) for $ty:ty) => {
        impl<$($name: Encode),+> sealed::Sealed for $ty {}

        impl<$($name: Encode),+> CopyRow for $ty {
            const FIELDS: &'static [WriteField] = &[$(WriteField::column::<$name>("")),+];

            #[inline]
            fn encode_field(
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
    };
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 P 15;
}
