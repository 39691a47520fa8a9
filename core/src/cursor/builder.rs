//! A cursor before it is opened.

use std::{
    fmt,
    marker::PhantomData,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use postgres_protocol::escape::escape_identifier;

use super::{Cursor, Step};
use crate::{
    DynamicQuery, Error, Executor, Many, Param, Query, RowType, Transaction,
    executor::Handle,
    query::{Call, SqlSource, Text, rows::each},
};

impl<'a, R: RowType> Query<'a, Many<R>> {
    /// A cursor over the rows of this query, before it is opened.
    ///
    /// ```no_run
    /// # use howdah::{Error, Many, Query, Transaction, Value};
    /// # fn names() -> Query<'static, Many<Value<String>>> { unimplemented!() }
    /// # async fn example(tx: &Transaction<'_>) -> Result<(), Error> {
    /// let mut cursor = names().cursor().open(tx).await?;
    /// loop {
    ///     let names = cursor.fetch(100).await?;
    ///     if names.is_empty() {
    ///         break;
    ///     }
    ///     for name in names {
    ///         howdah::query("insert into seen (name) values ($1)").bind(name).execute(tx).await?;
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn cursor(self) -> CursorBuilder<'a, R> {
        let (text, params) = self.into_parts();
        CursorBuilder::new(text, params)
    }
}

impl<'a> DynamicQuery<'a> {
    /// A cursor over the rows of this query, before it is opened.
    pub fn cursor<R: RowType>(self) -> CursorBuilder<'a, R> {
        let (text, params) = self.into_parts();
        CursorBuilder::new(text, params)
    }
}

/// A cursor before it is opened; see [`Query::cursor`].
#[must_use = "a cursor does nothing until it is opened"]
pub struct CursorBuilder<'a, R> {
    query: Text,
    params: Vec<Param<'a>>,
    name: Option<String>,
    scroll: bool,
    row_type: PhantomData<fn() -> R>,
}

impl<'a, R: RowType> CursorBuilder<'a, R> {
    fn new(query: Text, params: Vec<Param<'a>>) -> Self {
        Self {
            query,
            params,
            name: None,
            scroll: false,
            row_type: PhantomData,
        }
    }

    /// Gives the cursor a name, for `update … where current of name`. Without this, it gets a unique name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Lets the cursor move backwards and to any row. The server may have to keep the rows for this.
    pub fn scroll(mut self) -> Self {
        self.scroll = true;
        self
    }

    /// Opens the cursor in a transaction. It is closed at the end of the transaction.
    ///
    /// # Errors
    ///
    /// When the server refuses, or the rows do not fit `R`.
    pub async fn open<'e>(self, transaction: &'e Transaction<'_>) -> Result<Cursor<'e, R>, Error> {
        self.declare(transaction.handle(), "WITHOUT HOLD").await
    }

    /// Opens a cursor that needs no transaction. The server runs the query to its end and keeps the rows until the
    /// cursor is closed or dropped. If `executor` is a pool, the cursor keeps a connection until then. A deadline of
    /// `executor` applies to opening the cursor, and to each call that fetches rows.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_held<'e, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<Cursor<'e, R>, Error>> + Send + use<'a, 'e, R, E> {
        self.declare(executor.handle(), "WITH HOLD")
    }

    async fn declare<'e>(self, handle: Handle<'e>, hold: &str) -> Result<Cursor<'e, R>, Error> {
        let Self {
            query,
            params,
            name,
            scroll,
            ..
        } = self;
        let name = escape_identifier(&name.unwrap_or_else(unique_name));
        let scroll = if scroll { "SCROLL" } else { "NO SCROLL" };
        let before = format!("DECLARE {name} {scroll} CURSOR {hold} FOR ");
        let declare = format!("{before}{}", query.sql());
        let declare = query.clone().with_sql(SqlSource::Shared(declare.into()));
        let session = handle.session().await.map_err(|error| query.blame(error))?;
        session
            .needs_server("a cursor")
            .map_err(|error| query.blame(error))?;
        // If this future is dropped, the cursor is closed; but not in a transaction, which would fail if the cursor
        // does not exist yet.
        let closed = session.is_in_transaction();
        let mut cursor = Cursor {
            session,
            query,
            name,
            limit: handle.limit(),
            step: None,
            closed,
            row_type: PhantomData,
        };
        let session = &cursor.session;
        let call = Call {
            handle: handle.on(session),
            text: &declare,
            params: &params,
        };
        let declared = each(&call, &[], &mut |_| Ok(())).await;
        // Unless it was given, the name is unique, so that this statement is never used again.
        session.forget(&declare);
        cursor.closed = declared.is_err();
        if let Err(error) = declared {
            let error = error.shifted(before.chars().count());
            return Err(cursor.query.blame(error));
        }
        // Describes the rows at once, so that types that do not fit are an error here.
        let Cursor {
            session,
            query,
            name,
            step,
            ..
        } = &mut cursor;
        Step::prepare::<R>(step, "FETCH FORWARD 0".to_owned(), session, query, name).await?;
        Ok(cursor)
    }
}

impl<R> fmt::Debug for CursorBuilder<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CursorBuilder")
            .field("sql", &self.query.sql())
            .finish_non_exhaustive()
    }
}

/// A name that is unique in this program.
fn unique_name() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("howdah_cursor_{}", LAST.fetch_add(1, Relaxed) + 1)
}
