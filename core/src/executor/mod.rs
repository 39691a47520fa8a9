//! What a query can run on: a pool, a connection or a transaction. Each is converted to the same small handle, so that
//! the code behind it is compiled once.

pub(crate) mod deadline;
pub(crate) mod running;

use std::{ops::Deref, pin::Pin, sync::Arc, time::Duration};

use tokio::time::Instant;

use self::deadline::{Deadline, time_after};
#[cfg(feature = "tracing")]
use crate::observe::Repeats;
use crate::{
    Connection, Error, Multiplexed, Pool, Replica, Transaction, Within,
    pool::{Holder, SharedConnection},
    session::Session,
};

/// Something that queries run on, by reference:
///
/// | | |
/// | --- | --- |
/// | [`Pool`] | takes a connection for each query |
/// | [`Connection`], [`Transaction`], [`AdvisoryLock`](crate::AdvisoryLock) | run all of them on one connection |
/// | [`Multiplexed`] | runs those of many tasks on few connections; see [`Pool::multiplexed`] |
/// | [`Replica`] | runs what only reads on a standby; see [`Pool::replica`] |
/// | [`Within`] | any of these, with a deadline; see [`within`](Self::within) |
///
/// References and `Arc`s to one are executors, too: `&E`, `&mut E`, `Arc<E>`. Generic code takes `&impl Executor`, or
/// `&E` where `E: Executor + ?Sized`:
///
/// ```no_run
/// use howdah::{Error, Executor, Value, query};
///
/// async fn count(executor: &impl Executor) -> Result<i64, Error> {
///     query("select count(*) from places").fetch_one::<Value<i64>>(executor).await
/// }
/// ```
///
/// On a pool, `begin`, `set` and `listen` by themselves are errors: they affect one connection, and the next query may
/// run on another. So they are in a [`batch`](crate::batch), whose queries are independent of each other. In a transaction,
/// `begin` is an error, and in one of a pool so is a `set` without `local`, which the next user of the connection would have.
///
/// `&dyn Executor` works as well, for a struct that holds either a pool or a transaction. A deadline is set on a
/// reference to it, as `(&executor).within(limit)`.
#[diagnostic::on_unimplemented(
    message = "queries cannot run on `{Self}`",
    note = "pass a reference to a `howdah::Pool`, `Connection`, `Transaction`, `AdvisoryLock`, `Multiplexed`, `Replica` or \
            `Within`"
)]
#[doc(alias("GenericClient", "PgExecutor"))]
pub trait Executor: sealed::Sealed + Send + Sync {
    /// The same executor with a deadline for each query, which includes the wait for a connection. A query that is not done
    /// in time is cancelled on the server, and returns an error of the kind [`Timeout`](crate::ErrorKind::Timeout).
    ///
    /// Outside of a transaction, the server also gets the limit, as its `statement_timeout` for this query, which is then reset
    /// to the session's default: set your own limit as that default, by `options=-c statement_timeout=30s` in the URL or by
    /// `alter role`, not by `set`, which is lost. The server does not get the limit
    /// for COPY, and not behind a pooler ([`unnamed_statements`](crate::PoolBuilder::unnamed_statements),
    /// [`single_statements`](crate::PoolBuilder::single_statements)). The deadline of a COPY is for all of it, from its
    /// beginning until the last row was sent or received.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// use std::time::Duration;
    /// use howdah::Executor;
    ///
    /// let soon = pool.within(Duration::from_millis(200));
    /// howdah::query("refresh materialized view totals").execute(&soon).await?;
    /// # Ok(()) }
    /// ```
    fn within(&self, limit: Duration) -> Within<'_, Self>
    where
        Self: Sized,
    {
        Within::new(self, limit)
    }

    #[doc(hidden)]
    fn handle(&self) -> Handle<'_>;
}

pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::Pool {}
    impl Sealed for crate::Connection {}
    impl Sealed for crate::Transaction<'_> {}
    impl<T: Sealed + ?Sized> Sealed for &T {}
    impl<T: Sealed + ?Sized> Sealed for &mut T {}
    impl<T: Sealed + ?Sized> Sealed for std::sync::Arc<T> {}
}

impl Executor for Pool {
    fn handle(&self) -> Handle<'_> {
        Handle::new(Source::Pool(self))
    }
}

