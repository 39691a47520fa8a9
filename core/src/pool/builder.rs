//! The settings of a pool.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    Pool,
    gauges::Gauges,
    replicas::Standbys,
    shared::{Limits, Shared},
    upkeep::Upkeep,
};
use crate::{
    Error, ErrorKind,
    deadline::milliseconds,
    settings::{Affinity, Settings},
};

/// Settings of a [`Pool`].
///
/// ```no_run
/// # fn example() -> Result<(), howdah::Error> {
/// let pool = howdah::Pool::builder("postgres://localhost/app")?.max_size(16).build()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PoolBuilder {
    settings: Settings,
    limits: Limits,
    replicas: Vec<Settings>,
    read_by_nature: bool,
}

impl PoolBuilder {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let cores = std::thread::available_parallelism().map_or(4, usize::from);
        Ok(Self {
            settings: Settings::parse(url)?,
            replicas: Vec::new(),
            read_by_nature: false,
            limits: Limits {
                max_size: cores * 2,
                min_idle: 0,
                wait_timeout: Duration::from_secs(30),
                query_timeout: None,
                idle_timeout: Some(Duration::from_secs(10 * 60)),
                max_lifetime: Some(Duration::from_secs(30 * 60)),
            },
        })
    }

    /// Adds a standby, for [`Pool::replica`]. It gets as many connections as the primary, with the same limits.
    ///
    /// # Errors
    ///
    /// When the URL is malformed.
    pub fn replica(mut self, url: &str) -> Result<Self, Error> {
        self.replicas.push(Settings::parse(url)?);
        Ok(self)
    }

    /// Has queries that only read ([`Statement::reading`](crate::Statement::reading)) run on a standby when they are given the
    /// pool itself. They may then not see yet what was just written.
    #[must_use]
    pub fn reads_on_replicas(mut self) -> Self {
        self.read_by_nature = true;
        self
    }

    /// The most connections that are open at once; twice the number of cores unless set.
    #[must_use]
    pub fn max_size(mut self, connections: usize) -> Self {
        self.limits.max_size = connections;
        self
    }

    /// How many idle connections are kept open whether they are needed or not; none unless set. They are opened once the
    /// pool is first used, or by [`Pool::warm_up`].
    #[must_use]
    pub fn min_idle(mut self, connections: usize) -> Self {
        self.limits.min_idle = connections;
        self
    }

    /// How long to wait for a connection when all are in use; 30 seconds unless set. Who waits longest is served first.
    #[must_use]
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.limits.wait_timeout = timeout;
        self
    }

    /// How long a query may take that is given the pool, unless [`Executor::within`](crate::Executor::within) says
    /// otherwise; as long as it wants unless set. All sessions have it as their `statement_timeout`, too, which also
    /// bounds each statement on a connection or in a transaction.
    ///
    /// A pooler lets sessions have no such setting. With [`unnamed_statements`](Self::unnamed_statements) or
    /// [`single_statements`](Self::single_statements), queries on connections, in transactions and on a
    /// [`Multiplexed`](crate::Multiplexed) are given up after as long instead, and cancelled where nobody shares their
    /// connection. Nothing bounds scripts (`batch_execute`) then.
    #[must_use]
    pub fn query_timeout(mut self, timeout: Duration) -> Self {
        self.limits.query_timeout = Some(timeout);
        self
    }

    /// How long a query may take before a warning names it; never unless set. Waiting for a connection counts, too.
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn slow_query(mut self, limit: Duration) -> Self {
        self.settings.slow_query = Some(limit);
        self
    }

    /// How often a query may be run within a span of `tracing`, such as that of a request, before a warning names it; never
    /// warned of unless set. Where no span is open, the queries on a connection or transaction that is held are counted.
    ///
    /// That is how queries for each row of another are found. It is told once for each query and place; batches and bulk
    /// statements do not count, and neither does what was run before a pause of a second.
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn repeated_query(mut self, times: u32) -> Self {
        self.settings.repeats = Some(Arc::new(crate::observe::Repeats::new(times)));
        self
    }

    /// What the pool is called in its metrics; unless set, its hosts, ports and database. Pools of the same name are not told
    /// apart.
    ///
    /// The metrics have OpenTelemetry's names: the gauges `db.client.connection.count` (`idle` and `used`), `.max` and
    /// `.pending_requests`, which are set once a second or oftener, the counter `.timeouts`, and in seconds the histograms
    /// `.create_time`, `.wait_time` and `.use_time`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.settings.name = Some(name.into());
        self
    }

    /// How long a connection may be idle before it is closed; 10 minutes unless set, for ever if `None`.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.limits.idle_timeout = timeout.into();
        self
    }

    /// How old a connection may become before it is closed when nobody uses it; 30 minutes unless set, for ever if
    /// `None`. New servers behind a load balancer are found, and what a session gathers is let go.
    #[must_use]
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.limits.max_lifetime = lifetime.into();
        self
    }

    /// How long a new connection may take for each address of each host, authentication included; the URL's
    /// `connect_timeout` or else 10 seconds unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long a connection may take to be put in order after a query on it was dropped: to have it cancelled, to roll
    /// back, to say that it is idle. It is closed after that; 5 seconds unless set.
    #[must_use]
    pub fn recovery_timeout(mut self, timeout: Duration) -> Self {
        self.settings.recovery_timeout = timeout;
        self
    }

    /// How many prepared statements each connection keeps; 256 unless set. With 0, each query is
    /// prepared anew.
    #[must_use]
    pub fn statement_cache(mut self, statements: usize) -> Self {
        self.settings.statements = statements;
        self
    }

    /// Keeps no prepared statements on the server: each query sends its SQL along, in one round trip. That is what a pooler such
    /// as PgBouncer needs that gives each transaction another server (`pool_mode = transaction`), and costs the server the
    /// parsing and planning of each query.
    ///
    /// A query's types are asked for once on each connection, in a transaction of its own, those that you made among them.
    /// COPY, cursors and what else needs a session then work within transactions only.
    #[must_use]
    pub fn unnamed_statements(mut self) -> Self {
        self.settings.affinity = Affinity::Transaction;
        self
    }

    /// For a pooler such as PgBouncer that gives each statement another server (`pool_mode = statement`): keeps no statements,
    /// as [`unnamed_statements`](Self::unnamed_statements), and needs no transaction to learn the types of a query. Those of its
    /// parameters are asked for once on each connection, in one message, and those of its columns come with the rows.
    ///
    /// Queries, batches, bulk statements and scripts run as they do elsewhere. Where the rows have a column of a type that
    /// PostgreSQL does not bring, such as an enum, a composite or a PostGIS shape, and the connection met none of that type
    /// before, what it is made of is asked for behind them: all rows of that result are kept until then, of a stream too.
    ///
    /// What needs the same server for more than one statement is an error of the kind
    /// [`Configuration`](ErrorKind::Configuration) before anything is sent: transactions, cursors, COPY, session locks,
    /// listeners of the pool, statements such as `SET`. So are queries with both parameters and a `;` before their end, even
    /// in a literal or a comment.
    #[must_use]
    pub fn single_statements(mut self) -> Self {
        self.settings.affinity = Affinity::Statement;
        self
    }

    /// The pool. It connects when it is first used.
    ///
    /// # Errors
    ///
    /// When a setting makes no sense.
    pub fn build(self) -> Result<Pool, Error> {
        let wrong = |message| Err(Error::new(ErrorKind::Configuration, message));
        if self.limits.max_size == 0 {
            return wrong("a pool needs at least one connection");
        }
        if self.limits.min_idle > self.limits.max_size {
            return wrong(
                "a pool cannot keep more connections idle (`min_idle`) than it may have (`max_size`)",
            );
        }
        let (settings, limits) = (self.settings, self.limits);
        let replicas = self.replicas.into_iter();
        let replicas = replicas
            .map(|replica| pool(replica.like(&settings), limits.clone(), Standbys::default()));
        let standbys = Standbys::new(replicas, self.read_by_nature);
        Ok(pool(settings, limits, standbys))
    }
}

fn pool(mut settings: Settings, limits: Limits, standbys: Standbys) -> Pool {
    match (limits.query_timeout, settings.affinity) {
        (Some(timeout), Affinity::Session) => {
            settings.add_option("statement_timeout", &milliseconds(timeout).to_string());
        }
        // A pooler takes no settings with the start of a session.
        (timeout, _) => settings.untold_timeout = timeout,
    }
    Pool(Arc::new(Shared {
        gauges: Gauges::new(&settings),
        upkeep: Upkeep::new(&limits),
        settings,
        limits,
        standbys,
        lanes: Mutex::default(),
        state: Mutex::default(),
        warming: tokio::sync::Mutex::default(),
        emptied: Notify::new(),
    }))
}
