//! A connection for one user: taken out of a pool and returned to it when dropped, or without a pool. Before it is
//! returned, its state is cleaned up for the next user; if that fails, it is closed.

use std::{fmt, sync::Arc};

use tokio::runtime::Handle;

use super::Home;
use crate::{
    Error, Transaction, TransactionOptions, executor::Origin, session::Session, settings::Settings,
    transaction,
};

/// A connection to the server. Queries that run on it at the same time, through shared references, are pipelined.
///
/// A connection of a pool goes back to the pool when it is dropped. If a query or a transaction on it was dropped before
/// its end, the query is first cancelled on the server, and the transaction is rolled back. If this does not succeed within
/// seconds, the connection is closed, and the pool opens another one.
///
/// Settings that `SET` changes stay changed, also for the next user of the connection, unless
/// [`PoolBuilder::on_return`](crate::PoolBuilder::on_return) resets them. [`TransactionOptions::setting`] changes a
/// setting for one transaction, and `options=-c search_path=app` in the URL for all connections of a pool.
pub struct Connection {
    session: Arc<Session>,
    /// The pool that it goes back to, if it belongs to one.
    home: Option<Home>,
}

impl Connection {
    /// Connects to the server at `url`, without a pool. [`Pool::builder`](crate::Pool::builder) describes what the URL can
    /// contain.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, or the server cannot be reached or refuses the connection.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let session = Session::open(&Settings::parse(url)?).await?;
        Ok(Self {
            session,
            home: None,
        })
    }

    pub(crate) fn pooled(session: Arc<Session>, home: Home) -> Self {
        session.begin_hold();
        Self {
            session,
            home: Some(home),
        }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Whether it is neither broken nor older than its pool allows.
    pub(crate) fn is_fresh(&self) -> bool {
        let is_old = |home: &Home| home.is_old(&self.session);
        !self.session.is_closed() && !self.home.as_ref().is_some_and(is_old)
    }

    /// Begins a transaction. If it is dropped before it is committed, it is rolled back.
    ///
    /// BEGIN is sent with the first statement, in one round trip.
    ///
    /// # Errors
    ///
    /// When the connection is broken.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        let options = TransactionOptions::new();
        Transaction::start(self.session(), &options, Origin::Transaction).await
    }

    /// Begins a transaction with options, such as another isolation level or settings.
    ///
    /// ```no_run
    /// # async fn example(connection: &mut howdah::Connection) -> Result<(), howdah::Error> {
    /// use howdah::TransactionOptions;
    ///
    /// let report = TransactionOptions::new().repeatable_read().read_only();
    /// let transaction = connection.begin_with(&report).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// The [`timeout`](TransactionOptions::timeout) is then enforced by the server only.
    ///
    /// # Errors
    ///
    /// When the connection is broken, or the server refuses a setting. With [`TransactionOptions::retry`], the error has
    /// the kind [`Configuration`](crate::ErrorKind::Configuration): only [`transaction_with`](Self::transaction_with) can
    /// run a transaction again.
    pub async fn begin_with(
        &mut self,
        options: &TransactionOptions,
    ) -> Result<Transaction<'_>, Error> {
        options.check_begun_by_hand()?;
        Transaction::start(self.session(), options, Origin::Transaction).await
    }

    /// Runs `body` in a transaction. It is committed if `body` returns `Ok`, and rolled back otherwise.
    /// See [`Pool::transaction`](crate::Pool::transaction).
    ///
    /// # Errors
    ///
    /// The error of `body`, or an error if the transaction cannot begin or commit.
    pub async fn transaction<T, E, F>(&mut self, body: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        self.begin().await?.run(body).await
    }

    /// Runs `body` in a transaction with options. All attempts run on this connection.
    /// See [`Pool::transaction_with`](crate::Pool::transaction_with).
    ///
    /// # Errors
    ///
    /// The error of `body`, or an error if the transaction cannot begin or commit, or if the deadline passes.
    pub async fn transaction_with<T, E, F>(
        &mut self,
        options: &TransactionOptions,
        body: F,
    ) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
        E: From<Error>,
    {
        transaction::run_on(self, options, body).await
    }

    /// Runs a script of any number of statements. They cannot have parameters, and their rows are not returned.
    ///
    /// # Errors
    ///
    /// When a statement fails. Then the statements before it in the script are rolled back as well.
    #[doc(alias("execute", "raw_sql", "simple_query"))]
    pub async fn batch_execute(&self, sql: &str) -> Result<(), Error> {
        self.session().script(sql).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let home = self.home.take();
        self.session.end_hold();
        if self.session.is_reusable() {
            if let Some(home) = home {
                home.receive(Arc::clone(&self.session));
            }
            return;
        }
        let left = Left {
            session: Arc::clone(&self.session),
            home,
        };
        if !self.session.is_closed()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move {
                // If this fails, the session is closed.
                let _ = left.session.settle().await;
                drop(left);
            });
        }
    }
}

/// A session that is cleaned up before it goes back to its pool.
struct Left {
    session: Arc<Session>,
    home: Option<Home>,
}

impl Drop for Left {
    fn drop(&mut self) {
        match (self.home.take(), self.session.is_reusable()) {
            (Some(home), true) => home.receive(Arc::clone(&self.session)),
            (None, true) => {}
            // A transaction left open holds locks.
            (_, false) => self.session.close(),
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}
