//! A connection of one's own: taken out of a pool and returned on drop, or standing alone.
//! What is not fit for the next user is closed instead of returned.

use std::fmt;

use deadpool::managed::Object;

use crate::{Error, Transaction, pool::Manager, session::Session, settings::Settings};

/// A connection to the server. Queries on a shared reference are pipelined.
///
/// A connection of a pool goes back to it when dropped, unless it is inside a transaction or
/// busy; then it is closed, and the pool opens another.
pub struct Connection(Holder);

enum Holder {
    Own(Box<Session>),
    Pooled(Object<Manager>),
}

impl Connection {
    /// Connects to the server at `url`, without a pool. See [`Pool::builder`](crate::Pool::builder)
    /// for what the URL may say.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, or the server cannot be reached or refuses.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let session = Settings::parse(url)?.connect().await?;
        Ok(Self(Holder::Own(Box::new(session))))
    }

    pub(crate) fn pooled(object: Object<Manager>) -> Self {
        Self(Holder::Pooled(object))
    }

    pub(crate) fn session(&self) -> &Session {
        match &self.0 {
            Holder::Own(session) => session,
            Holder::Pooled(object) => object,
        }
    }

    /// Begins a transaction, which is rolled back when dropped before it is committed.
    ///
    /// # Errors
    ///
    /// When the connection is broken.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        Transaction::begin(self.session()).await
    }

    /// Runs `body` in a transaction: committed when it returns `Ok`, else rolled back.
    /// See [`Pool::transaction`](crate::Pool::transaction).
    ///
    /// # Errors
    ///
    /// When `body` fails, with its error, or when the transaction cannot begin or commit.
    pub async fn transaction<T, E, F>(&mut self, body: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        self.begin().await?.run(body).await
    }

    /// Runs a script: any number of statements, without parameters and without rows.
    ///
    /// # Errors
    ///
    /// When a statement fails; the ones before it in the script are rolled back with it.
    pub async fn batch_execute(&self, sql: &str) -> Result<(), Error> {
        self.session().script(sql).await
    }
}

/// What must not be reused is closed here, at once: a transaction left open holds locks.
impl Drop for Connection {
    fn drop(&mut self) {
        if !self.session().is_reusable() {
            self.session().close();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}
