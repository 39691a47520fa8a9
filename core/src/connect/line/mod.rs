//! The line to a server. The task that sends a request writes it to the socket. If no other task waits for an answer,
//! it also reads the answer. Otherwise one task reads for all, and hands complete messages to the tasks that asked:
//! [`Reader`]. It also writes what the socket had no room for.
//!
//! The server answers in the order in which it was asked, and ends each answer with `ReadyForQuery`
//! ([Message Flow](https://www.postgresql.org/docs/current/protocol-flow.html)). So it is enough to remember the order
//! of the requests.

mod answers;
mod bell;
mod feed;
mod incoming;
mod outgoing;
mod reader;
mod reply;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Waker},
};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

use self::{answers::Answers, bell::Bell, incoming::Incoming, outgoing::Outgoing};
pub(crate) use self::{feed::Feed, reader::Reader, reply::Reply};
use super::{messages::refusal, stream::Stream};
use crate::{Error, ErrorKind, locked::locked, session::request::Request};

/// The number of bytes of an answer that are kept before reading stops until they are taken.
const ROOM: usize = 128 * 1024;

/// The message that ends a session.
const TERMINATE: &[u8] = b"X\0\0\0\x04";

/// A line over `S`.
pub(crate) struct Line<S = Stream>(Mutex<Shared<S>>);

struct Shared<S> {
    /// `None` once it is closed.
    stream: Option<S>,
    /// The task that reads.
    reader: Option<Waker>,
    /// Wakes the task that reads.
    bell: Arc<Bell>,
    /// The bell as a waker, for the socket.
    ringer: Waker,
    incoming: Incoming,
    outgoing: Outgoing,
    answers: Answers,
    /// The numbers of the expected answers, in order, once for each `ReadyForQuery`.
    asked: VecDeque<u64>,
    /// Whether no more requests will be sent.
    is_ending: bool,
    /// The error with which the server has ended the session when nobody had asked for anything.
    farewell: Option<Bytes>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// A line over which a session was started, and its reader. `received` are bytes that arrived after the start-up.
    pub(crate) fn new(stream: S, received: &[u8]) -> (Arc<Self>, Reader<S>) {
        let bell = Arc::new(Bell::default());
        let line = Arc::new(Self(Mutex::new(Shared {
            stream: Some(stream),
            reader: None,
            ringer: Arc::clone(&bell).into(),
            bell,
            incoming: Incoming::new(received),
            outgoing: Outgoing::default(),
            answers: Answers::default(),
            asked: VecDeque::new(),
            is_ending: false,
            farewell: None,
        })));
        let reader = Reader::new(Arc::clone(&line));
        (line, reader)
    }

    /// Sends a request. Its answer comes in groups, each of which ends with `ReadyForQuery`.
    ///
    /// # Errors
    ///
    /// When the line is closed.
    pub(crate) fn send(self: &Arc<Self>, request: &Request) -> Result<Reply<S>, Error> {
        let number = self.lock().ask(request, true)?;
        Ok(Reply::new(Arc::clone(self), number))
    }

    /// Sends the start of a request of one group, which data and the end will follow. Other requests are held back
    /// until then. Only one such request is possible at a time.
    ///
    /// # Errors
    ///
    /// When the line is closed.
    pub(crate) fn send_to_feed(
        self: &Arc<Self>,
        request: &Request,
    ) -> Result<(Feed<S>, Reply<S>), Error> {
        let mut shared = self.lock();
        let number = shared.ask(request, true)?;
        shared.outgoing.hold();
        drop(shared);
        let reply = Reply::new(Arc::clone(self), number);
        Ok((Feed::new(Arc::clone(self)), reply))
    }

    /// Sends a request whose answer is not needed.
    pub(crate) fn send_and_forget(&self, request: &Request) {
        // If the line is closed, the session's state on the server is gone as well.
        let _ = self.lock().ask(request, false);
    }

    /// Ends the session, and closes the socket once all requests are answered.
    pub(crate) fn end(&self) {
        let mut shared = self.lock();
        shared.is_ending = true;
        shared.write(TERMINATE, false);
    }

    /// Sends the end of data that the server waits for. If there were other requests since, the server may have taken
    /// them for the data, so the answers are unknown: closes the line.
    fn end_data(&self, messages: &[u8]) {
        let mut shared = self.lock();
        match shared.asked.len() {
            0 | 1 => shared.write(messages, true),
            _ => drop(shared.close()),
        }
    }
}

impl<S> Line<S> {
    fn lock(&self) -> MutexGuard<'_, Shared<S>> {
        locked(&self.0)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().stream.is_none()
    }

    /// Closes the socket at once. All tasks that wait get an error.
    pub(crate) fn close(&self) {
        let stream = self.lock().close();
        drop(stream);
    }
}

/// Stores the waker of a task. `clone_from` is cheap if it is the same task as before, which is usual.
fn keep(waker: &mut Option<Waker>, cx: &Context<'_>) {
    match waker {
        Some(waker) => waker.clone_from(cx.waker()),
        None => *waker = Some(cx.waker().clone()),
    }
}

#[cold]
fn closed() -> Error {
    Error::new(ErrorKind::Connection, "connection closed")
}

impl<S> Shared<S> {
    fn close(&mut self) -> Option<S> {
        self.answers.wake_all();
        self.outgoing.wake_feeder();
        self.wake_reader();
        self.stream.take()
    }

    /// Continues to read if reading had stopped until an answer was taken.
    fn go_on(&mut self) {
        if std::mem::take(&mut self.incoming.is_stalled) {
            self.wake_reader();
        }
    }

    /// Whether at most one request is unanswered.
    fn is_one_asked(&self) -> bool {
        self.asked.front() == self.asked.back()
    }

    fn wake_reader(&self) {
        if let Some(reader) = &self.reader {
            reader.wake_by_ref();
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    /// Sends a request, and returns the number of its answer.
    fn ask(&mut self, request: &Request, is_wanted: bool) -> Result<u64, Error> {
        if self.stream.is_none() {
            return Err(self.farewell.as_deref().map_or_else(closed, refusal));
        }
        let number = self.answers.add(request.groups, is_wanted);
        if !self.asked.is_empty() && self.is_one_asked() {
            // Two tasks wait now, so the reader's task has to read.
            self.wake_reader();
        }
        // While other tasks wait for answers, the reader's task writes, so that several requests go together.
        self.write(&request.messages, self.asked.is_empty());
        let groups = request.groups.into();
        self.asked.extend(std::iter::repeat_n(number, groups));
        Ok(number)
    }
}
