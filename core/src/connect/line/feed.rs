//! Sends data to the server after a request that needs it: `COPY … FROM STDIN` ([COPY
//! Operations](https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY)).

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use bytes::BytesMut;
use postgres_protocol::message::frontend;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Line, Stream, keep};

/// The right to send data. No other request is sent in between. Dropping it before the end makes the server's COPY
/// fail.
///
/// If the COPY fails on the server, it skips the rest of the data, up to the Sync after it.
pub(crate) struct Feed<S: AsyncRead + AsyncWrite + Unpin = Stream> {
    line: Arc<Line<S>>,
    is_ended: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Feed<S> {
    pub(super) fn new(line: Arc<Line<S>>) -> Self {
        Self {
            line,
            is_ended: false,
        }
    }

    /// Waits until all earlier data is written, or the line is closed.
    pub(crate) fn poll_room(&self, cx: &Context<'_>) -> Poll<()> {
        let mut shared = self.line.lock();
        if shared.outgoing.is_done() || shared.stream.is_none() {
            return Poll::Ready(());
        }
        keep(&mut shared.outgoing.feeder, cx);
        Poll::Pending
    }

    /// Sends data, which consists of complete messages.
    pub(crate) fn give(&self, messages: &[u8]) {
        self.line.lock().write_past(messages);
    }

    /// Sends the last part of the data, and its end.
    pub(crate) fn end(&mut self, messages: &[u8]) {
        let mut end = BytesMut::with_capacity(messages.len() + 16);
        end.extend_from_slice(messages);
        frontend::copy_done(&mut end);
        self.end_with(end);
    }

    fn end_with(&mut self, mut end: BytesMut) {
        self.is_ended = true;
        frontend::sync(&mut end);
        let mut shared = self.line.lock();
        end.unsplit(shared.outgoing.release());
        shared.write_past(&end);
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Drop for Feed<S> {
    fn drop(&mut self) {
        if self.is_ended {
            return;
        }
        let mut end = BytesMut::new();
        // The reason has no zero byte.
        let _ = frontend::copy_fail("the data was given up", &mut end);
        self.end_with(end);
    }
}
