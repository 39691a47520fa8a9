//! COPY … FROM STDIN: what to copy into, and the ways to hand over rows or bytes.

use std::{borrow::Cow, error::Error as StdError, fmt, pin::pin};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{
    CopyRow, Format, Progress, ProgressFn,
    encoder::{EncodedField, Encoder},
    observed,
    sink::Sink,
};
use crate::{
    Error, ErrorKind, Executor, TableName, names::column_list, query::Text, session::Session,
};

/// Copies rows or bytes into a table; see [`copy`](crate::copy).
#[doc(alias = "copy_from")]
pub fn copy_in<'p>(table: impl Into<TableName>) -> CopyIn<'p> {
    CopyIn {
        table: table.into(),
        columns: Vec::new(),
        freeze: false,
        ignores_errors: false,
        filter: None,
        progress: None,
    }
}

/// A COPY into a table, made by [`copy_in`].
#[must_use = "nothing is copied until there are rows or bytes"]
pub struct CopyIn<'p> {
    pub(super) table: TableName,
    pub(super) columns: Vec<String>,
    freeze: bool,
    ignores_errors: bool,
    filter: Option<Cow<'static, str>>,
    pub(super) progress: Option<ProgressFn<'p>>,
}

impl<'p> CopyIn<'p> {
    /// Sets the columns that are written. The other columns get their defaults. If you do not call this, structs write the
    /// columns of their fields; tuples and files must have all columns except generated ones.
    pub fn columns<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Writes rows that are already frozen, which saves PostgreSQL a later VACUUM of them. The table must have been created
    /// or truncated in the same transaction; see [COPY](https://www.postgresql.org/docs/current/sql-copy.html).
    pub fn freeze(mut self) -> Self {
        self.freeze = true;
        self
    }

    /// Skips the lines of a file that have a value that is not valid for its column's type, such as `x1` for a number.
    /// A notice tells their number; see [`on_notice`](crate::PoolBuilder::on_notice). Violated constraints and other
    /// errors still end the COPY. Needs PostgreSQL 17 or later.
    pub fn ignore_errors(mut self) -> Self {
        self.ignores_errors = true;
        self
    }

    /// Writes only rows for which this SQL condition is true, such as `id > 0`.
    pub fn filter(mut self, condition: impl Into<Cow<'static, str>>) -> Self {
        self.filter = Some(condition.into());
        self
    }

