//! How many rows a query returns, and their type.

use std::{future::Future, marker::PhantomData};

use super::Call;
use crate::{Error, ErrorKind, RowType, rows::each};

/// Any number of rows: `fetch` returns a `Vec`.
pub struct Many<R>(PhantomData<fn() -> R>);

/// At most one row: `fetch` returns an `Option`.
pub struct Opt<R>(PhantomData<fn() -> R>);

/// Exactly one row: `fetch` returns it.
pub struct One<R>(PhantomData<fn() -> R>);

/// No rows: `fetch` returns the number of affected rows.
pub struct Exec(());

/// How many rows a query returns, and their type: [`Many`], [`Opt`], [`One`] or [`Exec`].
pub trait Cardinality: sealed::Sealed + 'static {
    /// What `fetch` returns.
    type Output: Send;

    #[doc(hidden)]
    fn collect(call: Call<'_>) -> impl Future<Output = Result<Self::Output, Error>> + Send;

    /// What comes of a statement that is not run, if that can be.
    #[doc(hidden)]
    fn nothing() -> Option<Self::Output>;

    /// Whether no row came.
    #[doc(hidden)]
    fn is_nothing(output: &Self::Output) -> bool;
}

impl<R: RowType> Cardinality for Many<R> {
    type Output = Vec<R::Output>;

    fn nothing() -> Option<Self::Output> {
        Some(Vec::new())
    }

    fn is_nothing(output: &Self::Output) -> bool {
        output.is_empty()
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        let mut rows = Vec::new();
        each(&call, R::FIELDS, &mut |row| {
            rows.push(R::read(row)?);
            Ok(())
        })
        .await?;
        Ok(rows)
    }
}

impl<R: RowType> Cardinality for Opt<R> {
    type Output = Option<R::Output>;

    fn nothing() -> Option<Self::Output> {
        Some(None)
    }

    fn is_nothing(output: &Self::Output) -> bool {
        output.is_none()
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        the_only::<R>(&call, "at most one").await
    }
}

impl<R: RowType> Cardinality for One<R> {
    type Output = R::Output;

    fn nothing() -> Option<Self::Output> {
        None
    }

    fn is_nothing(_: &Self::Output) -> bool {
        false
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        let found = the_only::<R>(&call, "exactly one").await?;
        found.ok_or_else(|| {
            let message = "no row, where exactly one was expected: where there may be none, `:opt` or `fetch_opt` gives an \
                           `Option`";
            call.text.blame(Error::new(ErrorKind::NoRow, message))
        })
    }
}

/// The only row, if there is one; `expected` says how many there were to be.
async fn the_only<R: RowType>(
    call: &Call<'_>,
    expected: &'static str,
) -> Result<Option<R::Output>, Error> {
    let mut found = None;
    each(call, R::FIELDS, &mut |row| {
        if found.is_some() {
            return Err(too_many(expected));
        }
        found = Some(R::read(row)?);
        Ok(())
    })
    .await?;
    Ok(found)
}

#[cold]
fn too_many(expected: &str) -> Error {
    let message = format!(
        "more than one row, where {expected} was expected: `limit 1` takes the first, `:many` or `fetch_all` takes all"
    );
    Error::new(ErrorKind::TooManyRows, message)
}

impl Cardinality for Exec {
    type Output = u64;

    fn nothing() -> Option<u64> {
        Some(0)
    }

    fn is_nothing(affected: &u64) -> bool {
        *affected == 0
    }

    async fn collect(call: Call<'_>) -> Result<Self::Output, Error> {
        each(&call, &[], &mut |_| Ok(())).await
    }
}

mod sealed {
    pub trait Sealed {}
    impl<R> Sealed for super::Many<R> {}
    impl<R> Sealed for super::Opt<R> {}
    impl<R> Sealed for super::One<R> {}
    impl Sealed for super::Exec {}
}
