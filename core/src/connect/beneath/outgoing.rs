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
        let bytes = match find(bytes, self.rest) {
            Some((0, length)) => {
                self.first.unsplit(opening::messages(&bytes[..length])?);
                opening.sent += 1;
                return Poll::Ready(Ok(length));
            }
            Some((at, _)) => &bytes[..at],
            None => bytes,
        };
        let written = ready!(self.write(stream, cx, bytes))?;
        self.rest = rest(bytes, self.rest, written);
        Poll::Ready(Ok(written))
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

    /// Writes what is to be sent first and then these bytes, in one packet, and says how many of these were written.
    fn write(
        &mut self,
        mut stream: &mut (impl AsyncWrite + Unpin),
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        while !self.first.is_empty() {
            let slices = [IoSlice::new(&self.first), IoSlice::new(bytes)];
            let written = ready!(Pin::new(&mut stream).poll_write_vectored(cx, &slices))?;
            if written == 0 {
                return Poll::Ready(Ok(0));
            }
            let of_first = written.min(self.first.len());
            self.first.advance(of_first);
            if written > of_first {
                return Poll::Ready(Ok(written - of_first));
            }
        }
        Pin::new(stream).poll_write(cx, bytes)
    }
}

/// Where the first BEGIN that goes with a statement stands in what the driver writes, and how long it is. The first `at` bytes
/// belong to a message whose beginning was written before.
fn find(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    loop {
        let message = bytes.get(at..)?;
        let length = length(message.first_chunk()?);
        if message[0] == b'Q'
            && matches!(message.get(length), Some(b'P' | b'B'))
            && opening::parts(&message[..length]).is_some()
        {
            return Some((at, length));
        }
        at = at.checked_add(length)?;
    }
}

/// How much of the message that was cut is yet to be written, when so much of what the driver writes was.
fn rest(bytes: &[u8], mut at: usize, written: usize) -> usize {
    while at < written {
        match bytes[at..].first_chunk() {
            Some(header) => at = at.saturating_add(length(header)),
            // The driver has always whole messages to write. If it had not, nothing more would be looked for.
            None => return usize::MAX,
        }
    }
    at - written
}
