//! A stream that keeps the driver from asking about types, and from authenticating. Before it hands out rows, the driver asks what each type is that it
//! does not know, with several statements of its own: behind a pooler another server may get them, and behind a long result
//! nobody answers. So what it reads of such a type is that it is `unknown`, which a column can never be, and its number stands
//! where a column's modifier does. The session asks for itself, once.
//!
//! What the server sends goes straight into the driver's buffer, and descriptions are changed there. Of other messages nothing
//! but the headers is looked at; only a description that has not come whole is held back, and copied.

mod hidden;
#[cfg(test)]
mod tests;

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub(crate) use hidden::type_oid;

/// A socket, or what is encrypted over it.
pub(crate) struct Unasked<S> {
    stream: S,
    reading: Reading,
    /// How much of the message whose header was read is yet to come.
    rest: usize,
    /// What has come of a header that is not whole, or of a description.
    begun: Vec<u8>,
    /// Whether the driver has said what it begins with, which the server was told before.
    is_started: bool,
}

/// What is read next, or handed out.
#[derive(Clone, Copy)]
enum Reading {
    Messages,
    /// The rest of a description, of which nothing was handed out.
    Description,
    /// Nothing: what is there is yet to be handed out from here on.
    Held(usize),
}

/// What each message begins with: what it is, and its length, which counts itself.
const HEADER: usize = 5;

impl<S> Unasked<S> {
    /// One over which a session was started, to which the server answered this.
    pub(crate) fn started(stream: S, answer: Vec<u8>) -> Self {
        Self {
            stream,
            reading: Reading::Held(0),
            rest: 0,
            begun: answer,
            is_started: false,
        }
    }

    /// Passes over the driver's start-up message, which is all of the first bytes that it writes, and says how many these are.
    #[cold]
    fn start(&mut self, first: &[u8], count: usize) -> io::Result<usize> {
        let length = first.first_chunk().copied().map(u32::from_be_bytes);
        match length.is_some_and(|length| length as usize == count) {
            true => {
                self.is_started = true;
                Ok(count)
            }
            false => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Follows the messages in what was read, and changes their descriptions. It says how much can be handed out: what comes
    /// behind it is the beginning of a description.
    fn follow(&mut self, read: &mut [u8]) -> usize {
        let mut at = self.rest;
        if !self.begun.is_empty() {
            at = self.end_header(read);
        }
        while let Some(message) = read.get_mut(at..) {
            let Some(header) = message.first_chunk() else {
                return at + self.begin(message);
            };
            let length = length(header);
            if is_description(header[0]) {
                let Some(description) = message.get_mut(..length) else {
                    return at + self.begin(message);
                };
                hidden::hide(description);
            }
            at = at.saturating_add(length);
        }
        self.rest = at - read.len();
        read.len()
    }

    /// Keeps the beginning of a message. It says how much of it can be handed out: nothing of a description.
    #[cold]
    fn begin(&mut self, message: &[u8]) -> usize {
        self.rest = 0;
        self.begun.extend_from_slice(message);
        match message.first() {
            Some(tag) if is_description(*tag) => {
                self.reading = Reading::Description;
                0
            }
            _ => message.len(),
        }
    }

    /// Where the message ends, in what was read now, whose header began before.
    #[cold]
    fn end_header(&mut self, read: &[u8]) -> usize {
        let before = self.begun.len();
        let missing = (HEADER - before).min(read.len());
        self.begun.extend_from_slice(&read[..missing]);
        let Some(header) = self.begun.first_chunk() else {
            return missing;
        };
        let end = length(header).saturating_sub(before);
        self.begun.clear();
        end
    }

    /// How much of a description is missing, or of its header.
    fn missing(&self) -> usize {
        let whole = self.begun.first_chunk().map_or(HEADER, length);
        whole.saturating_sub(self.begun.len())
    }
}

/// Whether a message that begins with this describes columns or parameters.
fn is_description(tag: u8) -> bool {
    matches!(tag, b'T' | b't')
}

/// The length of a message with this header. It may be malformed, and is never 0.
fn length(header: &[u8; HEADER]) -> usize {
    let [_, a, b, c, d] = *header;
    (u32::from_be_bytes([a, b, c, d]) as usize).saturating_add(1)
}

impl<S: AsyncRead + Unpin> Unasked<S> {
    /// Reads messages into the driver's buffer. It says whether that is all: otherwise everything that came is held back.
    fn poll_messages(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<bool>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let read = &mut buffer.filled_mut()[before..];
        let is_end = read.is_empty();
        let count = self.follow(read);
        buffer.set_filled(before + count);
        Poll::Ready(Ok(is_end || count > 0))
    }

    /// Reads what is missing of a description, and nothing of what follows.
    #[cold]
    fn poll_description(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.missing() > 0 {
            let mut piece = buffer.take(self.missing());
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut piece))?;
            if piece.filled().is_empty() {
                // It never comes whole. The driver gets what there is, and says so.
                break;
            }
            self.begun.extend_from_slice(piece.filled());
        }
        hidden::hide(&mut self.begun);
        self.reading = Reading::Held(0);
        Poll::Ready(Ok(()))
    }

    /// Hands out what is held, from there on.
    #[cold]
    fn hand_out(&mut self, from: usize, buffer: &mut ReadBuf<'_>) {
        let rest = &self.begun[from..];
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.reading = Reading::Held(from + count);
        if count == rest.len() {
            self.begun = Vec::new();
            self.reading = Reading::Messages;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Unasked<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            match this.reading {
                Reading::Messages => {
                    if ready!(this.poll_messages(cx, buffer))? {
                        return Poll::Ready(Ok(()));
                    }
                }
                _ if buffer.remaining() == 0 => return Poll::Ready(Ok(())),
                Reading::Description => ready!(this.poll_description(cx, buffer))?,
                Reading::Held(from) => {
                    this.hand_out(from, buffer);
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Unasked<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.is_started {
            return Poll::Ready(self.start(bytes, bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !self.is_started {
            let first = slices.first().map_or(&[][..], |slice| slice);
            return Poll::Ready(self.start(first, slices.iter().map(|slice| slice.len()).sum()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
