//! The stream beneath the driver, which spares it three things.
//!
//! - It does not authenticate: what it begins with was said before, and the server's answer is handed out first.
//! - It does not ask about types. Before it hands out rows, the driver would ask what each type is that it does not know, with
//!   several statements of its own: behind a pooler another server may get them, and behind a long result nobody answers. So it
//!   is told that parameters of such types are `unknown`, and the session asks for itself, once. It sees one column, in whose name
//!   the columns of the statement are hidden.
//! - It does not take rows one by one. Those that come together are one row of one value to it, a [`Pack`](crate::pack::Pack).
//!
//! Of other messages nothing but the headers is looked at. Where nothing is to be changed, what the server sends goes straight
//! into the driver's buffer.

mod columns;
#[cfg(test)]
mod tests;

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub(crate) use columns::{Column, columns};

/// The stream beneath the driver, over `S`.
pub(crate) struct Beneath<S> {
    stream: S,
    /// How much of the message whose header was read last is yet to come.
    rest: usize,
    /// The beginning of a message that is yet to be looked at: of its header, or of a description.
    begun: Vec<u8>,
    /// What is to be handed out before anything else, from this byte on.
    held: Vec<u8>,
    handed_out: usize,
    /// What the messages that come are about.
    about: About,
    /// Whether the driver has said what it begins with, which the server was told before.
    is_started: bool,
}

/// What messages are about, by those before them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// The columns of a statement, whose parameters were described.
    Statement,
    /// The rows of a statement that was bound, and its columns if it is not kept.
    Rows,
    Other,
}

/// What each message begins with: what it is, and its length, which counts itself.
pub(crate) const HEADER: usize = 5;

/// How much memory is kept for what is held, once a result has ended.
const KEPT: usize = 2048;

impl<S> Beneath<S> {
    /// One over which a session was started, to which the server answered this.
    pub(crate) fn started(stream: S, answer: Vec<u8>) -> Self {
        Self {
            stream,
            rest: 0,
            begun: Vec::new(),
            held: answer,
            handed_out: 0,
            about: About::Other,
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

    /// Follows the messages in what was read. It says how much can be handed out as it is; what comes behind that is held.
    fn follow(&mut self, read: &[u8]) -> usize {
        if self.begun.is_empty() {
            return self.walk(read, true);
        }
        let mut all = std::mem::take(&mut self.begun);
        all.extend_from_slice(read);
        self.walk(&all, false)
    }

    fn walk(&mut self, read: &[u8], may_pass: bool) -> usize {
        // How much is handed out as it is, once it is known that not all is; and from where on nothing was looked after yet.
        let mut passed = (!may_pass).then_some(0);
        let mut from = 0;
        let mut at = self.rest.min(read.len());
        self.rest -= at;
        while let Some(header) = read[at..].first_chunk() {
            let message = &read[at..];
            let mut length = length(header);
            let about = self.about;
            self.about = about.after(header[0]);
            match (header[0], about) {
                (b't', _) | (b'T', About::Statement | About::Rows) => {
                    let Some(description) = message.get(..length) else {
                        self.about = about;
                        break;
                    };
                    self.change(&read[from..at], &mut passed);
                    self.held.extend(columns::hidden(description));
                    from = at + length;
                }
                (b'D', About::Rows) => {
                    length = rows(message);
                    self.change(&read[from..at], &mut passed);
                    self.held.extend_from_slice(&pack_header(length));
                    from = at;
                }
                _ => {}
            }
            let there = length.min(message.len());
            self.rest = length - there;
            at += there;
        }
        self.begun.extend_from_slice(&read[at..]);
        match passed {
            None => at,
            Some(passed) => {
                self.held.extend_from_slice(&read[from..at]);
                passed
            }
        }
    }

    /// Takes note that something is to be changed behind what comes `before`.
    fn change(&mut self, before: &[u8], passed: &mut Option<usize>) {
        match passed {
            None => *passed = Some(before.len()),
            Some(_) => self.held.extend_from_slice(before),
        }
    }

    /// Hands out what is held, as far as there is room.
    fn hand_out(&mut self, buffer: &mut ReadBuf<'_>) {
        let rest = &self.held[self.handed_out..];
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.handed_out += count;
        if self.handed_out == self.held.len() {
            self.handed_out = 0;
            self.held.clear();
        }
    }

    /// Gives back memory that one result took.
    fn settle(&mut self) {
        if self.about == About::Other && self.held.is_empty() && self.held.capacity() > KEPT {
            self.held.shrink_to(KEPT);
        }
    }
}

impl About {
    /// What the messages behind one that begins with `tag` are about.
    fn after(self, tag: u8) -> Self {
        match (tag, self) {
            // Notices, notifications and parameters come when they come.
            (b'N' | b'A' | b'S', about) => about,
            (b't', Self::Other | Self::Statement) => Self::Statement,
            (b'2', _) => Self::Rows,
            (b'C' | b'E' | b'I' | b'Z', _) | (_, Self::Statement) => Self::Other,
            (_, about) => about,
        }
    }
}

/// The length of a message with this header. It may be malformed, and is never 0.
#[inline]
pub(crate) fn length(header: &[u8; HEADER]) -> usize {
    let [_, a, b, c, d] = *header;
    (u32::from_be_bytes([a, b, c, d]) as usize).saturating_add(1)
}

/// The length of the whole rows that `messages` begin with; or of the first, if it is not there whole. A row that was cut does
/// not keep those before it back.
fn rows(messages: &[u8]) -> usize {
    let mut all = 0;
    while let Some(header) = messages[all..].first_chunk()
        && header[0] == b'D'
    {
        let end = all.saturating_add(length(header));
        if end > messages.len() {
            return if all == 0 { end } else { all };
        }
        all = end;
    }
    all
}

/// What a row of one value begins with whose value has this length.
fn pack_header(length: usize) -> [u8; HEADER + 6] {
    // One that does not fit is malformed, and the driver's to refuse.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    let mut header = *b"D....\0\x01....";
    header[1..5].copy_from_slice(&length.saturating_add(10).to_be_bytes());
    header[7..].copy_from_slice(&length.to_be_bytes());
    header
}

impl<S: AsyncRead + Unpin> AsyncRead for Beneath<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        while buffer.filled().len() == before && buffer.remaining() > 0 {
            if this.held.is_empty() {
                ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
                let read = &buffer.filled()[before..];
                if read.is_empty() {
                    // What has begun never comes whole. The driver gets what there is, and says so.
                    this.held = std::mem::take(&mut this.begun);
                    if this.held.is_empty() {
                        break;
                    }
                }
                let passed = this.follow(&buffer.filled()[before..]);
                buffer.set_filled(before + passed);
            }
            if !this.held.is_empty() {
                this.hand_out(buffer);
            }
            this.settle();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Beneath<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.is_started {
            return Poll::Ready(self.start(bytes));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
