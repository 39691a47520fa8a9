//! Pages of rows (keyset pagination). A page begins after the last row of the page before, which is found by its values in
//! the columns of the order. This is as fast for the thousandth page as for the first.

use super::column::Operand;
use super::order::{Direction, Order, Sorted};
use super::select::SelectRow;
use crate::{Column, Param, Table};

/// An order for pages. It contains all columns of a unique key, so no two rows are equal in it.
/// [`page_order!`](crate::page_order) makes it, and compares it with the table while compiling.
///
/// If two rows were equal and a page ended between them, the next page would leave out the second one. howdah does not add
/// the key to the order by itself: the app has to keep the values of all columns of the order to ask for the next page, so
/// you should see all of them in the code.
#[derive(Clone, Copy, Debug)]
pub struct PageOrder<O> {
    pub(super) columns: O,
}

impl<O> PageOrder<O> {
    /// The order by these columns, which the macro has compared with the table.
    #[doc(hidden)]
    #[must_use]
    pub const fn of(columns: O) -> Self {
        Self { columns }
    }
}

/// An order for [`Select::page`](crate::Select::page), by one to six columns: `page_order!(Place::NAME.asc(),
/// Place::ID.asc())`. It compiles only if all columns of a unique key are among them. Name the columns by the struct;
/// `Self` does not work here. See [`PageOrder`].
#[macro_export]
macro_rules! page_order {
    ($($column:expr),+ $(,)?) => {{
        // An item, because `cargo check` does not evaluate inline consts.
        const _: () = $crate::check::page_order(&[$($crate::__private::PageColumn::of(&$column)),+]);
        $crate::PageOrder::of(($($column,)+))
    }};
}

/// The columns of an order for pages: a tuple of [`Sorted`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no order of pages of `{R}`",
    label = "one to six columns of `{R}`, each with `asc()` or `desc()`"
)]
pub trait PageColumns<R> {
    /// The columns, without their types.
    #[doc(hidden)]
    fn columns(&self) -> Vec<PageColumn>;
}

/// The values of the last row of a page in the columns of the order `O`, as a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not values of the columns that pages are sorted by",
    label = "one value for each column, in a tuple",
    note = "the value of a column that can be null is an `Option`"
)]
pub trait PagePosition<'a, O> {
    /// The values, `None` for null.
    #[doc(hidden)]
    fn values(self, order: &O) -> Vec<Option<Param<'a>>>;
}

/// The value of a column in a page's position. It is an `Option` if the field's type `T` is one; `V` is the type of the
/// value.
pub trait PageValue<T, V> {
    /// The value, unless it is null.
    #[doc(hidden)]
    fn param<'a>(self, column: &Column) -> Option<Param<'a>>
    where
        Self: 'a;
}

impl<V, O: Operand<V>> PageValue<V, V> for O {
    fn param<'a>(self, column: &Column) -> Option<Param<'a>>
    where
        Self: 'a,
    {
        Some(Param::for_column(self, Some(column)))
    }
}

impl<V, O: Operand<V>> PageValue<Option<V>, V> for Option<O> {
    fn param<'a>(self, column: &Column) -> Option<Param<'a>>
    where
        Self: 'a,
    {
        self.map(|value| Param::for_column(value, Some(column)))
    }
}

/// A column of an order, without its type.
#[derive(Clone, Copy, Debug)]
pub struct PageColumn {
    pub(crate) table: &'static Table,
    /// The columns of the struct's key.
    pub(crate) key: &'static [&'static str],
    pub(crate) column: &'static Column,
    pub(super) direction: Direction,
}

impl PageColumn {
    /// The column of an order, without its type.
    #[must_use]
    pub const fn of<R: SelectRow, T, V>(sorted: &Sorted<R, T, V>) -> Self {
        Self {
            table: R::TABLE,
            key: R::KEY,
            column: sorted.column.column(),
            direction: sorted.direction,
        }
    }

    pub(super) fn order<'a, R>(self) -> Order<'a, R> {
        Order::by(self.column.name, self.direction)
    }
}

macro_rules! orders {
    ($($($ty:ident $value:ident $given:ident $place:tt)+;)+) => {$(
        impl<R: SelectRow, $($ty, $value),+> PageColumns<R> for ($(Sorted<R, $ty, $value>,)+) {
            fn columns(&self) -> Vec<PageColumn> {
                vec![$(PageColumn::of(&self.$place)),+]
            }
        }

        impl<'a, R, $($ty, $value, $given),+> PagePosition<'a, ($(Sorted<R, $ty, $value>,)+)>
            for ($($given,)+)
        where
            $($given: PageValue<$ty, $value> + 'a,)+
        {
            fn values(self, order: &($(Sorted<R, $ty, $value>,)+)) -> Vec<Option<Param<'a>>> {
                vec![$(self.$place.param(order.$place.column.column())),+]
            }
        }
    )+};
}

orders! {
    A AV AG 0;
    A AV AG 0 B BV BG 1;
    A AV AG 0 B BV BG 1 C CV CG 2;
    A AV AG 0 B BV BG 1 C CV CG 2 D DV DG 3;
    A AV AG 0 B BV BG 1 C CV CG 2 D DV DG 3 E EV EG 4;
    A AV AG 0 B BV BG 1 C CV CG 2 D DV DG 3 E EV EG 4 F FV FG 5;
}
