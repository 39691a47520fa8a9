//! Rows that arrived before their types were known. The server cannot answer a question about types before the last row
//! is read, so all rows are kept, and handed out once the answer is there.

use std::{
    collections::VecDeque,
    task::{Context, Poll},
};

use postgres_types::Oid;

use super::Running;
use crate::{
    Error,
    session::{Learning, pack::Pack},
};

/// Rows whose types are looked up after them.
pub(super) struct Held {
    unknown: Vec<Oid>,
    packs: VecDeque<Pack>,
    /// The lookup, once all rows are there.
    asking: Option<Learning>,
}

impl Held {
    /// The first rows, if there are any, and the OIDs of the unknown types.
    pub(super) fn new(unknown: Vec<Oid>, first: Option<Pack>) -> Self {
        Self {
            unknown,
            packs: first.into_iter().collect(),
            asking: None,
        }
    }
}

impl Running<'_> {
    /// The next rows.
    #[cold]
    pub(super) fn poll_held(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Pack>, Error>> {
        let Some(mut held) = self.held.take() else {
            return Poll::Ready(Ok(None));
        };
        while !self.finished {
            match self.poll_next(cx) {
                Poll::Ready(Ok(pack)) => held.packs.extend(pack),
                Poll::Ready(Err(error)) => return self.give_up(held, error),
                Poll::Pending => {
                    self.held = Some(held);
                    return Poll::Pending;
                }
            }
        }
        if self.response.columns.is_some() {
            let (session, unknown) = (&self.session, &held.unknown);
            let asking = held
                .asking
                .get_or_insert_with(|| session.learn_later(unknown));
            let Poll::Ready(learnt) = asking.as_mut().poll(cx) else {
                self.held = Some(held);
                return Poll::Pending;
            };
            let learnt = learnt.map_err(|error| self.not_learnt(error));
            let read = learnt.and_then(|()| self.read_as_they_came());
            if let Err(error) = read {
                return self.give_up(held, error);
            }
            self.response.columns = None;
        }
        let pack = held.packs.pop_front();
        self.held = Some(held);
        Poll::Ready(Ok(pack))
    }

    /// Returns the error, after which no rows follow.
    fn give_up(&mut self, mut held: Box<Held>, error: Error) -> Poll<Result<Option<Pack>, Error>> {
        held.packs.clear();
        self.held = Some(held);
        self.response.columns = None;
        Poll::Ready(Err(error))
    }

    #[cold]
    fn not_learnt(&self, error: Error) -> Error {
        let what = "the statement was run, but a type of its result could not be asked for: ";
        self.text.blame(error.prefixed(what))
    }
}
