//! Transactions of a pool. Each has its own connection, which goes back to the pool at the end.

use std::panic::Location;

use super::{Holder, Pool};
use crate::{Error, Transaction, TransactionOptions, executor::Origin, transaction};

impl Pool {
    /// Begins a transaction on its own connection, which goes back to the pool at the end of the transaction. If the
    /// transaction is dropped before it is committed, it is rolled back.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// let tx = pool.begin().await?;
    /// howdah::query("update accounts set balance = balance - 10 where id = 1").execute(&tx).await?;
    /// howdah::query("update accounts set balance = balance + 10 where id = 2").execute(&tx).await?;
    /// tx.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// With [`transaction`](Self::transaction), you cannot forget the `commit`.
    ///
    /// # Errors
    ///
    /// When no connection becomes free in time, or a new one cannot be made.
    #[track_caller]
    pub fn begin(
        &self,
    ) -> impl Future<Output = Result<Transaction<'static>, Error>> + Send + use<'_> {
        let connection = self.get();
        async move { Transaction::begin_with_own(connection.await?, &TransactionOptions::new()).await }
    }

    /// Begins a transaction with options, such as another isolation level or settings. The
    /// [`timeout`](TransactionOptions::timeout) is then enforced by the server only.
    ///
    /// # Errors
    ///
    /// Those of [`begin`](Self::begin), or when the server refuses a setting. With [`TransactionOptions::retry`], the
    /// error has the kind [`Configuration`](crate::ErrorKind::Configuration): only
    /// [`transaction_with`](Self::transaction_with) can run a transaction again.
    #[track_caller]
    pub fn begin_with<'e>(
        &'e self,
        options: &'e TransactionOptions,
    ) -> impl Future<Output = Result<Transaction<'static>, Error>> + Send + use<'e> {
        let connection = self.get();
        async move {
            options.check_begun_by_hand()?;
            Transaction::begin_with_own(connection.await?, options).await
        }
    }

    /// Runs `body` in a transaction. The transaction is committed if `body` returns `Ok`. Otherwise it is rolled back, and
    /// also if the future is dropped.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// let moved = pool
    ///     .transaction(async |tx| {
    ///         howdah::query("update accounts set balance = balance - 10 where id = 1").execute(tx).await?;
    ///         howdah::query("update accounts set balance = balance + 10 where id = 2").execute(tx).await
    ///     })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// The body is an async closure, `async |tx| …`; an `|tx| async move { … }` cannot borrow the transaction. If it ends in
    /// `Ok(())` and the function around it returns another error than [`Error`], such as a `Box<dyn Error>`, say what the
    /// body's error is:
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), Box<dyn std::error::Error>> {
    /// pool.transaction(async |tx| {
    ///     howdah::query("delete from accounts where balance = 0").execute(tx).await?;
    ///     Ok::<_, howdah::Error>(())
    /// })
    /// .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The error of `body`, or an error if the transaction cannot begin or commit.
    #[track_caller]
    pub fn transaction<T, E, F>(&self, body: F) -> impl Future<Output = Result<T, E>>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        let connection = self.get();
        async move {
            let (connection, options) = (connection.await?, TransactionOptions::new());
            let origin = Origin::PooledTransaction;
            let transaction = Transaction::start(connection.session(), &options, origin).await?;
            transaction.run(body).await
        }
    }

    /// Runs `body` in a transaction with options: another isolation level, settings, a deadline, or further attempts after
    /// a conflict with a concurrent transaction.
    ///
    /// Because each attempt runs a clone of `body`, it is `Clone` with any options: the closure can use variables around it
    /// by reference, but cannot change them. Where it has to, use [`begin_with`](Self::begin_with).
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// use howdah::{TransactionOptions, Value, query};
    ///
    /// let options = TransactionOptions::new().serializable().retry(5);
    /// let total = pool
    ///     .transaction_with(&options, async |tx| {
    ///         query("update accounts set balance = balance - 10 where id = 1").execute(tx).await?;
    ///         query("select sum(balance)::int8 from accounts").fetch_one::<Value<i64>>(tx).await
    ///     })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The error of `body`, or an error if the transaction cannot begin or commit, or if the deadline passes.
    #[track_caller]
    pub fn transaction_with<T, E, F>(
        &self,
        options: &TransactionOptions,
        body: F,
    ) -> impl Future<Output = Result<T, E>>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
        E: From<Error>,
    {
        transaction::run(self, Holder::Code(Location::caller()), options, body)
    }
}
