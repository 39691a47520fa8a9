//! One server session: the client, what it has prepared, and whether it may be reused. A session
//! that is inside a transaction, or busy with a result nobody reads, never goes back to a pool.

mod alone;
mod flags;
mod limit;
mod opening;
mod prepare;
mod settle;
mod sharing;
mod turn;
mod types;

#[cfg(feature = "tracing")]
use std::sync::atomic::AtomicU64;
use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, Weak,
        atomic::{
            AtomicU32,
            Ordering::{Relaxed, SeqCst},
        },
    },
    time::Duration,
};

pub(crate) use limit::Limited;
pub(crate) use opening::over;
pub(crate) use prepare::with_pooler;
pub(crate) use sharing::{for_one_connection, words};
pub(crate) use turn::Turn;
pub(crate) use types::Learning;

#[cfg(feature = "tracing")]
use crate::observe::Repeats;
use crate::{
    Error, ErrorKind,
    connect::{Canceler, Line},
    deadline::is_stop,
    request::Request,
    response::End,
    settings::{Affinity, Settings},
    statements::StatementCache,
};

/// What a server says about itself when it lets us in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server {
    /// The major version; 0 where a proxy does not tell.
    pub(crate) version: u32,
    pub(crate) standby: Option<bool>,
    pub(crate) read_only: Option<bool>,
}

impl Server {
    /// Reads what a server reports: version 14 and later tell whether they are a standby, proxies may not.
    pub(crate) fn new<'p>(parameter: impl Fn(&str) -> Option<&'p str>) -> Self {
        let digits = |version: &'p str| version.split(|c: char| !c.is_ascii_digit()).next();
        let is_on = |name| parameter(name).map(|value| value == "on");
        let standby = is_on("in_hot_standby");
        Self {
            version: parameter("server_version")
                .and_then(digits)
                .and_then(|major| major.parse().ok())
                .unwrap_or(0),
            standby,
            read_only: match (standby, is_on("default_transaction_read_only")) {
                (Some(standby), Some(read_only)) => Some(standby || read_only),
                _ => None,
            },
        }
    }
}

/// How long an idle server may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// The value of `roll_back_to` where nothing is to be rolled back.
const NOT_ROLLING_BACK: u32 = u32::MAX;

pub(crate) struct Session {
    line: Arc<Line>,
    server: Server,
    canceler: Canceler,
    statements: Mutex<StatementCache>,
    /// Held by a COPY to the server: one at a time.
    copying: tokio::sync::Mutex<()>,
    /// Those that PostgreSQL does not bring, as far as they were asked for.
    types: Mutex<types::Types>,
    flags: flags::Flags,
    /// How many turns are under way.
    in_flight: AtomicU32,
    /// The outermost of the transaction (0) and savepoints that were dropped unfinished.
    roll_back_to: AtomicU32,
    /// The BEGIN that is still to be sent.
    begin: Mutex<Cow<'static, str>>,
    settling: tokio::sync::Mutex<()>,
    /// For how long it has the same server.
    affinity: Affinity,
    /// How long a query on it may take, where it could not be told.
    untold_timeout: Option<Duration>,
    /// How long a query on it may take, as it was told when it began.
    told_timeout: Option<Duration>,
    /// How long it may take to be put in order, before it is closed instead.
    recovery_timeout: Duration,
    /// What is run before it goes back to its pool.
    on_return: Option<Arc<str>>,
    #[cfg(feature = "tracing")]
    slow_query: Option<Duration>,
    #[cfg(feature = "tracing")]
    repeats: Option<Arc<Repeats>>,
    /// Tells apart the times that it was taken for; no two sessions have the same.
    #[cfg(feature = "tracing")]
    hold: AtomicU64,
    /// Whether it is of no use once its server becomes read-only.
    needs_writes: bool,
    /// The tick of its pool's clock at which it is to be closed.
    retirement: AtomicU32,
    myself: Weak<Session>,
}

