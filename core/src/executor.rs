//! What a query can run on: a pool, a connection or a transaction. Each turns into the same small
//! handle, so that the code behind it exists once.

use std::{ops::Deref, pin::Pin, sync::Arc, time::Duration};

#[cfg(feature = "tracing")]
use crate::observe::Repeats;
use crate::{
    Connection, Error, Multiplexed, Pool, Replica, Transaction, Within,
    pool::{Holder, SharedConnection},
    session::Session,
};

/// Something that queries run on: `&Pool`, `&Connection`, `&Transaction`, or what these are made into.
#[diagnostic::on_unimplemented(
    message = "queries cannot run on `{Self}`",
    note = "pass a reference to a `howdah::Pool`, `howdah::Connection` or `howdah::Transaction`"
)]
pub trait Executor: sealed::Sealed {
    /// The same, with a deadline for each query: what is not done in time, waiting for a connection included, is cancelled
    /// on the server and is an error of the kind [`Timeout`](crate::ErrorKind::Timeout).
    ///
    /// Outside of a transaction the server is told as well, as its `statement_timeout` for this query; of COPY it is not. That
    /// has a deadline for all of it, from its beginning until the last row was handed over or taken.
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
    fn within(&self, limit: Duration) -> Within<'_, Self> {
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
        Handle::new(Source::Session(Transaction::session(self)))
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

/// Where a query gets its session from, and how long it may take.
#[derive(Clone, Copy)]
pub struct Handle<'e> {
    source: Source<'e>,
    limit: Option<Duration>,
}

#[derive(Clone, Copy)]
enum Source<'e> {
    Pool(&'e Pool),
    Multiplexed(&'e Multiplexed),
    Replica(Replica<'e>),
    Session(&'e Session),
    /// The same, for one of several statements that belong together.
    Together(&'e Session),
}

impl<'e> Handle<'e> {
    pub(crate) fn multiplexed(executor: &'e Multiplexed) -> Self {
        Self::new(Source::Multiplexed(executor))
    }

    fn new(source: Source<'e>) -> Self {
        Self {
            source,
            limit: None,
        }
    }

    pub(crate) fn on_replica(replica: Replica<'e>) -> Self {
        Self::new(Source::Replica(replica))
    }

    /// The same, for a query that only reads: where the pool has standbys for such, on one of them.
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

    /// The same, on a session that was taken already, for one of several statements that belong together.
    pub(crate) fn on<'s>(self, session: &'s Session) -> Handle<'s> {
        Handle {
            source: Source::Together(session),
            limit: self.limit(),
        }
    }

    /// The same, with a deadline. The nearest of several counts.
    pub(crate) fn limited(self, limit: Duration) -> Self {
        let limit = self.limit.map_or(limit, |other| other.min(limit));
        Self {
            limit: Some(limit),
            ..self
        }
    }

    /// How long the query may take.
    pub(crate) fn limit(self) -> Option<Duration> {
        match self.source {
            Source::Pool(pool) => self.limit.or(pool.query_timeout()),
            Source::Replica(replica) => self.limit.or(replica.pool().query_timeout()),
            // The pool's own deadline is a setting of the session.
            Source::Multiplexed(_) | Source::Session(_) | Source::Together(_) => self.limit,
        }
    }

    /// How long a query may take before it is warned of.
    #[cfg(feature = "tracing")]
    pub(crate) fn slow_query(self) -> Option<Duration> {
        match self.source {
            Source::Pool(pool) => pool.slow_query(),
            Source::Replica(replica) => replica.pool().slow_query(),
            Source::Multiplexed(multiplexed) => multiplexed.pool().slow_query(),
            Source::Session(session) | Source::Together(session) => session.slow_query(),
        }
    }

    /// Who counts it, if it is to be counted.
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

    /// What tells apart the times that sessions were taken for, where one was.
    #[cfg(feature = "tracing")]
    pub(crate) fn hold(&self) -> Option<u64> {
        match self.source {
            Source::Session(session) | Source::Together(session) => Some(session.hold()),
            _ => None,
        }
    }

    /// The same, of which a session is nobody else's while it is used.
    pub(crate) fn exclusive(self) -> Self {
        match self.source {
            Source::Multiplexed(multiplexed) => Self {
                source: Source::Pool(multiplexed.pool()),
                ..self
            },
            _ => self,
        }
    }

    /// A session for more than one statement, taken from the pool where there is a pool.
    pub(crate) async fn session(self) -> Result<SessionGuard<'e>, Error> {
        self.exclusive().session_for(Holder::Query(None)).await
    }

    /// A session for a single statement, whose result is read as it comes; `holder` is named should the pool be exhausted.
    pub(crate) async fn session_for(self, holder: Holder) -> Result<SessionGuard<'e>, Error> {
        match self.source {
            Source::Pool(pool) => Ok(SessionGuard::Pooled(pool.take(holder).await?)),
            Source::Replica(replica) => {
                // Boxed and without its type, as it runs queries itself.
                let taking: Pin<Box<dyn Future<Output = _> + Send + 'e>> =
                    Box::pin(replica.take(holder));
                Ok(SessionGuard::Pooled(taking.await?))
            }
            Source::Session(session) | Source::Together(session) => {
                Ok(SessionGuard::Borrowed(session))
            }
            // The setting of a deadline would be that of others, too.
            Source::Multiplexed(multiplexed) => match self.limit {
                None => multiplexed.session(holder).await,
                Some(_) => Ok(SessionGuard::Pooled(multiplexed.pool().take(holder).await?)),
            },
        }
    }
}

/// A session while a statement runs: taken from the pool for it, or somebody else's.
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
