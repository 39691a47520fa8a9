//! Which required columns an insert has got, as types, so that one that lacks a column does not compile. The
//! derive names these; people see them in the compiler's messages only.

use crate::{RowType, Table};

/// A column that the insert has got a value for.
#[derive(Debug)]
pub enum Set {}

/// A column that the insert has got no value for.
#[derive(Debug)]
pub enum Unset {}

/// The state of a column, if that is enough for an insert: `REQUIRED` says whether it has to be set.
#[diagnostic::on_unimplemented(
    message = "the insert lacks a value for `{Column}`, which is not null and has no default",
    label = "call the method that sets `{Column}` before"
)]
pub trait Suffices<Column, const REQUIRED: bool> {}

impl<Column, const REQUIRED: bool> Suffices<Column, REQUIRED> for Set {}
impl<Column> Suffices<Column, false> for Unset {}

/// Whether an insert into `table` has to set the column.
#[must_use]
pub const fn is_required(table: &Table, column: &str) -> bool {
    match table.column(column) {
        Some(column) => column.is_required(),
        None => false,
    }
}

/// A struct that a builder can return rows as. The parameter is the builder's own, so that this is asked
/// where the method is used, and not where the builder is derived.
#[diagnostic::on_unimplemented(
    message = "no row can be returned as `{Self}`",
    label = "derive `howdah::PgRow` on the struct, or use `returning_as` or `returning_columns`"
)]
pub trait Returned<B> {
    /// The struct itself.
    type Row: RowType;
}

impl<B, R: RowType> Returned<B> for R {
    type Row = R;
}

/// An insert that has got all that it needs.
pub trait Complete {}

/// The states of eight columns, of which the one at `PLACE` becomes set.
pub trait Put<const PLACE: usize> {
    /// The states after that.
    type Output;
}

/// The states of eight columns that are not set.
pub type AllUnset = (Unset, Unset, Unset, Unset, Unset, Unset, Unset, Unset);

macro_rules! put {
    ($($place:literal: ($($before:ident)*) $this:ident ($($after:ident)*);)*) => {$(
        impl<$($before,)* $this, $($after,)*> Put<$place> for ($($before,)* $this, $($after,)*) {
            type Output = ($($before,)* Set, $($after,)*);
        }
    )*};
}

put! {
    0: () A (B C D E F G H);
    1: (A) B (C D E F G H);
    2: (A B) C (D E F G H);
    3: (A B C) D (E F G H);
    4: (A B C D) E (F G H);
    5: (A B C D E) F (G H);
    6: (A B C D E F) G (H);
    7: (A B C D E F G) H ();
}
