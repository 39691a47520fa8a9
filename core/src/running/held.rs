//! Rows that came before their types were known. Nobody answers a question about types before the last row was taken, so all
//! are, and are handed out once the answer is there.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::Stream;
use postgres_types::Oid;
use tokio_postgres::RowStream;

use super::Running;
use crate::{Error, pack::Pack, session::Learning};

/// Rows whose types are asked for behind them.
pub(super) struct Held {
    unknown: Vec<Oid>,
    packs: VecDeque<Pack>,
    /// Once all rows are there.
    asking: Option<Learning>,
}

impl Held {
    /// The first of them, and the numbers of its types that are unknown.
    pub(super) fn new(unknown: Vec<Oid>, first: Pack) -> Self {
        Self {
            unknown,
            packs: VecDeque::from([first]),
            asking: None,
        }
    }
}

impl Running<'_> {
    /// The next rows.
    #[cold]
    pub(super) fn poll_held(
        &mut self,
        mut stream: Pin<&mut RowStream>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Pack, Error>>> {
        let Some(mut held) = self.held.take() else {
            return Poll::Ready(None);
        };
        while !self.finished {
            match stream.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(row))) => held.packs.push_back(Pack::new(row)),
                Poll::Ready(Some(Err(error))) => {
                    let error = self.failed(error);
                    return self.give_up(held, error);
                }
                Poll::Ready(None) => self.finished = true,
                Poll::Pending => {
                    self.held = Some(held);
                    return Poll::Pending;
                }
            }
        }
        if self.unchecked {
            let (session, unknown) = (&self.session, &held.unknown);
            let asking = held
                .asking
                .get_or_insert_with(|| session.learn_later(unknown));
            let Poll::Ready(learnt) = asking.as_mut().poll(cx) else {
                self.held = Some(held);
                return Poll::Pending;
            };
            let learnt = learnt.map_err(|error| self.not_learnt(error));
            let read = learnt.and_then(|()| match held.packs.front() {
                Some(first) => self.read_as(&first.columns()),
                None => Ok(()),
            });
            if let Err(error) = read {
                return self.give_up(held, error);
            }
            self.unchecked = false;
        }
        let pack = held.packs.pop_front();
        self.held = Some(held);
        Poll::Ready(pack.map(Ok))
    }

    /// The error, after which there is nothing.
    fn give_up(&mut self, mut held: Box<Held>, error: Error) -> Poll<Option<Result<Pack, Error>>> {
        held.packs.clear();
        self.held = Some(held);
        self.unchecked = false;
        Poll::Ready(Some(Err(error)))
    }

    #[cold]
    fn not_learnt(&self, error: Error) -> Error {
        let what = "the statement was run, but a type of its result could not be asked for: ";
        self.text.blame(error.prefixed(what))
    }
}
