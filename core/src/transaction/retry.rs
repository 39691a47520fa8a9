//! Whole transactions, run from a pool: under a deadline, and again when a concurrent one was to blame, if that is asked
//! for. A transaction whose outcome is not known is never run again.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{Transaction, TransactionOptions};
use crate::{Connection, Error, ErrorKind, Pool, pool::Holder, random::random};

/// The first wait is up to this long, and each after it up to twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_millis(5);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

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
    let deadline = Deadline::of(options);
    let mut retries = 0;
    loop {
        let taken = deadline.bound(pool.take(holder)).await;
        let mut connection = taken.unwrap_or_else(|| Err(timed_out(options)))?;
        let outcome = attempt(&mut connection, options, deadline, body.clone()).await;
        let again =
            outcome.is_err() && retries < options.retries() && connection.session().was_disturbed();
        drop(connection);
        if !again || !deadline.wait(retries).await {
            return outcome;
        }
        retries += 1;
        #[cfg(feature = "tracing")]
        tracing::info!(target: "howdah::transaction", retries, "a transaction is run again");
    }
}

async fn attempt<T, E, F>(
    connection: &mut Connection,
    options: &TransactionOptions,
    deadline: Deadline,
    body: F,
) -> Result<T, E>
where
    F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
    E: From<Error>,
{
    let mut transaction = connection.begin_with(options).await?;
    match deadline.bound(body(&mut transaction)).await {
        Some(Ok(value)) => {
            let committed = deadline.bound(transaction.commit()).await;
            committed.unwrap_or_else(|| {
                let message = "the deadline passed while the transaction was being committed, so it \
                               may have been or not";
                Err(Error::new(ErrorKind::OutcomeUnknown, message))
            })?;
            Ok(value)
        }
        Some(Err(error)) => {
            // The reason for rolling back is what the caller needs; if this fails as well, the
            // connection is closed, and the server rolls back.
            let _ = deadline.bound(transaction.rollback()).await;
            Err(error)
        }
        None => Err(timed_out(options).into()),
    }
}

#[cold]
fn timed_out(options: &TransactionOptions) -> Error {
    let limit = options.time_limit().unwrap_or_default();
    let message = format!("the transaction was not done within {limit:?}, and was rolled back");
    Error::new(ErrorKind::Timeout, message)
}

/// When all of it has to be done.
#[derive(Clone, Copy)]
struct Deadline(Option<Instant>);

impl Deadline {
    fn of(options: &TransactionOptions) -> Self {
        Self(options.time_limit().map(|limit| Instant::now() + limit))
    }

    /// What `work` yields, unless the deadline passes before.
    async fn bound<T>(self, work: impl Future<Output = T>) -> Option<T> {
        match self.0 {
            Some(deadline) => timeout_at(deadline, work).await.ok(),
            None => Some(work.await),
        }
    }

    /// Waits before the next attempt, for a time that chance decides, so that those who disturbed each other do not meet
    /// again. False where the deadline is nearer.
    async fn wait(self, retries: u32) -> bool {
        let longest = FIRST_WAIT
            .saturating_mul(1 << retries.min(16))
            .min(LONGEST_WAIT);
        let wait = Duration::from_nanos(random() % (longest.as_nanos() as u64 + 1));
        let until = Instant::now() + wait;
        if self.0.is_some_and(|deadline| deadline <= until) {
            return false;
        }
        sleep_until(until).await;
        true
    }
}
