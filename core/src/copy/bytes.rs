//! One COPY … TO STDOUT under way, as bytes in the pieces that the server sends: a row or so each.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio_postgres::CopyOutStream;

use crate::{Error, executor::SessionGuard, query::Text};

/// The bytes of a COPY, as they arrive and not kept.
#[must_use = "a stream does nothing until it is polled"]
pub struct CopyBytes<'e> {
    // The stream goes first: it must not outlive the connection it comes from.
    stream: Pin<Box<CopyOutStream>>,
    state: State,
    pub(super) text: Text,
    session: SessionGuard<'e>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Copying,
    /// The data is complete; the server has yet to say that all went well.
    Ending,
    Ended,
}

impl<'e> CopyBytes<'e> {
    pub(super) async fn open(session: SessionGuard<'e>, text: Text) -> Result<Self, Error> {
        let prepared = session
            .prepare_kept(&text)
            .await
            .map_err(|error| text.blame(error))?;
        let kept = prepared.kept().map_err(|error| text.blame(error))?;
        let turn = session.turn().await.map_err(|error| text.blame(error))?;
        let stream = match turn.client().copy_out(kept).await {
            Ok(stream) => {
                turn.hand_over();
                Box::pin(stream)
            }
            Err(error) => {
                turn.finish();
                return Err(text.blame(session.failed(error)));
            }
        };
        Ok(Self {
            stream,
            state: State::Copying,
            text,
            session,
        })
    }

    /// The next piece, or `None` after the last.
    ///
    /// # Errors
    ///
    /// When the COPY fails on its way.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        StreamExt::next(self).await
    }
}

impl Stream for CopyBytes<'_> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while this.state != State::Ended {
            match ready!(this.stream.as_mut().poll_next(cx)) {
                Some(Ok(bytes)) => return Poll::Ready(Some(Ok(bytes))),
                Some(Err(error)) => {
                    let copied = this.state == State::Ending
                        && error.as_db_error().is_none()
                        && !error.is_closed();
                    this.state = State::Ended;
                    // The driver takes the server's last word for a piece of data, and does not know it.
                    if !copied {
                        let error = this.session.failed(error);
                        return Poll::Ready(Some(Err(this.text.blame(error))));
                    }
                }
                None => this.state = State::Ending,
            }
        }
        Poll::Ready(None)
    }
}

/// Data that was not read to its end is data that the server still sends.
impl Drop for CopyBytes<'_> {
    fn drop(&mut self) {
        match self.state {
            State::Ended => self.session.leave(),
            State::Copying | State::Ending => self.session.abandon(),
        }
    }
}

impl fmt::Debug for CopyBytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyBytes")
            .field("sql", &self.text.sql())
            .finish_non_exhaustive()
    }
}
