//! Which required columns of an insert are set, as types, so that an insert that lacks one does not compile. The derive
//! names these types; users see them only in the compiler's messages.

use crate::{RowType, Table};

/// A column that the insert has a value for.
#[derive(Debug)]
pub enum Set {}

/// A column that the insert has no value for yet.
#[derive(Debug)]
pub enum Unset {}

/// The state of a column that is good enough for an insert. `REQUIRED` says whether the column must be set.
#[diagnostic::on_unimplemented(
    message = "the insert lacks a value for `{Column}`, which is not null and has no default",
    label = "call the method that sets `{Column}` before"
)]
pub trait Suffices<Column, const REQUIRED: bool> {}

impl<Column, const REQUIRED: bool> Suffices<Column, REQUIRED> for Set {}
impl<Column> Suffices<Column, false> for Unset {}

/// Whether an insert into `table` must set the column.
#[must_use]
pub const fn is_required(table: &Table, column: &str) -> bool {
    match table.column(column) {
        Some(column) => column.is_required(),
        None => false,
    }
}

/// A struct that a builder can return rows as. `G` is a type parameter of the builder, so that the compiler checks this
/// where the method is called, and not where the builder is derived.
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

/// An insert with all required columns.
pub trait Complete {}

/// The states of eight columns; the one at `PLACE` becomes set.
pub trait Put<const PLACE: usize> {
    /// The states afterwards.
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
