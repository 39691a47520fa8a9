//! The number of rows that a query returns, and their type.

use std::marker::PhantomData;

use super::{Asked, rows::each_asked};
use crate::{Error, ErrorKind, Field, Row, RowType};

/// Any number of rows: `fetch` returns a `Vec`.
pub struct Many<R>(PhantomData<fn() -> R>);

/// At most one row: `fetch` returns an `Option`.
pub struct Opt<R>(PhantomData<fn() -> R>);

/// Exactly one row: `fetch` returns it.
pub struct One<R>(PhantomData<fn() -> R>);

/// No rows: `fetch` returns the number of affected rows.
pub struct Exec(());

/// The number of rows that a query returns, and their type: [`Many`], [`Opt`], [`One`] or [`Exec`].
pub trait Cardinality: sealed::Sealed + 'static {
    /// What `fetch` returns.
    type Output: Send;

    /// The columns that are read.
    #[doc(hidden)]
    const FIELDS: &'static [Field];

    /// The rows that have been read so far.
    #[doc(hidden)]
    type Rows: Default + Send;

    /// Reads the next row.
    #[doc(hidden)]
    fn take(rows: &mut Self::Rows, row: &mut Row<'_>) -> Result<(), Error>;

    /// Makes the result from all rows, and from the number of affected rows.
    #[doc(hidden)]
    fn finish(rows: Self::Rows, affected: u64) -> Result<Self::Output, Error>;

    /// The result of a statement that is not run. `None` if there can be none.
    #[doc(hidden)]
    fn nothing() -> Option<Self::Output>;

    /// Whether the result has no row.
    #[doc(hidden)]
    fn is_nothing(output: &Self::Output) -> bool;
}

/// Runs a query and returns its result.
pub(crate) async fn collect<C: Cardinality>(asked: Asked<'_>) -> Result<C::Output, Error> {
    let mut rows = C::Rows::default();
    let take = &mut |row: &mut Row<'_>| C::take(&mut rows, row);
    let (affected, text) = each_asked(asked, C::FIELDS, take).await?;
    C::finish(rows, affected).map_err(|error| text.blame(error))
}

impl<R: RowType> Cardinality for Many<R> {
    type Output = Vec<R::Output>;
    type Rows = Vec<R::Output>;
    const FIELDS: &'static [Field] = R::FIELDS;

    #[inline]
    fn take(rows: &mut Self::Rows, row: &mut Row<'_>) -> Result<(), Error> {
        rows.push(R::read(row)?);
        Ok(())
    }

    fn finish(rows: Self::Rows, _: u64) -> Result<Self::Output, Error> {
        Ok(rows)
    }

    fn nothing() -> Option<Self::Output> {
        Some(Vec::new())
    }

    fn is_nothing(output: &Self::Output) -> bool {
        output.is_empty()
    }
}

impl<R: RowType> Cardinality for Opt<R> {
    type Output = Option<R::Output>;
    type Rows = Option<R::Output>;
    const FIELDS: &'static [Field] = R::FIELDS;

    fn take(found: &mut Self::Rows, row: &mut Row<'_>) -> Result<(), Error> {
        take_only::<R>(found, row, "at most one")
    }

    fn finish(found: Self::Rows, _: u64) -> Result<Self::Output, Error> {
        Ok(found)
    }

    fn nothing() -> Option<Self::Output> {
        Some(None)
    }

    fn is_nothing(output: &Self::Output) -> bool {
        output.is_none()
    }
}

impl<R: RowType> Cardinality for One<R> {
    type Output = R::Output;
    type Rows = Option<R::Output>;
    const FIELDS: &'static [Field] = R::FIELDS;

    fn take(found: &mut Self::Rows, row: &mut Row<'_>) -> Result<(), Error> {
        take_only::<R>(found, row, "exactly one")
    }

    fn finish(found: Self::Rows, _: u64) -> Result<Self::Output, Error> {
        found.ok_or_else(no_row)
    }

    fn nothing() -> Option<Self::Output> {
        None
    }

    fn is_nothing(_: &Self::Output) -> bool {
        false
    }
}

impl Cardinality for Exec {
    type Output = u64;
    type Rows = ();
    const FIELDS: &'static [Field] = &[];

    fn take((): &mut (), _: &mut Row<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn finish((): (), affected: u64) -> Result<u64, Error> {
        Ok(affected)
    }

    fn nothing() -> Option<u64> {
        Some(0)
    }

    fn is_nothing(affected: &u64) -> bool {
        *affected == 0
    }
}

/// Reads a row, which must be the only one. `expected` is the expected number of rows, for messages.
fn take_only<R: RowType>(
    found: &mut Option<R::Output>,
    row: &mut Row<'_>,
    expected: &str,
) -> Result<(), Error> {
    if found.is_some() {
        return Err(too_many(expected));
    }
    *found = Some(R::read(row)?);
    Ok(())
}

#[cold]
fn too_many(expected: &str) -> Error {
    let message = format!(
        "more than one row, where {expected} was expected: `limit 1` takes the first, `:many` or `fetch_all` takes all"
    );
    Error::new(ErrorKind::TooManyRows, message)
}

#[cold]
fn no_row() -> Error {
    let message = "no row, where exactly one was expected: where there may be none, `:opt` or `fetch_opt` gives an `Option`";
    Error::new(ErrorKind::NoRow, message)
}

mod sealed {
    pub trait Sealed {}
    impl<R> Sealed for super::Many<R> {}
    impl<R> Sealed for super::Opt<R> {}
    impl<R> Sealed for super::One<R> {}
    impl Sealed for super::Exec {}
}
