//! The line to a server, which howdah and the driver share. Statements are howdah's own: they are written where they come from,
//! and their answers are handed to whoever asked, whole message by whole message. The driver, whose task reads for both, copies,
//! listens and asks for types; to it the line is a stream, [`Driven`], of which it sees nothing but the answers to its own
//! requests.
//!
//! The server answers in the order in which it was asked, and ends each answer with `ReadyForQuery`
//! ([Message Flow](https://www.postgresql.org/docs/current/protocol-flow.html)). So it is enough to keep in mind who has asked.

mod answers;
mod driven;
mod incoming;
mod outgoing;
mod reply;
#[cfg(test)]
mod tests;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite};

use self::{answers::Answers, incoming::Incoming, outgoing::Outgoing};
pub(crate) use self::{driven::Driven, outgoing::Copying, reply::Reply};
use super::stream::Stream;
use crate::{Error, ErrorKind, request::Request, statements::locked};

/// How much of an answer may wait for whoever asked, before no more is read.
const ROOM: usize = 128 * 1024;

/// A line over `S`.
pub(crate) struct Line<S = Stream>(Mutex<Shared<S>>);

struct Shared<S> {
    /// Nothing once it is closed.
    stream: Option<S>,
    /// The driver's task.
    driver: Option<Waker>,
    incoming: Incoming,
    outgoing: Outgoing,
    answers: Answers,
    /// Whose answers are to come, in their order.
    asked: VecDeque<Asked>,
}

/// Who has asked the server for something that it ends with `ReadyForQuery`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Driver,
    /// Whoever waits for the answer of this number.
    Number(u64),
}

impl Line {
    /// One over which a session was started, to which the server answered this; and the driver's end of it.
    pub(crate) fn started(stream: Stream, answer: &[u8]) -> (Arc<Self>, Driven) {
        Self::over(stream, answer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    fn over(stream: S, answer: &[u8]) -> (Arc<Self>, Driven<S>) {
        let line = Arc::new(Self(Mutex::new(Shared {
            stream: Some(stream),
            driver: None,
            incoming: Incoming::new(answer),
            outgoing: Outgoing::default(),
            answers: Answers::default(),
            asked: VecDeque::new(),
        })));
        let driven = Driven::new(Arc::clone(&line));
        (line, driven)
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

    /// Sends a request, to whose answer nobody listens.
    pub(crate) fn send_and_forget(&self, request: &Request) {
        // Where the line is closed, the server has forgotten it all.
        let _ = self.lock().ask(request, false);
    }

    /// Sends what is no question, such as the end of data that the server waits for.
    fn tell(&self, messages: &[u8]) {
        let mut shared = self.lock();
        if shared.stream.is_some() {
            shared.write(messages, std::iter::empty());
        }
    }

    /// Takes note of a COPY that the driver is told to begin next.
    pub(crate) fn expect_copy(&self, copying: Copying) {
        self.lock().outgoing.driver.copies.push_back(copying);
    }
}

impl<S> Line<S> {
    fn lock(&self) -> MutexGuard<'_, Shared<S>> {
        locked(&self.0)
    }

    /// Closes the socket at once, as far as the line has it; all who wait are told.
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
        self.wake_driver();
        self.stream.take()
    }

    /// Reads on, if that had to wait until somebody took what was there.
    fn go_on(&mut self) {
        if std::mem::take(&mut self.incoming.is_stalled) {
            self.wake_driver();
        }
    }

    fn wake_driver(&self) {
        if let Some(driver) = &self.driver {
            driver.wake_by_ref();
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Shared<S> {
    /// Sends a request, and says by which number its answer goes.
    fn ask(&mut self, request: &Request, is_wanted: bool) -> Result<u64, Error> {
        if self.stream.is_none() {
            return Err(closed());
        }
        let number = self.answers.add(request.groups, is_wanted);
        let groups = request.groups.into();
        self.write(&request.messages, std::iter::repeat_n(number, groups));
        Ok(number)
    }
}
