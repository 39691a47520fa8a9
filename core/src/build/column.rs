//! Columns that know the Rust type of the field that reads them, so that the compiler checks what a column is compared
//! with.

use std::{fmt, marker::PhantomData};

use super::unknown;
use crate::{Column, Decode, Encode, RowType, Table, Value};

/// A column of a table, for filters, orders and lists of columns. `R` is the struct for the table's rows, `T` the type of
/// the field, and `V` the type of values that the column is compared with, which is `T` without `Option`.
///
/// `#[derive(PgSelect)]` makes one for each field: `Place::NAME` for `name`.
pub struct TypedColumn<R, T, V = T> {
    column: &'static Column,
    types: Types<R, T, V>,
}

/// Types that a struct names without holding a value of them.
type Types<R, T, V> = PhantomData<fn() -> (R, T, V)>;

impl<R, T, V> TypedColumn<R, T, V> {
    /// The column of this name. `#[derive(PgRow)]` checks that it exists, so this does not report it again.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(table: &'static Table, name: &'static str) -> Self {
        let column = match table.column(name) {
            Some(column) => column,
            None => &unknown::COLUMN,
        };
        Self {
            column,
            types: PhantomData,
        }
    }

    /// The column's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.column.name
    }

    pub(crate) const fn column(&self) -> &'static Column {
        self.column
    }

    /// The schema of the column's type, or of the base type of a domain. It is also the schema of the extension's
    /// functions.
    #[cfg(feature = "geo")]
    pub(crate) fn type_schema(&self) -> &'static str {
        self.column.ty.without_domains().schema
    }
}

impl<R, T, V> Clone for TypedColumn<R, T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T, V> Copy for TypedColumn<R, T, V> {}

impl<R, T, V> fmt::Debug for TypedColumn<R, T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.column.table, self.column.name)
    }
}

/// A value that stands for a `V`: a `V`, a reference to it, or its usual borrowed form, such as `&str` for `String`. Columns
/// of type `V` are compared with it and set to it, and lists of strings or bytes that are passed to queries have it as their
/// elements.
#[diagnostic::on_unimplemented(
    message = "expected `{V}` or its borrowed form, found `{Self}`",
    label = "not a `{V}`",
    note = "to compare a column with null, use `is_null` and `is_not_null`"
)]
pub trait Operand<V>: Encode {}

impl<V: Encode> Operand<V> for V {}
impl<V: Encode> Operand<V> for &V {}
impl Operand<String> for &str {}
impl Operand<String> for std::borrow::Cow<'_, str> {}
impl<V: Encode> Operand<Vec<V>> for &[V] {}
impl<V: Encode, const N: usize> Operand<Vec<V>> for [V; N] {}
impl<V: Encode, const N: usize> Operand<Vec<V>> for &[V; N] {}
impl Operand<Vec<u8>> for &[u8] {}
impl<const N: usize> Operand<Vec<u8>> for [u8; N] {}
impl<const N: usize> Operand<Vec<u8>> for &[u8; N] {}
impl Operand<Vec<u8>> for std::borrow::Cow<'_, [u8]> {}
impl Operand<Vec<String>> for &[&str] {}
impl<const N: usize> Operand<Vec<String>> for [&str; N] {}
impl<const N: usize> Operand<Vec<String>> for &[&str; N] {}

// For columns whose array elements can be null: a value that is not null.
#[diagnostic::do_not_recommend]
impl<V: Encode> Operand<Option<V>> for V {}
#[diagnostic::do_not_recommend]
impl<V: Encode> Operand<Option<V>> for &V {}
#[diagnostic::do_not_recommend]
impl Operand<Option<String>> for &str {}

/// A list of texts, as a value of `text[]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of texts",
    note = "pass a slice, an array or a `Vec` by reference, of `&str` or `String`"
)]
pub trait Texts: Encode {}

impl Texts for &[&str] {}
impl<const N: usize> Texts for &[&str; N] {}
impl Texts for &Vec<&str> {}
impl Texts for &[String] {}
impl Texts for &Vec<String> {}

/// A list of columns to return or to set: one column or a tuple of columns.
pub trait Columns<R> {
    /// The type of a row of these columns: the type of the single column, or a tuple.
    type Row: RowType;

    /// The columns' names.
    fn names(&self) -> Vec<&'static str>;
}

impl<R, T, V> Columns<R> for TypedColumn<R, T, V>
where
    T: for<'r> Decode<'r> + Send + 'static,
{
    type Row = Value<T>;

    fn names(&self) -> Vec<&'static str> {
        vec![self.name()]
    }
}

macro_rules! tuples {
    ($($($ty:ident $value:ident $place:tt)+;)+) => {$(
        impl<R, $($ty, $value),+> Columns<R> for ($(TypedColumn<R, $ty, $value>,)+)
        where
            $($ty: for<'r> Decode<'r> + Send + 'static,)+
        {
            type Row = ($($ty,)+);

            fn names(&self) -> Vec<&'static str> {
                vec![$(self.$place.name()),+]
            }
        }
    )+};
}

tuples! {
    A AV 0;
    A AV 0 B BV 1;
    A AV 0 B BV 1 C CV 2;
    A AV 0 B BV 1 C CV 2 D DV 3;
    A AV 0 B BV 1 C CV 2 D DV 3 E EV 4;
    A AV 0 B BV 1 C CV 2 D DV 3 E EV 4 F FV 5;
    A AV 0 B BV 1 C CV 2 D DV 3 E EV 4 F FV 5 G GV 6;
    A AV 0 B BV 1 C CV 2 D DV 3 E EV 4 F FV 5 G GV 6 H HV 7;
}