impl Session {
    pub(crate) fn new(
        line: Arc<Line>,
        server: Server,
        canceler: Canceler,
        settings: &Settings,
    ) -> Arc<Self> {
        Arc::new_cyclic(|myself| Self {
            line,
            server,
            canceler,
            statements: Mutex::new(StatementCache::new(settings.statements)),
            copying: tokio::sync::Mutex::default(),
            types: Mutex::default(),
            flags: flags::Flags::default(),
            in_flight: AtomicU32::new(0),
            roll_back_to: AtomicU32::new(NOT_ROLLING_BACK),
            begin: Mutex::default(),
            settling: tokio::sync::Mutex::new(()),
            affinity: settings.affinity,
            untold_timeout: settings.untold_timeout,
            told_timeout: settings.told_timeout,
            recovery_timeout: settings.recovery_timeout,
            on_return: settings.on_return.clone(),
            #[cfg(feature = "tracing")]
            slow_query: settings.slow_query,
            #[cfg(feature = "tracing")]
            repeats: settings.repeats.clone(),
            #[cfg(feature = "tracing")]
            hold: AtomicU64::new(next_hold()),
            needs_writes: settings.target.needs_writes(),
            retirement: AtomicU32::new(u32::MAX),
            myself: Weak::clone(myself),
        })
    }

    /// The same session, for who is there longer than whoever took it.
    pub(crate) fn to_arc(&self) -> Option<Arc<Self>> {
        self.myself.upgrade()
    }

    pub(crate) fn server(&self) -> Server {
        self.server
    }

