//! The answer to a request.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use postgres_protocol::message::frontend;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Line, Stream, closed, keep};
use crate::Error;

/// The answer to a request. If it is dropped, the rest of the answer is still read, and discarded.
pub(crate) struct Reply<S = Stream> {
    line: Arc<Line<S>>,
    number: u64,
    is_ended: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Reply<S> {
    pub(super) fn new(line: Arc<Line<S>>, number: u64) -> Self {
        Self {
            line,
            number,
            is_ended: false,
        }
    }

    /// The next complete messages. Empty after the last.
    ///
    /// # Errors
    ///
    /// When the line was closed before.
    pub(crate) fn poll_messages(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, Error>> {
        if self.is_ended {
            return Poll::Ready(Ok(Bytes::new()));
        }
        let mut shared = self.line.lock();
        let shared = &mut *shared;
        loop {
            let Some(answer) = shared.answers.get(self.number) else {
                return Poll::Ready(Err(closed()));
            };
            self.is_ended = answer.groups == 0;
            if self.is_ended || !answer.received.is_empty() {
                break;
            }
            if shared.stream.is_none() {
                return Poll::Ready(Err(closed()));
            }
            // This task is going to read, so it need not be woken.
            answer.waker = None;
            if shared.poll_read_alone(cx).is_pending() {
                if let Some(answer) = shared.answers.get(self.number) {
                    keep(&mut answer.waker, cx);
                }
                return Poll::Pending;
            }
        }
        let received = shared.answers.take(self.number);
        if self.is_ended {
            shared.answers.give_up(self.number);
            shared.await_unasked();
        }
        shared.go_on();
        Poll::Ready(Ok(received.freeze()))
    }

    /// Answers a `COPY … FROM STDIN` in a script with an error, because there is no data.
    #[cold]
    pub(crate) fn refuse_copy(&self) {
        let mut messages = BytesMut::new();
        if frontend::copy_fail("no data", &mut messages).is_ok() {
            self.line.end_data(&messages);
        }
    }

    /// Closes the line, because its answers cannot be understood any more.
    #[cold]
    pub(crate) fn close(&self) {
        self.line.close();
    }
}

impl<S> Drop for Reply<S> {
    fn drop(&mut self) {
        if self.is_ended {
            return;
        }
        let mut shared = self.line.lock();
        shared.answers.give_up(self.number);
        // The task that dropped this may have been the one to read.
        shared.bell.forget();
        shared.wake_reader();
    }
}
