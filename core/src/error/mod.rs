//! The one error of the crate. It names the query, the column or parameter, and what the server
//! said; it never shows a parameter's value, nor a password.

mod cause;
mod kind;
pub(crate) mod notice;
mod server;
pub(crate) mod violation;

use std::{borrow::Cow, error::Error as StdError, fmt};

use tokio_postgres::error::Severity;

pub(crate) use self::cause::Cause;
pub use self::kind::ErrorKind;
use crate::DecodeError;

/// Everything that can go wrong between a query value and its rows.
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// match howdah::query("insert into users (email) values ($1)").bind("a@b.c").execute(pool).await {
///     Err(error) if error.is_unique_violation() => println!("taken: {:?}", error.constraint()),
///     other => drop(other?),
/// }
/// # Ok(()) }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    query: Option<Cow<'static, str>>,
    sql: Option<Cow<'static, str>>,
    /// The number of characters before the SQL in the text that was sent.
    before_sql: usize,
    table: Option<String>,
    column: Option<String>,
    param: Option<usize>,
    row: Option<u64>,
    rows_written: u64,
    cause: Option<Cause>,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            query: None,
            sql: None,
            before_sql: 0,
            table: None,
            column: None,
            param: None,
            row: None,
            rows_written: 0,
            cause: None,
        }))
    }

    /// The same error, which is of another kind where it comes from.
    #[cold]
    pub(crate) fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Adds words before the message.
    #[cold]
    pub(crate) fn prefixed(mut self, words: &str) -> Self {
        self.0.message = format!("{words}{}", self.0.message).into();
        self
    }

    /// Adds words after the message.
    #[cold]
    pub(crate) fn followed(mut self, words: &str) -> Self {
        self.0.message = format!("{}{words}", self.0.message).into();
        self
    }

    /// Wraps the error of a nested value, until it reaches its column.
    #[cold]
    pub(crate) fn of_decode(error: DecodeError) -> Self {
        Self::new(ErrorKind::Decode, error.to_string()).telling(error)
    }

    /// The error of a nested value.
    #[cold]
    pub(crate) fn into_decode_error(self) -> DecodeError {
        let message = self.to_string();
        match self.0.cause.map(Cause::downcast::<DecodeError>) {
            Some(Ok(error)) => *error,
            Some(Err(cause)) => DecodeError::invalid(message).with_cause(Some(cause)),
            None => DecodeError::invalid(message),
        }
    }

    #[cold]
    pub(crate) fn in_query(mut self, name: &str, sql: &str) -> Self {
        self.0.query = Some(name.to_owned().into());
        self.0.sql = Some(sql.to_owned().into());
        self
    }

    /// Adds the SQL of a script, which has no name.
    #[cold]
    pub(crate) fn in_script(mut self, sql: &str) -> Self {
        self.0.sql = Some(sql.to_owned().into());
        self
    }

    /// Adds the number of characters before the SQL in the text that was sent.
    #[cold]
    pub(crate) fn shifted(mut self, characters: usize) -> Self {
        self.0.before_sql = characters;
        self
    }

    /// Adds the name of the table.
    #[cold]
    pub(crate) fn in_table(mut self, name: &str) -> Self {
        self.0.table = Some(name.to_owned());
        self
    }

    #[cold]
    pub(crate) fn in_column(mut self, name: impl Into<String>) -> Self {
        self.0.column = Some(name.into());
        self
    }

    #[cold]
    pub(crate) fn in_param(mut self, index: usize) -> Self {
        self.0.param = Some(index + 1);
        self
    }

    /// Adds the number of the row, counted from 1, for errors of bulk writes.
    #[cold]
    pub(crate) fn in_row(mut self, row: u64) -> Self {
        self.0.row = Some(row);
        self
    }

    /// Adds the number of rows that stay written, for writes in batches.
    #[cold]
    pub(crate) fn after_rows(mut self, rows: u64) -> Self {
        self.0.rows_written = rows;
        self
    }

    /// Sets the cause, of which the message says nothing: it is the source.
    #[cold]
    pub(crate) fn caused_by(self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with_cause(Some(Cause::untold(cause)))
    }

    /// Sets the cause whose text is part of the message: it is not the source.
    #[cold]
    pub(crate) fn telling(self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with_cause(Some(Cause::told(cause)))
    }

    #[cold]
    pub(crate) fn with_cause(mut self, cause: Option<Cause>) -> Self {
        self.0.cause = cause;
        self
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The name of the query, such as `places::find_place`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.0.query.as_deref()
    }

    /// The column of the result that did not fit, or the column of the server's error, such as that of a violated `not
    /// null`.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.0
            .column
            .as_deref()
            .or_else(|| self.database()?.column())
    }

    /// The number of the parameter that did not fit, counted from 1 as in `$1`.
    #[must_use]
    pub fn param(&self) -> Option<usize> {
        self.0.param
    }

    /// The number of the row that did not fit, counted from 1, in a COPY or a bulk statement. For text formats of COPY
    /// it is the number of the line.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        self.0.row
    }

    /// The number of rows that stay written after an error of a write in batches. The failed batch comes right after
    /// them. It is 0 if either all rows are written or none.
    #[must_use]
    pub fn rows_written(&self) -> u64 {
        self.0.rows_written
    }

    /// The cause that is a `T`, such as the [`io::Error`](std::io::Error) of a connection or of a file that is copied,
    /// or what a conversion of the app returned. It can be found even if the message contains its text, so that it is
    /// not the [`source`](StdError::source).
    ///
    /// ```
    /// # fn example(error: &howdah::Error) {
    /// use std::io;
    ///
    /// if error.downcast_ref().map(io::Error::kind) == Some(io::ErrorKind::ConnectionRefused) {
    ///     println!("is the server running?");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn downcast_ref<T: StdError + 'static>(&self) -> Option<&T> {
        self.0.cause.as_ref()?.find()
    }

    /// An error of the server, without a query.
    #[cold]
    pub(crate) fn postgres(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            return Self::new(ErrorKind::Connection, error.to_string()).telling(error);
        };
        let message = format!("{} (SQLSTATE {})", db.message(), db.code().code());
        // A server that crashes may have committed the statement before.
        let told = match db.parsed_severity() {
            Some(Severity::Panic) => {
                Self::new(ErrorKind::Connection, message).prefixed("the server has crashed: ")
            }
            _ => Self::new(ErrorKind::Database, message),
        };
        // The text of the server's error itself has the detail, which can quote values.
        let cause = error.into_source().map(Cause::told);
        told.with_cause(cause)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            query,
            column,
            param,
            row,
            rows_written,
            message,
            ..
        } = &*self.0;
        let mut before = "";
        if let Some(query) = query {
            write!(f, "query `{query}`")?;
            before = ", ";
        }
        if let Some(row) = row {
            write!(f, "{before}row {row}")?;
            before = ", ";
        }
        if let Some(column) = column {
            write!(f, "{before}column `{column}`")?;
            before = ", ";
        }
        if let Some(param) = param {
            write!(f, "{before}parameter ${param}")?;
            before = ", ";
        }
        if !before.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(message)?;
        match rows_written {
            0 => Ok(()),
            rows => write!(f, " (the first {rows} rows stay written)"),
        }
    }
}

/// This is what `unwrap` shows: the kind, the message, and the server's position and hint. The server's detail is left
/// out, because it can quote values.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self}", self.0.kind)?;
        if let Some((line, column)) = self.position() {
            write!(f, ", at line {line}, column {column}")?;
        }
        if let Some(hint) = self.hint() {
            write!(f, "; hint: {hint}")?;
        }
        f.write_str(")")
    }
}

/// The source is a cause of which the message says nothing. So a report of an error with all its sources says everything
/// once, and does not quote the values in the server's detail. [`Error::database`] is the server's error, and
/// [`Error::downcast_ref`] finds any cause.
impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_ref()?.source()
    }
}