    pub(crate) fn untold_timeout(&self) -> Option<Duration> {
        self.untold_timeout
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn slow_query(&self) -> Option<Duration> {
        self.slow_query
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn repeats(&self) -> Option<&Repeats> {
        self.repeats.as_deref()
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn hold(&self) -> u64 {
        self.hold.load(Relaxed)
    }

    /// Takes note that it was taken anew.
    pub(crate) fn begin_hold(&self) {
        #[cfg(feature = "tracing")]
        if self.repeats.is_some() {
            self.hold.store(next_hold(), Relaxed);
        }
    }

    /// Takes note that whoever took it lets go of it.
    pub(crate) fn end_hold(&self) {
        if self.on_return.is_some() {
            self.flags.set(flags::RETURNED);
        }
    }

    /// Whether another user may have this session as it is.
    pub(crate) fn is_reusable(&self) -> bool {
        !self.flags.any(!flags::SEEN) && !self.line.is_closed()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.flags.any(flags::SPOILED) || self.line.is_closed()
    }

    /// Has the session closed when it comes back.
    pub(crate) fn retire(&self) {
        self.retire_at(0);
    }

    pub(crate) fn retire_at(&self, tick: u32) {
        self.retirement.store(tick, Relaxed);
    }

    pub(crate) fn retires_at(&self) -> u32 {
        self.retirement.load(Relaxed)
    }

    /// Whether the server still answers, and soon.
    pub(crate) async fn answers(&self) -> bool {
        let answer = tokio::time::timeout(ANSWER_LIMIT, self.status()).await;
        matches!(answer, Ok(Ok(_)))
    }

    /// Closes the socket at once, whatever is under way; the server then rolls back.
    pub(crate) fn close(&self) {
        self.flags.set(flags::SPOILED);
        self.line.close();
    }

    /// Leaves advisory locks to be released, before anything else is run.
    pub(crate) fn unlock_soon(&self) {
        self.flags.set(flags::LOCKED);
    }

    /// Leaves a transaction (0) or savepoint to be rolled back, before anything else is run.
    pub(crate) fn roll_back_soon(&self, depth: u32) {
        self.roll_back_to.fetch_min(depth, SeqCst);
        self.flags.set(flags::UNFINISHED);
        self.settle_soon();
    }

    /// Takes note of a statement that failed.
    #[cold]
    pub(crate) fn failed(&self, error: Error) -> Error {
        let error = match error.is_loss() {
            true => error.of_kind(ErrorKind::Connection),
            false => error,
        };
        if error.kind() == ErrorKind::Connection || error.is_fatal() {
            // The end of the line may be yet to come; whoever comes next need not find out.
            self.flags.set(flags::SPOILED);
        }
        if error.is_serialization_failure() {
            self.flags.set(flags::DISTURBED);
        } else if error.sqlstate() != Some("25P02") {
            // What disturbed the transaction before was undone, or this would be an error of a transaction that has failed.
            self.flags.clear(flags::DISTURBED);
        }
        if is_stop(&error) {
            self.flags.set(flags::STOPPED);
        }
        if self.needs_writes && error.sqlstate() == Some("25006") {
            // Another server has become the primary: the pool is to look for it.
            self.retire();
        }
        error
    }

    /// Whether the transaction before may well succeed when it is run again.
    pub(crate) fn was_disturbed(&self) -> bool {
        self.flags.any(flags::DISTURBED)
    }

    /// Whether a statement of the transaction before was stopped.
    pub(crate) fn was_stopped(&self) -> bool {
        self.flags.any(flags::STOPPED)
    }

    /// Runs statements, without parameters or rows, in one message.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Error> {
        self.ended_batch(sql, &mut false).await.map(drop)
    }

    /// The same, with the end of the answer.
    pub(crate) async fn ended_batch(&self, sql: &str, is_sent: &mut bool) -> Result<End, Error> {
        let mut request = Request::new();
        request.script(sql)?;
        let turn = self.turn().await?;
        let result = match turn.send(&request) {
            Ok(mut response) => {
                *is_sent = true;
                response.end_group().await
            }
            Err(error) => Err(error),
        };
        turn.finish();
        result.map_err(|error| self.failed(error))
    }

    /// Sends statements before anything that is sent after them. Nobody waits for the answer, so they must be
    /// some that cannot fail unless the transaction has failed already.
    pub(crate) fn send_and_forget(&self, sql: &str) {
        let mut request = Request::new();
        // It is made of names alone, which have no zero byte.
        if request.script(sql).is_ok() {
            self.line.send_and_forget(&request);
        }
    }

    /// Runs statements that a user wrote, which may well leave a transaction open.
    pub(crate) async fn script(&self, sql: &str) -> Result<(), Error> {
        if opens_transaction(sql) {
            self.flags.set(flags::SUSPECT);
        }
        let result = match self.ended_batch(sql, &mut false).await {
            Ok(end) => self.heed(end.status),
            Err(error) => Err(self.failed_within(error).await),
        };
        result.map_err(|error| with_alone(error.in_script(sql), sql))
    }

    /// The same error, of a script which may have ended the transaction before.
    #[cold]
    async fn failed_within(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::Database || !self.is_opened() {
            return error;
        }
        let asking = Box::pin(self.status_in_turn());
        match asking.await.and_then(|status| self.heed(status)) {
            Err(over) if self.is_over() => error.followed(&format!("; {over}")),
            _ => error,
        }
    }

    /// The same, in a session that nobody has afterwards who could end a transaction.
    pub(crate) async fn whole_script(&self, sql: &str) -> Result<(), Error> {
        self.script(sql).await?;
        if !opens_transaction(sql) {
            return Ok(());
        }
        if self.status_in_turn().await? == settle::OUTSIDE {
            return Ok(());
        }
        let message =
            "the script left a transaction open, which is rolled back: end it by `commit`";
        Err(Error::new(ErrorKind::TransactionAborted, message).in_script(sql))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.line.end();
    }
}

/// The same error, with what to do about a statement that can be in no transaction.
#[cold]
fn with_alone(error: Error, sql: &str) -> Error {
    let several = sql.trim_end().trim_end_matches(';').contains(';');
    match error.sqlstate() {
        Some("25001") if several => error
            .followed("; the statements of a script are one transaction: run this one by itself"),
        _ => error,
    }
}

/// A number that no hold of any session had before.
#[cfg(feature = "tracing")]
fn next_hold() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Relaxed)
}

/// Whether the SQL may leave a transaction open. Function bodies with BEGIN are taken for one,
/// which costs a question to the server and no more.
fn opens_transaction(sql: &str) -> bool {
    sharing::words(sql).any(begins_transaction)
}

/// Whether a statement that begins with this word opens a transaction.
fn begins_transaction(word: &str) -> bool {
    word.eq_ignore_ascii_case("begin") || word.eq_ignore_ascii_case("start")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_that_opens_a_transaction_is_seen() {
        assert!(opens_transaction("select 1; Begin;"));
        assert!(opens_transaction("START TRANSACTION"));
        assert!(!opens_transaction(
            "select started_at, beginning from starts"
        ));
    }
}
