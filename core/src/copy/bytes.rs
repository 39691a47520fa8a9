//! One COPY … TO STDOUT under way, as bytes in the pieces that the server sends: a row or so each.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio_postgres::CopyOutStream;

use super::{Progress, ProgressFn, encoder::CHUNK, sink::is_unexpected};
use crate::{
    Error,
    connect::Copying,
    deadline::{Alarm, Deadline},
    executor::SessionGuard,
    query::Text,
};

/// The bytes of a COPY as a stream. They are not kept in memory.
#[must_use = "a stream does nothing until it is polled"]
pub struct CopyBytes<'e> {
    // The stream goes first: it must not outlive the connection it comes from.
    stream: Pin<Box<CopyOutStream>>,
    state: State,
    pub(super) text: Text,
    alarm: Option<Alarm>,
    progress: Option<Told<'e>>,
    session: SessionGuard<'e>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Copying,
    /// The data is complete; the server has yet to say so.
    Ending,
    /// The command is complete; outside of a transaction the server has yet to commit, and may fail to.
    Committing,
    Ended,
}

impl<'e> CopyBytes<'e> {
    pub(super) async fn open(session: SessionGuard<'e>, text: Text) -> Result<Self, Error> {
        let (turn, statement) = session
            .turn_to_copy(&text)
            .await
            .map_err(|error| text.blame(error))?;
        let begin = turn.client().copy_out(&statement);
        let stream = match session.begin_copy(Copying::Out, begin).await {
            Ok(stream) => {
                turn.hand_over();
                Box::pin(stream)
            }
            Err(error) => {
                turn.finish();
                return Err(text.blame(session.failed(Error::postgres(error))));
            }
        };
        Ok(Self {
            stream,
            state: State::Copying,
            text,
            alarm: None,
            progress: None,
            session,
        })
    }

    /// The same, with a deadline for all of it.
    pub(super) fn until(mut self, deadline: Deadline) -> Self {
        self.alarm = deadline.alarm();
        self
    }

    /// The same, with somebody who is told how far it is. `rows` is 0 where [`Self::count_row`] counts them.
    pub(super) fn telling(mut self, progress: Option<ProgressFn<'e>>, rows: Option<u64>) -> Self {
        self.progress = progress.map(|tell| Told {
            tell,
            now: Progress { rows, bytes: 0 },
            told: 0,
        });
        self
    }

    /// Takes note of a row that was taken.
    pub(super) fn count_row(&mut self) {
        if let Some(Told { now, .. }) = &mut self.progress {
            now.rows = now.rows.map(|rows| rows + 1);
        }
    }

    /// The next piece, or `None` after the last.
    ///
    /// # Errors
    ///
    /// When the COPY fails while it runs.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        StreamExt::next(self).await
    }
}

impl Stream for CopyBytes<'_> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.state != State::Ended
            && let Some(alarm) = &mut this.alarm
            && let Some(late) = alarm.rings(&this.text, cx)
        {
            return late;
        }
        while this.state != State::Ended {
            match ready!(this.stream.as_mut().poll_next(cx)) {
                Some(Ok(bytes)) => {
                    if let Some(progress) = &mut this.progress {
                        progress.add(bytes.len());
                    }
                    return Poll::Ready(Some(Ok(bytes)));
                }
                // The driver takes the server's last words for pieces of data, and does not know them.
                Some(Err(error)) if this.state == State::Ending && is_unexpected(&error) => {
                    this.state = State::Committing;
                }
                Some(Err(error)) if this.state == State::Committing && is_unexpected(&error) => {
                    this.state = State::Ended;
                }
                Some(Err(error)) => {
                    this.state = State::Ended;
                    let error = this.session.failed(Error::postgres(error));
                    return Poll::Ready(Some(Err(this.text.blame(error))));
                }
                None => this.state = State::Ending,
            }
        }
        if let Some(mut progress) = this.progress.take() {
            progress.tell();
        }
        Poll::Ready(None)
    }
}

/// Somebody who is told how far a COPY is, now and then and at its end.
struct Told<'e> {
    tell: ProgressFn<'e>,
    now: Progress,
    /// At how many bytes that was last.
    told: u64,
}

impl Told<'_> {
    fn add(&mut self, bytes: usize) {
        // The rows of what came before were taken by now, those of this piece are yet to be.
        if self.now.bytes - self.told >= CHUNK as u64 {
            self.tell();
        }
        self.now.bytes += bytes as u64;
    }

    fn tell(&mut self) {
        self.told = self.now.bytes;
        (self.tell)(self.now);
    }
}

/// Data that was not read to its end is data that the server still sends.
impl Drop for CopyBytes<'_> {
    fn drop(&mut self) {
        match self.state {
            State::Ended => self.session.leave(),
            State::Copying | State::Ending | State::Committing => self.session.abandon(),
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
