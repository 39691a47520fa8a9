//! Transactions of a pool: each on a connection of its own, which the pool has back at their end.

use std::panic::Location;

use super::{Holder, Pool};
use crate::{Error, Transaction, TransactionOptions, transaction};

impl Pool {
    /// Begins a transaction on a connection of its own, which goes back to the pool when the transaction ends. It is rolled
    /// back when dropped before it is committed.
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
    /// [`transaction`](Self::transaction) cannot forget the `commit`.
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

    /// The same, of a transaction of another isolation level, with settings of its own, or otherwise unlike the default.
    /// Of a [`timeout`](TransactionOptions::timeout) only the server is told.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin), or when the server refuses a setting; and of the kind
    /// [`Configuration`](ErrorKind::Configuration) when it is to be run again ([`TransactionOptions::retry`]), which takes
    /// [`transaction_with`](Self::transaction_with).
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

    /// Runs `body` in a transaction: committed when it returns `Ok`, else rolled back, also when the
    /// future is dropped.
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
    /// # Errors
    ///
    /// When `body` fails, with its error, or when the transaction cannot begin or commit.
    #[track_caller]
    pub fn transaction<T, E, F>(&self, body: F) -> impl Future<Output = Result<T, E>>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        let connection = self.get();
        async move { connection.await?.transaction(body).await }
    }

    /// Runs `body` in a transaction as [`TransactionOptions`] say: of another isolation level, with settings of its own,
    /// under a deadline, or run again when a concurrent transaction was to blame.
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
    /// Each attempt runs a clone of `body`: it can use what is around it by reference, but cannot change it.
    ///
    /// # Errors
    ///
    /// When `body` fails, with its error, when the transaction cannot begin or commit, or when the deadline passes.
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
