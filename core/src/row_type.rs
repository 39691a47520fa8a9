//! The types that rows can be read into besides structs: tuples, and the value of the only column.

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
pub trait RowType {
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

impl<R> RowType for R
where
    R: for<'r> PgRow<'r> + Send,
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
    T: for<'r> Decode<'r> + Send,
{
    type Output = T;
    const FIELDS: &'static [Field] = &[Field::column::<'static, T>("")];

    #[inline]
    fn read(row: &mut Row<'_>) -> Result<T, Error> {
        row.get()
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)+) => {$(
        impl<'r, $($name: Decode<'r>),+> PgRow<'r> for ($($name,)+) {
            const FIELDS: &'static [Field] = &[$(Field::column::<'r, $name>("")),+];

            #[inline]
            fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
                Ok(($(row.get::<$name>()?,)+))
            }
        }
    )+};
}

// A tuple reads the columns by position, and there must be just as many.
tuples! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
    A B C D E F G H I J K L M; A B C D E F G H I J K L M N; A B C D E F G H I J K L M N O;
    A B C D E F G H I J K L M N O P;
}
