//! Waiting for a connection, and the error if none came in time.

use std::time::Duration;

use tokio::{sync::oneshot, time::timeout};

use super::{
    closing::closed,
    shared::{Place, Shared},
};
use crate::{Error, ErrorKind};

/// A place in the queue. If it is dropped, a connection that was given to it goes to the next.
pub(super) struct Waiting<'p> {
    pub(super) shared: &'p Shared,
    pub(super) receiver: oneshot::Receiver<Place>,
}

impl Waiting<'_> {
    pub(super) async fn given(mut self) -> Result<Place, Error> {
        match timeout(self.shared.limits.wait_timeout, &mut self.receiver).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) => Err(closed()),
            Err(_) => match self.receiver.try_recv() {
                Ok(place) => Ok(place),
                Err(_) => {
                    let limit = self.shared.limits.wait_timeout;
                    Err(self.shared.none_within(limit, ErrorKind::Pool))
                }
            },
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.receiver.close();
        match self.receiver.try_recv() {
            Ok(Place::Session(session)) => self.shared.put(session),
            Ok(Place::Vacancy) => self.shared.vacate(),
            Err(_) => {}
        }
    }
}

impl Shared {
    /// The error of a task that got no session within `limit`, and has left the queue.
    #[cold]
    pub(super) fn none_within(&self, limit: Duration, kind: ErrorKind) -> Error {
        let mut state = self.state();
        state.counts.timeouts += 1;
        self.gauges.timed_out();
        let used = state.size - state.idle.len();
        let message = match used < self.limits.max_size {
            true => format!("no connection was made within {limit:?}"),
            false => format!(
                "no connection became free within {limit:?}; all {used} are in use{}",
                state.holders
            ),
        };
        Error::new(kind, message)
    }
}
