//! The pool of connections, on `deadpool`. Taking one costs no round trip: a broken connection is
//! seen by its closed socket, and one that is not clean was closed when it came back.

use std::{fmt, pin::Pin, time::Duration};

use deadpool::{
    Runtime,
    managed::{
        self, Metrics, PoolError, QueueMode, RecycleError, RecycleResult, TimeoutType, Timeouts,
    },
};

use crate::{Connection, Error, ErrorKind, Transaction, session::Session, settings::Settings};

/// Takes a connection if one is free or may be made.
const AT_ONCE: Timeouts = Timeouts {
    wait: Some(Duration::ZERO),
    create: None,
    recycle: None,
};

/// A pool of connections. Clones share it.
///
/// ```no_run
/// # async fn example() -> Result<(), howdah::Error> {
/// let pool = howdah::Pool::connect("postgres://app@db.example.com/app?sslmode=verify-full").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool(managed::Pool<Manager>);

impl Pool {
    /// A pool with default settings, after one connection was made to see that they work.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, or the server cannot be reached or refuses.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let pool = Self::builder(url)?.build()?;
        drop(pool.get().await?);
        Ok(pool)
    }

    /// Settings for a pool of connections to `url`.
    ///
    /// The URL is libpq's, as `postgres://user:password@host:port/database?option=value` or as
    /// `host=… user=…`, with libpq's meaning of `sslmode` and `sslrootcert`
    /// ([Database Connection Control Functions](https://www.postgresql.org/docs/current/libpq-connect.html)).
    /// The default, `sslmode=prefer`, encrypts where the server offers it and verifies nothing; write
    /// `verify-full` across any network you do not own.
    ///
    /// # Errors
    ///
    /// When the URL is malformed.
    pub fn builder(url: &str) -> Result<PoolBuilder, Error> {
        let cores = std::thread::available_parallelism().map_or(4, usize::from);
        Ok(PoolBuilder {
            settings: Settings::parse(url)?,
            max_size: cores * 2,
            wait_timeout: Duration::from_secs(30),
        })
    }

    /// Takes a connection out of the pool, or waits for one.
    ///
    /// # Errors
    ///
    /// When none becomes free in time, or a new one cannot be made.
    pub async fn get(&self) -> Result<Connection, Error> {
        // Where one is free no timer is needed; whoever waits for one already has it before this call.
        let taken = match self.0.timeout_get(&AT_ONCE).await {
            Err(PoolError::Timeout(TimeoutType::Wait)) => Box::pin(self.0.get()).await,
            taken => taken,
        };
        taken
            .map(Connection::pooled)
            .map_err(|error| self.explain(error))
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
    pub async fn transaction<T, E, F>(&self, body: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        self.get().await?.transaction(body).await
    }

    /// Runs a script: any number of statements, without parameters and without rows.
    ///
    /// # Errors
    ///
    /// When a statement fails; the ones before it in the script are rolled back with it.
    pub async fn batch_execute(&self, sql: &str) -> Result<(), Error> {
        self.get().await?.batch_execute(sql).await
    }

    /// Closes the pool: connections are closed when they come back, and waiting ends in an error.
    pub fn close(&self) {
        self.0.close();
    }

    #[cold]
    fn explain(&self, error: PoolError<Error>) -> Error {
        match error {
            PoolError::Backend(error) => error,
            PoolError::Timeout(TimeoutType::Wait) => {
                let size = self.0.status().max_size;
                let message = format!("no connection became free in time; all {size} are in use");
                Error::new(ErrorKind::Pool, message)
            }
            PoolError::Closed => Error::new(ErrorKind::Pool, "the pool is closed"),
            other => Error::new(ErrorKind::Pool, other.to_string()),
        }
    }
}

/// Shows size and use, and where the pool connects to; never a password.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.0.status();
        f.debug_struct("Pool")
            .field("settings", &self.0.manager().0)
            .field("max_size", &status.max_size)
            .field("size", &status.size)
            .field("available", &status.available)
            .finish()
    }
}

/// Settings of a [`Pool`].
///
/// ```no_run
/// # fn example() -> Result<(), howdah::Error> {
/// let pool = howdah::Pool::builder("postgres://localhost/app")?.max_size(16).build()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PoolBuilder {
    settings: Settings,
    max_size: usize,
    wait_timeout: Duration,
}

impl PoolBuilder {
    /// The most connections that are open at once; twice the number of cores unless set.
    #[must_use]
    pub fn max_size(mut self, connections: usize) -> Self {
        self.max_size = connections;
        self
    }

    /// How long to wait for a connection when all are in use; 30 seconds unless set.
    #[must_use]
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.wait_timeout = timeout;
        self
    }

    /// How long a new connection may take, authentication included; the URL's `connect_timeout`
    /// or else 10 seconds unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How many prepared statements each connection keeps; 256 unless set. With 0, each query is
    /// prepared anew.
    #[must_use]
    pub fn statement_cache(mut self, statements: usize) -> Self {
        self.settings.statements = statements;
        self
    }

    /// The pool. It connects when it is first used.
    ///
    /// # Errors
    ///
    /// When a setting makes no sense.
    pub fn build(self) -> Result<Pool, Error> {
        if self.max_size == 0 {
            return Err(Error::new(
                ErrorKind::Configuration,
                "a pool needs at least one connection",
            ));
        }
        managed::Pool::builder(Manager(self.settings))
            .max_size(self.max_size)
            .wait_timeout(Some(self.wait_timeout))
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .map(Pool)
            .map_err(|error| Error::new(ErrorKind::Configuration, error.to_string()))
    }
}

/// How the pool makes and checks connections.
pub(crate) struct Manager(Settings);

impl managed::Manager for Manager {
    type Type = Box<Session>;
    type Error = Error;

    async fn create(&self) -> Result<Box<Session>, Error> {
        // Boxed and without its type, as connecting is rare: else each query's future would hold it,
        // and its depth would count towards the compiler's limits in the user's crate.
        let connecting: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(self.0.connect());
        connecting.await.map(Box::new)
    }

    async fn recycle(&self, session: &mut Box<Session>, _: &Metrics) -> RecycleResult<Error> {
        match session.is_reusable() {
            true => Ok(()),
            false => Err(RecycleError::message("the connection is closed")),
        }
    }
}
