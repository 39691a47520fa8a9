//! One server session: its connection, its prepared statements, and whether it can be reused. A session that is inside
//! a transaction, or busy with a result that nobody reads, never goes back to a pool.

mod alone;
mod begin;
mod flags;
pub(crate) mod learnt_types;
mod limit;
mod opening;
pub(crate) mod pack;
mod prepare;
pub(crate) mod request;
pub(crate) mod response;
mod script;
mod server;
mod settle;
mod sharing;
pub(crate) mod statements;
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
pub(crate) use response::End;
pub(crate) use server::Server;
pub(crate) use sharing::{
    for_one_connection, not_alone, not_in_pooled_transaction, not_in_transaction,
};
pub(crate) use turn::Turn;
pub(crate) use types::Learning;

use self::{request::Request, statements::StatementCache};
#[cfg(feature = "tracing")]
use crate::observe::Repeats;
use crate::{
    Error, ErrorKind,
    connect::{Canceler, Line},
    executor::deadline::is_stop,
    settings::{Affinity, Settings},
};

/// The time that an idle server has to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// The value of `roll_back_to` if there is nothing to roll back.
const NOT_ROLLING_BACK: u32 = u32::MAX;

pub(crate) struct Session {
    line: Arc<Line>,
    server: Server,
    canceler: Canceler,
    statements: Mutex<StatementCache>,
    /// Held during a COPY to the server. Only one is possible at a time.
    copying: tokio::sync::Mutex<()>,
    /// The user-defined types that have been looked up.
    types: Mutex<types::Types>,
    flags: flags::Flags,
    /// The number of active turns.
    in_flight: AtomicU32,
    /// The depth of the outermost transaction (0) or savepoint that was dropped unfinished.
    roll_back_to: AtomicU32,
    /// The BEGIN that is not sent yet.
    begin: Mutex<Cow<'static, str>>,
    settling: tokio::sync::Mutex<()>,
    /// For how long the session keeps the same server behind a pooler.
    affinity: Affinity,
    /// The limit of a query, if the session cannot have it as a setting.
    untold_timeout: Option<Duration>,
    /// The limit of a query that was set at the start of the session.
    told_timeout: Option<Duration>,
    /// The time limit of a clean-up, after which the session is closed.
    recovery_timeout: Duration,
    /// The statements to run before it goes back to its pool.
    on_return: Option<Arc<str>>,
    #[cfg(feature = "tracing")]
    slow_query: Option<Duration>,
    #[cfg(feature = "tracing")]
    repeats: Option<Arc<Repeats>>,
    /// The number of the current hold, which is unique among all sessions.
    #[cfg(feature = "tracing")]
    hold: AtomicU64,
    /// Whether it must be closed once its server becomes read-only.
    needs_writes: bool,
    /// The tick of its pool's clock at which it should be closed.
    retirement: AtomicU32,
    myself: Weak<Session>,
}

impl Session {
    fn new(line: Arc<Line>, server: Server, canceler: Canceler, settings: &Settings) -> Arc<Self> {
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

    /// A shared reference, for work that can outlive the holder of the session.
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

    /// Takes note of a new hold.
    pub(crate) fn begin_hold(&self) {
        #[cfg(feature = "tracing")]
        if self.repeats.is_some() {
            self.hold.store(next_hold(), Relaxed);
        }
    }

    /// Takes note of the end of the hold.
    pub(crate) fn end_hold(&self) {
        if self.on_return.is_some() {
            self.flags.set(flags::RETURNED);
        }
    }

    /// Whether the next user can have this session without a clean-up.
    pub(crate) fn is_reusable(&self) -> bool {
        !self.flags.any(!flags::SEEN) && !self.line.is_closed()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.flags.any(flags::SPOILED) || self.line.is_closed()
    }

    /// Marks the session to be closed when it comes back.
    pub(crate) fn retire(&self) {
        self.retire_at(0);
    }

    pub(crate) fn retire_at(&self, tick: u32) {
        self.retirement.store(tick, Relaxed);
    }

    pub(crate) fn retires_at(&self) -> u32 {
        self.retirement.load(Relaxed)
    }

    /// Whether the server answers in time.
    pub(crate) async fn answers(&self) -> bool {
        let answer = tokio::time::timeout(ANSWER_LIMIT, self.status()).await;
        matches!(answer, Ok(Ok(_)))
    }

    /// Closes the socket at once, even if a statement is running. The server then rolls back.
    pub(crate) fn close(&self) {
        self.flags.set(flags::SPOILED);
        self.line.close();
    }

    /// Marks advisory locks to be released before the next statement.
    pub(crate) fn unlock_soon(&self) {
        self.flags.set(flags::LOCKED);
    }

    /// Marks a transaction (0) or savepoint to be rolled back before the next statement.
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
            // The line may not be closed yet; mark the session now, so that the next user does not get it.
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
            // Another server has become the primary: the pool should look for it.
            self.retire();
        }
        error
    }

    /// Whether the last transaction failed in a way that a retry can fix.
    pub(crate) fn was_disturbed(&self) -> bool {
        self.flags.any(flags::DISTURBED)
    }

    /// Whether a statement of the last transaction was cancelled.
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

    /// Sends statements without waiting for the answer. They must not be able to fail, unless the transaction has
    /// failed already.
    pub(crate) fn send_and_forget(&self, sql: &str) {
        let mut request = Request::new();
        // The SQL contains no zero byte, because names have none.
        if request.script(sql).is_ok() {
            self.line.send_and_forget(&request);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.line.end();
    }
}

/// A new unique number for a hold.
#[cfg(feature = "tracing")]
fn next_hold() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Relaxed)
}
