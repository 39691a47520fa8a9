//! The way of a session back to its pool.

use std::sync::Arc;

use super::{
    gauges::Stamp,
    holders::Ticket,
    shared::{Idle, Shared},
};
use crate::session::Session;

/// The way back to the pool. Dropping it without giving a session back makes room for a new one.
pub(crate) struct Home {
    shared: Arc<Shared>,
    ticket: Ticket,
    /// The start of the current use of the session.
    since: Option<Stamp>,
    done: bool,
}

impl Home {
    pub(super) fn new(shared: Arc<Shared>, ticket: Ticket) -> Self {
        Self {
            shared,
            ticket,
            since: None,
            done: false,
        }
    }

    /// Starts a use of the session.
    pub(super) fn in_use(mut self) -> Self {
        self.since = Some(Stamp::now());
        self
    }

    /// Whether a session is older than the pool allows.
    pub(crate) fn is_old(&self, session: &Session) -> bool {
        self.shared.upkeep.is_old(session)
    }

    /// Takes a session back.
    pub(crate) fn receive(mut self, session: Arc<Session>) {
        self.done = true;
        self.shared.put(session);
    }

    /// Puts a session that was not used back to its place: the list ends with the last used ones.
    pub(super) fn receive_idle(mut self, idle: Idle) {
        self.done = true;
        let mut state = self.shared.state();
        if state.closed || !state.waiting.is_empty() {
            drop(state);
            return self.shared.put(idle.session);
        }
        let at = state
            .idle
            .partition_point(|other| other.since <= idle.since);
        state.idle.insert(at, idle);
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some(since) = self.since {
            self.shared.gauges.used(since);
        }
        if cfg!(debug_assertions) {
            self.shared.state().holders.remove(&self.ticket);
        }
        if !self.done {
            self.shared.vacate();
        }
    }
}
