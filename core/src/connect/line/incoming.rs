//! What is read from the line, and whose it is.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::io::poll_read_buf;

use super::{super::messages::length, ROOM, Shared};

/// How much is read at once at first, which most answers do not fill, and which an idle connection keeps.
const LEAST_CHUNK: usize = 2 * 1024;

/// How much is read at once at most.
pub(super) const MOST_CHUNK: usize = 32 * 1024;

/// What was read.
pub(super) struct Incoming {
    pub(super) bytes: BytesMut,
    /// Whether nothing is read until somebody takes what is there.
    pub(super) is_stalled: bool,
    /// Whether what comes next is for the reader's task, since nobody has asked for it.
    pub(super) is_unasked: bool,
    /// How much is read at once: more while that is filled, less while most of it stays empty.
    chunk: usize,
    /// Whether a message is being read for which there was to be much memory.
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

    /// Makes room for what is read next. Where what was read before is still held by whoever it is for, that is new memory, so a
    /// rest will do if not much is expected.
    fn make_room(&mut self) {
        let bytes = &mut self.bytes;
        let message = bytes.first_chunk().map_or(0, length);
        let missing = message.saturating_sub(bytes.len()).min(ROOM);
        let was_large = std::mem::replace(&mut self.is_large, message > ROOM);
        if was_large && !self.is_large {
            // It was handed out, and the memory goes with it.
            *bytes = BytesMut::from(&bytes[..]);
        }
        if bytes.capacity() - bytes.len() < missing.max(self.chunk / 4) {
            bytes.reserve(missing.max(self.chunk));
        }
    }

    /// Chooses how much is read next, after so much was.
    fn adapt(&mut self, count: usize, is_full: bool) {
        self.chunk = match is_full {
            true => (4 * self.chunk).min(MOST_CHUNK),
            false if count < self.chunk / 8 => (self.chunk / 2).max(LEAST_CHUNK),
            false => self.chunk,
        };
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    /// Reads on. Nothing is ready where there is no room for more.
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

    /// Reads on for whoever polls for an answer, if it is the only one that is to come. It is ready when there was something, or
    /// nothing will be any more.
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

    /// Has the reader's task woken by whatever comes when nobody has asked for anything.
    pub(super) fn await_unasked(&mut self) {
        if !self.asked.is_empty() {
            return;
        }
        self.bell.forget();
        if self.poll_read().is_ready() {
            self.wake_reader();
        }
    }

    /// Whether whoever is answered next has not taken what is there.
    fn is_full(&mut self) -> bool {
        let Some(number) = self.asked.front() else {
            return false;
        };
        let answer = self.answers.get(*number);
        answer.is_some_and(|answer| answer.is_full(ROOM))
    }

    /// Hands out what was read, up to a message that nobody has asked for, whose length it returns.
    pub(super) fn sort(&mut self) -> Option<usize> {
        let mut at = 0_usize;
        while let Some(header) = self.incoming.bytes[at..].first_chunk() {
            let end = at.saturating_add(length(header));
            if end > self.incoming.bytes.len() {
                break;
            }
            match header[0] {
                // Notices, notifications and parameters come when they come.
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

    /// Hands so much of what was read to whoever is answered next. Where nobody can be, the line is closed.
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
