//! A running COPY … TO STDOUT, as bytes in the pieces that the server sends, usually one for each row.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::{Format, Progress, ProgressFn, chunk::CHUNK};
use crate::{
    Error,
    executor::{
        SessionGuard,
        deadline::{Alarm, Deadline},
    },
    query::Text,
    session::{request::Request, response::Response},
};

/// The bytes of a COPY as a stream. They are not kept in memory.
#[must_use = "a stream does nothing until it is polled"]
pub struct CopyBytes<'e> {
    response: Response,
    has_ended: bool,
    /// The query inside of the COPY, for messages.
    query: Text,
    alarm: Option<Alarm>,
    progress: Option<Told<'e>>,
    session: SessionGuard<'e>,
}

impl<'e> CopyBytes<'e> {
    pub(super) async fn open(
        session: SessionGuard<'e>,
        query: Text,
        format: &Format,
    ) -> Result<Self, Error> {
        let begin = async {
            let mut request = Request::new();
            request.copy_out(&copy_sql(&query, format))?;
            let turn = session.turn_to_copy().await?;
            let mut response = turn.send(&request)?;
            match response.begin_copy().await {
                Ok(()) => {
                    turn.hand_over();
                    Ok(response)
                }
                Err(error) => {
                    turn.finish();
                    Err(session.failed(error))
                }
            }
        };
        let response = begin
            .await
            .map_err(|error| query.blame(with_values(error).shifted(BEFORE.len())))?;
        Ok(Self {
            response,
            has_ended: false,
            query,
            alarm: None,
            progress: None,
            session,
        })
    }

    /// Sets a deadline for the whole COPY.
    pub(super) fn until(mut self, deadline: Deadline) -> Self {
        self.alarm = deadline.alarm();
        self
    }

    /// Sets the function that is told of the progress. `rows` is 0 if [`Self::count_row`] counts them.
    pub(super) fn telling(mut self, progress: Option<ProgressFn<'e>>, rows: Option<u64>) -> Self {
        self.progress = progress.map(|tell| Told {
            tell,
            now: Progress { rows, bytes: 0 },
            told: 0,
        });
        self
    }

    #[cold]
    pub(super) fn blame(&self, error: Error) -> Error {
        self.query.blame(error.shifted(BEFORE.len()))
    }

    /// Counts a row that was read.
    pub(super) fn count_row(&mut self) {
        if let Some(Told { now, .. }) = &mut self.progress {
            now.rows = now.rows.map(|rows| rows + 1);
        }
    }

    /// Cancels the COPY, and waits until the server has stopped.
    pub(super) async fn give_up(self) {
        let session = self.session.to_arc();
        drop(self);
        if let Some(session) = session {
            // If this fails, the session is closed.
            let _ = session.settle().await;
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
        if this.has_ended {
            return Poll::Ready(None);
        }
        if let Some(alarm) = &mut this.alarm
            && let Some(late) = alarm.rings(&this.query, cx)
        {
            return late;
        }
        match ready!(this.response.poll_data(cx)) {
            Ok(Some(bytes)) => {
                if let Some(progress) = &mut this.progress {
                    progress.add(bytes.len());
                }
                return Poll::Ready(Some(Ok(bytes)));
            }
            Ok(None) => this.has_ended = true,
            Err(error) => {
                this.has_ended = true;
                let error = this.blame(this.session.failed(error));
                let error = Alarm::told(this.alarm.as_ref(), &this.query, error);
                return Poll::Ready(Some(Err(error)));
            }
        }
        if let Some(mut progress) = this.progress.take() {
            progress.tell();
        }
        Poll::Ready(None)
    }
}

/// Reports the progress of a COPY, from time to time and at its end.
struct Told<'e> {
    tell: ProgressFn<'e>,
    now: Progress,
    /// The number of bytes at the last report.
    told: u64,
}

impl Told<'_> {
    fn add(&mut self, bytes: usize) {
        // The rows of earlier pieces have been read by now, but not those of this piece.
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

/// If the data was not read to its end, the server is still sending.
impl Drop for CopyBytes<'_> {
    fn drop(&mut self) {
        match self.has_ended {
            true => self.session.leave(),
            false => self.session.abandon(),
        }
    }
}

impl fmt::Debug for CopyBytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyBytes")
            .field("sql", &self.query.sql())
            .finish_non_exhaustive()
    }
}

/// What stands before the query.
const BEFORE: &str = "COPY (";

/// The statement that copies the result of a query. Tables are copied by a query, too: COPY of a table by its name
/// works only for some kinds of tables.
fn copy_sql(query: &Text, format: &Format) -> String {
    let options = format.options().join(", ");
    // The line break ends a comment.
    format!("{BEFORE}{}\n) TO STDOUT WITH ({options})", query.sql())
}

/// Adds advice about parameters to the error.
#[cold]
fn with_values(error: Error) -> Error {
    match error.sqlstate() {
        Some("42P02") => error.followed(
            "; COPY takes no parameters: the documentation of `howdah::query` shows how the server writes values into SQL",
        ),
        _ => error,
    }
}
