//! Transactions and savepoints. A transaction that is dropped unfinished is rolled back. If the server answers COMMIT
//! with ROLLBACK, that is an error, never a success.

mod options;
mod retry;

use std::{fmt, pin::pin};

pub use options::{Isolation, TransactionOptions};
pub(crate) use retry::{run, run_on};

use crate::{
    Connection, Error, ErrorKind,
    executor::{Origin, SessionGuard},
    session::{Session, over},
};
#[cfg(any(feature = "tracing", feature = "metrics"))]
use crate::{
    executor::Handle,
    observe,
    query::{Call, Text, rows::Work},
};

/// A transaction, or a savepoint inside one.
pub struct Transaction<'c> {
    session: SessionGuard<'c>,
    /// 0 for the transaction itself, 1 for a savepoint in it, 2 for a savepoint in that, and so on.
    depth: u32,
    origin: Origin,
    /// Whether it is to be undone if it is dropped.
    is_open: bool,
}

impl<'c> Transaction<'c> {
    /// Begins a transaction. BEGIN itself is sent with the first statement, unless `options` has more to send.
    pub(crate) async fn start(
        session: &'c Session,
        options: &TransactionOptions,
        origin: Origin,
    ) -> Result<Self, Error> {
        Self::begin_on(SessionGuard::Borrowed(session), options, origin).await
    }

