//! The future that `fetch` returns.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use crate::Error;

/// The future of [`Query::fetch`](crate::Query::fetch): it runs the query when it is awaited.
///
/// It is a named type around a boxed future, because an app awaits hundreds of these: the compiler need not analyse
/// each of them, and the app's own futures stay small.
#[must_use = "a query does nothing until it is awaited"]
pub struct Fetch<'a, T>(pub(super) Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>);

impl<T> Future for Fetch<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for Fetch<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch").finish_non_exhaustive()
    }
}
