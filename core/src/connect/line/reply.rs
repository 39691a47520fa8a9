//! The answer to what somebody sent over the line.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use postgres_protocol::message::frontend;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Line, Stream, closed, keep};
use crate::Error;

/// The answer to what was sent. One that is dropped is read to its end all the same, and thrown away.
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

    /// The next messages, all of them whole; none after the last.
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
            // Whoever reads need not be woken.
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

    /// Says to a script that copies that there is no data.
    #[cold]
    pub(crate) fn refuse_copy(&self) {
        let mut messages = BytesMut::new();
        if frontend::copy_fail("no data", &mut messages).is_ok() {
            self.line.end_data(&messages);
        }
    }

    /// Closes the line, whose answers cannot be understood any more.
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
        // Whoever was to read may have been the one that is gone.
        shared.bell.forget();
        shared.wake_reader();
    }
}
