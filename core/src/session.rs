//! One server session: the client, what it has prepared, and whether it may be reused. A session
//! that is inside a transaction, or busy with a result nobody reads, never goes back to a pool.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use tokio::task::AbortHandle;
use tokio_postgres::{Client, error::SqlState};

use crate::{
    Error,
    query::Text,
    statements::{Prepared, StatementCache, locked},
};

pub(crate) struct Session {
    client: Client,
    /// The task that owns the socket.
    task: AbortHandle,
    statements: Mutex<StatementCache>,
    /// Between BEGIN and the answer to COMMIT or ROLLBACK.
    in_transaction: AtomicBool,
    /// A statement failed or was abandoned since BEGIN.
    doubtful: AtomicBool,
    /// Left in a state that the next user must not find.
    spoiled: AtomicBool,
}

impl Session {
    pub(crate) fn new(client: Client, task: AbortHandle, statements: usize) -> Self {
        Self {
            client,
            task,
            statements: Mutex::new(StatementCache::new(statements)),
            in_transaction: AtomicBool::new(false),
            doubtful: AtomicBool::new(false),
            spoiled: AtomicBool::new(false),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether another user may have this session.
    pub(crate) fn is_reusable(&self) -> bool {
        !self.spoiled.load(Relaxed)
            && !self.in_transaction.load(Relaxed)
            && !self.client.is_closed()
    }

    /// Bars the session from the pool.
    pub(crate) fn spoil(&self) {
        self.doubtful.store(true, Relaxed);
        self.spoiled.store(true, Relaxed);
    }

    /// Takes note that the open transaction may be one that the server has given up.
    pub(crate) fn doubt(&self) {
        self.doubtful.store(true, Relaxed);
    }

    /// Closes the socket at once, whatever is under way; the server then rolls back.
    pub(crate) fn close(&self) {
        self.spoil();
        self.task.abort();
    }

    pub(crate) fn enter_transaction(&self) {
        self.doubtful.store(false, Relaxed);
        self.in_transaction.store(true, Relaxed);
    }

    pub(crate) fn leave_transaction(&self) {
        self.in_transaction.store(false, Relaxed);
    }

    /// Whether the open transaction may be one that the server has given up.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.doubtful.load(Relaxed)
    }

    /// The statement for this text, from the cache if it is there.
    pub(crate) async fn prepare(&self, text: &Text) -> Result<Arc<Prepared>, Error> {
        if let Some(prepared) = locked(&self.statements).get(text) {
            return Ok(prepared);
        }
        // Boxed and without its type, as it is rare, to keep the futures of queries small.
        let preparing: Pin<Box<dyn Future<Output = _> + Send + '_>> =
            Box::pin(self.prepare_anew(text));
        preparing.await
    }

    async fn prepare_anew(&self, text: &Text) -> Result<Arc<Prepared>, Error> {
        let unfinished = Unfinished::new(self);
        let statement = self.client.prepare(text.sql()).await;
        unfinished.finish();
        let prepared = Arc::new(Prepared::new(statement.map_err(|e| self.failed(text, e))?));
        if opens_transaction(text.sql()) {
            self.spoil();
        }
        locked(&self.statements).insert(text, Arc::clone(&prepared));
        Ok(prepared)
    }

    /// Takes note of a statement that failed.
    #[cold]
    pub(crate) fn failed(&self, text: &Text, error: tokio_postgres::Error) -> Error {
        self.doubtful.store(true, Relaxed);
        // A plan that no longer fits its tables, or a statement the server does not know (any more):
        // prepare anew next time.
        let stale = [
            SqlState::FEATURE_NOT_SUPPORTED,
            SqlState::INVALID_SQL_STATEMENT_NAME,
        ];
        if error.code().is_some_and(|code| stale.contains(code)) {
            locked(&self.statements).remove(text);
        }
        Error::postgres(error)
    }

    /// Runs statements, without parameters or rows, in one message.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Error> {
        let unfinished = Unfinished::new(self);
        let result = self.client.batch_execute(sql).await;
        unfinished.finish();
        result.map_err(|error| {
            self.doubtful.store(true, Relaxed);
            Error::postgres(error)
        })
    }

    /// Runs statements that a user wrote, which may well leave a transaction open.
    pub(crate) async fn script(&self, sql: &str) -> Result<(), Error> {
        if opens_transaction(sql) {
            self.spoil();
        }
        self.batch(sql).await
    }
}

/// Whether the SQL may leave a transaction open. Function bodies with BEGIN are taken for one,
/// which costs a reconnect and no more.
fn opens_transaction(sql: &str) -> bool {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|word| word.eq_ignore_ascii_case("begin") || word.eq_ignore_ascii_case("start"))
}

/// A message whose answer has not come. If it is dropped before, nobody will read the answer.
pub(crate) struct Unfinished<'s>(Option<&'s Session>);

impl<'s> Unfinished<'s> {
    pub(crate) fn new(session: &'s Session) -> Self {
        Self(Some(session))
    }

    pub(crate) fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.0 {
            session.spoil();
        }
    }
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
