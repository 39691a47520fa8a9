//! What the driver writes goes to the server as it is, but for two messages: its first, of which the server was told before, and
//! a BEGIN that goes with the statement behind it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BytesMut};
use tokio::io::AsyncWrite;

use super::{
    length,
    opening::{self, Opening},
};

/// How far the driver has come with what it writes.
#[derive(Default)]
pub(super) struct Outgoing {
    /// Whether it has said what it begins with.
    is_started: bool,
    /// How much of a message whose beginning was written is yet to come.
    rest: usize,
    /// What is sent before anything else.
    first: BytesMut,
}

impl Outgoing {
    /// Writes what the driver has to say, and says how much of it was taken.
    pub(super) fn poll_write(
        &mut self,
        stream: &mut (impl AsyncWrite + Unpin),
        cx: &mut Context<'_>,
        bytes: &[u8],
        opening: &mut Opening,
    ) -> Poll<io::Result<usize>> {
        if !self.is_started {
            return Poll::Ready(self.start(bytes));
        }
        let mut at = self.rest;
        while let Some(message) = bytes.get(at..)
            && let Some(header) = message.first_chunk()
        {
            let length = length(header);
            if header[0] == b'Q' && opening::begins(message, length) {
                return match at {
                    0 => {
                        self.first.unsplit(opening::messages(&message[..length])?);
                        opening.sent += 1;
                        Poll::Ready(Ok(length))
                    }
                    _ => self.write(stream, cx, &bytes[..at], 0),
                };
            }
            at = at.saturating_add(length);
        }
        // The driver has whole messages to write. If it had not, nothing more would be looked for.
        let rest = at.checked_sub(bytes.len()).unwrap_or(usize::MAX);
        self.write(stream, cx, bytes, rest)
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

    /// Writes what is to be sent first and then these bytes, in one packet, and says how many of these were written. Behind them
    /// so much of their last message is yet to come.
    fn write(
        &mut self,
        mut stream: &mut (impl AsyncWrite + Unpin),
        cx: &mut Context<'_>,
        bytes: &[u8],
        rest: usize,
    ) -> Poll<io::Result<usize>> {
        let mut written = 0;
        while written == 0 && !self.first.is_empty() {
            let slices = [IoSlice::new(&self.first), IoSlice::new(bytes)];
            let all = ready!(Pin::new(&mut stream).poll_write_vectored(cx, &slices))?;
            if all == 0 {
                return Poll::Ready(Ok(0));
            }
            let of_first = all.min(self.first.len());
            self.first.advance(of_first);
            written = all - of_first;
        }
        if written == 0 {
            written = ready!(Pin::new(stream).poll_write(cx, bytes))?;
        }
        self.rest = match written == bytes.len() {
            true => rest,
            false => rest_behind(bytes, self.rest, written),
        };
        Poll::Ready(Ok(written))
    }
}

/// How much of a message is yet to come when so many of these bytes were written. The first `at` bytes belong to a message whose
/// beginning was written before.
#[cold]
fn rest_behind(bytes: &[u8], mut at: usize, written: usize) -> usize {
    while at < written {
        match bytes[at..].first_chunk() {
            Some(header) => at = at.saturating_add(length(header)),
            None => return usize::MAX,
        }
    }
    at - written
}
