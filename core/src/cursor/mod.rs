//! Server-side cursors: the rows of a query, fetched a few at a time. In between, other statements can run on the same
//! connection, which a stream of rows does not allow.

mod builder;

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use futures_util::{Stream, stream};

pub use self::builder::CursorBuilder;
use crate::{
    Error, ErrorKind, Row, RowType,
    copy::describe::describe,
    executor::{Handle, SessionGuard, running::run},
    query::{Call, Text, rows::watched},
    row::plan::Plan,
    session::{Session, pack::Pack, statements::Prepared},
};

/// The most rows that can be fetched at once: FETCH and MOVE take an `int`.
const MOST: u32 = i32::MAX.unsigned_abs();

/// An open cursor. It is closed when dropped.
pub struct Cursor<'e, R> {
    session: SessionGuard<'e>,
    query: Text,
    /// The cursor's name, quoted.
    name: String,
    /// The time limit of each step.
    limit: Option<Duration>,
    /// The last step, prepared, because it is usually repeated.
    step: Option<Step>,
    closed: bool,
    row_type: PhantomData<fn() -> R>,
}

/// A prepared `FETCH` or `MOVE`.
struct Step {
    sql: Text,
    prepared: Prepared,
    plan: Arc<Plan>,
}

impl<'e, R: RowType> Cursor<'e, R> {
    /// Returns the next rows, at most `count` of them. Empty after the last.
    ///
    /// # Errors
    ///
    /// When the query fails while it runs, or a value does not fit.
    pub async fn fetch(&mut self, count: u32) -> Result<Vec<R::Output>, Error> {
        // For the server, a count of 0 means the current row again.
        if count == 0 {
            return Ok(Vec::new());
        }
        let count = count.min(MOST);
        self.rows(format!("FETCH FORWARD {count}")).await
    }

