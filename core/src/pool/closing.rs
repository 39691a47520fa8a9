//! Closes a pool: no more connections are given out, and all come back, including those of standbys and those that many
//! tasks share.

use std::{pin::pin, sync::Weak, time::Duration};

use super::{Pool, shared::Shared};
use crate::{Error, ErrorKind, locked::locked};

impl Pool {
    /// Closes the pool, including the connections to its standbys. Idle connections are closed now, and connections in use
    /// when they come back. Tasks that wait for a connection get an error. A [`Multiplexed`](crate::Multiplexed) of the
    /// pool gives back its connections, each after the statements that are running on it.
    pub fn close(&self) {
        self.0.close();
    }

    /// Closes the pool like [`close`](Self::close), and waits until all connections have come back, including those to
    /// standbys. It does not wait for listeners, which have their own connections.
    ///
    /// # Errors
    ///
    /// When connections are still in use after `limit`.
    pub async fn shut_down(&self, limit: Duration) -> Result<(), Error> {
        self.close();
        let all_empty = async {
            self.0.empty().await;
            for standby in self.0.standbys.pools() {
                standby.0.empty().await;
            }
        };
        if tokio::time::timeout(limit, all_empty).await.is_ok() {
            return Ok(());
        }
        let mut in_use: Vec<String> = self.0.in_use_after(limit).into_iter().collect();
        for standby in self.0.standbys.pools() {
            let place = standby.0.settings.place();
            let of_standby = standby.0.in_use_after(limit);
            in_use.extend(of_standby.map(|in_use| format!("of the standby {place}, {in_use}")));
        }
        match in_use.is_empty() {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Pool, in_use.join("; "))),
        }
    }
}

impl Shared {
    /// Gives out no more connections. Idle ones are closed now, others when they come back.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        let idle = std::mem::take(&mut state.idle);
        let waiting = std::mem::take(&mut state.waiting);
        state.size -= idle.len();
        let empty = state.size == 0;
        drop(state);
        drop((idle, waiting));
        if empty {
            self.emptied.notify_waiters();
        }
        let lanes = std::mem::take(&mut *locked(&self.lanes));
        for lanes in lanes.iter().filter_map(Weak::upgrade) {
            lanes.let_go();
        }
        for standby in self.standbys.pools() {
            standby.close();
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Waits until a closed pool has no session left.
    pub(super) async fn empty(&self) {
        loop {
            let mut emptied = pin!(self.emptied.notified());
            // From now on no notification is missed.
            emptied.as_mut().enable();
            if self.state().size == 0 {
                return;
            }
            emptied.await;
        }
    }

    /// The connections that are still in use, and by whom, for messages.
    pub(super) fn in_use_after(&self, limit: Duration) -> Option<String> {
        let state = self.state();
        let connections = match state.size {
            0 => return None,
            1 => "1 connection is".to_owned(),
            size => format!("{size} connections are"),
        };
        let holders = &state.holders;
        Some(format!(
            "{connections} still in use after {limit:?}{holders}"
        ))
    }
}

pub(super) fn closed() -> Error {
    Error::new(ErrorKind::Pool, "the pool is closed")
}
