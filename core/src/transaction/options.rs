//! What a transaction is to be like: isolation, access, deadlines, and settings that end with it.

use std::{borrow::Cow, fmt::Write, time::Duration};

use tokio_postgres::types::Type;

use crate::{
    Error, ErrorKind, Param,
    executor::{deadline::milliseconds, running::run},
    session::{Server, Session, statements::Prepared},
};

/// The isolation level: how much a transaction sees of other transactions that run at the same time. The manual describes
/// it under [Transaction Isolation](https://www.postgresql.org/docs/current/transaction-iso.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isolation {
    /// Each statement sees what was committed before the statement began.
    ReadCommitted,
    /// All statements see what was committed before the first statement began.
    RepeatableRead,
    /// The result is the same as if the transactions had run one after the other.
    Serializable,
}

/// Options of a transaction. Options that are not set have the server's defaults.
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool, tenant: &str) -> Result<(), howdah::Error> {
/// use std::time::Duration;
/// use howdah::TransactionOptions;
///
/// let options = TransactionOptions::new()
///     .serializable()
///     .setting("app.tenant", tenant)
///     .timeout(Duration::from_secs(5));
/// pool.transaction_with(&options, async |tx| {
///     howdah::query("update accounts set balance = balance - 10 where id = 1").execute(tx).await
/// })
/// .await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct TransactionOptions {
    isolation: Option<Isolation>,
    read_only: Option<bool>,
    deferrable: bool,
    timeout: Option<Duration>,
    attempts_after_first: u32,
    names: Vec<String>,
    values: Vec<String>,
}

