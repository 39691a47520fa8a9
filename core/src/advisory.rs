//! Advisory locks ([Explicit Locking](https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS)): of
//! a transaction, until it ends, or of a session, until its guard is dropped. A lock never outlives its guard on a
//! connection that has gone back to a pool.

use std::fmt;

use crate::{
    Connection, DynamicQuery, Error, Executor, Pool, Transaction, Value,
    executor::{Handle, sealed::Sealed},
    query,
};

/// The key of an advisory lock: a number, two numbers, or a name.
///
/// Numbers are the arguments of `pg_advisory_lock(bigint)` and `pg_advisory_lock(int, int)`. A name becomes a number by the
/// 64-bit FNV-1a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockKey {
    name: Name,
    shared: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    One(i64),
    Two(i32, i32),
}

impl LockKey {
    /// Makes it a shared lock: several sessions can hold it at once, if all of them share it.
    #[must_use]
    pub fn shared(self) -> Self {
        Self {
            shared: true,
            ..self
        }
    }

    /// Calls a function with the key, or its variant for shared locks.
    fn call(self, function: &'static str) -> DynamicQuery<'static> {
        let shared = if self.shared { "_shared" } else { "" };
        match self.name {
            Name::One(key) => query(format!("select {function}{shared}($1)")).bind(key),
            Name::Two(one, two) => query(format!("select {function}{shared}($1, $2)"))
                .bind(one)
                .bind(two),
        }
    }
}

impl From<i64> for LockKey {
    fn from(key: i64) -> Self {
        Self {
            name: Name::One(key),
            shared: false,
        }
    }
}

impl From<(i32, i32)> for LockKey {
    fn from((one, two): (i32, i32)) -> Self {
        Self {
            name: Name::Two(one, two),
            shared: false,
        }
    }
}

impl From<&str> for LockKey {
    fn from(name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self::from(hash.cast_signed())
    }
}

impl Transaction<'_> {
    /// Waits for an advisory lock. It is held until the end of the transaction.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// pool.transaction(async |tx| {
    ///     tx.lock("nightly report").await?;
    ///     howdah::query("insert into reports select * from new_reports").execute(tx).await
    /// })
    /// .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When the transaction has failed already, the wait ends in a deadlock, or the connection is broken.
    pub async fn lock(&self, key: impl Into<LockKey>) -> Result<(), Error> {
        let taking = key.into().call("pg_advisory_xact_lock");
        taking.execute(self).await.map(drop)
    }

    /// Takes an advisory lock if it is free, and returns whether it was. The lock is held until the end of the transaction.
    ///
    /// # Errors
    ///
    /// When the transaction has failed already, or the connection is broken.
    pub async fn try_lock(&self, key: impl Into<LockKey>) -> Result<bool, Error> {
        let taking = key.into().call("pg_try_advisory_xact_lock");
        taking.fetch_one::<Value<bool>>(self).await
    }
}

impl Pool {
    /// Waits for an advisory lock. It is held until the returned guard is dropped.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// let lock = pool.lock("nightly report").await?;
    /// // Only one process at a time comes here.
    /// lock.release().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When no connection becomes free in time, or it is broken.
    pub async fn lock(&self, key: impl Into<LockKey>) -> Result<AdvisoryLock, Error> {
        let lock = AdvisoryLock::on(self.get().await?, key.into())?;
        lock.key
            .call("pg_advisory_lock")
            .execute(&lock.connection)
            .await?;
        Ok(lock)
    }

    /// Takes an advisory lock if it is free. `None` if it is not. The lock is held until the returned guard is dropped.
    ///
    /// # Errors
    ///
    /// When no connection becomes free in time, or it is broken.
    pub async fn try_lock(&self, key: impl Into<LockKey>) -> Result<Option<AdvisoryLock>, Error> {
        let mut lock = AdvisoryLock::on(self.get().await?, key.into())?;
        let taken = lock
            .key
            .call("pg_try_advisory_lock")
            .fetch_one::<Value<bool>>(&lock.connection)
            .await?;
        lock.released = !taken;
        Ok(taken.then_some(lock))
    }
}

/// An advisory lock of a session. It owns the connection that holds the lock, and you can run queries on it. The lock is
/// released when this value is dropped.
pub struct AdvisoryLock {
    connection: Connection,
    key: LockKey,
    released: bool,
}

impl AdvisoryLock {
    /// Makes the guard before asking for the lock, so that the lock is also released if the wait is cancelled.
    fn on(connection: Connection, key: LockKey) -> Result<Self, Error> {
        let session = connection.session();
        session.needs_server("an advisory lock of a session")?;
        Ok(Self {
            connection,
            key,
            released: false,
        })
    }

    /// The connection that holds the lock, for transactions under it.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Releases the lock, and waits until it is released.
    ///
    /// # Errors
    ///
    /// When the connection is broken. Then the server releases the lock by itself.
    pub async fn release(mut self) -> Result<(), Error> {
        let releasing = self.key.call("pg_advisory_unlock");
        releasing.execute(&self.connection).await?;
        self.released = true;
        Ok(())
    }
}

impl Sealed for AdvisoryLock {}

impl Executor for AdvisoryLock {
    fn handle(&self) -> Handle<'_> {
        self.connection.handle()
    }
}

impl Drop for AdvisoryLock {
    fn drop(&mut self) {
        if !self.released {
            self.connection.session().unlock_soon();
        }
    }
}

impl fmt::Debug for AdvisoryLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdvisoryLock")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
