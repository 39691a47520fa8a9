//! Runs whole transactions on a pool or a connection, with a deadline, and, if the options say so, again after a
//! conflict with a concurrent transaction. A transaction whose outcome is unknown is never run again.

use std::{pin::pin, time::Duration};

use tokio::time::{Instant, sleep_until};

use super::{Transaction, TransactionOptions};
use crate::{
    Connection, Error, ErrorKind, Pool,
    executor::{Origin, deadline::Deadline},
    pool::Holder,
    random::random,
    session::Session,
};

/// The first wait is up to this long, and each after it up to twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_millis(5);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Runs each attempt on a connection of the pool, which is free for other tasks in between.
pub(crate) async fn run<T, E, F>(
    pool: &Pool,
    holder: Holder,
    options: &TransactionOptions,
    body: F,
) -> Result<T, E>
where
    F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
    E: From<Error>,
{
    let mut attempts = Attempts::of(options, Origin::PooledTransaction);
    loop {
        let taking = attempts.deadline.bound_taking(pool, pool.take(holder));
        let connection = taking.await?;
        let outcome = attempts.run(connection.session(), body.clone()).await;
        let again = outcome.is_err() && attempts.may_go_on(connection.session());
        drop(connection);
        if !again || !attempts.wait().await {
            return outcome;
        }
    }
}

/// Runs all attempts on one connection.
pub(crate) async fn run_on<T, E, F>(
    connection: &mut Connection,
    options: &TransactionOptions,
    body: F,
) -> Result<T, E>
where
    F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
    E: From<Error>,
{
    let mut attempts = Attempts::of(options, Origin::Transaction);
    loop {
        let outcome = attempts.run(connection.session(), body.clone()).await;
        let again = outcome.is_err() && attempts.may_go_on(connection.session());
        if !again || !attempts.wait().await {
            return outcome;
        }
    }
}

/// The attempts at a transaction.
struct Attempts<'o> {
    options: &'o TransactionOptions,
    origin: Origin,
    /// The deadline of all attempts together.
    deadline: Deadline,
    /// The number of attempts after the first.
    retries: u32,
    /// Whether the last attempt may have been committed.
    is_unknown: bool,
}

impl<'o> Attempts<'o> {
    fn of(options: &'o TransactionOptions, origin: Origin) -> Self {
        Self {
            options,
            origin,
            deadline: Deadline::within(options.time_limit()),
            retries: 0,
            is_unknown: false,
        }
    }

    async fn run<T, E, F>(&mut self, session: &Session, body: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        let beginning = Transaction::start(session, self.options, self.origin);
        let begun = self.deadline.in_time(pin!(beginning)).await;
        let mut transaction = begun.unwrap_or_else(|limit| Err(timed_out(limit)))?;
        let done = self.deadline.in_time(pin!(body(&mut transaction))).await;
        match done {
            Ok(Ok(value)) => {
                let mut is_sent = false;
                let committing = transaction.commit_noting(&mut is_sent);
                let committed = self.deadline.in_time(pin!(committing)).await;
                let committed = committed.unwrap_or_else(|limit| {
                    if !is_sent {
                        return Err(timed_out(limit));
                    }
                    let message = "the deadline passed while the transaction was being committed, so it \
                                   may have been or not";
                    Err(Error::new(ErrorKind::OutcomeUnknown, message))
                });
                self.is_unknown =
                    matches!(&committed, Err(error) if error.kind() == ErrorKind::OutcomeUnknown);
                committed?;
                Ok(value)
            }
            Ok(Err(error)) => {
                // The reason for rolling back is what the caller needs; if this fails as well, the
                // connection is closed, and the server rolls back.
                let late = self.deadline.passed().filter(|_| session.was_stopped());
                let _ = self.deadline.in_time(pin!(transaction.rollback())).await;
                Err(late.map_or(error, |limit| timed_out(limit).into()))
            }
            Err(limit) => Err(timed_out(limit).into()),
        }
    }

    /// Whether the transaction that failed on this session can be run again.
    fn may_go_on(&self, session: &Session) -> bool {
        !self.is_unknown
            && self.retries < self.options.attempts_after_first()
            && session.was_disturbed()
    }

    /// Waits for a random time before the next attempt, so that conflicting transactions do not collide again. Returns
    /// `false` if the deadline is nearer.
    async fn wait(&mut self) -> bool {
        let longest = FIRST_WAIT
            .saturating_mul(1 << self.retries.min(16))
            .min(LONGEST_WAIT);
        let wait = Duration::from_nanos(random() % (longest.as_nanos() as u64 + 1));
        let until = Instant::now() + wait;
        if self.deadline.is_before(until) {
            return false;
        }
        sleep_until(until).await;
        self.retries += 1;
        #[cfg(feature = "tracing")]
        tracing::info!(target: "howdah::transaction", retries = self.retries, "a transaction is run again");
        true
    }
}

#[cold]
fn timed_out(limit: Duration) -> Error {
    let message = format!("the transaction was not done within {limit:?}, and was rolled back");
    Error::new(ErrorKind::Timeout, message)
}
