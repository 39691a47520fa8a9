//! What is written to the line: by whoever asks, if nothing else is to be written; else by the reader's task.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite};

use super::Shared;

/// What is to be written.
#[derive(Default)]
pub(super) struct Outgoing {
    /// What could not be written at once.
    waiting: BytesMut,
    /// Whether what was written may be on its way, as encryption does not write all of it at once.
    is_unflushed: bool,
    /// What is held back until the data that is being sent has ended.
    held: Option<BytesMut>,
    /// Who has more of that data.
    pub(super) feeder: Option<Waker>,
}

impl Outgoing {
    /// Whether all was written.
    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty() && !self.is_unflushed
    }

    /// Holds back what is sent from now on.
    pub(super) fn hold(&mut self) {
        self.held = Some(BytesMut::new());
    }

    /// What was held back, which nothing is any more.
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
    /// Writes messages: at once, or all of them from the reader's task.
    pub(super) fn write(&mut self, messages: &[u8], is_now: bool) {
        match &mut self.outgoing.held {
            Some(held) => held.extend_from_slice(messages),
            None if is_now => self.write_past(messages),
            None => self.append(messages),
        }
    }

    /// Writes messages, before those that are held back, or as much of them as there is room for; the reader's task writes the
    /// rest.
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

    /// Writes as much as there is room for. Should there be more room later, the reader's task is woken.
    fn write_now(&mut self, messages: &[u8]) -> usize {
        let (Some(stream), Some(reader)) = (&mut self.stream, &self.reader) else {
            return 0;
        };
        let mut cx = Context::from_waker(reader);
        let mut stream = Pin::new(stream);
        match stream.as_mut().poll_write(&mut cx, messages) {
            Poll::Ready(Ok(written)) => {
                // The reader's task goes on with it, and hears of errors, too.
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

    /// Writes what waits.
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
        // Its memory is that of the largest request.
        *waiting = BytesMut::new();
        self.outgoing.is_unflushed = true;
        ready!(Pin::new(stream).poll_flush(cx))?;
        self.outgoing.is_unflushed = false;
        self.outgoing.wake_feeder();
        Poll::Ready(Ok(()))
    }
}
