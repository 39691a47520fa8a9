//! The regular work of a pool: it closes sessions that are idle for too long or too old, checks that idle ones still
//! answer, and keeps a minimum open. Taking and returning a session reads no clock: they use the ticks of this thread.
//! It is a thread and not a task, because the runtime checks its timers each time that a worker goes to sleep.

use std::{
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use tokio::{runtime::Handle, task::JoinHandle};

use super::{
    holders::Holder,
    home::Home,
    shared::{Idle, Limits, Shared, State},
};
use crate::{locked::locked, random::random, session::Session};

/// The time that a session can be idle before the pool checks that the server still answers.
const CHECK_AFTER: Duration = Duration::from_secs(30);

pub(crate) struct Upkeep {
    tick: Duration,
    /// The number of ticks that have passed.
    now: AtomicU32,
    idle_ticks: Option<u32>,
    life_ticks: Option<u32>,
    check_ticks: u32,
    /// The runtime in which the last session was opened. `None` before the first.
    runtime: Mutex<Option<Handle>>,
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
            runtime: Mutex::default(),
        }
    }

    /// Ticks since the pool was created.
    pub(super) fn now(&self) -> u32 {
        self.now.load(Relaxed)
    }

    /// Sets the time when a session is too old. It is jittered, so that sessions that were opened together are not
    /// closed together.
    pub(super) fn set_retirement(&self, session: &Session) {
        if let Some(life) = self.life_ticks {
            let spread = (random() % (u64::from(life) / 8 + 1)) as u32;
            session.retire_at(self.now().saturating_add(life - spread));
        }
    }

    pub(super) fn is_old(&self, session: &Session) -> bool {
        session.retires_at() <= self.now()
    }

    /// Starts the thread with the first session. It works in the runtime in which the last session was opened.
    pub(super) fn start(&self, shared: &Arc<Shared>) {
        if locked(&self.runtime).replace(Handle::current()).is_some() {
            return;
        }
        let (shared, tick) = (Arc::downgrade(shared), self.tick);
        let thread = thread::Builder::new().name("howdah-upkeep".to_owned());
        // If no thread can be started, no session is ever too old or idle for too long; everything else works.
        let _ = thread.spawn(move || keep_up(&shared, tick));
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

/// Ticks until the pool is dropped, or closed and empty.
fn keep_up(shared: &Weak<Shared>, tick: Duration) {
    let mut asking: Option<JoinHandle<()>> = None;
    loop {
        thread::sleep(tick);
        let Some(shared) = shared.upgrade() else {
            return;
        };
        shared.gauges.show(shared.status());
        if shared.is_over() {
            return;
        }
        shared.upkeep.now.fetch_add(1, Relaxed);
        shared.close_superfluous();
        if asking.as_ref().is_none_or(JoinHandle::is_finished)
            && shared.has_to_ask()
            && let Some(runtime) = &*locked(&shared.upkeep.runtime)
        {
            let shared = Arc::clone(&shared);
            asking = Some(runtime.spawn(async move {
                shared.check_idle().await;
                // Errors are ignored: a task that needs a connection gets them.
                let _ = shared.warm_up().await;
            }));
        }
    }
}

impl Shared {
    /// Whether the pool is closed and no connection is left.
    fn is_over(&self) -> bool {
        let state = self.state();
        state.closed && state.size == 0
    }

    /// Whether there is work that needs an answer of the server.
    fn has_to_ask(&self) -> bool {
        let state = self.state();
        let unchecked = state.idle.iter().any(|idle| self.upkeep.is_unchecked(idle));
        unchecked || self.is_short_of_idle(&state)
    }

    /// Whether too few sessions are idle, and there is room for more.
    fn is_short_of_idle(&self, state: &State) -> bool {
        state.idle.len() < self.limits.min_idle
            && state.size < self.limits.max_size
            && !state.closed
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

    /// Checks that sessions that were not used for long still answer.
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

    /// Opens sessions until the minimum of idle ones is reached.
    pub(super) async fn warm_up(self: &Arc<Self>) -> Result<(), crate::Error> {
        let _alone = self.warming.lock().await;
        while self.reserve_idle() {
            drop(self.open(Holder::Upkeep).await?);
        }
        Ok(())
    }

    /// Reserves room for one more session if there are too few idle ones.
    fn reserve_idle(&self) -> bool {
        let mut state = self.state();
        let short = self.is_short_of_idle(&state);
        state.size += usize::from(short);
        short
    }
}
