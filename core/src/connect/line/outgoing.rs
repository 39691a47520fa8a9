//! What is written to the line: by whoever asks, if nothing else is to be written; else by the driver's task, between its own.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    super::messages::{HEADER, length},
    Asked, Shared,
};

/// A message that has the server send what it has, and is as long as a Sync.
pub(super) const FLUSH: &[u8] = b"H\0\0\0\x04";

/// What is to be written.
#[derive(Default)]
pub(super) struct Outgoing {
    /// What could not be written at once, and is behind what the driver is writing.
    pub(super) waiting: BytesMut,
    /// Those who ask by it, as far as nothing of it was written.
    pub(super) asking: Vec<u64>,
    /// Where the driver is in its messages.
    pub(super) driver: Written,
}

/// What the driver copies, and where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copying {
    In,
    Out,
}

/// Where the driver is in the messages that it writes.
#[derive(Default)]
pub(super) struct Written {
    /// How much of a message is yet to be written.
    rest: usize,
    /// The beginning of a header.
    begun: Vec<u8>,
    /// Whether there is to be more, before the server answers.
    is_within: bool,
    /// Whether it has bound a statement since the last Sync.
    has_bound: bool,
    /// The copies that it has yet to begin.
    pub(super) copies: VecDeque<Copying>,
}

impl Outgoing {
    /// Whether somebody can write at once.
    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && !self.driver.is_within()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    /// Writes messages, by which those of these numbers ask.
    pub(super) fn write(&mut self, messages: &[u8], numbers: impl Iterator<Item = u64>) {
        // What is sent while others wait for their answers goes together, from the driver's task.
        let is_first = self.asked.is_empty() && self.outgoing.is_idle();
        let written = match is_first {
            true => self.write_now(messages),
            false => 0,
        };
        match written {
            0 => self.outgoing.asking.extend(numbers),
            _ => numbers.for_each(|number| self.asked.push_back(Asked::Number(number))),
        }
        if written < messages.len() {
            let is_driver_awake = !self.outgoing.waiting.is_empty();
            self.outgoing
                .waiting
                .extend_from_slice(&messages[written..]);
            if !is_driver_awake {
                self.wake_driver();
            }
        }
    }

    /// Writes as much as there is room for. Should there be more room later, the driver's task is woken.
    fn write_now(&mut self, messages: &[u8]) -> usize {
        let (Some(stream), Some(driver)) = (&mut self.stream, &self.driver) else {
            return 0;
        };
        let mut cx = Context::from_waker(driver);
        let mut stream = Pin::new(stream);
        match stream.as_mut().poll_write(&mut cx, messages) {
            Poll::Ready(Ok(written)) => {
                // The driver's task goes on with it, and hears of errors, too.
                if stream.poll_flush(&mut cx).is_pending() {
                    driver.wake_by_ref();
                }
                written
            }
            _ => 0,
        }
    }

    /// Writes what waits.
    pub(super) fn poll_write_waiting(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let asking = self.outgoing.asking.drain(..).map(Asked::Number);
        self.asked.extend(asking);
        let waiting = &mut self.outgoing.waiting;
        while !waiting.is_empty() {
            let Some(stream) = &mut self.stream else {
                return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
            };
            match ready!(Pin::new(stream).poll_write(cx, waiting))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => waiting.advance(written),
            }
        }
        // Its memory is that of the largest request.
        *waiting = BytesMut::new();
        Poll::Ready(Ok(()))
    }
}

impl Written {
    /// Whether what the driver has written is not all that it says before the server answers.
    pub(super) fn is_within(&self) -> bool {
        self.is_within || self.rest > 0 || !self.begun.is_empty()
    }

    /// How much of what the driver is to write can be written as it is; behind that stands the Sync of a COPY from here to the
    /// server, in whose place [`FLUSH`] is written. Whether the server answers such a Sync depends on what it has read when the
    /// COPY fails, and answers would get out of step. A Flush is never answered, and if the COPY fails, the server passes over
    /// all messages up to the Sync behind the data.
    pub(super) fn until_flush(&self, messages: &[u8]) -> Option<usize> {
        if !self.begun.is_empty() {
            // First the rest of a header, of which it is known what it is.
            return Some(HEADER - self.begun.len());
        }
        let mut copies = self.copies.iter();
        let mut has_bound = self.has_bound;
        let mut at = self.rest;
        // Most often there are none.
        while copies.len() > 0
            && let Some(header) = messages.get(at..).and_then(<[u8]>::first_chunk)
        {
            has_bound |= header[0] == b'B';
            if header[0] == b'S'
                && std::mem::take(&mut has_bound)
                && copies.next() == Some(&Copying::In)
            {
                return Some(at);
            }
            at += length(header);
        }
        None
    }

    /// Follows the driver's messages in what was written, and takes note of what the server will answer.
    pub(super) fn follow(&mut self, written: &[u8], asked: &mut VecDeque<Asked>) {
        let mut all = std::mem::take(&mut self.begun);
        let written = match all.is_empty() {
            true => written,
            false => {
                all.extend_from_slice(written);
                &all
            }
        };
        let mut at = self.rest.min(written.len());
        self.rest -= at;
        while let Some(header) = written[at..].first_chunk() {
            let tag = header[0];
            if matches!(tag, b'Q' | b'S') {
                asked.push_back(Asked::Driver);
            }
            // Up to a Sync it is within a COPY, too.
            self.is_within = !matches!(tag, b'Q' | b'S');
            self.has_bound |= tag == b'B';
            if matches!(tag, b'S' | b'H') && std::mem::take(&mut self.has_bound) {
                self.copies.pop_front();
            }
            let length = length(header);
            let there = length.min(written.len() - at);
            self.rest = length - there;
            at += there;
        }
        self.begun = written[at..].to_vec();
    }
}
