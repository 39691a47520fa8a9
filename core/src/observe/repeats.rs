//! Finds queries that run many times where one would do, such as one for each row of another query ("N+1"). They are
//! counted for the open span, or else for the held connection; after a pause, the count starts again. Queries are told
//! apart by their text, not by their parameters.

use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Mutex,
    time::{Duration, Instant},
};

use tracing::{Span, callsite::Identifier, warn};

use crate::{locked::locked, query::Call};

/// The pause of a query in a scope after which its count starts again.
const PAUSE: Duration = Duration::from_secs(1);

/// The number of counts above which those that have paused are dropped, at most once in a pause, and the number of
/// warned places that are remembered.
const MANY: usize = 1024;

/// Counts how often queries ran on the sessions of one pool.
#[derive(Debug)]
pub(crate) struct Repeats {
    limit: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    counts: HashMap<(Scope, u64), Count>,
    /// The last time that paused counts were dropped.
    dropped: Option<Instant>,
    /// The places and queries that were warned about, so that each is reported once.
    warned: HashSet<(Option<Identifier>, u64)>,
}

/// The scope in which the runs of a query are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Scope {
    Span(u64),
    Hold(u64),
}

#[derive(Clone, Copy, Debug)]
struct Count {
    times: u32,
    last: Instant,
}

impl Repeats {
    /// Warns about queries that run more often than `limit`.
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            limit: limit.max(2),
            state: Mutex::default(),
        }
    }

    /// Counts a query, and warns when it exceeds the limit.
    pub(super) fn count(&self, call: &Call<'_>, summary: &str) {
        let span = Span::current();
        let scope = match (span.id(), call.handle.hold()) {
            (Some(id), _) => Scope::Span(id.into_u64()),
            (None, Some(hold)) => Scope::Hold(hold),
            (None, None) => return,
        };
        let query = query_key(call);
        let place = span.metadata().map(|metadata| metadata.callsite());
        if self.is_one_too_many(scope, query, place, Instant::now()) {
            warn!(
                target: "howdah::repeated",
                query = summary,
                db.query.text = call.text.sql(),
                times = self.limit,
                scope = span.metadata().map_or("connection", |metadata| metadata.name()),
                "query repeated: one query could do the work of many, or a batch could send them together"
            );
        }
    }

    fn is_one_too_many(
        &self,
        scope: Scope,
        query: u64,
        place: Option<Identifier>,
        now: Instant,
    ) -> bool {
        let mut state = locked(&self.state);
        let State {
            counts,
            dropped,
            warned,
        } = &mut *state;
        let may_drop = dropped.is_none_or(|last| now.duration_since(last) >= PAUSE);
        if counts.len() >= MANY && may_drop {
            *dropped = Some(now);
            counts.retain(|_, count| now.duration_since(count.last) < PAUSE);
        }
        let count = counts.entry((scope, query)).or_insert(Count {
            times: 0,
            last: now,
        });
        if now.duration_since(count.last) >= PAUSE {
            count.times = 0;
        }
        count.times = count.times.saturating_add(1);
        count.last = now;
        if count.times != self.limit {
            return false;
        }
        if warned.len() >= MANY {
            warned.clear();
        }
        warned.insert((place, query))
    }
}

/// A number that tells queries apart.
fn query_key(call: &Call<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (call.text.name(), call.text.sql()).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pauses_is_counted_anew_and_forgotten() {
        let repeats = Repeats::new(3);
        let begin = Instant::now();
        let too_many =
            |scope, after| repeats.is_one_too_many(Scope::Span(scope), 7, None, begin + after);
        assert!(!too_many(1, Duration::ZERO));
        assert!(!too_many(1, PAUSE / 2));
        assert!(!too_many(1, PAUSE * 2));
        assert!(!too_many(1, PAUSE * 2));
        assert!(!too_many(2, PAUSE * 2));
        assert!(too_many(1, PAUSE * 2));
        // There is only one warning.
        assert!(!(0..10).any(|_| too_many(3, PAUSE * 2)));
        for scope in 0..10 * MANY as u64 {
            too_many(scope, PAUSE * 4 + PAUSE * (scope / 1000) as u32);
        }
        assert!(locked(&repeats.state).counts.len() <= 3 * MANY);
    }
}
