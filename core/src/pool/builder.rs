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
    Error, ErrorKind, Notice,
    settings::{Affinity, AskPassword, Login, Settings},
    words::words,
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

    /// Adds a standby for [`Pool::replica`]. It gets a pool of its own, of the same size and with the same settings.
    ///
    /// # Errors
    ///
    /// When the URL is malformed.
    pub fn replica(mut self, url: &str) -> Result<Self, Error> {
        self.replicas.push(Settings::parse(url)?);
        Ok(self)
    }

    /// Runs queries that only read ([`Query::reading`](crate::Query::reading)) on a standby if their executor is
    /// the pool. They may not see data that was written a moment before.
    #[must_use]
    pub fn reads_on_replicas(mut self) -> Self {
        self.read_by_nature = true;
        self
    }

    /// Sets how many connections can be open at once. The default is twice the number of cores.
    #[must_use]
    #[doc(alias = "max_connections")]
    pub fn max_size(mut self, connections: usize) -> Self {
        self.limits.max_size = connections;
        self
    }

    /// Sets how many idle connections are kept open, even if they are not needed. They are opened when the pool is first
    /// used, or by [`Pool::warm_up`]. The default is 0.
    #[must_use]
    #[doc(alias = "min_connections")]
    pub fn min_idle(mut self, connections: usize) -> Self {
        self.limits.min_idle = connections;
        self
    }

    /// Sets how long to wait for a connection if all are in use. The task that has waited longest gets the next free
    /// connection. The default is 30 seconds.
    #[must_use]
    #[doc(alias = "acquire_timeout")]
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.limits.wait_timeout = timeout;
        self
    }

    /// Limits the time of queries that run on the pool, unless [`Executor::within`](crate::Executor::within) sets another
    /// limit. By default there is no limit. All sessions also get it as their `statement_timeout`, which limits each
    /// statement on a connection or in a transaction.
    ///
    /// Behind a pooler, sessions cannot have this setting. With [`unnamed_statements`](Self::unnamed_statements) or
    /// [`single_statements`](Self::single_statements), howdah itself gives up queries on connections, in transactions and
    /// on a [`Multiplexed`](crate::Multiplexed) after this time, and cancels them if no other task shares their connection.
    /// Scripts (`batch_execute`) then have no limit.
    #[must_use]
    pub fn query_timeout(mut self, timeout: Duration) -> Self {
        self.limits.query_timeout = Some(timeout);
        self
    }

    /// Logs a warning for queries that take longer than this, including the wait for a connection. By default there is no
    /// warning.
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn slow_query(mut self, limit: Duration) -> Self {
        self.settings.slow_query = Some(limit);
        self
    }

    /// Logs a warning if a query runs more often than this within one span of `tracing`, such as the span of a request. If
    /// no span is open, the queries on one held connection or transaction are counted. By default there is no warning.
    ///
    /// This finds queries that run once for each row of another query. There is one warning for each query and place.
    /// Batches and bulk statements are not counted, and the count starts again after a pause of a second.
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn repeated_query(mut self, times: u32) -> Self {
        self.settings.repeats = Some(Arc::new(crate::observe::Repeats::new(times)));
        self
    }

    /// Sets the name of the pool in its metrics. Pools with the same name share their metrics. The default name consists of
    /// the hosts, the ports and the database.
    ///
    /// The metrics have OpenTelemetry's names: the gauges `db.client.connection.count` (`idle` and `used`), `.max` and
    /// `.pending_requests`, which are set at least once a second; the counter `.timeouts`; and the histograms
    /// `.create_time`, `.wait_time` and `.use_time`, in seconds.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.settings.name = Some(name.into());
        self
    }

    /// Closes connections that were idle for this long. The default is 10 minutes; `None` means never.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.limits.idle_timeout = timeout.into();
        self
    }

    /// Closes connections that are older than this when they are not in use. In this way, the pool finds new servers behind
    /// a load balancer, and sessions do not gather memory for ever. The default is 30 minutes; `None` means never.
    #[must_use]
    pub fn max_lifetime(mut self, lifetime: impl Into<Option<Duration>>) -> Self {
        self.limits.max_lifetime = lifetime.into();
        self
    }

    /// Sets how long it can take to connect, for each address of each host, including authentication and the statements of
    /// [`on_connect`](Self::on_connect). The default is the URL's `connect_timeout`, or else 10 seconds.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Calls `ask` for the password whenever a connection is opened and the server asks for one, in place of the password of
    /// the URL or the password file. This is for tokens that expire, such as those of a cloud's identity service, and for
    /// passwords that are changed while the app runs. Open connections are kept when a password expires; with
    /// [`max_lifetime`](Self::max_lifetime), they are replaced in time.
    ///
    /// ```no_run
    /// # async fn signed_token(host: &str, port: u16, user: &str) -> Result<String, std::io::Error> { Ok(String::new()) }
    /// # fn example() -> Result<(), howdah::Error> {
    /// let pool = howdah::Pool::builder("postgres://app@db.example.org/app")?
    ///     .password(|login| async move { signed_token(&login.host, login.port, &login.user).await })
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// The time that it takes counts towards [`connect_timeout`](Self::connect_timeout). An error of `ask` is the error of
    /// the task that needed the connection. If several connections are opened at once, it is called for each of them:
    /// tokens that are expensive are worth a cache. Standbys use it as well.
    #[must_use]
    pub fn password<F, P, E>(mut self, ask: impl Fn(Login) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<P, E>> + Send + 'static,
        P: Into<String>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.settings.ask_password = Some(AskPassword::new(ask));
        self
    }

    /// Sets how long it can take to make a connection usable again after a query on it was dropped: to cancel the query, to
    /// roll back, and to get an answer. After this time, the connection is closed. The default is 5 seconds.
    #[must_use]
    pub fn recovery_timeout(mut self, timeout: Duration) -> Self {
        self.settings.recovery_timeout = timeout;
        self
    }

    /// Runs these statements on each connection when it is opened, before anything else. Prefer the URL for settings of
    /// all connections, such as `options=-c search_path=app`; this is for everything else.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), howdah::Error> {
    /// let pool = howdah::Pool::builder("postgres://localhost/app")?
    ///     .on_connect("set role app; create temporary table scratch (id bigint)")
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// If they fail, no connection is opened, and the task that needed it gets the error. They run in one transaction,
    /// unless they begin and end transactions themselves. They cannot run behind a pooler that gives each transaction
    /// another server: [`build`](Self::build) returns an error.
    #[must_use]
    #[doc(alias = "after_connect")]
    pub fn on_connect(mut self, sql: impl Into<Arc<str>>) -> Self {
        self.settings.on_connect = Some(sql.into());
        self
    }

    /// Runs these statements on each connection when it comes back to the pool. The next user then sees nothing of what
    /// the previous one set, created or listened to:
    ///
    /// ```no_run
    /// # fn example() -> Result<(), howdah::Error> {
    /// let pool = howdah::Pool::builder("postgres://localhost/app")?
    ///     .on_return("reset all; reset session authorization; unlisten *; discard temp")
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// This costs a round trip after each use, also after a query on the pool itself, and the connection is not free
    /// until then. It is not needed if you change settings only for one transaction, as with
    /// [`TransactionOptions::setting`](crate::TransactionOptions::setting).
    ///
    /// They also run when a connection is opened, after those of [`on_connect`](Self::on_connect): if they fail then,
    /// the task that needed the connection gets the error. If they fail later, or take longer than
    /// [`recovery_timeout`](Self::recovery_timeout), the connection is closed. [`build`](Self::build) returns an error
    /// behind a pooler, which has its own way to do this, and for `DEALLOCATE` and `DISCARD ALL`, which drop the
    /// prepared statements that howdah keeps.
    #[must_use]
    pub fn on_return(mut self, sql: impl Into<Arc<str>>) -> Self {
        self.settings.on_return = Some(sql.into());
        self
    }

    /// Calls `notice` with each notice of the server, such as those of `RAISE NOTICE` and `VACUUM VERBOSE`. The setting
    /// `client_min_messages` decides which ones it sends. Without this, notices are only events of the feature
    /// `tracing`.
    ///
    /// It is called from the task that reads the connection, and must not take long.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), howdah::Error> {
    /// let pool = howdah::Pool::builder("postgres://localhost/app")?
    ///     .on_notice(|notice| eprintln!("{notice}"))
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn on_notice(mut self, notice: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        self.settings.on_notice = Some(Arc::new(notice));
        self
    }

    /// Sets how many prepared statements each connection keeps. With 0, each query is prepared every time. The default is
    /// 256.
    #[must_use]
    pub fn statement_cache(mut self, statements: usize) -> Self {
        self.settings.statements = statements;
        self
    }

    /// Keeps no prepared statements on the server. Each query is sent with its SQL, in one round trip. Use this with a
    /// pooler such as PgBouncer that can give each transaction another server (`pool_mode = transaction`). The server then
    /// has to parse and plan each query every time.
    ///
    /// The types of a query, including user-defined ones, are looked up once on each connection. COPY, cursors and
    /// everything else that needs a session work only inside transactions.
    ///
    /// PgBouncer 1.18 was seen to mix up pipelined queries of any client where a message is larger than about 4,000 bytes, the
    /// default of its `pkt_buf`: some fail, as parts of a parameter reach a server as messages of their own. With large
    /// parameters, do without [`multiplexed`](Pool::multiplexed), without [`batch`](crate::batch()) outside of transactions, and
    /// without queries at the same time on one [`Connection`](crate::Connection).
    #[must_use]
    pub fn unnamed_statements(mut self) -> Self {
        self.settings.affinity = Affinity::Transaction;
        self
    }

    /// For a pooler such as PgBouncer that gives each statement another server (`pool_mode = statement`): keeps no
    /// statements, like [`unnamed_statements`](Self::unnamed_statements), and looks up the types of a query without
    /// them. The types of its parameters are looked up once on each connection, in one message; those of its columns
    /// come with the rows.
    ///
    /// Queries, batches, bulk statements and scripts run as usual. If the rows have a column of a type that is not
    /// built in, such as an enum, a composite or a PostGIS shape, and the connection has not seen the type before, the
    /// type is looked up after the rows: all rows of that result are kept in memory until then, also those of a stream.
    ///
    /// Operations that need the same server for more than one statement return an error of the kind
    /// [`Configuration`](ErrorKind::Configuration), and nothing is sent: transactions, cursors, COPY, session locks,
    /// listeners of the pool, and statements such as `SET`. The same is true for queries that have parameters and a `;`
    /// before their end, even in a literal or a comment.
    #[must_use]
    pub fn single_statements(mut self) -> Self {
        self.settings.affinity = Affinity::Statement;
        self
    }

    /// Creates the pool. It connects when it is first used.
    ///
    /// # Errors
    ///
    /// When a setting has an invalid value.
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
        let (on_connect, on_return) = (&self.settings.on_connect, &self.settings.on_return);
        if on_connect.as_ref().or(on_return.as_ref()).is_some()
            && self.settings.affinity != Affinity::Session
        {
            return wrong(
                "what is run on each connection (`on_connect`, `on_return`) would be run on one of the pooler's servers \
                 only",
            );
        }
        if on_return.as_deref().is_some_and(takes_statements) {
            return wrong(
                "`discard all` and `deallocate` would take away the prepared statements of each connection that comes \
                 back (`on_return`): write `reset all; discard temp` and what else is to be undone",
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

/// Whether the SQL seems to drop prepared statements, judged by its words.
fn takes_statements(sql: &str) -> bool {
    let mut last = "";
    words(sql).any(|word| {
        let before = std::mem::replace(&mut last, word);
        word.eq_ignore_ascii_case("deallocate")
            || before.eq_ignore_ascii_case("discard") && word.eq_ignore_ascii_case("all")
    })
}

fn pool(mut settings: Settings, limits: Limits, standbys: Standbys) -> Pool {
    match (limits.query_timeout, settings.affinity) {
        (Some(timeout), Affinity::Session) => {
            settings.tell_timeout(timeout);
        }
        // A pooler does not accept settings at the start of a session.
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
