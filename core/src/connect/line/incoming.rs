//! What is read from the line, and whose it is.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::io::poll_read_buf;

use super::{super::messages::length, Asked, ROOM, Shared};

/// How much is read at once at first, which most answers do not fill, and which an idle connection keeps.
const LEAST_CHUNK: usize = 2 * 1024;

/// How much is read at once at most.
pub(super) const MOST_CHUNK: usize = 32 * 1024;

/// What was read.
pub(super) struct Incoming {
    pub(super) bytes: BytesMut,
    /// How many bytes of what comes first are the driver's, and need not be looked at.
    pub(super) passing: usize,
    /// Whether nothing is read until somebody takes what is there.
    pub(super) is_stalled: bool,
    /// How much is read at once: more while that is filled, less while most of it stays empty.
    chunk: usize,
}

impl Incoming {
    /// Where this was read, all of which is the driver's.
    pub(super) fn new(read: &[u8]) -> Self {
        Self {
            bytes: read.into(),
            passing: read.len(),
            is_stalled: false,
            chunk: LEAST_CHUNK,
        }
    }

    /// Makes room for what is read next. Where what was read before is still held by whoever it is for, that is new memory, so a
    /// rest will do if not much is expected.
    fn make_room(&mut self) {
        let bytes = &mut self.bytes;
        let message = bytes.first_chunk().map_or(0, length);
        let missing = message.saturating_sub(bytes.len()).min(ROOM);
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
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.is_full() {
            self.incoming.is_stalled = true;
            return Poll::Pending;
        }
        let Some(stream) = &mut self.stream else {
            return Poll::Ready(Ok(0));
        };
        self.incoming.make_room();
        let bytes = &mut self.incoming.bytes;
        let read = ready!(poll_read_buf(Pin::new(stream), cx, bytes));
        let is_full = bytes.len() == bytes.capacity();
        if let Ok(count) = read {
            self.incoming.adapt(count, is_full);
        }
        Poll::Ready(read)
    }

    /// Whether whoever is answered next has not taken what is there.
    fn is_full(&mut self) -> bool {
        let Some(Asked::Number(number)) = self.asked.front() else {
            return false;
        };
        let answer = self.answers.get(*number);
        answer.is_some_and(|answer| answer.is_full(ROOM))
    }

    /// Hands out what was read and is an answer to howdah, and finds out how much of what follows is the driver's.
    pub(super) fn sort(&mut self) {
        while self.incoming.passing == 0 && !self.incoming.bytes.is_empty() {
            let is_whole = match self.asked.front() {
                Some(Asked::Number(number)) => self.answer(*number),
                _ => self.pass(),
            };
            if !is_whole {
                break;
            }
        }
    }

    /// Hands out what was read of an answer, up to its end. It says whether there is more to be looked at.
    fn answer(&mut self, number: u64) -> bool {
        let mut at = 0_usize;
        let bytes = &self.incoming.bytes;
        while let Some(header) = bytes[at..].first_chunk() {
            let end = at.saturating_add(length(header));
            if end > bytes.len() {
                break;
            }
            match header[0] {
                // Notices, notifications and parameters come when they come.
                b'N' | b'A' | b'S' => {
                    self.incoming.passing = end - at;
                    break;
                }
                b'Z' => {
                    if at == 0 && !self.answers.has_begun(number) {
                        // Nothing that howdah asks for is answered by this alone: it is the answer to something else.
                        drop(self.close());
                        return false;
                    }
                    self.asked.pop_front();
                    let received = self.incoming.bytes.split_to(end);
                    self.answers.receive(number, received, true);
                    return true;
                }
                _ => at = end,
            }
        }
        if at > 0 {
            let received = self.incoming.bytes.split_to(at);
            self.answers.receive(number, received, false);
        }
        false
    }

    /// Finds out how much is the driver's. It says whether there is more to be looked at.
    fn pass(&mut self) -> bool {
        let mut at = 0_usize;
        let bytes = &self.incoming.bytes;
        while let Some(header) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            at = at.saturating_add(length(header));
            if header[0] == b'Z' {
                self.asked.pop_front();
                if let Some(Asked::Number(_)) = self.asked.front() {
                    break;
                }
            }
        }
        self.incoming.passing = at;
        false
    }
}
