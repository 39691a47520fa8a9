//! Deadlines of single queries. The server gets a `statement_timeout`, so that it stops even if the client is gone. If
//! it does not answer in time, howdah stops waiting and cancels the statement.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use super::{Handle, sealed::Sealed};
use crate::{Error, ErrorKind, Executor, Pool, query::Text};

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

/// The time at which something must be done, if there is one, and the duration from its start.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(Option<(Instant, Duration)>);

impl Deadline {
    /// A deadline after this duration. `end` is the time, if it has started already.
    pub(crate) fn new(end: Option<Instant>, limit: Option<Duration>) -> Self {
        Self(limit.map(|limit| {
            (
                end.unwrap_or_else(|| time_after(Instant::now(), limit)),
                limit,
            )
        }))
    }

    /// A deadline this long from now.
    pub(crate) fn within(limit: Option<Duration>) -> Self {
        Self::new(None, limit)
    }

    pub(crate) fn is_set(self) -> bool {
        self.0.is_some()
    }

    /// The duration, if the deadline has passed.
    pub(crate) fn passed(self) -> Option<Duration> {
        let (at, limit) = self.0?;
        has_passed(at).then_some(limit)
    }

    /// Whether it passes before this time.
    pub(crate) fn is_before(self, time: Instant) -> bool {
        self.0.is_some_and(|(at, _)| at <= time)
    }

    /// The result of `work`, or the duration if the deadline passes before. Pass large futures pinned: a future that is
    /// moved into another makes that one larger.
    pub(crate) async fn in_time<T>(self, work: impl Future<Output = T>) -> Result<T, Duration> {
        match self.0 {
            None => Ok(work.await),
            Some((at, limit)) => timeout_at(at, work).await.map_err(|_| limit),
        }
    }

    /// Like [`in_time`](Self::in_time), for a statement. Dropping `work` must cancel the statement.
    pub(crate) async fn bound<T>(
        self,
        text: &Text,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let done = self.in_time(work).await;
        done.unwrap_or_else(|limit| Err(text.blame(passed(limit))))
            .map_err(|error| match self.0 {
                Some((at, limit)) if is_late(at, &error) => text.blame(passed(limit)),
                _ => error,
            })
    }

    /// Like [`in_time`](Self::in_time), for waiting for a connection of `pool`.
    pub(crate) async fn bound_taking<T>(
        self,
        pool: &Pool,
        taking: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let taken = self.in_time(taking).await;
        taken.unwrap_or_else(|limit| Err(pool.none_within(limit, ErrorKind::Timeout)))
    }

    /// An alarm that wakes a stream when the deadline passes.
    pub(crate) fn alarm(self) -> Option<Alarm> {
        let (at, limit) = self.0?;
        Some(Alarm {
            sleep: Box::pin(sleep_until(at)),
            limit,
            told: false,
        })
    }
}

/// Wakes a stream whose deadline has passed.
pub(crate) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    limit: Duration,
    /// Whether the stream has returned the error.
    told: bool,
}

impl Alarm {
    /// Once the deadline has passed, the stream returns this instead of rows: the error once, and then the end.
    /// Dropping the stream cancels the statement.
    pub(crate) fn rings<T>(
        &mut self,
        text: &Text,
        cx: &mut Context<'_>,
    ) -> Option<Poll<Option<Result<T, Error>>>> {
        if !self.told && self.sleep.as_mut().poll(cx).is_pending() {
            return None;
        }
        let first = !std::mem::replace(&mut self.told, true);
        let late = || Err(text.blame(passed(self.limit)));
        Some(Poll::Ready(first.then(late)))
    }

    /// The item that a failed stream returns.
    pub(crate) fn told(alarm: Option<&Self>, text: &Text, error: Error) -> Error {
        match alarm {
            Some(alarm) if is_late(alarm.sleep.deadline(), &error) => {
                text.blame(passed(alarm.limit))
            }
            _ => error,
        }
    }
}

/// The time this long after `start`. If it is out of range, as for `Duration::MAX`, a time in the far future.
pub(crate) fn time_after(start: Instant, wait: Duration) -> Instant {
    const DECADES: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    start.checked_add(wait).unwrap_or_else(|| start + DECADES)
}

/// Whether the server cancelled a statement because it was not done by this time.
fn is_late(at: Instant, error: &Error) -> bool {
    is_stop(error) && has_passed(at)
}

/// Whether this time has come. The server's `statement_timeout` is the same limit in whole milliseconds, and can pass
/// first.
fn has_passed(at: Instant) -> bool {
    at <= Instant::now() + Duration::from_millis(1)
}

/// Whether the server cancelled a statement, by its `statement_timeout` or a cancel request.
pub(crate) fn is_stop(error: &Error) -> bool {
    error.sqlstate() == Some("57014")
}

/// The error of a query that was not done in time.
#[cold]
fn passed(limit: Duration) -> Error {
    let message = format!("no result within {limit:?}");
    Error::new(ErrorKind::Timeout, message)
}

/// `limit` in milliseconds, for PostgreSQL's settings. At least 1, because 0 means no limit.
pub(crate) fn milliseconds(limit: Duration) -> u128 {
    limit.as_millis().clamp(1, i32::MAX as u128 / 2)
}
