//! The order of rows.

use std::marker::PhantomData;

use super::column::TypedColumn;
use super::fragment::SqlFragment;
use super::part::Part;
use super::sql::Sql;
#[cfg(feature = "geo")]
use crate::Param;

/// A column to sort by, with its direction. [`TypedColumn::asc`] and [`TypedColumn::desc`] make it.
pub struct Sorted<R, T, V = T> {
    pub(super) column: TypedColumn<R, T, V>,
    pub(super) direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
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

impl<R, T, V> Sorted<R, T, V> {
    /// Nulls before everything else, whatever the direction.
    pub fn nulls_first<'a>(self) -> Order<'a, R> {
        Order::from(self).then(" nulls first")
    }

    /// Nulls after everything else, whatever the direction.
    pub fn nulls_last<'a>(self) -> Order<'a, R> {
        Order::from(self).then(" nulls last")
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

    /// Largest first, nulls before everything else.
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
    /// Sorts by the distance to this shape, nearest first.
    pub fn nearest_to<'a>(self, shape: impl crate::EncodeSpatial + 'a) -> Order<'a, R> {
        let shape = Param::for_column(shape, Some(self.column()));
        let (schema, column) = (self.type_schema(), self.name());
        Order::of(SqlFragment(vec![
            Part::Column(column),
            Part::Operator(schema, "<->"),
            Part::Param(shape),
        ]))
    }
}

/// A part of the order of a list; see [`Select::order_by`](crate::Select::order_by).
pub struct Order<'a, R> {
    written: SqlFragment<'a>,
    row: PhantomData<fn() -> R>,
}

impl<'a, R> Order<'a, R> {
    fn of(written: SqlFragment<'a>) -> Self {
        Self {
            written,
            row: PhantomData,
        }
    }

    /// Sorts by what this SQL says, such as `lower(name) desc`; see [`sql()`](crate::sql).
    ///
    /// ```
    /// # mod schema { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../derive/examples_schema/places.rs")); }
    /// # #[derive(howdah::PgRow, howdah::PgSelect)]
    /// # #[pg(table = schema::places)]
    /// # struct Place { #[pg(key)] id: i64, name: String }
    /// use howdah::Order;
    ///
    /// let places = Place::select().order_by(Order::sql("lower(name)")).order_by(Place::ID);
    /// assert_eq!(places.sql(), r#"select "id", "name" from "places" order by lower(name), "id""#);
    /// ```
    pub fn sql(sql: impl Into<SqlFragment<'a>>) -> Self {
        Self::of(sql.into())
    }

    fn then(self, words: &'static str) -> Self {
        Self::of(self.written.push(words))
    }

    /// The same order with borrowed parameters.
    pub(super) fn by_ref(&self) -> Order<'_, R> {
        Order::of(self.written.by_ref())
    }

    pub(super) fn write(self, sql: &mut Sql<'a>) {
        self.written.write(sql);
    }
}

impl<R> Order<'_, R> {
    pub(super) fn by(column: &'static str, direction: Direction) -> Self {
        let order = Self::of(SqlFragment(vec![Part::Column(column)]));
        match direction {
            Direction::Ascending => order,
            Direction::Descending => order.then(" desc"),
        }
    }
}

/// Smallest first, as in SQL.
impl<R, T, V> From<TypedColumn<R, T, V>> for Order<'_, R> {
    fn from(column: TypedColumn<R, T, V>) -> Self {
        column.asc().into()
    }
}

impl<R, T, V> From<Sorted<R, T, V>> for Order<'_, R> {
    fn from(sorted: Sorted<R, T, V>) -> Self {
        Self::by(sorted.column.name(), sorted.direction)
    }
}
