//! Orders of rows, and pages of them: a page begins after the values that the last row of the page before has in
//! the columns of the order, which is as fast for the thousandth page as for the first.

use std::marker::PhantomData;

use super::column::{Operand, TypedColumn};
use super::filter::Part;
use super::sql::Sql;
use crate::{Column, Param};

/// One column of the order of a list: [`TypedColumn::asc`] or [`TypedColumn::desc`].
pub struct Sorted<R, T, V = T> {
    column: TypedColumn<R, T, V>,
    direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

impl<R, T, V> Clone for Sorted<R, T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T, V> Copy for Sorted<R, T, V> {}

impl<R, T, V> std::fmt::Debug for Sorted<R, T, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.column, self.direction)
    }
}

impl<R, T, V> TypedColumn<R, T, V> {
    /// Smallest first, nulls last.
    #[must_use]
    pub const fn asc(self) -> Sorted<R, T, V> {
        Sorted {
            column: self,
            direction: Direction::Ascending,
        }
    }

    /// Largest first, nulls before them.
    #[must_use]
    pub const fn desc(self) -> Sorted<R, T, V> {
        Sorted {
            column: self,
            direction: Direction::Descending,
        }
    }
}

#[cfg(feature = "geo")]
impl<R, T, V: crate::EncodeSpatial> TypedColumn<R, T, V> {
    /// Nearest to this shape first.
    pub fn nearest_to<'a>(self, shape: impl crate::EncodeSpatial + 'a) -> Order<'a, R> {
        let shape = Param::for_column(shape, Some(self.column()));
        let (schema, column) = (self.type_schema(), self.name());
        Order::of(vec![
            Part::Column(column),
            Part::Operator(schema, "<->"),
            Part::Param(shape),
        ])
    }
}

/// A part of the order of a list, of whatever type.
pub struct Order<'a, R> {
    parts: Vec<Part<'a>>,
    row: PhantomData<fn() -> R>,
}

impl<'a, R> Order<'a, R> {
    fn of(parts: Vec<Part<'a>>) -> Self {
        Self {
            parts,
            row: PhantomData,
        }
    }

    pub(super) fn write(self, sql: &mut Sql<'a>) {
        for part in self.parts {
            part.write(sql);
        }
    }
}

impl<R, T, V> From<Sorted<R, T, V>> for Order<'_, R> {
    fn from(sorted: Sorted<R, T, V>) -> Self {
        let mut parts = vec![Part::Column(sorted.column.name())];
        if sorted.direction == Direction::Descending {
            parts.push(Part::Words(" desc"));
        }
        Self::of(parts)
    }
}

/// The columns of an order that pages are cut in: a tuple of [`Sorted`], of which the columns of a unique key are
/// a part, so that no two rows are equal in it.
pub trait PageOrder<R> {
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
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct PageColumn {
    pub(super) column: &'static Column,
    direction: Direction,
}

impl PageColumn {
    /// Appends the column as a part of `order by`.
    pub(super) fn write(self, sql: &mut Sql<'_>) {
        sql.column(self.column.name);
        if self.direction == Direction::Descending {
            sql.push(" desc");
        }
    }
}

macro_rules! orders {
    ($($($ty:ident $value:ident $given:ident $place:tt)+;)+) => {$(
        impl<R, $($ty, $value),+> PageOrder<R> for ($(Sorted<R, $ty, $value>,)+) {
            fn columns(&self) -> Vec<PageColumn> {
                vec![$(PageColumn {
                    column: self.$place.column.column(),
                    direction: self.$place.direction,
                }),+]
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
}

/// Appends the condition that a row comes after these values in the order.
pub(super) fn write_after<'a>(
    sql: &mut Sql<'a>,
    columns: &[PageColumn],
    values: Vec<Option<Param<'a>>>,
) {
    let values: Vec<Option<usize>> = values
        .into_iter()
        .map(|value| value.map(|param| sql.bind(param)))
        .collect();
    let (Some(first), Some(known)) = (columns.first(), all(&values)) else {
        return write_each_after(sql, columns, &values);
    };
    let alike = columns
        .iter()
        .all(|c| c.direction == first.direction && !c.column.nullable);
    if !alike {
        return write_each_after(sql, columns, &values);
    }
    // What an index on these columns can begin with.
    let (open, close) = if columns.len() == 1 {
        ("", "")
    } else {
        ("(", ")")
    };
    sql.push(open);
    sql.separated(", ", columns, |sql, column| {
        sql.column(column.column.name);
    });
    sql.push(close).push(match first.direction {
        Direction::Ascending => " > ",
        Direction::Descending => " < ",
    });
    sql.push(open);
    sql.separated(", ", known, |sql, number| {
        sql.number(number);
    });
    sql.push(close);
}

/// All values, if none is null.
fn all(values: &[Option<usize>]) -> Option<Vec<usize>> {
    values.iter().copied().collect()
}

/// `a` is after, or it is equal and `b` is after, and so on.
fn write_each_after(sql: &mut Sql<'_>, columns: &[PageColumn], values: &[Option<usize>]) {
    let pairs: Vec<_> = columns.iter().zip(values).collect();
    // After null, which comes last, there is nothing more.
    let last = |(column, value): &(&PageColumn, &Option<usize>)| {
        value.is_none() && column.direction == Direction::Ascending
    };
    let places: Vec<usize> = (0..pairs.len()).filter(|i| !last(&pairs[*i])).collect();
    if places.is_empty() {
        sql.push("false");
        return;
    }
    sql.push("(");
    sql.separated(" or ", places, |sql, place| {
        sql.push("(");
        sql.separated(" and ", 0..=place, |sql, i| {
            let (column, value) = pairs[i];
            if i == place {
                write_one_after(sql, column, *value);
            } else {
                sql.column(column.column.name);
                match value {
                    Some(number) => sql.push(" = ").number(*number),
                    None => sql.push(" is null"),
                };
            }
        });
        sql.push(")");
    });
    sql.push(")");
}

fn write_one_after(sql: &mut Sql<'_>, column: &PageColumn, value: Option<usize>) {
    let name = column.column.name;
    match (value, column.direction) {
        (Some(number), Direction::Ascending) if column.column.nullable => {
            sql.push("(").column(name).push(" > ").number(number);
            sql.push(" or ").column(name).push(" is null)");
        }
        (Some(number), Direction::Ascending) => {
            sql.column(name).push(" > ").number(number);
        }
        (Some(number), Direction::Descending) => {
            sql.column(name).push(" < ").number(number);
        }
        (None, _) => {
            sql.column(name).push(" is not null");
        }
    }
}
