//! The types that rows can be read into besides structs: tuples, types that are made from a tuple, and the value of a
//! single column.

use crate::{Decode, Error, Field, PgRow, Row};

/// The row type for results with one column. A row is read into the value itself, not into a tuple or struct.
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// use howdah::Value;
///
/// let total: i64 = howdah::query("select count(*) from places").fetch_one::<Value<i64>>(pool).await?;
/// # Ok(()) }
/// ```
pub struct Value<T>(std::marker::PhantomData<fn() -> T>);

/// A type that the rows of a result can be read into: a [`PgRow`], or [`Value`] for results with one column.
#[diagnostic::on_unimplemented(
    message = "a row cannot be read into `{Self}`",
    label = "not a row type",
    note = "for a result of one column, use `howdah::Value<{Self}>`",
    note = "derive `howdah::PgRow` on a struct"
)]
pub trait RowType: 'static {
    /// The Rust type of one row.
    type Output: Send;
    /// The columns that are read.
    const FIELDS: &'static [Field];
    /// Reads one row.
    ///
    /// # Errors
    ///
    /// When a value does not fit its type.
    fn read(row: &mut Row<'_>) -> Result<Self::Output, Error>;
}

#[diagnostic::do_not_recommend]
impl<R> RowType for R
where
    R: for<'r> PgRow<'r> + Send + 'static,
{
    type Output = R;
    const FIELDS: &'static [Field] = <R as PgRow<'static>>::FIELDS;

    #[inline]
    fn read(row: &mut Row<'_>) -> Result<R, Error> {
        R::from_row(row)
    }
}

impl<T> RowType for Value<T>
where
    T: for<'r> Decode<'r> + Send + 'static,
{
    type Output = T;
    const FIELDS: &'static [Field] = &[Field::column::<'static, T>("")];

    #[inline]
    fn read(row: &mut Row<'_>) -> Result<T, Error> {
        row.get()
    }
}

/// A row type that is made from a tuple of its columns, which have names and are owned. It compiles faster than a
/// [`PgRow`] that reads field by field, so generated rows implement it.
///
/// ```
/// use howdah::FromColumns;
///
/// struct Place {
///     id: i64,
///     note: Option<String>,
/// }
///
/// impl FromColumns for Place {
///     type Columns = (i64, Option<String>);
///     const NAMES: &'static [&'static str] = &["id", "note"];
///
///     fn from_columns((id, note): Self::Columns) -> Self {
///         Self { id, note }
///     }
/// }
/// ```
pub trait FromColumns: Sized {
    /// The types of the columns, in a tuple of up to 16.
    type Columns: for<'r> ColumnTuple<'r, Self>;

    /// The names of the columns, in the order of [`Columns`](Self::Columns).
    const NAMES: &'static [&'static str];

    /// Makes a row from these values.
    fn from_columns(columns: Self::Columns) -> Self;
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromColumns> PgRow<'r> for T {
    const FIELDS: &'static [Field] = <T::Columns as ColumnTuple<'r, T>>::NAMED;

    #[inline]
    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        row.nested().map(T::from_columns)
    }
}

/// The columns of `T` as a tuple.
#[doc(hidden)]
pub trait ColumnTuple<'r, T>: PgRow<'r> {
    /// The fields, with `T`'s names for them.
    const NAMED: &'static [Field];
}

/// Fields with names.
const fn named<const N: usize>(
    mut fields: [Field; N],
    names: &'static [&'static str],
) -> [Field; N] {
    assert!(
        names.len() == N,
        "`NAMES` must have a name for each of the `Columns`"
    );
    let mut i = 0;
    while i < N {
        fields[i] = fields[i].of_column(names[i], "", "");
        i += 1;
    }
    fields
}

macro_rules! tuples {
    ($($($name:ident)+;)+) => {$(
        // A tuple reads the columns by position, and there must be exactly as many.
        impl<'r, $($name: Decode<'r>),+> PgRow<'r> for ($($name,)+) {
            const FIELDS: &'static [Field] = &[$(Field::column::<'r, $name>("")),+];

            #[inline]
            fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
                Ok(($(row.get::<$name>()?,)+))
            }
        }

        impl<'r, Named: FromColumns, $($name: Decode<'r>),+> ColumnTuple<'r, Named> for ($($name,)+) {
            const NAMED: &'static [Field] = &named([$(Field::column::<'r, $name>("")),+], Named::NAMES);
        }
    )+};
}

tuples! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
    A B C D E F G H I J K L M; A B C D E F G H I J K L M N; A B C D E F G H I J K L M N O;
    A B C D E F G H I J K L M N O P;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_tuple_has_its_columns_with_names() {
        struct Place(i64);
        impl FromColumns for Place {
            type Columns = (i64, Option<String>);
            const NAMES: &'static [&'static str] = &["id", "note"];

            fn from_columns((id, _): Self::Columns) -> Self {
                Self(id)
            }
        }
        const FIELDS: &[Field] = <Place as PgRow<'_>>::FIELDS;
        let columns = FIELDS.iter().map(|field| match field {
            Field::Column(column) => (column.name, column.nullable),
            Field::Nested(_) => unreachable!(),
        });
        let columns: Vec<_> = columns.collect();
        assert_eq!(columns, [("id", false), ("note", true)]);
        assert_eq!(Place::from_columns((1, None)).0, 1);
    }

    #[test]
    #[should_panic = "`NAMES` must have a name for each of the `Columns`"]
    fn each_column_needs_a_name() {
        let _ = named([Field::column::<i64>("")], &["id", "note"]);
    }
}
