//! The task that reads from a line.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Line, Shared, Stream, keep};

/// Reads from a line, and writes what could not be written at once. The line cannot work without it, so dropping it
/// closes the line.
pub(crate) struct Reader<S = Stream>(Arc<Line<S>>);

impl<S> Reader<S> {
    pub(super) fn new(line: Arc<Line<S>>) -> Self {
        Self(line)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Reader<S> {
    /// Runs until there is a message that answers no request, such as a notification, or until the line is closed.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        poll_fn(|cx| {
            let mut shared = self.0.lock();
            keep(&mut shared.reader, cx);
            shared.bell.wakes_reader(cx);
            shared.poll_unasked(cx)
        })
        .await
    }
}

impl<S> Drop for Reader<S> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    fn poll_unasked(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            // If writing fails, read on: the server may have sent the reason.
            let is_broken = !self.outgoing.is_done()
                && matches!(self.poll_write_waiting(cx), Poll::Ready(Err(_)));
            self.incoming.is_unasked = false;
            if let Some(length) = self.sort() {
                let message = self.incoming.bytes.split_to(length);
                return Poll::Ready(Some(message.freeze()));
            }
            if self.is_ending && self.asked.is_empty() && self.outgoing.is_done() {
                return self.poll_shutdown(cx).map(|()| None);
            }
            match self.poll_read() {
                Poll::Ready(Ok(1..)) => {}
                Poll::Pending if !is_broken => return Poll::Pending,
                _ => return Poll::Ready(None),
            }
        }
    }

    fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.stream {
            // The socket is closed in any case, so errors are ignored.
            Some(stream) => Pin::new(stream).poll_shutdown(cx).map(drop),
            None => Poll::Ready(()),
        }
    }
}