    /// Returns the rows before the current position, the nearest first, at most `count` of them.
    ///
    /// # Errors
    ///
    /// Those of [`fetch`](Self::fetch), or when the cursor was not opened with [`scroll`](CursorBuilder::scroll).
    pub async fn fetch_back(&mut self, count: u32) -> Result<Vec<R::Output>, Error> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let count = count.min(MOST);
        self.rows(format!("FETCH BACKWARD {count}")).await
    }

    /// Returns the row at this position: 1 is the first row, -1 the last, and 0 is before the first.
    ///
    /// # Errors
    ///
    /// Those of [`fetch_back`](Self::fetch_back), or when the position does not fit in PostgreSQL's `int`.
    pub async fn fetch_at(&mut self, position: i64) -> Result<Option<R::Output>, Error> {
        let position = self.counted(position)?;
        let rows = self.rows(format!("FETCH ABSOLUTE {position}")).await?;
        Ok(rows.into_iter().next())
    }

    /// Skips the next rows, at most `count` of them, and returns their number.
    ///
    /// # Errors
    ///
    /// When the query fails while it runs.
    pub async fn skip(&mut self, count: u32) -> Result<u64, Error> {
        if count == 0 {
            return Ok(0);
        }
        let sql = format!("MOVE FORWARD {}", count.min(MOST));
        self.run(sql, &mut |_| Ok(())).await
    }

    /// Moves to the row at this position, so that [`fetch`](Self::fetch) continues after it. 0 is before the first row.
    ///
    /// # Errors
    ///
    /// Those of [`fetch_at`](Self::fetch_at).
    pub async fn move_to(&mut self, position: i64) -> Result<(), Error> {
        let sql = format!("MOVE ABSOLUTE {}", self.counted(position)?);
        self.run(sql, &mut |_| Ok(())).await.map(drop)
    }

    /// Returns the remaining rows as a stream. It fetches `batch` rows at a time when it is polled, and keeps no more
    /// than these in memory.
    ///
    /// # Errors
    ///
    /// Items of the stream are the errors of [`fetch`](Self::fetch); the first is the last item.
    pub fn into_stream(
        self,
        batch: u32,
    ) -> impl Stream<Item = Result<R::Output, Error>> + Send + use<'e, R>
    where
        R: 'e,
    {
        let batch = batch.clamp(1, MOST);
        let begin = (self, Vec::new().into_iter(), false);
        stream::try_unfold(begin, move |(mut cursor, mut rows, mut ended)| async move {
            if rows.len() == 0 && !ended {
                let next = cursor.fetch(batch).await?;
                ended = next.len() < batch as usize;
                rows = next.into_iter();
            }
            Ok(rows.next().map(|row| (row, (cursor, rows, ended))))
        })
    }

    /// Closes the cursor, and waits until it is closed.
    ///
    /// # Errors
    ///
    /// When the transaction has failed, which has closed the cursor, or the connection is broken.
    pub async fn close(mut self) -> Result<(), Error> {
        self.closed = true;
        self.session.batch(&format!("CLOSE {}", self.name)).await
    }

    /// The position, if it fits in the server's `int`.
    fn counted(&self, position: i64) -> Result<i32, Error> {
        i32::try_from(position).map_err(|_| {
            let message = "a cursor's rows are counted in 32 bits, which this place is beyond";
            let error = Error::new(ErrorKind::Configuration, message);
            self.query.blame(error)
        })
    }

    async fn rows(&mut self, what: String) -> Result<Vec<R::Output>, Error> {
        let mut rows = Vec::new();
        let mut sink = |row: &mut Row<'_>| {
            rows.push(R::read(row)?);
            Ok(())
        };
        self.run(what, &mut sink).await?;
        Ok(rows)
    }

    /// Runs a step within its deadline. Its span has the query's name and SQL, because the SQL of the step has only the name
    /// of the cursor.
    async fn run(
        &mut self,
        what: String,
        sink: &mut (dyn FnMut(&mut Row<'_>) -> Result<(), Error> + Send),
    ) -> Result<u64, Error> {
        let Self {
            session,
            query,
            name,
            limit,
            step,
            ..
        } = self;
        let call = Call {
            handle: Handle::further(session, *limit),
            text: query,
            params: &[],
        };
        let running = async {
            let step = Step::prepare::<R>(step, what, session, query, name).await?;
            step.run(session, query, sink).await
        };
        watched(&call, query.summary(), Box::pin(running), |rows| *rows).await
    }
}

impl Step {
    /// Prepares a step, unless the last one was the same.
    async fn prepare<'s, R: RowType>(
        last: &'s mut Option<Self>,
        what: String,
        session: &Session,
        query: &Text,
        cursor: &str,
    ) -> Result<&'s Self, Error> {
        let sql = Text::written(format!("{what} FROM {cursor}"));
        let known = last.take().filter(|step| step.sql.sql() == sql.sql());
        let step = match known {
            Some(step) => step,
            None => {
                let prepared = describe(session, &sql).await;
                let prepared = prepared.map_err(|error| query.blame(error))?;
                let fields = if what.starts_with("FETCH") {
                    R::FIELDS
                } else {
                    &[]
                };
                let plan = prepared.plan(fields).map_err(|error| query.blame(error))?;
                Self {
                    sql,
                    prepared,
                    plan,
                }
            }
        };
        Ok(last.insert(step))
    }

    async fn run(
        &self,
        session: &Session,
        query: &Text,
        sink: &mut (dyn FnMut(&mut Row<'_>) -> Result<(), Error> + Send),
    ) -> Result<u64, Error> {
        let mut rejected = None;
        let mut each = |pack: Pack| pack.give(&self.plan, sink, &mut rejected);
        let taken = run(session, self.sql.sql(), &self.prepared, &[], &mut each).await;
        let affected = taken.map_err(|error| query.blame(error))?;
        match rejected {
            Some(error) => Err(query.blame(error)),
            None => Ok(affected),
        }
    }
}

/// The server closes it before anything that is sent after this.
impl<R> Drop for Cursor<'_, R> {
    fn drop(&mut self) {
        if !self.closed {
            self.session
                .send_and_forget(&format!("CLOSE {}", self.name));
        }
    }
}

impl<R> fmt::Debug for Cursor<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor")
            .field("name", &self.name)
            .field("sql", &self.query.sql())
            .finish_non_exhaustive()
    }
}
