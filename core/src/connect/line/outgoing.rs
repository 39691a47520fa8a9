//! Writes to the line: from the task that sends a request, if nothing else waits to be written; otherwise from the
//! reader's task.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite};

use super::Shared;

/// Bytes that are still to be written.
#[derive(Default)]
pub(super) struct Outgoing {
    /// Bytes that could not be written at once.
    waiting: BytesMut,
    /// Whether a flush is missing: encryption can buffer what was written.
    is_unflushed: bool,
    /// Requests that are held back until the data that is being sent ends.
    held: Option<BytesMut>,
    /// The task that sends this data and waits for room.
    pub(super) feeder: Option<Waker>,
}

impl Outgoing {
    /// Whether everything is written.
    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty() && !self.is_unflushed
    }

    /// Holds back all requests from now on.
    pub(super) fn hold(&mut self) {
        self.held = Some(BytesMut::new());
    }

    /// Takes the requests that were held back, and holds back no more.
    pub(super) fn release(&mut self) -> BytesMut {
        self.held.take().unwrap_or_default()
    }

    pub(super) fn wake_feeder(&mut self) {
        if let Some(feeder) = self.feeder.take() {
            feeder.wake();
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    /// Writes messages: at once if `is_now`, or else from the reader's task.
    pub(super) fn write(&mut self, messages: &[u8], is_now: bool) {
        match &mut self.outgoing.held {
            Some(held) => held.extend_from_slice(messages),
            None if is_now => self.write_past(messages),
            None => self.append(messages),
        }
    }

    /// Writes messages before those that are held back. If there is not enough room, the reader's task writes the rest.
    pub(super) fn write_past(&mut self, messages: &[u8]) {
        let written = match self.outgoing.is_done() {
            true => self.write_now(messages),
            false => 0,
        };
        if written < messages.len() {
            self.append(&messages[written..]);
        }
    }

    fn append(&mut self, messages: &[u8]) {
        let is_reader_awake = !self.outgoing.is_done();
        self.outgoing.waiting.extend_from_slice(messages);
        if !is_reader_awake {
            self.wake_reader();
        }
    }

    /// Writes as much as there is room for. The reader's task is woken when there is more room.
    fn write_now(&mut self, messages: &[u8]) -> usize {
        let (Some(stream), Some(reader)) = (&mut self.stream, &self.reader) else {
            return 0;
        };
        let mut cx = Context::from_waker(reader);
        let mut stream = Pin::new(stream);
        match stream.as_mut().poll_write(&mut cx, messages) {
            Poll::Ready(Ok(written)) => {
                // If this fails, the reader's task repeats it, and gets the error.
                self.outgoing.is_unflushed =
                    !matches!(stream.poll_flush(&mut cx), Poll::Ready(Ok(())));
                if self.outgoing.is_unflushed {
                    reader.wake_by_ref();
                }
                written
            }
            _ => 0,
        }
    }

    /// Writes the waiting bytes.
    pub(super) fn poll_write_waiting(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        let waiting = &mut self.outgoing.waiting;
        while !waiting.is_empty() {
            match ready!(Pin::new(&mut *stream).poll_write(cx, waiting))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => waiting.advance(written),
            }
        }
        // Replaced, because it keeps the memory of the largest request.
        *waiting = BytesMut::new();
        self.outgoing.is_unflushed = true;
        ready!(Pin::new(stream).poll_flush(cx))?;
        self.outgoing.is_unflushed = false;
        self.outgoing.wake_feeder();
        Poll::Ready(Ok(()))
    }
}
