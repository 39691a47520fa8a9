//! A standby of a pool: its connections, and for how long reads skip it after a failure.

use std::{sync::Mutex, time::Duration};

use tokio::time::Instant;

use super::{Pool, StandbyStatus};
use crate::{Error, locked::locked};

/// The time for which it is skipped after the first failure. Each further failure doubles it.
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(30);

/// A wait that is given up earlier than this is no failure of the standby.
const TELLING: Duration = Duration::from_millis(100);

pub(super) struct Standby {
    pub(super) pool: Pool,
    health: Mutex<Health>,
}

#[derive(Default)]
struct Health {
    /// The number of consecutive failures.
    failures: u32,
    /// The time of the last failure, and the time of the next attempt.
    rest: Option<(Instant, Instant)>,
}

impl Standby {
    pub(super) fn new(pool: Pool) -> Self {
        Self {
            pool,
            health: Mutex::default(),
        }
    }

    /// An attempt to get a connection, unless the standby is skipped. After a rest, one attempt is allowed, and the
    /// standby is skipped until its result is known.
    pub(super) fn attempt(&self) -> Option<Attempt<'_>> {
        let now = Instant::now();
        let mut health = locked(&self.health);
        if let Some((failed, end)) = health.rest {
            if now < end {
                return None;
            }
            health.rest = Some((failed, now + rest_after(health.failures)));
        }
        Some(Attempt {
            standby: self,
            began: now,
            ended: false,
        })
    }

    pub(super) fn status(&self) -> StandbyStatus {
        StandbyStatus {
            place: self.pool.0.settings.place(),
            connections: self.pool.0.status(),
            failures: locked(&self.health).failures,
        }
    }
}

fn rest_after(failures: u32) -> Duration {
    let doubled = failures.saturating_sub(1).min(16);
    FIRST_REST.saturating_mul(1 << doubled).min(LONGEST_REST)
}

/// An attempt to get a connection to a standby. If it is dropped after some time, as at the deadline of its query, it
/// counts as a failure, too.
pub(super) struct Attempt<'s> {
    standby: &'s Standby,
    began: Instant,
    ended: bool,
}

impl Attempt<'_> {
    pub(super) fn succeeded(mut self) {
        self.ended = true;
        let before = std::mem::take(&mut *locked(&self.standby.health));
        if before.failures > 0 {
            #[cfg(feature = "tracing")]
            tracing::info!(
                target: "howdah::pool",
                standby = self.standby.pool.0.settings.place(),
                "a standby is used again"
            );
        }
    }

    pub(super) fn failed(mut self, error: &Error) {
        self.ended = true;
        self.note(&error.to_string());
    }

    #[cfg_attr(not(feature = "tracing"), expect(unused_variables))]
    fn note(&self, reason: &str) {
        if self.standby.pool.0.is_closed() {
            return;
        }
        let now = Instant::now();
        let mut health = locked(&self.standby.health);
        // Attempts at the same time failed for the same reason, and count once.
        if health.rest.is_some_and(|(last, _)| self.began <= last) {
            return;
        }
        health.failures = health.failures.saturating_add(1);
        health.rest = Some((now, now + rest_after(health.failures)));
        #[cfg(feature = "tracing")]
        if health.failures == 1 {
            drop(health);
            tracing::warn!(
                target: "howdah::pool",
                standby = self.standby.pool.0.settings.place(),
                reason,
                "a standby is passed over until it can be reached again"
            );
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.ended && self.began.elapsed() >= TELLING {
            self.note("a query was given up while it waited for a connection");
        }
    }
}
