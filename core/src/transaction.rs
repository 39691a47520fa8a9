//! Transactions and savepoints. One that is dropped unfinished is rolled back; one whose COMMIT the
//! server would have answered with ROLLBACK is an error, never a success.

use std::fmt;

use futures_util::FutureExt;

use crate::{Error, ErrorKind, session::Session};

/// A transaction, or a savepoint inside one.
pub struct Transaction<'c> {
    session: &'c Session,
    /// 0 for the transaction itself, then one more for each savepoint inside another.
    depth: u32,
    finished: bool,
}

impl<'c> Transaction<'c> {
    pub(crate) async fn begin(session: &'c Session) -> Result<Self, Error> {
        session.enter_transaction();
        let transaction = Self {
            session,
            depth: 0,
            finished: false,
        };
        session.batch("BEGIN").await?;
        Ok(transaction)
    }

    pub(crate) fn session(&self) -> &Session {
        self.session
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

    /// Runs `body` in a savepoint: what it did stays when it returns `Ok`, and is undone otherwise,
    /// the transaction around it going on either way.
    ///
    /// # Errors
    ///
    /// When `body` fails, with its error, or when the savepoint cannot be set or released.
    pub async fn transaction<T, E, F>(&mut self, body: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        self.savepoint().await?.run(body).await
    }

    /// Sets a savepoint, which is rolled back when dropped before it is committed.
    ///
    /// # Errors
    ///
    /// When the transaction has failed already, or the connection is broken.
    pub async fn savepoint(&mut self) -> Result<Transaction<'_>, Error> {
        let savepoint = Transaction {
            session: self.session,
            depth: self.depth + 1,
            finished: false,
        };
        self.session
            .batch(&format!("SAVEPOINT howdah_{}", savepoint.depth))
            .await?;
        Ok(savepoint)
    }

    /// Commits the transaction, or releases the savepoint.
    ///
    /// # Errors
    ///
    /// When the server did not commit, whatever the reason; then all of it is rolled back.
    pub async fn commit(mut self) -> Result<(), Error> {
        let sql = match (self.depth, self.session.is_doubtful()) {
            (0, false) => "COMMIT".to_owned(),
            // COMMIT of a failed transaction answers ROLLBACK without an error. A statement before it
            // does raise one, and the COMMIT after it is not run.
            (0, true) => "SELECT; COMMIT".to_owned(),
            (depth, _) => format!("RELEASE SAVEPOINT howdah_{depth}"),
        };
        let Err(error) = self.session.batch(&sql).await else {
            self.finish();
            return Ok(());
        };
        // Without an answer from the server, the drop of `self` closes the connection.
        if error.kind() == ErrorKind::Database {
            let _ = self.roll_back().await;
        }
        match error.sqlstate() {
            Some("25P02") => Err(Error::new(
                ErrorKind::TransactionAborted,
                "the transaction was rolled back instead of committed, as one of its statements had failed",
            )
            .caused_by(error)),
            _ => Err(error),
        }
    }

    /// Rolls back the transaction, or to the savepoint.
    ///
    /// # Errors
    ///
    /// When the connection is broken; then the server rolls back by itself.
    pub async fn rollback(mut self) -> Result<(), Error> {
        self.roll_back().await
    }

    async fn roll_back(&mut self) -> Result<(), Error> {
        self.session.batch(&self.rollback_sql()).await?;
        self.finish();
        Ok(())
    }

    fn rollback_sql(&self) -> String {
        match self.depth {
            0 => "ROLLBACK".to_owned(),
            depth => {
                format!("ROLLBACK TO SAVEPOINT howdah_{depth}; RELEASE SAVEPOINT howdah_{depth}")
            }
        }
    }

    fn finish(&mut self) {
        self.finished = true;
        if self.depth == 0 {
            self.session.leave_transaction();
        }
    }

    /// Runs a script: any number of statements, without parameters and without rows.
    ///
    /// # Errors
    ///
    /// When a statement fails.
    pub async fn batch_execute(&self, sql: &str) -> Result<(), Error> {
        self.session.script(sql).await
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // The first poll of the future queues the message, before anything that is sent later on this
        // connection. Nobody waits for the answer, so the pool will not reuse the connection.
        self.session.spoil();
        let sql = self.rollback_sql();
        let _ = self.session.client().batch_execute(&sql).now_or_never();
        if self.depth == 0 {
            self.session.leave_transaction();
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}