impl Executor for Connection {
    fn handle(&self) -> Handle<'_> {
        Handle::new(Source::Session(Connection::session(self)))
    }
}

impl Executor for Transaction<'_> {
    fn handle(&self) -> Handle<'_> {
        Handle {
            origin: self.origin(),
            ..Handle::new(Source::Session(Transaction::session(self)))
        }
    }
}

macro_rules! pointers {
    ($($ty:ty)*) => {$(
        impl<T: Executor + ?Sized> Executor for $ty {
            fn handle(&self) -> Handle<'_> {
                T::handle(self)
            }
        }
    )*};
}

pointers! { &T &mut T Arc<T> }

/// The source of a query's session, and the query's deadline.
#[derive(Clone, Copy)]
pub struct Handle<'e> {
    source: Source<'e>,
    origin: Origin,
    limit: Option<Duration>,
    /// The time at which the query must be done, once it has begun.
    end: Option<Instant>,
}

#[derive(Clone, Copy)]
enum Source<'e> {
    Pool(&'e Pool),
    Multiplexed(&'e Multiplexed),
    Replica(Replica<'e>),
    Session(&'e Session),
    /// A session, for one of several statements that belong together.
    Together(&'e Session),
}

/// The kind of executor that a query was given, which decides the statements that are refused.
#[derive(Clone, Copy)]
pub(crate) enum Origin {
    /// Each query can get a different session.
    Pool,
    /// Several queries can run on a session at once.
    Multiplexed,
    /// All queries run on the same session.
    Session,
    /// The same, in a transaction.
    Transaction,
    /// The same, in a transaction at whose end the session goes back to its pool.
    PooledTransaction,
}

impl Source<'_> {
    fn origin(self) -> Origin {
        match self {
            Self::Pool(_) | Self::Replica(_) => Origin::Pool,
            Self::Multiplexed(_) => Origin::Multiplexed,
            Self::Session(_) | Self::Together(_) => Origin::Session,
        }
    }
}

impl<'e> Handle<'e> {
    pub(crate) fn multiplexed(executor: &'e Multiplexed) -> Self {
        Self::new(Source::Multiplexed(executor))
    }

    /// The handle for a further statement on a session that is already taken, with the limit of the first.
    pub(crate) fn further(session: &'e Session, limit: Option<Duration>) -> Self {
        Self {
            limit,
            ..Self::new(Source::Together(session))
        }
    }

    fn new(source: Source<'e>) -> Self {
        Self {
            source,
            origin: source.origin(),
            limit: None,
            end: None,
        }
    }

    pub(crate) fn on_replica(replica: Replica<'e>) -> Self {
        Self::new(Source::Replica(replica))
    }

    /// The handle for a query that only reads. If the pool sends such queries to standbys, it is one for a standby.
    pub(crate) fn for_reading(self) -> Self {
        match self.source {
            Source::Pool(pool) => match pool.replica_by_nature() {
                Some(replica) => Self {
                    source: Source::Replica(replica),
                    ..self
                },
                None => self,
            },
            _ => self,
        }
    }

    /// The handle for one of several statements that belong together, on a session that is already taken from this one.
    pub(crate) fn on<'s>(self, session: &'s Session) -> Handle<'s> {
        Handle {
            source: Source::Together(session),
            origin: self.origin,
            limit: self.limit(),
            end: self.end,
        }
    }

    /// The handle with a limit. The shortest of several limits counts.
    pub(crate) fn limited(self, limit: Duration) -> Self {
        let limit = self.limit.map_or(limit, |other| other.min(limit));
        Self {
            limit: Some(limit),
            ..self
        }
    }

    /// The time that the query may take.
    pub(crate) fn limit(self) -> Option<Duration> {
        self.limit.or_else(|| match self.source {
            Source::Pool(pool) => pool.query_timeout(),
            Source::Replica(replica) => replica.pool().query_timeout(),
            // The pool's own limit is a setting of the session, unless a pooler prevents that.
            Source::Multiplexed(multiplexed) => multiplexed.pool().untold_timeout(),
            Source::Session(session) | Source::Together(session) => session.untold_timeout(),
        })
    }

    /// The handle of a query that begins now.
    pub(crate) fn begun(self) -> Self {
        Self {
            end: self.limit().map(|limit| time_after(Instant::now(), limit)),
            ..self
        }
    }

    /// The deadline of the query. If the query has not begun, it begins now.
    pub(crate) fn deadline(self) -> Deadline {
        Deadline::new(self.end, self.limit())
    }

    /// The kind of executor that the query was given, also where a session was taken from it since.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// The duration after which a query is logged as slow.
    #[cfg(feature = "tracing")]
    pub(crate) fn slow_query(self) -> Option<Duration> {
        match self.source {
            Source::Pool(pool) => pool.slow_query(),
            Source::Replica(replica) => replica.pool().slow_query(),
            Source::Multiplexed(multiplexed) => multiplexed.pool().slow_query(),
            Source::Session(session) | Source::Together(session) => session.slow_query(),
        }
    }

    /// The counter of repeated queries, if this query is counted.
    #[cfg(feature = "tracing")]
    pub(crate) fn repeats(&self) -> Option<&Repeats> {
        match self.source {
            Source::Pool(pool) => pool.repeats(),
            Source::Replica(replica) => replica.pool().repeats(),
            Source::Multiplexed(multiplexed) => multiplexed.pool().repeats(),
            Source::Session(session) => session.repeats(),
            Source::Together(_) => None,
        }
    }

    /// The number of the current use of the session, if one is taken.
    #[cfg(feature = "tracing")]
    pub(crate) fn hold(&self) -> Option<u64> {
        match self.source {
            Source::Session(session) | Source::Together(session) => Some(session.hold()),
            _ => None,
        }
    }

    /// The handle whose session no other task uses at the same time.
    pub(crate) fn exclusive(self) -> Self {
        match self.source {
            Source::Multiplexed(multiplexed) => Self {
                source: Source::Pool(multiplexed.pool()),
                ..self
            },
            _ => self,
        }
    }

    /// A session for more than one statement, taken from the pool if there is a pool.
    pub(crate) async fn session(self) -> Result<SessionGuard<'e>, Error> {
        self.exclusive().session_for(Holder::Query(None)).await
    }

    /// A session for a single statement. If the pool is exhausted later, its error names `holder`.
    pub(crate) async fn session_for(self, holder: Holder) -> Result<SessionGuard<'e>, Error> {
        let deadline = self.deadline();
        match self.source {
            Source::Session(session) | Source::Together(session) => {
                Ok(SessionGuard::Borrowed(session))
            }
            Source::Pool(pool) if !deadline.is_set() => {
                Ok(SessionGuard::Pooled(pool.take(holder).await?))
            }
            Source::Multiplexed(multiplexed) if !deadline.is_set() => {
                multiplexed.session(holder).await
            }
            Source::Pool(pool) => self.session_until(deadline, pool, holder).await,
            Source::Multiplexed(multiplexed) => {
                let pool = multiplexed.pool();
                self.session_until(deadline, pool, holder).await
            }
            Source::Replica(replica) => {
                let pool = replica.pool();
                self.session_until(deadline, pool, holder).await
            }
        }
    }

    /// Like [`session_for`](Self::session_for), with a deadline or on a standby. It is boxed to keep the futures of
    /// queries small, because it is rare, and without its type, because choosing a standby runs queries itself.
    fn session_until(
        self,
        deadline: Deadline,
        pool: &'e Pool,
        holder: Holder,
    ) -> Pin<Box<dyn Future<Output = Result<SessionGuard<'e>, Error>> + Send + 'e>> {
        let taking = async move {
            let connection = match self.source {
                Source::Replica(replica) => replica.take(holder).await?,
                // A query with its own limit cannot share: the setting for it would apply to other tasks' queries, too.
                Source::Multiplexed(multiplexed) if self.limit.is_none() => {
                    return multiplexed.session(holder).await;
                }
                _ => pool.take(holder).await?,
            };
            Ok(SessionGuard::Pooled(connection))
        };
        Box::pin(deadline.bound_taking(pool, taking))
    }
}

/// The session that a statement runs on: taken from the pool for it, borrowed or shared.
pub(crate) enum SessionGuard<'e> {
    Pooled(Connection),
    Borrowed(&'e Session),
    Shared(SharedConnection<'e>),
}

impl Deref for SessionGuard<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        match self {
            Self::Pooled(connection) => connection.session(),
            Self::Borrowed(session) => session,
            Self::Shared(shared) => shared.session(),
        }
    }
}