impl TransactionOptions {
    /// Options with the server's defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the isolation level.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = Some(isolation);
        self
    }

    /// Sets the isolation level `repeatable read`.
    #[must_use]
    pub fn repeatable_read(self) -> Self {
        self.isolation(Isolation::RepeatableRead)
    }

    /// Sets the isolation level `serializable`.
    #[must_use]
    pub fn serializable(self) -> Self {
        self.isolation(Isolation::Serializable)
    }

    /// Makes the transaction read-only.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = Some(true);
        self
    }

    /// Lets the transaction write, even if the server's default is read-only.
    #[must_use]
    pub fn read_write(mut self) -> Self {
        self.read_only = Some(false);
        self
    }

    /// Makes the transaction serializable, read-only and deferrable: it waits at its beginning until it cannot fail because
    /// of other transactions.
    #[must_use]
    pub fn deferrable(mut self) -> Self {
        self.deferrable = true;
        self.serializable().read_only()
    }

    /// Limits the time of the whole transaction, including the wait for a connection and BEGIN. After this time,
    /// [`Pool::transaction_with`](crate::Pool::transaction_with) returns [`ErrorKind::Timeout`]. The server gets the limit
    /// as its `statement_timeout`. In case the server cannot be reached any more, it also gets a limit that is a second
    /// longer, as its `transaction_timeout`, or before version 17 as its `idle_in_transaction_session_timeout`.
    ///
    /// If a transaction is begun by hand, as by [`Pool::begin_with`](crate::Pool::begin_with), only the server has the
    /// limit: each statement can take this long, and PostgreSQL 17 and later end the transaction a second after the limit.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how often [`Pool::transaction_with`](crate::Pool::transaction_with) runs its body again after a serialization
    /// failure or a deadlock, which other transactions cause that run at the same time. Before each attempt it waits a
    /// little, longer each time, and it gives up at the [`timeout`](Self::timeout). By default, the body is not run again.
    ///
    /// Everything else that the body does is repeated as well, not only its queries. A transaction that is begun by hand,
    /// as by [`Pool::begin_with`](crate::Pool::begin_with), has no body; with this option it is an error to begin it.
    #[must_use]
    pub fn retry(mut self, times: u32) -> Self {
        self.attempts_after_first = times;
        self
    }

    /// Sets a configuration parameter until the end of the transaction. Policies of row-level security can read it with
    /// `current_setting('app.tenant')`. The value is sent as a parameter.
    ///
    /// Where a setting of your own is not set, `current_setting('app.tenant', true)` is null at first, and an empty text once a
    /// transaction of the same session has set it. `nullif(current_setting('app.tenant', true), '')::int` is null in both cases.
    ///
    /// With `search_path`, one pool serves a schema for each tenant. Generate the code from a database that has the tables in
    /// `public`, whose names are written without a schema, and keep enums and other types in `public` for all tenants:
    /// `.setting("search_path", "tenant_7, public")`. If the schemas have types of their own, a statement that was prepared
    /// for those of one does not fit another: give each tenant a pool, with `options=-c search_path=…` in its URL, or keep no
    /// statements ([`statement_cache(0)`](crate::PoolBuilder::statement_cache)).
    #[must_use]
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.names.push(name.into());
        self.values.push(value.into());
        self
    }

    /// Refuses options that need a body that can run again.
    pub(crate) fn check_begun_by_hand(&self) -> Result<(), Error> {
        if self.attempts_after_first == 0 {
            return Ok(());
        }
        let message = "a transaction that is begun by hand cannot be run again (`retry`): give its body to `transaction_with`";
        Err(Error::new(ErrorKind::Configuration, message))
    }

    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.timeout
    }

    pub(super) fn attempts_after_first(&self) -> u32 {
        self.attempts_after_first
    }

    /// The BEGIN, with settings that fit into the same message.
    pub(super) fn begin(&self, server: Server) -> Cow<'static, str> {
        let mut sql = String::from("BEGIN");
        match self.isolation {
            Some(Isolation::ReadCommitted) => sql.push_str(" ISOLATION LEVEL READ COMMITTED"),
            Some(Isolation::RepeatableRead) => sql.push_str(" ISOLATION LEVEL REPEATABLE READ"),
            Some(Isolation::Serializable) => sql.push_str(" ISOLATION LEVEL SERIALIZABLE"),
            None => {}
        }
        match self.read_only {
            Some(true) => sql.push_str(" READ ONLY"),
            Some(false) => sql.push_str(" READ WRITE"),
            None => {}
        }
        if self.deferrable {
            sql.push_str(" DEFERRABLE");
        }
        if let Some(timeout) = self.timeout {
            let milliseconds = milliseconds(timeout);
            // Writing to a string cannot fail.
            let _ = write!(sql, "; SET LOCAL statement_timeout = {milliseconds}");
            // These end the session, in case the client is out of reach. Otherwise howdah rolls back in time itself.
            let late = milliseconds + 1_000;
            let setting = match server.version {
                17.. => "transaction_timeout",
                _ => "idle_in_transaction_session_timeout",
            };
            let _ = write!(sql, "; SET LOCAL {setting} = {late}");
        }
        match sql.len() {
            5 => Cow::Borrowed("BEGIN"),
            _ => Cow::Owned(sql),
        }
    }

    /// Whether there are settings to send.
    pub(super) fn has_settings(&self) -> bool {
        !self.names.is_empty()
    }

    /// Sends BEGIN and the settings in one round trip.
    pub(super) async fn apply(&self, session: &Session) -> Result<(), Error> {
        let sql =
            "select set_config(name, value, true) from unnest($1, $2) as setting(name, value)";
        let prepared = Prepared::learnt(Box::new([Type::TEXT_ARRAY; 2]));
        let params = [Param::new(&self.names), Param::new(&self.values)];
        // Boxed, because it is rare, to keep the futures of transactions small.
        Box::pin(run(session, sql, &prepared, &params, &mut |_| {}))
            .await
            .map(drop)
    }
}

/// Shows the names of settings, never their values.
impl std::fmt::Debug for TransactionOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransactionOptions")
            .field("isolation", &self.isolation)
            .field("read_only", &self.read_only)
            .field("deferrable", &self.deferrable)
            .field("timeout", &self.timeout)
            .field("retry", &self.attempts_after_first)
            .field("settings", &self.names)
            .finish()
    }
}
