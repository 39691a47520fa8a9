//! Rows of a COPY TO in binary format, each read from the received bytes.

use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::{Stream, StreamExt};

use super::{CopyBytes, Format, decoder::Decoder, describe::describe};
use crate::{Error, ErrorKind, Row, RowType, executor::SessionGuard, query::Text, row::plan::Plan};

/// The rows of a COPY as a stream. They are read when they arrive, and are not kept in memory.
#[must_use = "a stream does nothing until it is polled"]
pub struct CopyRows<'e, R> {
    bytes: CopyBytes<'e>,
    decoder: Decoder,
    plan: Arc<Plan>,
    /// The number of columns.
    width: usize,
    ended: bool,
    row_type: PhantomData<fn() -> R>,
}

impl<'e, R: RowType> CopyRows<'e, R> {
    pub(super) async fn open(session: SessionGuard<'e>, query: Text) -> Result<Self, Error> {
        let described = describe(&session, &query).await?;
        described.check("", &[]).map_err(|error| {
            let message = "COPY takes no parameters: stream the query instead";
            query.blame(Error::new(ErrorKind::Mapping, message).caused_by(error))
        })?;
        let plan = described
            .plan(R::FIELDS)
            .map_err(|error| query.blame(error))?;
        let width = described.columns().len();
        Ok(Self {
            bytes: CopyBytes::open(session, query, &Format::Binary).await?,
            decoder: Decoder::default(),
            plan,
            width,
            ended: false,
            row_type: PhantomData,
        })
    }

    /// Applies `change` to the underlying stream of bytes.
    pub(super) fn with(mut self, change: impl FnOnce(CopyBytes<'e>) -> CopyBytes<'e>) -> Self {
        self.bytes = change(self.bytes);
        self
    }

    /// The next row, or `None` after the last.
    ///
    /// # Errors
    ///
    /// When the COPY fails while it runs, or a value does not fit its type.
    pub async fn next(&mut self) -> Option<Result<R::Output, Error>> {
        StreamExt::next(self).await
    }

    /// Returns all remaining rows.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next).
    pub async fn collect(mut self) -> Result<Vec<R::Output>, Error> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await {
            rows.push(row?);
        }
        Ok(rows)
    }

    fn decode(&mut self) -> Result<Option<R::Output>, Error> {
        let next = self.decoder.next(self.width);
        // Where the next row begins is not known then.
        self.ended = next.is_err();
        let Some(row) = next? else {
            return Ok(None);
        };
        self.bytes.count_row();
        R::read(&mut Row::of_values(&row, &self.plan)).map(Some)
    }
}

impl<R: RowType> Stream for CopyRows<'_, R> {
    type Item = Result<R::Output, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.ended {
            return Poll::Ready(None);
        }
        loop {
            match this.decode() {
                Ok(Some(row)) => return Poll::Ready(Some(Ok(row))),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(this.bytes.blame(error)))),
            }
            match ready!(Pin::new(&mut this.bytes).poll_next(cx)) {
                Some(Ok(piece)) => this.decoder.feed(piece),
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.ended = true;
                    if this.decoder.is_complete() {
                        return Poll::Ready(None);
                    }
                    let error =
                        Error::new(ErrorKind::Decode, "the data of the COPY ends too early");
                    return Poll::Ready(Some(Err(this.bytes.blame(error))));
                }
            }
        }
    }
}

impl<R> fmt::Debug for CopyRows<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyRows")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
