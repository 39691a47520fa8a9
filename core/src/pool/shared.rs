//! The state that the clones of a pool share: the idle sessions and the waiting tasks. A session that comes back goes
//! to the task that has waited longest.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, Weak},
    time::Duration,
};

use tokio::sync::{Notify, oneshot};

use super::{
    PoolStatus,
    closing::closed,
    gauges::{Gauges, Stamp},
    holders::{Holder, Holders, Ticket},
    home::Home,
    multiplexed::Lanes,
    replicas::Standbys,
    upkeep::Upkeep,
    waiting::Waiting,
};
use crate::{Connection, Error, locked::locked, session::Session, settings::Settings};

/// The settings of the builder.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(super) max_size: usize,
    pub(super) min_idle: usize,
    pub(super) wait_timeout: Duration,
    pub(super) query_timeout: Option<Duration>,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) max_lifetime: Option<Duration>,
}

pub(crate) struct Shared {
    pub(super) settings: Settings,
    pub(super) limits: Limits,
    pub(super) state: Mutex<State>,
    pub(super) upkeep: Upkeep,
    pub(super) standbys: Standbys,
    /// The connections that many tasks share; see [`Pool::multiplexed`](super::Pool::multiplexed).
    pub(super) lanes: Mutex<Vec<Weak<Lanes>>>,
    pub(super) gauges: Gauges,
    /// Held by the task that opens idle sessions; two such tasks would open too many.
    pub(super) warming: tokio::sync::Mutex<()>,
    /// Notified when a closed pool has no session left.
    pub(super) emptied: Notify,
}

#[derive(Default)]
pub(super) struct State {
    /// The last used session is at the end, and is used next, so that sessions that are not needed stay idle and are
    /// closed.
    pub(super) idle: Vec<Idle>,
    pub(super) waiting: VecDeque<oneshot::Sender<Place>>,
    /// Sessions that are idle, in use, or being opened.
    pub(super) size: usize,
    pub(super) closed: bool,
    pub(super) counts: Counts,
    pub(super) holders: Holders,
}

pub(super) struct Idle {
    pub(super) session: Arc<Session>,
    /// The time when it came back, by the clock of [`Upkeep`].
    pub(super) since: u32,
    /// The time when it last answered.
    pub(super) checked: u32,
}

/// Counts since the pool was created.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) opened: u64,
    pub(super) waits: u64,
    pub(super) timeouts: u64,
}

/// What a waiting task gets.
pub(super) enum Place {
    Session(Arc<Session>),
    /// The right to open a session.
    Vacancy,
}

/// What a task gets without waiting.
enum AtOnce {
    Session(Arc<Session>, Ticket),
    Vacancy,
    Wait(oneshot::Receiver<Place>),
    Closed,
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    pub(super) fn status(&self) -> PoolStatus {
        let state = self.state();
        PoolStatus {
            max_size: self.limits.max_size,
            size: state.size,
            idle: state.idle.len(),
            waiting: state.waiting.iter().filter(|w| !w.is_closed()).count(),
            opened: state.counts.opened,
            waits: state.counts.waits,
            timeouts: state.counts.timeouts,
            standbys: Vec::new(),
        }
    }

    /// A session for `holder`: an idle one, a new one, or the next one that comes back.
    pub(crate) async fn take(self: &Arc<Self>, holder: Holder) -> Result<Connection, Error> {
        match self.at_once(holder) {
            AtOnce::Session(session, ticket) => {
                self.gauges.waited(None);
                Ok(self.lend(session, ticket))
            }
            // Boxed and without its type, because it is rare: otherwise each query's future would contain it, and its
            // depth would count towards the compiler's limits in the user's crate.
            other => {
                let began = Stamp::now();
                let waiting: Pin<Box<dyn Future<Output = _> + Send + '_>> =
                    Box::pin(self.take_later(other, holder));
                let taken = waiting.await?;
                self.gauges.waited(Some(began));
                Ok(taken)
            }
        }
    }

    fn at_once(&self, holder: Holder) -> AtOnce {
        let mut state = self.state();
        while let Some(idle) = state.idle.pop() {
            if !idle.session.is_closed() {
                let ticket = state.holders.add(holder);
                return AtOnce::Session(idle.session, ticket);
            }
            state.size -= 1;
        }
        if state.closed {
            return AtOnce::Closed;
        }
        if state.size < self.limits.max_size {
            state.size += 1;
            return AtOnce::Vacancy;
        }
        let (sender, receiver) = oneshot::channel();
        // Tasks that gave up are mostly at the front.
        while state
            .waiting
            .front()
            .is_some_and(oneshot::Sender::is_closed)
        {
            state.waiting.pop_front();
        }
        state.waiting.push_back(sender);
        state.counts.waits += 1;
        AtOnce::Wait(receiver)
    }

