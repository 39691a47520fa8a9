//! The pool of connections. Taking one costs no round trip and reads no clock: a broken connection is noticed by its
//! closed socket, and one that came back in a bad state was cleaned up or closed then.

mod builder;
mod closing;
pub(crate) mod connection;
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

/// A pool of connections. Clones share the same connections.
///
/// ```no_run
/// # async fn example() -> Result<(), howdah::Error> {
/// let pool = howdah::Pool::connect("postgres://app@db.example.com/app?sslmode=verify-full").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

/// The state of a pool; see [`Pool::status`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// The number of connections that can be open at once.
    pub max_size: usize,
    /// The connections that are open or being opened.
    pub size: usize,
    /// The open connections that are not in use.
    pub idle: usize,
    /// The number of tasks that wait for a connection.
    pub waiting: usize,
    /// The number of connections that have been opened since the pool was created.
    pub opened: u64,
    /// The number of times that a task had to wait for a connection.
    pub waits: u64,
    /// The number of times that a task did not get a connection in time.
    pub timeouts: u64,
    /// The standbys, in the order in which they were added.
    pub standbys: Vec<StandbyStatus>,
}

/// The state of a standby of a pool; see [`PoolStatus::standbys`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandbyStatus {
    /// The hosts with their ports, and the database.
    pub place: String,
    /// The state of its connections.
    pub connections: PoolStatus,
    /// The number of consecutive failed attempts to get a connection from it. While this is not 0, reads do not use it,
    /// except for an attempt from time to time.
    pub failures: u32,
}

impl Pool {
    /// Creates a pool with default settings, and opens one connection to check that the URL works.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, or the server cannot be reached or refuses the connection.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let pool = Self::builder(url)?.build()?;
        drop(pool.get().await?);
        Ok(pool)
    }

    /// Settings for a pool of connections to `url`.
    ///
    /// The URL has libpq's form: `postgres://user:password@host:port/database?option=value` or `host=… user=…`. The options
    /// `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `sslnegotiation`, `channel_binding`, `require_auth`, `passfile` and
    /// `service` have libpq's meaning; see
    /// [Database Connection Control Functions](https://www.postgresql.org/docs/current/libpq-connect.html). Settings that
    /// are not in the URL come from a service file, from environment variables such as `PGHOST`, and from `~/.pgpass`.
    /// On Windows, libpq's files are those in `%APPDATA%\postgresql`.
    ///
    /// Without `sslmode`, a connection is encrypted if the server supports it. Then the certificate is verified as with
    /// `verify-full`: against `sslrootcert`, `~/.postgresql/root.crt`, or else the system's authorities. For `localhost` it
    /// is not verified. An attacker in the network could still claim that the server does not support encryption, so write
    /// `sslmode=verify-full` for every network that is not yours. If you write an `sslmode`, it has libpq's meaning:
    /// `prefer` and `require` verify nothing. Two things are stricter than in libpq: the certificate names its host as a subject
    /// alternative name, and it is not an authority's own (`CA:TRUE`), as those that `openssl req -x509` makes are.
    ///
    /// The pool keeps one copy of a password, in memory that is wiped when the pool is dropped. Copies and hashes of it
    /// that are made to open a connection are wiped as well, and open connections hold none. A server can ask for the
    /// password in plain text, if its `pg_hba.conf` says so. With `require_auth=scram-sha-256` it is never sent.
    ///
    /// If there are several hosts, as in `host=a,b port=5432,5433`, the first one is used that can be reached and that
    /// matches `target_session_attrs`.
    ///
    /// # Errors
    ///
    /// When the URL is malformed.
    #[doc(alias("connect_lazy", "connect_with"))]
    pub fn builder(url: &str) -> Result<PoolBuilder, Error> {
        PoolBuilder::new(url)
    }

    /// Takes a connection out of the pool. If all are in use, waits for one.
    ///
    /// # Errors
    ///
    /// When no connection becomes free in time, or a new one cannot be made.
    #[track_caller]
    #[doc(alias = "acquire")]
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

    /// The limit of queries without their own limit.
    pub(crate) fn query_timeout(&self) -> Option<Duration> {
        self.0.limits.query_timeout
    }

    /// The limit of queries without their own limit, if sessions cannot have it as a setting.
    pub(crate) fn untold_timeout(&self) -> Option<Duration> {
        self.0.settings.untold_timeout
    }

    /// The error if no connection was free within `limit`.
    #[cold]
    pub(crate) fn none_within(&self, limit: Duration, kind: ErrorKind) -> Error {
        self.0.none_within(limit, kind)
    }

    /// Runs a script of any number of statements. They cannot have parameters, and their rows are not returned.
    ///
    /// # Errors
    ///
    /// When a statement fails. Then the statements before it in the script are rolled back as well. Also when the script begins a
    /// transaction and does not end it, which is then rolled back.
    #[doc(alias("execute", "raw_sql", "simple_query"))]
    pub async fn batch_execute(&self, sql: &str) -> Result<(), Error> {
        self.get().await?.session().whole_script(sql).await
    }

    /// Opens connections until there are [`PoolBuilder::min_idle`], so that the first queries do not have to wait for them.
    ///
    /// # Errors
    ///
    /// When a connection cannot be made.
    pub async fn warm_up(&self) -> Result<(), Error> {
        self.0.warm_up().await
    }

    /// A listener with the pool's settings. It has its own connection, which does not come from the pool.
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

    /// The state of the pool and of its standbys.
    #[must_use]
    #[doc(alias("size", "num_idle"))]
    pub fn status(&self) -> PoolStatus {
        PoolStatus {
            standbys: self.0.standbys.status(),
            ..self.0.status()
        }
    }
}

/// Shows the size, the use and the address, but never a password.
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
