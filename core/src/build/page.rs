//! Pages of rows: a page begins after the values that the last row of the page before has in the columns of the
//! order, which is as fast for the thousandth page as for the first.

use super::column::Operand;
use super::order::{Direction, Order, Sorted};
use super::select::SelectRow;
use crate::{Column, Param, Table};

/// An order that pages are cut in: no two rows are equal in it, as the columns of a unique key are among its own.
/// [`page_order!`](crate::page_order) makes it, and compares it with the table while compiling.
///
/// Were two rows equal, and a page to end between them, then the next page would leave the second one out. The key
/// is not put at the end by itself: a page begins after given values of all columns of its order, which the app
/// keeps and its clients send, so that all of them stand where both can be seen.
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
/// Place::ID.asc())`. The columns of a unique key are among them, or it does not compile. It stands by itself, so that
/// columns are named by the struct, not by `Self`. See [`PageOrder`].
#[macro_export]
macro_rules! page_order {
    ($($column:expr),+ $(,)?) => {{
        // An item, since `cargo check` does not look at inline consts.
        const _: () = $crate::check::page_order(&[$($crate::__private::PageColumn::of(&$column)),+]);
        $crate::PageOrder::of(($($column,)+))
    }};
}

/// The columns of an order that pages are cut in: a tuple of [`Sorted`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no order of pages of `{R}`",
    label = "one to six columns of `{R}`, each with `asc()` or `desc()`"
)]
pub trait PageColumns<R> {
    /// The columns, without their types.
    #[doc(hidden)]
    fn columns(&self) -> Vec<PageColumn>;
}

/// The values that the last row of a page has in the columns of the order `O`, in a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not values of the columns that pages are sorted by",
    label = "one value for each column, in a tuple",
    note = "the value of a column that can be null is an `Option`"
)]
pub trait PagePosition<'a, O> {
    /// The values; none for null.
    #[doc(hidden)]
    fn values(self, order: &O) -> Vec<Option<Param<'a>>>;
}

/// The value of a column with fields of type `T` and values of type `V`: an `Option` where the field is one.
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
    /// What the struct says that the key is.
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
