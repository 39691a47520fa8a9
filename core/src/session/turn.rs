//! Turns: every message to the server is sent in a turn. A turn that is dropped before it is finished leaves a running
//! statement, which the session cancels before the next turn.

use std::{pin::Pin, sync::atomic::Ordering::SeqCst};

use tokio::sync::MutexGuard;

use super::{
    Session, flags,
    opening::over,
    request::Request,
    response::{End, Response},
};
use crate::{Error, connect::Feed};

/// The right to send messages, until their answers are read. Several turns can be active at once: their messages are
/// pipelined.
pub(crate) struct Turn<'s> {
    session: &'s Session,
    finished: bool,
}

/// A future that is rarely needed, boxed and without its type to keep the futures of queries small.
type Later<'s, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 's>>;

impl Session {
    /// Takes a turn, after leftovers are cleaned up and a pending BEGIN is sent.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, Error> {
        let turn = self.turn_unopened().await?;
        if self.flags.any(flags::UNOPENED) {
            let opening: Later<'_, _> = Box::pin(turn.open());
            opening.await?;
        }
        Ok(turn)
    }

    /// Like [`turn`](Self::turn), but the caller must send a pending BEGIN by [`Turn::begin_with`].
    pub(crate) async fn turn_unopened(&self) -> Result<Turn<'_>, Error> {
        loop {
            if self.is_to_be_settled(0) {
                if self.is_over() {
                    return Err(over());
                }
                let settling: Later<'_, _> = Box::pin(self.settle());
                settling.await?;
                continue;
            }
            // Counted before the flags are read again: a task that gives up a statement sets the flags before it
            // counts.
            self.in_flight.fetch_add(1, SeqCst);
            let turn = Turn {
                session: self,
                finished: false,
            };
            if !self.is_to_be_settled(1) {
                return Ok(turn);
            }
            turn.finish();
        }
    }

    /// A turn for a COPY.
    pub(crate) async fn turn_to_copy(&self) -> Result<Turn<'_>, Error> {
        self.needs_server("`COPY`")?;
        self.turn().await
    }

    /// Waits until no other COPY to the server is running, because nothing can be sent between its data.
    pub(crate) async fn copy_alone(&self) -> MutexGuard<'_, ()> {
        self.copying.lock().await
    }

    /// Whether what was left is to be put in order first. Behind turns of others, besides this many of one's own, one can send
    /// all the same, and it is put in order after the last; but not in a transaction that was dropped or is over.
    fn is_to_be_settled(&self, own: u32) -> bool {
        let is_behind_others = || {
            self.in_flight.load(SeqCst) > own
                && !self
                    .flags
                    .any(flags::SETTLING | flags::UNFINISHED | flags::OVER)
        };
        self.flags.any(flags::UNSETTLED) && !is_behind_others()
    }

    /// Ends a turn whose answers are all read.
    pub(crate) fn leave(&self) {
        if self.in_flight.fetch_sub(1, SeqCst) == 1 && self.flags.any(flags::ABANDONED) {
            self.settle_soon();
        }
    }

    /// Ends a turn whose statement nobody waits for any more.
    #[cold]
    pub(crate) fn abandon(&self) {
        if self.flags.any(flags::SHARED) {
            // A cancel request could hit the statement of another task.
            return self.leave();
        }
        self.flags.set(flags::ABANDONED);
        if self.in_flight.fetch_sub(1, SeqCst) == 1 {
            self.settle_soon();
        }
    }
}

impl<'s> Turn<'s> {
    pub(super) fn session(&self) -> &'s Session {
        self.session
    }

    /// Sends a request.
    pub(crate) fn send(&self, request: &Request) -> Result<Response, Error> {
        let is_after_disturbance = self.session.was_disturbed();
        match self.session.line.send(request) {
            Ok(reply) => {
                let mut response = Response::new(reply);
                response.is_after_disturbance = is_after_disturbance;
                Ok(response)
            }
            Err(error) => Err(self.session.failed(error)),
        }
    }

    /// Sends the start of a request of one group, which data will follow.
    pub(crate) fn send_to_feed(&self, request: &Request) -> Result<(Feed, Response), Error> {
        match self.session.line.send_to_feed(request) {
            Ok((feed, reply)) => Ok((feed, Response::new(reply))),
            Err(error) => Err(self.session.failed(error)),
        }
    }

    /// Sends a request of one group, and reads the answer.
    pub(crate) async fn say(&self, request: &Request) -> Result<End, Error> {
        self.send(request)?.end_group().await
    }

    /// Ends the turn, after all answers are read.
    pub(crate) fn finish(mut self) {
        self.finished = true;
        self.session.leave();
    }

    /// Leaves the end of the turn to other code, which must call [`Session::leave`] or [`Session::abandon`].
    pub(crate) fn hand_over(mut self) {
        self.finished = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.session.abandon();
        }
    }
}
