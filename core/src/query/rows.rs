//! The rows of a query: passed to a closure as they arrive, or as a stream. Every fetched query goes through [`each`].

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::{Stream, StreamExt};

use super::{Asked, Call, Text};
#[cfg(any(feature = "tracing", feature = "metrics"))]
use crate::observe;
use crate::{
    Error, Field, Param, Row, RowSet, RowType,
    executor::{Handle, deadline::Alarm, running::Running},
    session::pack::Pack,
};

/// A closure that takes each row.
type Sink<'s> = dyn FnMut(&mut Row<'_>) -> Result<(), Error> + Send + 's;

/// Runs a query and passes each row to `sink`. Returns the number of affected rows, and the query's text for errors
/// about them.
pub(crate) async fn each_asked(
    asked: Asked<'_>,
    fields: &'static [Field],
    sink: &mut Sink<'_>,
) -> Result<(u64, Text), Error> {
    let affected = each(&asked.call(), fields, sink).await?;
    Ok((affected, asked.text))
}

/// Runs a statement and passes each row to `sink`. Returns the number of affected rows.
pub(crate) async fn each(
    call: &Call<'_>,
    fields: &'static [Field],
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    if !is_watched(call) {
        return each_row(call, fields, sink).await;
    }
    // Boxed, because it is rare, to keep the futures of queries small.
    let watched: Work<'_, _> = Box::pin(async move {
        let call = &call.begun();
        let work = Box::pin(each_row(call, fields, sink));
        watched(call, call.text.summary(), work, |rows| *rows).await
    });
    watched.await
}

/// Whether a query has a deadline or is observed.
pub(crate) fn is_watched(call: &Call<'_>) -> bool {
    #[cfg(any(feature = "tracing", feature = "metrics"))]
    if observe::is_on() {
        return true;
    }
    call.handle.limit().is_some()
}

/// A running query.
pub(crate) type Work<'w, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'w>>;

/// Runs a statement within its deadline, with its span, warnings and metrics. `summary` names it there, `rows` returns the
/// number of rows of a result.
#[cfg_attr(
    not(any(feature = "tracing", feature = "metrics")),
    expect(unused_variables)
)]
pub(crate) async fn watched<T>(
    call: &Call<'_>,
    summary: &'static str,
    work: Work<'_, T>,
    rows: fn(&T) -> u64,
) -> Result<T, Error> {
    let deadline = call.handle.deadline();
    let work: Work<'_, T> = match deadline.is_set() {
        true => Box::pin(deadline.bound(call.text, work)),
        false => work,
    };
    #[cfg(any(feature = "tracing", feature = "metrics"))]
    if observe::is_on() {
        return observe::observed(call, summary, work, rows).await;
    }
    work.await
}

async fn each_row(
    call: &Call<'_>,
    fields: &'static [Field],
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut running = Running::start(call, call.handle, fields).await?;
    let mut rejected = None;
    poll_fn(|cx| running.poll_rows(cx, |plan, pack| pack.give(plan, sink, &mut rejected))).await?;
    match rejected {
        Some(error) => Err(running.unread(error)),
        None => Ok(running.affected()),
    }
}

/// Runs a statement and keeps the bytes of its rows.
pub(crate) async fn all(call: &Call<'_>) -> Result<RowSet, Error> {
    if !is_watched(call) {
        return all_rows(call).await;
    }
    let watched: Work<'_, _> = Box::pin(async move {
        let call = &call.begun();
        let work = Box::pin(all_rows(call));
        watched(call, call.text.summary(), work, |rows| rows.len() as u64).await
    });
    watched.await
}

async fn all_rows(call: &Call<'_>) -> Result<RowSet, Error> {
    let mut running = Running::start(call, call.handle, &[]).await?;
    let mut packs = Vec::new();
    poll_fn(|cx| running.poll_rows(cx, |_, pack| packs.push(pack))).await?;
    let prepared = Arc::clone(&running.prepared);
    Ok(RowSet::new(packs, prepared, call.text.clone()))
}

/// The rows of a query as a stream. Rows are read when they arrive, and are not kept in memory.
#[must_use = "a stream does nothing until it is polled"]
pub struct RowStream<'e, R> {
    running: Running<'e>,
    /// The last received rows, and the position of the next one.
    pack: Option<Pack>,
    at: usize,
    alarm: Option<Alarm>,
    row_type: PhantomData<fn() -> R>,
}

impl<'e, R: RowType> RowStream<'e, R> {
    pub(crate) async fn open(
        handle: Handle<'e>,
        text: &Text,
        params: &[Param<'_>],
    ) -> Result<Self, Error> {
        let call = Call {
            handle,
            text,
            params,
        };
        #[cfg(any(feature = "tracing", feature = "metrics"))]
        if observe::is_on() {
            // The span ends when the first rows arrive.
            let work = Box::pin(Self::open_in_time(handle, &call));
            return observe::observed(&call, text.summary(), work, |_| 0).await;
        }
        Self::open_in_time(handle, &call).await
    }

    async fn open_in_time(handle: Handle<'e>, call: &Call<'_>) -> Result<Self, Error> {
        let text = call.text;
        // Rows that are not read yet would delay the answers of other tasks.
        let handle = handle.exclusive().begun();
        let start = Running::start(call, handle, R::FIELDS);
        let deadline = handle.deadline();
        let running = deadline.bound(text, pin!(start)).await?;
        Ok(Self {
            running,
            pack: None,
            at: 0,
            alarm: deadline.alarm(),
            row_type: PhantomData,
        })
    }
}

impl<R: RowType> RowStream<'_, R> {
    /// The next row, or `None` after the last.
    ///
    /// # Errors
    ///
    /// When the statement fails while it runs, or a value does not fit its type.
    pub async fn next(&mut self) -> Option<Result<R::Output, Error>> {
        StreamExt::next(self).await
    }
}

impl<R: RowType> Stream for RowStream<'_, R> {
    type Item = Result<R::Output, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self {
            running,
            pack,
            at,
            alarm,
            ..
        } = &mut *self;
        loop {
            if let Some(row) = pack.as_ref().and_then(|pack| pack.row(at)) {
                let read = Row::new(row, &running.plan).and_then(|mut row| R::read(&mut row));
                return Poll::Ready(Some(read.map_err(|error| running.unread(error))));
            }
            if let Some(alarm) = alarm
                && !running.finished
                && let Some(late) = alarm.rings(&running.text, cx)
            {
                return late;
            }
            (*pack, *at) = match ready!(running.poll_pack(cx)) {
                Ok(Some(pack)) => (Some(pack), 0),
                Ok(None) => return Poll::Ready(None),
                Err(error) => {
                    let error = Alarm::told(alarm.as_ref(), &running.text, error);
                    return Poll::Ready(Some(Err(error)));
                }
            };
        }
    }
}

impl<R> fmt::Debug for RowStream<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream")
            .field("sql", &self.running.text.sql())
            .finish_non_exhaustive()
    }
}
