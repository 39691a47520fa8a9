//! Deadlines of single queries. The server is told, so that it stops even if we are gone; and when it does not answer in
//! time we go, and have what still runs cancelled.

use std::{fmt, time::Duration};

use crate::{
    Error, ErrorKind, Executor,
    executor::{Handle, sealed::Sealed},
};

/// An executor whose queries have a deadline; see [`Executor::within`].
pub struct Within<'e, E: ?Sized> {
    executor: &'e E,
    limit: Duration,
}

impl<'e, E: ?Sized> Within<'e, E> {
    pub(crate) fn new(executor: &'e E, limit: Duration) -> Self {
        Self { executor, limit }
    }
}

impl<E: Sealed + ?Sized> Sealed for Within<'_, E> {}

impl<E: Executor + ?Sized> Executor for Within<'_, E> {
    fn handle(&self) -> Handle<'_> {
        self.executor.handle().limited(self.limit)
    }
}

impl<E: ?Sized> fmt::Debug for Within<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Within")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// The error of a query that was not done in time.
#[cold]
pub(crate) fn passed(limit: Duration) -> Error {
    let message = format!("no result within {limit:?}; the statement is cancelled");
    Error::new(ErrorKind::Timeout, message)
}

/// `limit` as PostgreSQL's settings want it, in milliseconds; 0 would mean that there is none.
pub(crate) fn milliseconds(limit: Duration) -> u128 {
    limit.as_millis().clamp(1, i32::MAX as u128 / 2)
}
