//! The line to a server. Requests are written where they come from, and the answers are handed to whoever asked, whole message by
//! whole message. Whoever alone waits for an answer reads it. Where several wait, or nobody, one task reads for all:
//! [`Reader`], which also writes what there was no room for.
//!
//! The server answers in the order in which it was asked, and ends each answer with `ReadyForQuery`
//! ([Message Flow](https://www.postgresql.org/docs/current/protocol-flow.html)). So it is enough to keep in mind who has asked.

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
use crate::{Error, ErrorKind, request::Request, statements::locked};

/// How much of an answer may wait for whoever asked, before no more is read.
const ROOM: usize = 128 * 1024;

/// The message by which a session ends.
const TERMINATE: &[u8] = b"X\0\0\0\x04";

/// A line over `S`.
pub(crate) struct Line<S = Stream>(Mutex<Shared<S>>);

struct Shared<S> {
    /// Nothing once it is closed.
    stream: Option<S>,
    /// The task that reads.
    reader: Option<Waker>,
    /// What wakes whoever reads.
    bell: Arc<Bell>,
    /// The same, for the socket.
    ringer: Waker,
    incoming: Incoming,
    outgoing: Outgoing,
    answers: Answers,
    /// The numbers of the answers that are to come, in their order: one for each `ReadyForQuery`.
    asked: VecDeque<u64>,
    /// Whether nobody will ask any more.
    is_ending: bool,
    /// The error with which the server has ended the session when nobody had asked for anything.
    farewell: Option<Bytes>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// One over which a session was started, and who reads from it. `received` is what came behind the start.
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

    /// Sends a request, whose answer comes in groups with `ReadyForQuery` at the end of each.
    ///
    /// # Errors
    ///
    /// When the line is closed.
    pub(crate) fn send(self: &Arc<Self>, request: &Request) -> Result<Reply<S>, Error> {
        let number = self.lock().ask(request, true)?;
        Ok(Reply::new(Arc::clone(self), number))
    }

    /// Sends a request of one group, whose end is yet to be sent, behind data. What others send is held back until then. One of
    /// these at a time.
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

    /// Sends a request, to whose answer nobody listens.
    pub(crate) fn send_and_forget(&self, request: &Request) {
        // Where the line is closed, the server has forgotten it all.
        let _ = self.lock().ask(request, false);
    }

    /// Ends the session, and closes the socket once all that was asked is answered.
    pub(crate) fn end(&self) {
        let mut shared = self.lock();
        shared.is_ending = true;
        shared.write(TERMINATE, false);
    }

    /// Sends the end of data that the server waits for. Where others have asked since, it may have taken that for the data, so
    /// that nobody knows what it answers: the line is closed.
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

    /// Closes the socket at once; all who wait are told.
    pub(crate) fn close(&self) {
        let stream = self.lock().close();
        drop(stream);
    }
}

/// Keeps the waker of a task, which most often is the one that is there.
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

    /// Reads on, if that had to wait until somebody took what was there.
    fn go_on(&mut self) {
        if std::mem::take(&mut self.incoming.is_stalled) {
            self.wake_reader();
        }
    }

    /// Whether no more than one request is to be answered.
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
    /// Sends a request, and says by which number its answer goes.
    fn ask(&mut self, request: &Request, is_wanted: bool) -> Result<u64, Error> {
        if self.stream.is_none() {
            return Err(self.farewell.as_deref().map_or_else(closed, refusal));
        }
        let number = self.answers.add(request.groups, is_wanted);
        if !self.asked.is_empty() && self.is_one_asked() {
            // Whoever waits does not wait alone any more.
            self.wake_reader();
        }
        // What is sent while others wait for their answers goes together, from the reader's task.
        self.write(&request.messages, self.asked.is_empty());
        let groups = request.groups.into();
        self.asked.extend(std::iter::repeat_n(number, groups));
        Ok(number)
    }
}
