//! What a pool does by itself, now and then: closes what is idle for too long or too old, sees whether what is idle still
//! answers, and keeps a minimum warm. Taking and returning a session reads no clock: a tick of this task is its time.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::task::JoinHandle;

use super::{
    holders::Holder,
    shared::{Home, Idle, Limits, Shared},
};
use crate::{random::random, session::Session, statements::locked};

/// How long a session may be idle before it is asked whether it is still there.
const CHECK_AFTER: Duration = Duration::from_secs(30);

pub(crate) struct Upkeep {
    tick: Duration,
    /// How many ticks have passed.
    now: AtomicU32,
    idle_ticks: Option<u32>,
    life_ticks: Option<u32>,
    check_ticks: u32,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Upkeep {
    pub(super) fn new(limits: &Limits) -> Self {
        let shortest = [limits.idle_timeout, limits.max_lifetime]
            .into_iter()
            .flatten()
            .min()
            .map_or(Duration::from_secs(1), |limit| limit / 8);
        let tick = shortest.clamp(Duration::from_millis(10), Duration::from_secs(1));
        let ticks = |limit: Duration| {
            u32::try_from(limit.as_nanos().div_ceil(tick.as_nanos())).unwrap_or(u32::MAX)
        };
        Self {
            tick,
            now: AtomicU32::new(0),
            idle_ticks: limits.idle_timeout.map(ticks),
            life_ticks: limits.max_lifetime.map(ticks),
            check_ticks: ticks(CHECK_AFTER),
            task: Mutex::default(),
        }
    }

    /// Ticks since the pool was made.
    pub(super) fn now(&self) -> u32 {
        self.now.load(Relaxed)
    }

    /// Decides when a new session is old. Sessions that were opened at once are not closed at once.
    pub(super) fn set_retirement(&self, session: &Session) {
        if let Some(life) = self.life_ticks {
            let spread = (random() % (u64::from(life) / 8 + 1)) as u32;
            session.retire_at(self.now().saturating_add(life - spread));
        }
    }

    pub(super) fn is_old(&self, session: &Session) -> bool {
        session.retires_at() <= self.now()
    }

    /// Begins the upkeep, also anew in another runtime when the one it ran in has ended.
    pub(super) fn start(&self, shared: &Arc<Shared>) {
        let mut task = locked(&self.task);
        if task.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        let (weak, tick) = (Arc::downgrade(shared), self.tick);
        *task = Some(tokio::spawn(async move {
            loop {
                tokio::time::sleep(tick).await;
                let Some(shared) = weak.upgrade() else { return };
                if !shared.tend().await {
                    return;
                }
            }
        }));
    }

    /// Whether an idle session has waited for too long.
    fn is_cold(&self, idle: &Idle) -> bool {
        let waited = self.now().saturating_sub(idle.since);
        self.idle_ticks.is_some_and(|limit| waited >= limit)
    }

    fn is_unchecked(&self, idle: &Idle) -> bool {
        self.now().saturating_sub(idle.checked) >= self.check_ticks
    }
}

impl Shared {
    /// One round of upkeep; false when the pool is closed.
    async fn tend(self: &Arc<Self>) -> bool {
        self.upkeep.now.fetch_add(1, Relaxed);
        self.close_superfluous();
        self.check_idle().await;
        let _ = self.warm_up().await;
        !self.state().closed
    }

    fn close_superfluous(&self) {
        let mut gone = Vec::new();
        let mut state = self.state();
        let mut at = 0;
        while at < state.idle.len() {
            let idle = &state.idle[at];
            let cold = self.upkeep.is_cold(idle) && state.idle.len() > self.limits.min_idle;
            if cold || self.upkeep.is_old(&idle.session) || idle.session.is_closed() {
                gone.push(state.idle.remove(at));
                state.size -= 1;
            } else {
                at += 1;
            }
        }
        drop(state);
        drop(gone);
    }

    /// Asks those that nobody has used for long whether they are still there.
    async fn check_idle(self: &Arc<Self>) {
        while let Some((mut idle, home)) = self.next_unchecked() {
            if idle.session.answers().await {
                idle.checked = self.upkeep.now();
                home.receive_idle(idle);
            } else {
                idle.session.close();
            }
        }
    }

    fn next_unchecked(self: &Arc<Self>) -> Option<(Idle, Home)> {
        let mut state = self.state();
        let unchecked = |idle: &Idle| self.upkeep.is_unchecked(idle);
        let at = state.idle.iter().position(unchecked)?;
        let idle = state.idle.remove(at);
        let ticket = state.holders.add(Holder::Upkeep);
        Some((idle, self.home(ticket)))
    }

    /// Opens sessions until the least number is there that is to be kept.
    pub(super) async fn warm_up(self: &Arc<Self>) -> Result<(), crate::Error> {
        while self.reserve_idle() {
            drop(self.open(Holder::Upkeep).await?);
        }
        Ok(())
    }

    /// Makes room for one more session if it is needed to have enough of them idle.
    fn reserve_idle(&self) -> bool {
        let mut state = self.state();
        let enough = state.idle.len() >= self.limits.min_idle;
        if enough || state.closed || state.size >= self.limits.max_size {
            return false;
        }
        state.size += 1;
        true
    }
}
