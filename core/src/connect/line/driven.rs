//! The driver's end of the line. It does not authenticate: what it begins with was said before, and the server's answer is the
//! first that it reads.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Line, Shared, Stream, keep, outgoing::FLUSH};

/// The line as the driver's stream.
pub(crate) struct Driven<S = Stream> {
    line: Arc<Line<S>>,
    /// Whether the driver has said what it begins with, which the server was told before.
    is_started: bool,
}

impl<S> Driven<S> {
    pub(super) fn new(line: Arc<Line<S>>) -> Self {
        Self {
            line,
            is_started: false,
        }
    }

    /// Passes over the driver's start-up message, which is all of the first bytes that it writes, and says how many these are.
    #[cold]
    fn start(&mut self, first: &[u8]) -> io::Result<usize> {
        let length = first.first_chunk().copied().map(u32::from_be_bytes);
        match length.is_some_and(|length| length as usize == first.len()) {
            true => {
                self.is_started = true;
                Ok(first.len())
            }
            false => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// Without the driver nobody reads.
impl<S> Drop for Driven<S> {
    fn drop(&mut self) {
        self.line.close();
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    /// The stream, behind what waits to be written unless the driver is within its messages.
    fn poll_writable(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Pin<&mut S>>> {
        if !self.outgoing.driver.is_within() {
            ready!(self.poll_write_waiting(cx))?;
        }
        match &mut self.stream {
            Some(stream) => Poll::Ready(Ok(Pin::new(stream))),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Driven<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut shared = self.line.lock();
        let shared = &mut *shared;
        keep(&mut shared.driver, cx);
        loop {
            shared.sort();
            let incoming = &mut shared.incoming;
            let there = incoming.passing.min(incoming.bytes.len());
            if there > 0 {
                let count = there.min(buffer.remaining());
                buffer.put_slice(&incoming.bytes[..count]);
                incoming.bytes.advance(count);
                incoming.passing -= count;
                return Poll::Ready(Ok(()));
            }
            match ready!(shared.poll_read(cx)) {
                Ok(0) => {
                    drop(shared.close());
                    return Poll::Ready(Ok(()));
                }
                Ok(_) => {}
                Err(error) => {
                    drop(shared.close());
                    return Poll::Ready(Err(error));
                }
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Driven<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.is_started {
            return Poll::Ready(self.start(bytes));
        }
        let mut shared = self.line.lock();
        let bytes = match shared.outgoing.driver.until_flush(bytes) {
            Some(0) => FLUSH,
            Some(until) => &bytes[..until.min(bytes.len())],
            None => bytes,
        };
        let written = ready!(ready!(shared.poll_writable(cx))?.poll_write(cx, bytes))?;
        let shared = &mut *shared;
        let driver = &mut shared.outgoing.driver;
        driver.follow(&bytes[..written], &mut shared.asked);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.line.lock().poll_writable(cx))?.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.line.lock().poll_writable(cx))?.poll_shutdown(cx)
    }
}
