//! Reads on standbys. A standby that cannot be reached is skipped for a while, and if none is left, the primary is
//! used. A read that must see earlier writes waits until its standby has them.

use std::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use tokio::time::{Instant, timeout_at};

use super::{Holder, Pool, StandbyStatus, standby::Standby};
use crate::{
    Connection, Error, Executor, PgLsn, Value,
    executor::{Handle, deadline::time_after, sealed::Sealed},
    query,
};

/// The default time that a read waits for a standby to catch up before it goes elsewhere.
const PATIENCE: Duration = Duration::from_secs(1);

/// The standbys of a primary.
#[derive(Default)]
pub(crate) struct Standbys {
    all: Box<[Standby]>,
    /// The standby whose turn it is.
    next: AtomicUsize,
    /// Whether queries on the pool that only read go to standbys.
    read_by_nature: bool,
}

impl Standbys {
    pub(super) fn new(pools: impl Iterator<Item = Pool>, read_by_nature: bool) -> Self {
        Self {
            all: pools.map(Standby::new).collect(),
            next: AtomicUsize::new(0),
            read_by_nature,
        }
    }

    pub(super) fn pools(&self) -> impl Iterator<Item = &Pool> {
        self.all.iter().map(|standby| &standby.pool)
    }

    pub(super) fn status(&self) -> Vec<StandbyStatus> {
        self.all.iter().map(Standby::status).collect()
    }

    /// All standbys, beginning with the next in turn.
    fn in_turn(&self) -> impl Iterator<Item = &Standby> {
        let first = self.next.fetch_add(1, Relaxed) % self.all.len().max(1);
        self.all[first..].iter().chain(&self.all[..first])
    }
}

/// Runs queries on a standby of a pool; see [`Pool::replica`].
#[derive(Clone, Copy)]
pub struct Replica<'p> {
    pool: &'p Pool,
    after: Option<PgLsn>,
    patience: Duration,
}

impl Pool {
    /// Runs queries that only read on the pool's standbys, in turn. If there is no standby, or none can be reached, the
    /// primary runs the query.
    ///
    /// A standby that gives no connection, because it cannot be reached, refuses, or has all of its connections in use for
    /// as long as [`wait_timeout`](crate::PoolBuilder::wait_timeout) says, is skipped for a second, and then for longer
    /// each time, up to half a minute. With the feature `tracing`, there is a warning the first time.
    /// [`status`](Self::status) has the number of failures.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), howdah::Error> {
    /// let pool = howdah::Pool::builder("postgres://app@primary/app")?
    ///     .replica("postgres://app@standby/app")?
    ///     .build()?;
    /// howdah::query("insert into log (line) values ('begun')").execute(&pool).await?;
    /// let written = pool.written().await?;
    /// // Sees what was just written.
    /// howdah::query("select line from log").fetch_all::<(String,)>(&pool.replica().after(written)).await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn replica(&self) -> Replica<'_> {
        Replica {
            pool: self,
            after: None,
            patience: PATIENCE,
        }
    }

    /// How far the primary has written. Queries that read [`after`](Replica::after) this position see everything that has
    /// been committed until now.
    ///
    /// # Errors
    ///
    /// When the primary cannot be reached.
    pub async fn written(&self) -> Result<PgLsn, Error> {
        query("select pg_current_wal_insert_lsn()")
            .fetch_one::<Value<PgLsn>>(self)
            .await
    }

    /// The standbys, if queries that only read go to them.
    pub(crate) fn replica_by_nature(&self) -> Option<Replica<'_>> {
        self.0.standbys.read_by_nature.then(|| self.replica())
    }
}

impl<'p> Replica<'p> {
    /// Reads from a standby only when it has reached this position; see [`Pool::written`].
    #[must_use]
    pub fn after(self, written: PgLsn) -> Self {
        Self {
            after: Some(written),
            ..self
        }
    }

    /// Sets how long to wait for each standby to reach the position. After that, the primary runs the query. The default is
    /// one second.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(crate) fn pool(self) -> &'p Pool {
        self.pool
    }

    /// A connection to a usable standby, or else to the primary.
    pub(crate) async fn take(self, holder: Holder) -> Result<Connection, Error> {
        for standby in self.pool.0.standbys.in_turn() {
            let Some(attempt) = standby.attempt() else {
                continue;
            };
            // If this fails, try the next standby.
            let connection = match standby.pool.take(holder).await {
                Ok(connection) => connection,
                Err(error) => {
                    attempt.failed(&error);
                    continue;
                }
            };
            attempt.succeeded();
            if self.has_caught_up(&connection).await {
                return Ok(connection);
            }
        }
        self.pool.take(holder).await
    }

    async fn has_caught_up(self, connection: &Connection) -> bool {
        let Some(after) = self.after else {
            return true;
        };
        let deadline = time_after(Instant::now(), self.patience);
        let mut wait = Duration::from_millis(1);
        loop {
            // One that was promoted stays at the place where it was.
            let sql =
                "select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() - '0/0' end";
            match timeout_at(deadline, connection.session().ask(sql)).await {
                // What a promoted one has is all there is.
                Ok(Ok(None)) => return true,
                Ok(Ok(Some(place))) if place.parse().is_ok_and(|place: u64| place >= after.0) => {
                    return true;
                }
                Ok(Ok(Some(_))) if Instant::now() + wait < deadline => {
                    tokio::time::sleep(wait).await
                }
                _ => return false,
            }
            wait = (wait * 2).min(Duration::from_millis(50));
        }
    }
}

impl Sealed for Replica<'_> {}

impl Executor for Replica<'_> {
    fn handle(&self) -> Handle<'_> {
        Handle::on_replica(*self)
    }
}

impl fmt::Debug for Replica<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica")
            .field("after", &self.after)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