    async fn begin_on(
        session: SessionGuard<'c>,
        options: &TransactionOptions,
        origin: Origin,
    ) -> Result<Self, Error> {
        session.needs_transactions()?;
        // First cleans up what an earlier transaction left behind.
        session.turn().await?.finish();
        session.needs_no_transaction().await?;
        session.enter_transaction(options.begin(session.server()));
        let transaction = Self {
            session,
            depth: 0,
            origin,
            is_open: true,
        };
        if options.has_settings() {
            transaction
                .observed("BEGIN", "BEGIN", pin!(options.apply(&transaction.session)))
                .await?;
        }
        Ok(transaction)
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// What its queries run on: a transaction of a connection or of a pool.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    pub(crate) async fn run<T, E, F>(mut self, body: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        match body(&mut self).await {
            Ok(value) => {
                self.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The reason for rolling back is what the caller needs; if this fails as well, the
                // connection is closed, and the server rolls back.
                let _ = self.rollback().await;
                Err(error)
            }
        }
    }

    /// Runs `body` in a savepoint. If `body` returns `Ok`, its changes stay; otherwise they are undone. The outer
    /// transaction continues in both cases.
    ///
    /// # Errors
    ///
    /// The error of `body`, or an error if the savepoint cannot be set or released.
    pub async fn transaction<T, E, F>(&mut self, body: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        self.savepoint().await?.run(body).await
    }

    /// Sets a savepoint. If it is dropped before it is committed, it is rolled back.
    ///
    /// # Errors
    ///
    /// When the transaction has failed before, or the connection is broken.
    #[doc(alias = "begin")]
    pub async fn savepoint(&mut self) -> Result<Transaction<'_>, Error> {
        let mut savepoint = Transaction {
            session: SessionGuard::Borrowed(&self.session),
            depth: self.depth + 1,
            origin: self.origin,
            is_open: false,
        };
        let sql = format!("SAVEPOINT howdah_{}", savepoint.depth);
        // Once it is sent, there is something to undo; if it was refused, there is not.
        let setting = self.session.ended_batch(&sql, &mut savepoint.is_open);
        let set = self.observed("SAVEPOINT", &sql, pin!(setting)).await;
        savepoint.is_open &= set.is_ok();
        set.map(|_| savepoint)
    }

    /// Commits the transaction, or releases the savepoint.
    ///
    /// # Errors
    ///
    /// When the server did not commit. Then everything is rolled back. If the connection broke during the commit, the
    /// transaction may be committed or not: the error has the kind [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown).
    pub async fn commit(self) -> Result<(), Error> {
        self.commit_noting(&mut false).await
    }

    /// The same. It takes note of when COMMIT is sent.
    async fn commit_noting(mut self, is_sent: &mut bool) -> Result<(), Error> {
        if self.session.is_over() {
            self.finish();
            return Err(over());
        }
        if self.depth == 0 && self.session.is_unopened() {
            // BEGIN was not sent, so there is nothing to commit.
            self.finish();
            return Ok(());
        }
        let (summary, sql) = match self.depth {
            0 => ("COMMIT", "COMMIT".to_owned()),
            depth => (
                "RELEASE SAVEPOINT",
                format!("RELEASE SAVEPOINT howdah_{depth}"),
            ),
        };
        let ended = {
            let ending = pin!(self.session.ended_batch(&sql, is_sent));
            self.observed(summary, &sql, ending).await
        };
        let error = match ended {
            Ok(end) => {
                self.finish();
                // The server answers COMMIT with ROLLBACK if a statement had failed.
                return match end.tag.starts_with(b"ROLLBACK") {
                    true => Err(aborted()),
                    false => Ok(()),
                };
            }
            Err(error) => error,
        };
        let is_lost = error.kind() == ErrorKind::Connection || error.is_fatal();
        match (error.kind(), error.sqlstate()) {
            _ if is_lost && *is_sent && self.depth == 0 => {
                let message = "the connection was lost while the transaction was being committed, \
                               so it may have been or not";
                Err(Error::new(ErrorKind::OutcomeUnknown, message).caused_by(error))
            }
            (_, Some("25P02")) => {
                let _ = self.roll_back().await;
                Err(aborted().caused_by(error))
            }
            // If the server sent no answer, dropping `self` closes the connection.
            (ErrorKind::Database, _) => {
                let _ = self.roll_back().await;
                Err(error)
            }
            _ => Err(error),
        }
    }

    /// Runs a statement that begins or ends it. It is observed like a query, because it can take long or fail by itself.
    #[cfg_attr(
        not(any(feature = "tracing", feature = "metrics")),
        expect(unused_variables)
    )]
    async fn observed<T: Send>(
        &self,
        summary: &'static str,
        sql: &str,
        work: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        #[cfg(any(feature = "tracing", feature = "metrics"))]
        if observe::is_on() {
            // Boxed, because it is rare, to keep the futures of transactions small.
            let observed: Work<'_, _> = Box::pin(async move {
                let text = Text::written(sql.to_owned());
                let call = Call {
                    handle: Handle::further(&self.session, None),
                    text: &text,
                    params: &[],
                };
                observe::observed(&call, summary, Box::pin(work), |_| 0).await
            });
            return observed.await;
        }
        work.await
    }

    /// Rolls back the transaction, or to the savepoint.
    ///
    /// # Errors
    ///
    /// When the connection is broken. Then the server rolls back by itself. Also when a statement has ended the transaction,
    /// such as a `commit` in [`batch_execute`](Self::batch_execute).
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.roll_back().await
    }

    async fn roll_back(&mut self) -> Result<(), Error> {
        if self.session.is_over() {
            self.finish();
            return Err(over());
        }
        if self.depth > 0 || !self.session.is_unopened() {
            let sql = rollback_sql(self.depth);
            self.observed("ROLLBACK", &sql, pin!(self.session.batch(&sql)))
                .await?;
        }
        self.finish();
        Ok(())
    }

    fn finish(&mut self) {
        self.is_open = false;
        if self.depth == 0 {
            self.session.leave_transaction();
        }
    }

    /// Runs a script of any number of statements. They cannot have parameters, and their rows are not returned.
    ///
    /// # Errors
    ///
    /// When a statement fails, or ends the transaction, as `commit` does.
    #[doc(alias("execute", "raw_sql", "simple_query"))]
    pub async fn batch_execute(&self, sql: &str) -> Result<(), Error> {
        self.session.script(sql).await
    }
}

impl Transaction<'static> {
    /// Like [`transaction`](Self::transaction), but for a transaction that owns its connection.
    pub(crate) async fn begin_with_own(
        connection: Connection,
        options: &TransactionOptions,
    ) -> Result<Self, Error> {
        let session = SessionGuard::Pooled(connection);
        Self::begin_on(session, options, Origin::PooledTransaction).await
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let nothing_to_undo = self.depth == 0 && self.session.is_unopened();
        match nothing_to_undo || self.session.is_over() {
            true => self.finish(),
            false => self.session.roll_back_soon(self.depth),
        }
    }
}

#[cold]
fn aborted() -> Error {
    let message =
        "the transaction was rolled back instead of committed, as one of its statements had failed";
    Error::new(ErrorKind::TransactionAborted, message)
}

/// What undoes a transaction (0) or a savepoint.
pub(crate) fn rollback_sql(depth: u32) -> String {
    match depth {
        0 => "ROLLBACK".to_owned(),
        depth => format!("ROLLBACK TO SAVEPOINT howdah_{depth}; RELEASE SAVEPOINT howdah_{depth}"),
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}
