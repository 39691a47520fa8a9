//! The pool of connections. Taking one costs no round trip and reads no clock: a broken connection is seen by its closed
//! socket, and one that was not in order when it came back was put in order or closed.

mod builder;
mod closing;
mod gauges;
mod holders;
mod home;
mod multiplexed;
mod replicas;
mod shared;
mod standby;
mod transactions;
mod upkeep;
mod waiting;

use std::{fmt, panic::Location, sync::Arc, time::Duration};

pub use builder::PoolBuilder;
pub(crate) use holders::Holder;
pub(crate) use home::Home;
pub use multiplexed::Multiplexed;
pub(crate) use multiplexed::SharedConnection;
pub use replicas::Replica;

#[cfg(feature = "tracing")]
use crate::observe::Repeats;
use crate::{Connection, Error, ErrorKind, ListenerBuilder};
use shared::Shared;

/// A pool of connections. Clones share it.
///
/// ```no_run
/// # async fn example() -> Result<(), howdah::Error> {
/// let pool = howdah::Pool::connect("postgres://app@db.example.com/app?sslmode=verify-full").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

/// How a pool stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// The most connections there may be.
    pub max_size: usize,
    /// Connections that are open or being opened.
    pub size: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// How many wait for a connection.
    pub waiting: usize,
    /// How many connections were opened since the pool was made.
    pub opened: u64,
    /// How often somebody had to wait for a connection.
    pub waits: u64,
    /// How often somebody waited in vain.
    pub timeouts: u64,
    /// Its standbys, in the order in which they were named.
    pub standbys: Vec<StandbyStatus>,
}

/// How a standby of a pool stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandbyStatus {
    /// Its hosts with their ports, and the database.
    pub place: String,
    /// Its connections, of which it has as many as the primary.
    pub connections: PoolStatus,
    /// How often in a row it gave no connection; reads pass it over while this is not 0, but for one now and then.
    pub failures: u32,
}

impl Pool {
    /// A pool with default settings, after one connection was made to see that they work.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, or the server cannot be reached or refuses.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let pool = Self::builder(url)?.build()?;
        drop(pool.get().await?);
        Ok(pool)
    }

    /// Settings for a pool of connections to `url`.
    ///
    /// The URL is libpq's, as `postgres://user:password@host:port/database?option=value` or as
    /// `host=… user=…`, with libpq's meaning of `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `channel_binding`,
    /// `passfile` and `service`
    /// ([Database Connection Control Functions](https://www.postgresql.org/docs/current/libpq-connect.html)).
    /// What it does not say is taken from a service file, from `PGHOST` and its sisters, and from `~/.pgpass`.
    ///
    /// Without an `sslmode`, a connection is encrypted if the server can, and then its certificate is verified as with
    /// `verify-full`: against `sslrootcert`, `~/.postgresql/root.crt`, or else the system's authorities; not so for
    /// `localhost`. Nothing keeps somebody in between from saying that the server cannot encrypt: write `verify-full`
    /// across any network you do not own. Modes that are written mean what they mean to libpq; `prefer` and `require` verify
    /// nothing.
    ///
    /// A password is kept once, in memory that is wiped when the pool goes. While a connection is opened the driver has a copy of
    /// its own, which it frees and does not wipe; connections that are open have none.
    ///
    /// Of several hosts, as in `host=a,b port=5432,5433`, the first is taken that can be reached and is what
    /// `target_session_attrs` says.
    ///
    /// # Errors
    ///
    /// When the URL is malformed.
    pub fn builder(url: &str) -> Result<PoolBuilder, Error> {
        PoolBuilder::new(url)
    }

    /// Takes a connection out of the pool, or waits for one.
    ///
    /// # Errors
    ///
    /// When none becomes free in time, or a new one cannot be made.
    #[track_caller]
    pub fn get(&self) -> impl Future<Output = Result<Connection, Error>> + Send + use<'_> {
        self.take(Holder::Code(Location::caller()))
    }

    pub(crate) async fn take(&self, holder: Holder) -> Result<Connection, Error> {
        self.0.take(holder).await
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn slow_query(&self) -> Option<Duration> {
        self.0.settings.slow_query
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn repeats(&self) -> Option<&Repeats> {
        self.0.settings.repeats.as_deref()
    }

    /// The deadline of queries that have none of their own.
    pub(crate) fn query_timeout(&self) -> Option<Duration> {
        self.0.limits.query_timeout
    }

    /// The same, where sessions cannot be told.
    pub(crate) fn untold_timeout(&self) -> Option<Duration> {
        self.0.settings.untold_timeout
    }

    /// The error of somebody who got no connection within `limit`.
    #[cold]
    pub(crate) fn none_within(&self, limit: Duration, kind: ErrorKind) -> Error {
        self.0.none_within(limit, kind)
    }

    /// Runs a script: any number of statements, without parameters and without rows.
    ///
    /// # Errors
    ///
    /// When a statement fails; the ones before it in the script are rolled back with it.
    pub async fn batch_execute(&self, sql: &str) -> Result<(), Error> {
        self.get().await?.batch_execute(sql).await
    }

    /// Opens connections until [`PoolBuilder::min_idle`] of them are there, so that the first who need them need not wait.
    ///
    /// # Errors
    ///
    /// When a connection cannot be made.
    pub async fn warm_up(&self) -> Result<(), Error> {
        self.0.warm_up().await
    }

    /// A listener that connects as the pool does. Its connection is its own, and none of the pool's.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// let mut orders = pool.listener().channel("orders").connect().await?;
    /// let event = orders.recv().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn listener(&self) -> ListenerBuilder {
        ListenerBuilder::of(self.0.settings.clone())
    }

    /// How the pool stands, and its standbys.
    #[must_use]
    pub fn status(&self) -> PoolStatus {
        PoolStatus {
            standbys: self.0.standbys.status(),
            ..self.0.status()
        }
    }
}

/// Shows size and use, and where the pool connects to; never a password.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status();
        f.debug_struct("Pool")
            .field("settings", &self.0.settings)
            .field("max_size", &status.max_size)
            .field("size", &status.size)
            .field("idle", &status.idle)
            .finish()
    }
}