    /// Calls `progress` each time after bytes were handed to the connection.
    pub fn on_progress(mut self, progress: impl FnMut(Progress) + Send + 'p) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Copies all rows, and returns their number.
    ///
    /// A struct with a field for a column whose type has no binary form, such as `box2d`, does not compile here: use
    /// `insert_many`.
    ///
    /// ```no_run
    /// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
    /// let copied = howdah::copy_in("places")
    ///     .columns(["id", "name", "note"])
    ///     .from_rows([(1_i64, "Café", None), (2, "Bar", Some("closed"))], pool)
    ///     .await?;
    /// assert_eq!(copied, 2);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When the rows do not fit the table, a value does not fit its column, or the server refuses a row; [`Error::row`] is
    /// the number of the row. After an error, no row is copied.
    pub fn from_rows<'e, R, I, E>(
        mut self,
        rows: I,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'e, 'p, R, I, E>
    where
        R: CopyRow,
        I: IntoIterator<Item = R>,
        I::IntoIter: Send,
        E: Executor + ?Sized,
    {
        let () = R::CHECKED;
        let handle = executor.handle();
        let rows = rows.into_iter();
        async move {
            let handle = handle.begun();
            let copy = Text::written(self.sql(&Format::Binary));
            let copying = async {
                let session = handle.session().await?;
                let fields = self.fields::<R>(handle.on(&session), &session).await?;
                self.encoded_into(fields, rows, &session).await
            };
            observed(handle, &copy, Box::pin(copying), |rows| *rows).await
        }
    }

    /// Copies rows whose fields [`fields`](Self::fields) has matched with the columns.
    pub(crate) async fn encoded_into<R: CopyRow>(
        self,
        fields: Vec<EncodedField>,
        mut rows: impl Iterator<Item = R> + Send,
        session: &Session,
    ) -> Result<u64, Error> {
        let mut sink = self.open(session, &Format::Binary).await?;
        let mut encoder = Encoder::new(fields, sink.data());
        loop {
            // In a function of its own, because rows need not be `Send` and cannot be held across an `await`.
            match fill(&mut sink, &mut encoder, &mut rows) {
                Ok(true) => sink.send(Some(encoder.rows())).await?,
                Ok(false) => return finish(sink, encoder).await,
                Err(error) => return Err(sink.abort(error).await),
            }
        }
    }

    /// Copies the rows of a stream as they come, and returns their number. Nothing else can run on the same connection or
    /// transaction until then, so the rows must not come from it.
    ///
    /// # Errors
    ///
    /// Those of [`from_rows`](Self::from_rows). An error of the stream ends the COPY as well.
    pub fn from_stream<'e, R, X, S, E>(
        mut self,
        rows: S,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send + use<'e, 'p, R, X, S, E>
    where
        R: CopyRow + Send,
        S: Stream<Item = Result<R, X>> + Send,
        X: Into<Box<dyn StdError + Send + Sync>> + Send,
        E: Executor + ?Sized,
    {
        let () = R::CHECKED;
        let handle = executor.handle();
        async move {
            let handle = handle.begun();
            let copy = Text::written(self.sql(&Format::Binary));
            let copying = async {
                let session = handle.session().await?;
                let fields = self.fields::<R>(handle.on(&session), &session).await?;
                let mut sink = self.open(&session, &Format::Binary).await?.begun().await?;
                let mut encoder = Encoder::new(fields, sink.data());
                let mut rows = pin!(rows);
                while let Some(row) = rows.next().await {
                    let pushed = match row {
                        Ok(row) => encoder.push(&row, sink.data()),
                        Err(error) => Err(unread(error).in_row(encoder.rows() + 1)),
                    };
                    if let Err(error) = pushed {
                        return Err(sink.abort(error).await);
                    }
                    if sink.is_full() {
                        sink.send(Some(encoder.rows())).await?;
                    }
                }
                finish(sink, encoder).await
            };
            observed(handle, &copy, Box::pin(copying), |rows| *rows).await
        }
    }

    /// Copies the bytes of `reader`, such as a file, and returns the number of rows.
    ///
    /// # Errors
    ///
    /// When reading fails, or the server refuses a row; [`Error::row`] is the number of the line. After an error, no row is
    /// copied.
    pub fn from_reader<'e, R, E>(
        self,
        format: impl Into<Format>,
        reader: R,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send
    where
        R: AsyncRead + Send + 'p,
        E: Executor + ?Sized,
        'p: 'e,
    {
        let handle = executor.handle();
        let format = format.into();
        async move {
            let handle = handle.begun();
            let copy = Text::written(self.sql(&format));
            let copying = async {
                let session = handle.session().await?;
                let mut sink = self.open(&session, &format).await?.begun().await?;
                let mut reader = pin!(reader);
                loop {
                    match reader.read_buf(sink.data()).await {
                        Ok(0) => return sink.finish(None).await,
                        Ok(_) if sink.is_full() => sink.send(None).await?,
                        Ok(_) => {}
                        Err(error) => return Err(sink.abort(unread(error)).await),
                    }
                }
            };
            observed(handle, &copy, Box::pin(copying), |rows| *rows).await
        }
    }

    /// Copies bytes as they come, such as those of a request's body, and returns the number of rows.
    ///
    /// # Errors
    ///
    /// Those of [`from_reader`](Self::from_reader). An error of the stream ends the COPY as well.
    pub fn from_bytes<'e, S, X, E>(
        self,
        format: impl Into<Format>,
        bytes: S,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send
    where
        S: Stream<Item = Result<Bytes, X>> + Send + 'p,
        X: Into<Box<dyn StdError + Send + Sync>> + Send,
        E: Executor + ?Sized,
        'p: 'e,
    {
        let handle = executor.handle();
        let format = format.into();
        async move {
            let handle = handle.begun();
            let copy = Text::written(self.sql(&format));
            let copying = async {
                let session = handle.session().await?;
                let mut sink = self.open(&session, &format).await?.begun().await?;
                let mut bytes = pin!(bytes);
                while let Some(piece) = bytes.next().await {
                    match piece {
                        Ok(piece) => sink.pass(&piece).await?,
                        Err(error) => {
                            let error = unread(error);
                            return Err(sink.abort(error).await);
                        }
                    }
                }
                sink.finish(None).await
            };
            observed(handle, &copy, Box::pin(copying), |rows| *rows).await
        }
    }

    /// The statement, such as `COPY "places" ("id") FROM STDIN WITH (FORMAT binary)`.
    pub(super) fn sql(&self, format: &Format) -> String {
        let mut options = format.options();
        if self.freeze {
            options.push("FREEZE true".to_owned());
        }
        if self.ignores_errors {
            options.push("ON_ERROR ignore".to_owned());
        }
        let columns = match self.columns.as_slice() {
            [] => String::new(),
            columns => format!(" ({})", column_list(columns)),
        };
        let filter = self
            .filter
            .as_deref()
            .map(|condition| format!(" WHERE {condition}"))
            .unwrap_or_default();
        let (table, options) = (&self.table, options.join(", "));
        format!("COPY {table}{columns} FROM STDIN WITH ({options}){filter}")
    }

    pub(super) async fn open<'s>(
        self,
        session: &'s Session,
        format: &Format,
    ) -> Result<Sink<'s>, Error>
    where
        'p: 's,
    {
        let sql = Text::written(self.sql(format));
        Sink::open(session, sql, self.table.bare(), self.progress).await
    }
}

impl fmt::Debug for CopyIn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyIn")
            .field("table", &self.table)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Encodes rows until there is enough to send, or none is left.
fn fill<R: CopyRow>(
    sink: &mut Sink<'_>,
    encoder: &mut Encoder,
    rows: &mut impl Iterator<Item = R>,
) -> Result<bool, Error> {
    for row in rows {
        encoder.push(&row, sink.data())?;
        if sink.is_full() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn finish(mut sink: Sink<'_>, encoder: Encoder) -> Result<u64, Error> {
    encoder.finish(sink.data());
    sink.finish(Some(encoder.rows())).await
}

/// The error of the source of rows or bytes.
fn unread(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    let error = error.into();
    Error::new(
        ErrorKind::Io,
        format!("what is copied could not be read: {error}"),
    )
    .telling(error)
}