    async fn take_later(
        self: &Arc<Self>,
        found: AtOnce,
        holder: Holder,
    ) -> Result<Connection, Error> {
        match found {
            AtOnce::Session(session, ticket) => Ok(self.lend(session, ticket)),
            AtOnce::Vacancy => self.open_boxed(holder).await,
            AtOnce::Wait(receiver) => {
                let waiting = Waiting {
                    shared: self,
                    receiver,
                };
                self.use_place(waiting.given().await?, holder).await
            }
            AtOnce::Closed => Err(closed()),
        }
    }

    async fn use_place(
        self: &Arc<Self>,
        place: Place,
        holder: Holder,
    ) -> Result<Connection, Error> {
        match place {
            Place::Session(session) => {
                let ticket = self.state().holders.add(holder);
                Ok(self.lend(session, ticket))
            }
            Place::Vacancy => self.open_boxed(holder).await,
        }
    }

    /// A session for `holder`, or what `other` gives, should that be there before one comes back.
    pub(super) async fn take_unless<T>(
        self: &Arc<Self>,
        holder: Holder,
        other: impl Future<Output = T>,
    ) -> Result<Result<Connection, T>, Error> {
        let began = Stamp::now();
        let taken = match self.at_once(holder) {
            AtOnce::Wait(receiver) => {
                let waiting = Waiting {
                    shared: self,
                    receiver,
                };
                tokio::select! {
                    biased;
                    place = waiting.given() => self.use_place(place?, holder).await?,
                    other = other => return Ok(Err(other)),
                }
            }
            found => self.take_later(found, holder).await?,
        };
        self.gauges.waited(Some(began));
        Ok(Ok(taken))
    }

    fn lend(self: &Arc<Self>, session: Arc<Session>, ticket: Ticket) -> Connection {
        Connection::pooled(session, self.home(ticket).in_use())
    }

    pub(super) fn home(self: &Arc<Self>, ticket: Ticket) -> Home {
        Home::new(Arc::clone(self), ticket)
    }

    /// Like [`open`](Self::open), but boxed, because the future is large and rarely needed.
    fn open_boxed(
        self: &Arc<Self>,
        holder: Holder,
    ) -> Pin<Box<dyn Future<Output = Result<Connection, Error>> + Send + '_>> {
        Box::pin(self.open(holder))
    }

    /// Opens a session. The caller has reserved room for it.
    pub(super) async fn open(self: &Arc<Self>, holder: Holder) -> Result<Connection, Error> {
        let ticket = self.state().holders.add(holder);
        // If this fails or is dropped, the room is somebody else's; also where there is no runtime, which is a panic.
        let home = self.home(ticket);
        self.upkeep.start(self);
        let began = Stamp::now();
        let session = Session::open(&self.settings).await?;
        self.gauges.opened(began);
        self.upkeep.set_retirement(&session);
        self.state().counts.opened += 1;
        let home = match holder {
            Holder::Upkeep => home,
            _ => home.in_use(),
        };
        Ok(Connection::pooled(session, home))
    }

    /// Gives a session to the task that has waited longest, or keeps it.
    pub(super) fn put(&self, session: Arc<Session>) {
        if self.upkeep.is_old(&session) {
            // Whoever waits opens another in its place.
            drop(session);
            return self.vacate();
        }
        let mut place = Place::Session(session);
        loop {
            let mut state = self.state();
            let Some(next) = state.waiting.pop_front() else {
                let Place::Session(session) = place else {
                    return self.shrink(state);
                };
                if state.closed {
                    return self.shrink(state);
                }
                let since = self.upkeep.now();
                return state.idle.push(Idle {
                    session,
                    since,
                    checked: since,
                });
            };
            drop(state);
            match next.send(place) {
                Ok(()) => return,
                Err(back) => place = back,
            }
        }
    }

    /// Gives room for a session to the task that has waited longest.
    pub(super) fn vacate(&self) {
        loop {
            let mut state = self.state();
            let Some(next) = state.waiting.pop_front() else {
                return self.shrink(state);
            };
            drop(state);
            if next.send(Place::Vacancy).is_ok() {
                return;
            }
        }
    }

    /// Takes note that a session is gone.
    pub(super) fn shrink(&self, mut state: MutexGuard<'_, State>) {
        state.size -= 1;
        if state.closed && state.size == 0 {
            drop(state);
            self.emptied.notify_waiters();
        }
    }
}
