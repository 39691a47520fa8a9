//! COPY … TO STDOUT: what to copy, and the ways to receive rows or bytes.

use std::{borrow::Cow, fmt, pin::pin};

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::{CopyBytes, CopyRows, Format, Progress, ProgressFn, observed};
use crate::{
    Error, ErrorKind, Executor, RowType, TableName,
    executor::Handle,
    names::{column_list, leaving},
    query::Text,
    words::without_end,
};

/// Copies rows or bytes out of a table; see [`copy`](crate::copy).
#[doc(alias = "copy_to")]
pub fn copy_out<'p>(table: impl Into<TableName>) -> CopyOut<'p> {
    CopyOut {
        progress: None,
        source: Source::Table {
            name: table.into(),
            columns: Vec::new(),
        },
    }
}

/// Copies rows or bytes out of the result of a query. The query cannot have parameters; it can be an `insert`, `update` or
/// `delete` with `returning`.
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// use howdah::copy::Csv;
///
/// let mut csv = Vec::new();
/// howdah::copy_out_query("select id, name from places order by id")
///     .to_writer(Csv::new().header(), &mut csv, pool)
///     .await?;
/// # Ok(()) }
/// ```
pub fn copy_out_query<'p>(sql: impl Into<Cow<'static, str>>) -> CopyOut<'p> {
    CopyOut {
        progress: None,
        source: Source::Query(sql.into()),
    }
}

/// A COPY out of a table or query, made by [`copy_out`] or [`copy_out_query`].
#[must_use = "nothing is copied until it is taken"]
pub struct CopyOut<'p> {
    pub(super) source: Source,
    pub(super) progress: Option<ProgressFn<'p>>,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    Table {
        name: TableName,
        columns: Vec<String>,
    },
    Query(Cow<'static, str>),
}

impl<'p> CopyOut<'p> {
    /// Sets the columns that are read, and their order. The default is all columns for [`rows`](Self::rows), and otherwise, as
    /// with PostgreSQL's own COPY of a table, all but generated ones, which [`copy_in`](super::copy_in) could not write. This has
    /// no effect on a query, which names its own columns.
    pub fn columns<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        if let Source::Table { columns, .. } = &mut self.source {
            *columns = names.into_iter().map(Into::into).collect();
        }
        self
    }

    /// Calls `progress` from time to time while rows or bytes arrive, and once at the end. Only [`rows`](Self::rows) counts
    /// rows.
    pub fn on_progress(mut self, progress: impl FnMut(Progress) + Send + 'p) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Returns the rows as a stream, without keeping them in memory. From some hundreds of rows on, this is cheaper on
    /// both sides than a query.
    ///
    /// # Errors
    ///
    /// When the server refuses the COPY, or the columns do not fit `R`. Later errors are items of the stream.
    pub fn rows<'e, R: RowType, E: Executor + ?Sized>(
        self,
        executor: &'e E,
    ) -> impl Future<Output = Result<CopyRows<'e, R>, Error>> + Send + use<'e, 'p, R, E>
    where
        'p: 'e,
    {
        let handle = executor.handle();
        async move {
            let handle = handle.begun();
            let query = Text::written(self.select_rows());
            let deadline = handle.deadline();
            let opening = async {
                let session = handle.session().await?;
                CopyRows::open(session, query.clone()).await
            };
            let rows = observed(handle, &query, Box::pin(opening), |_| 0).await?;
            Ok(rows.with(|bytes| bytes.until(deadline).telling(self.progress, Some(0))))
        }
    }

    /// Returns the bytes as a stream, without keeping them in memory.
    ///
    /// # Errors
    ///
    /// When the server refuses the COPY. Later errors are items of the stream.
    pub fn bytes<'e, E: Executor + ?Sized>(
        mut self,
        format: impl Into<Format>,
        executor: &'e E,
    ) -> impl Future<Output = Result<CopyBytes<'e>, Error>> + Send
    where
        'p: 'e,
    {
        let handle = executor.handle();
        let format = format.into();
        async move {
            let handle = handle.begun();
            let deadline = handle.deadline();
            let query = self.text();
            let opening = self.open(handle, &format);
            let bytes = observed(handle, &query, Box::pin(opening), |_| 0).await?;
            Ok(bytes.until(deadline).telling(self.progress, None))
        }
    }

    /// Writes the bytes to `writer`, such as a file, flushes it, and returns the number of bytes.
    ///
    /// # Errors
    ///
    /// When the server refuses the COPY or fails while it runs, or writing fails.
    pub fn to_writer<'e, W, E>(
        mut self,
        format: impl Into<Format>,
        writer: W,
        executor: &'e E,
    ) -> impl Future<Output = Result<u64, Error>> + Send
    where
        W: AsyncWrite + Send + 'e,
        E: Executor + ?Sized,
        'p: 'e,
    {
        let handle = executor.handle();
        let format = format.into();
        async move {
            let handle = handle.begun();
            let query = self.text();
            let copying = async {
                let bytes = self.open(handle, &format).await?;
                let mut bytes = bytes.telling(self.progress, None);
                let mut writer = pin!(writer);
                let mut written = 0;
                while let Some(piece) = bytes.next().await {
                    let piece = piece?;
                    written += piece.len() as u64;
                    if let Err(error) = writer.write_all(&piece).await {
                        return Err(unwritten(error));
                    }
                }
                writer.flush().await.map_err(unwritten)?;
                Ok(written)
            };
            observed(handle, &query, Box::pin(copying), |_| 0).await
        }
    }

    async fn open<'e>(
        &mut self,
        handle: Handle<'e>,
        format: &Format,
    ) -> Result<CopyBytes<'e>, Error> {
        let session = handle.session().await?;
        self.name_columns(handle.on(&session)).await?;
        CopyBytes::open(session, self.text(), format).await
    }

    /// Whether the table is known to have values without a binary form.
    pub(super) fn carries(&self) -> bool {
        match &self.source {
            Source::Table { name, .. } => !name.carrying_columns().is_empty(),
            Source::Query(_) => false,
        }
    }

    /// Like [`select`](Self::select), but with the casts of columns that have a carrier.
    fn select_rows(&self) -> String {
        let Source::Table { name, columns } = &self.source else {
            return self.select();
        };
        let known = name.carrying_columns();
        if known.is_empty() {
            return self.select();
        }
        let carrier = |column: &str| known.iter().find(|c| c.name == column)?.carrier();
        let leaving = |column: &str| leaving(carrier(column), column);
        let columns: Vec<_> = match columns.as_slice() {
            [] => known.iter().map(|column| leaving(column.name)).collect(),
            columns => columns.iter().map(|column| leaving(column)).collect(),
        };
        format!("SELECT {} FROM {name}", columns.join(", "))
    }

    /// A query with the same columns, for use in parentheses.
    fn select(&self) -> String {
        match &self.source {
            Source::Table { name, columns } => {
                let columns = match columns.as_slice() {
                    [] => "*".to_owned(),
                    columns => column_list(columns),
                };
                format!("SELECT {columns} FROM {name}")
            }
            Source::Query(sql) => without_end(sql).to_owned(),
        }
    }

    /// The query.
    pub(super) fn text(&self) -> Text {
        Text::written(self.select())
    }
}

impl fmt::Debug for CopyOut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyOut")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

fn unwritten(error: std::io::Error) -> Error {
    Error::new(
        ErrorKind::Io,
        format!("what is copied could not be written: {error}"),
    )
    .telling(error)
}
