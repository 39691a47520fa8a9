//! Reads from the line, and hands messages to the answers that they belong to.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::io::poll_read_buf;

use super::{super::messages::length, ROOM, Shared};

/// The initial size of the read buffer. Most answers do not fill it, and an idle connection keeps it.
const LEAST_CHUNK: usize = 2 * 1024;

/// The largest size of the read buffer.
pub(super) const MOST_CHUNK: usize = 32 * 1024;

/// Bytes that were read and not handed out yet.
pub(super) struct Incoming {
    pub(super) bytes: BytesMut,
    /// Whether reading has stopped until an answer is taken.
    pub(super) is_stalled: bool,
    /// Whether the next message is for the reader's task, because it answers no request.
    pub(super) is_unasked: bool,
    /// The size of the next read. It grows if reads fill it, and shrinks if most of it stays empty.
    chunk: usize,
    /// Whether a message larger than `ROOM` is being read.
    is_large: bool,
}

impl Incoming {
    pub(super) fn new(received: &[u8]) -> Self {
        Self {
            bytes: received.into(),
            is_stalled: false,
            is_unasked: false,
            chunk: LEAST_CHUNK,
            is_large: false,
        }
    }

    /// Makes room for the next read. If an answer still holds earlier bytes of the buffer, this allocates a new one, so
    /// a small rest of the old one is used if not much is expected.
    fn make_room(&mut self) {
        let bytes = &mut self.bytes;
        let message = bytes.first_chunk().map_or(0, length);
        let missing = message.saturating_sub(bytes.len()).min(ROOM);
        let was_large = std::mem::replace(&mut self.is_large, message > ROOM);
        if was_large && !self.is_large {
            // The message was handed out. Copy the rest, so that this buffer does not keep its memory alive.
            *bytes = BytesMut::from(&bytes[..]);
        }
        if bytes.capacity() - bytes.len() < missing.max(self.chunk / 4) {
            bytes.reserve(missing.max(self.chunk));
        }
    }

    /// Adapts the size of the next read to that of the last one.
    fn adapt(&mut self, count: usize, is_full: bool) {
        self.chunk = match is_full {
            true => (4 * self.chunk).min(MOST_CHUNK),
            false if count < self.chunk / 8 => (self.chunk / 2).max(LEAST_CHUNK),
            false => self.chunk,
        };
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    /// Reads more bytes. `Pending` also if the next answer is full.
    pub(super) fn poll_read(&mut self) -> Poll<io::Result<usize>> {
        if self.is_full() {
            self.incoming.is_stalled = true;
            return Poll::Pending;
        }
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(Ok(0));
        };
        self.incoming.make_room();
        let bytes = &mut self.incoming.bytes;
        let mut cx = Context::from_waker(&self.ringer);
        let read = ready!(poll_read_buf(Pin::new(stream), &mut cx, bytes));
        let is_full = bytes.len() == bytes.capacity();
        if let Ok(count) = read {
            self.incoming.adapt(count, is_full);
        }
        Poll::Ready(read)
    }

    /// Reads for a task that polls for an answer, if no other answer is expected. It is ready when something was read,
    /// or the line was closed.
    pub(super) fn poll_read_alone(&mut self, cx: &Context<'_>) -> Poll<()> {
        if !self.is_one_asked() || self.incoming.is_unasked {
            return Poll::Pending;
        }
        match self.poll_read() {
            Poll::Ready(Ok(1..)) => {
                self.incoming.is_unasked = self.sort().is_some();
                if self.incoming.is_unasked {
                    self.wake_reader();
                }
                Poll::Ready(())
            }
            Poll::Ready(_) => {
                drop(self.close());
                Poll::Ready(())
            }
            Poll::Pending => {
                self.bell.wakes(cx.waker());
                Poll::Pending
            }
        }
    }

    /// If no answer is expected, lets the socket wake the reader's task.
    pub(super) fn await_unasked(&mut self) {
        if !self.asked.is_empty() {
            return;
        }
        self.bell.forget();
        if self.poll_read().is_ready() {
            self.wake_reader();
        }
    }

    /// Whether the next answer is full.
    fn is_full(&mut self) -> bool {
        let Some(number) = self.asked.front() else {
            return false;
        };
        let answer = self.answers.get(*number);
        answer.is_some_and(|answer| answer.is_full(ROOM))
    }

    /// Hands out what was read, up to a message that answers no request. Returns the length of that message.
    pub(super) fn sort(&mut self) -> Option<usize> {
        let mut at = 0_usize;
        while let Some(header) = self.incoming.bytes[at..].first_chunk() {
            let end = at.saturating_add(length(header));
            if end > self.incoming.bytes.len() {
                break;
            }
            match header[0] {
                // Notices, notifications and parameters can come at any time.
                b'N' | b'A' | b'S' => {
                    let is_in_step = self.hand_out(at, false);
                    return is_in_step.then_some(end - at);
                }
                b'Z' => {
                    if !self.hand_out(end, true) {
                        return None;
                    }
                    at = 0;
                }
                _ => at = end,
            }
        }
        self.hand_out(at, false);
        None
    }

    /// Adds this many of the bytes that were read to the next answer. If no answer is expected, closes the line.
    fn hand_out(&mut self, length: usize, is_end: bool) -> bool {
        if length == 0 {
            return true;
        }
        let received = self.incoming.bytes.split_to(length);
        let next = self.asked.front();
        let is_in_step = match next {
            Some(next) => self.answers.receive(*next, received, is_end),
            None => {
                self.farewell = received.starts_with(b"E").then(|| received.freeze());
                false
            }
        };
        if !is_in_step {
            drop(self.close());
        } else if is_end {
            self.asked.pop_front();
        }
        is_in_step
    }
}
