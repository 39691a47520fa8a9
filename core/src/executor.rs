//! What a query can run on: a pool, a connection or a transaction. Each turns into the same small
//! handle, so that the code behind it exists once.

use std::{ops::Deref, sync::Arc};

use crate::{Connection, Error, Pool, Transaction, session::Session};

/// Something that queries run on: `&Pool`, `&Connection`, `&Transaction`.
#[diagnostic::on_unimplemented(
    message = "queries cannot run on `{Self}`",
    note = "pass a reference to a `howdah::Pool`, `howdah::Connection` or `howdah::Transaction`"
)]
pub trait Executor: sealed::Sealed {
    #[doc(hidden)]
    fn handle(&self) -> Handle<'_>;
}

mod sealed {
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
        Handle(Source::Pool(self))
    }
}

impl Executor for Connection {
    fn handle(&self) -> Handle<'_> {
        Handle(Source::Session(Connection::session(self)))
    }
}

impl Executor for Transaction<'_> {
    fn handle(&self) -> Handle<'_> {
        Handle(Source::Session(Transaction::session(self)))
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

/// Where a query gets its session from.
#[derive(Clone, Copy)]
pub struct Handle<'e>(Source<'e>);

#[derive(Clone, Copy)]
enum Source<'e> {
    Pool(&'e Pool),
    Session(&'e Session),
}

impl<'e> Handle<'e> {
    pub(crate) async fn session(self) -> Result<SessionGuard<'e>, Error> {
        match self.0 {
            Source::Pool(pool) => Ok(SessionGuard::Pooled(pool.get().await?)),
            Source::Session(session) => Ok(SessionGuard::Borrowed(session)),
        }
    }
}

/// A session while a statement runs: taken from the pool for it, or somebody else's.
pub(crate) enum SessionGuard<'e> {
    Pooled(Connection),
    Borrowed(&'e Session),
}

impl Deref for SessionGuard<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        match self {
            Self::Pooled(connection) => connection.session(),
            Self::Borrowed(session) => session,
        }
    }
}
