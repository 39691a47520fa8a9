//! The one error of the crate. It names the query, the column or parameter, and what the server
//! said; it never shows a parameter's value, nor a password.

use std::{borrow::Cow, error::Error as StdError, fmt};

use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use crate::DecodeError;

/// What went wrong, roughly: enough to decide what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection string or a setting is wrong.
    Configuration,
    /// The server could not be reached, refused, or the connection broke.
    Connection,
    /// No connection became free in time, or the pool is closed.
    Pool,
    /// The server rejected the statement; [`Error::sqlstate`] says why.
    Database,
    /// The statement's columns or parameters do not fit the Rust types.
    Mapping,
    /// A value did not fit into its Rust type.
    Decode,
    /// A value could not be sent as its SQL type.
    Encode,
    /// A query of exactly one row found none.
    NoRow,
    /// A row that was to be updated or deleted has been changed or removed since it was read: it has
    /// another version.
    Stale,
    /// A statement was asked for that has nothing to do, such as an update that sets no column.
    NothingToDo,
    /// A query of at most one row found more.
    TooManyRows,
    /// What a COPY reads from or writes to, such as a file, failed.
    Io,
    /// A transaction did not commit, as one of its statements had failed.
    TransactionAborted,
    /// The server's schema is not the one that the queries were checked against.
    SchemaChanged,
    /// The connection was lost while a transaction was being committed: it may have been, or not.
    OutcomeUnknown,
    /// A deadline passed. The statement that was running is cancelled, and a transaction rolled back.
    Timeout,
}

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
    /// How many characters stood before the SQL when it was sent.
    before_sql: usize,
    column: Option<String>,
    param: Option<usize>,
    row: Option<u64>,
    rows_written: u64,
    source: Option<Box<dyn StdError + Send + Sync>>,
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
            column: None,
            param: None,
            row: None,
            rows_written: 0,
            source: None,
        }))
    }

    /// The same error, with something said before it.
    #[cold]
    pub(crate) fn prefixed(mut self, words: &str) -> Self {
        self.0.message = format!("{words}{}", self.0.message).into();
        self
    }

    /// The same error, with something said after it.
    #[cold]
    pub(crate) fn followed(mut self, words: &str) -> Self {
        self.0.message = format!("{}{words}", self.0.message).into();
        self
    }

    /// A value inside of a column's that does not fit, on its way to the column.
    #[cold]
    pub(crate) fn of_decode(error: DecodeError) -> Self {
        Self::new(ErrorKind::Decode, error.to_string()).caused_by(error)
    }

    /// What was wrong with a value inside of a column's.
    #[cold]
    pub(crate) fn into_decode_error(self) -> DecodeError {
        let message = self.to_string();
        match self.0.source.map(|source| source.downcast::<DecodeError>()) {
            Some(Ok(error)) => *error,
            Some(Err(source)) => DecodeError::invalid(message).caused_by(source),
            None => DecodeError::invalid(message),
        }
    }

    #[cold]
    pub(crate) fn in_query(mut self, name: &str, sql: &str) -> Self {
        self.0.query = Some(name.to_owned().into());
        self.0.sql = Some(sql.to_owned().into());
        self
    }

    /// The same error, of SQL that was sent behind so many characters.
    #[cold]
    pub(crate) fn shifted(mut self, characters: usize) -> Self {
        self.0.before_sql = characters;
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

    /// The row, counted from 1, of many that are written at once.
    #[cold]
    pub(crate) fn in_row(mut self, row: u64) -> Self {
        self.0.row = Some(row);
        self
    }

    /// So many rows, of many that were written in batches, stay written.
    #[cold]
    pub(crate) fn after_rows(mut self, rows: u64) -> Self {
        self.0.rows_written = rows;
        self
    }

    #[cold]
    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What went wrong, roughly.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The name of the query, such as `places::find_place`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.0.query.as_deref()
    }

    /// The column of the result that did not fit, or the one that a violated constraint of the
    /// server is about.
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

    /// The number of the row that did not fit, counted from 1, where many are written at once: by COPY, of
    /// whose text formats it is the number of the line, or by a bulk statement.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        self.0.row
    }

    /// How many rows stay written, of many that were written in batches, the failed batch being the one
    /// after them; 0 where all happens or nothing.
    #[must_use]
    pub fn rows_written(&self) -> u64 {
        self.0.rows_written
    }

    /// The server's error, in full.
    #[must_use]
    pub fn database(&self) -> Option<&DbError> {
        self.0
            .source
            .as_deref()?
            .downcast_ref::<tokio_postgres::Error>()?
            .as_db_error()
    }

    /// The server's five-character error code, such as `23505`.
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        self.database().map(|error| error.code().code())
    }

    /// The name of the constraint that was violated.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.database()?.constraint()
    }

    /// The name of the table that the server's error is about.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        self.database()?.table()
    }

    /// The server's detail. It can quote values, so it is not part of the message.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.database()?.detail()
    }

    /// The server's hint.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.database()?.hint()
    }

    /// Where in the query's SQL the server saw the error: line and column, both from 1.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        let ErrorPosition::Original(position) = self.database()?.position()? else {
            return None;
        };
        let before = self
            .0
            .sql
            .as_deref()?
            .chars()
            .take((*position as usize).checked_sub(1 + self.0.before_sql)?);
        Some(before.fold((1, 1), |(line, column), c| match c {
            '\n' => (line + 1, 1),
            _ => (line, column + 1),
        }))
    }

    fn has_state(&self, state: &SqlState) -> bool {
        self.database().is_some_and(|error| error.code() == state)
    }

    /// Whether a unique or primary key constraint was violated.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.has_state(&SqlState::UNIQUE_VIOLATION)
    }

    /// Whether a foreign key constraint was violated.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.has_state(&SqlState::FOREIGN_KEY_VIOLATION)
    }

    /// Whether a check constraint was violated.
    #[must_use]
    pub fn is_check_violation(&self) -> bool {
        self.has_state(&SqlState::CHECK_VIOLATION)
    }

    /// Whether a not-null constraint was violated.
    #[must_use]
    pub fn is_not_null_violation(&self) -> bool {
        self.has_state(&SqlState::NOT_NULL_VIOLATION)
    }

    /// Whether an exclusion constraint was violated.
    #[must_use]
    pub fn is_exclusion_violation(&self) -> bool {
        self.has_state(&SqlState::EXCLUSION_VIOLATION)
    }

    /// Whether a concurrent transaction is to blame, so that the same transaction may well
    /// succeed when it is run again: a serialization failure or a deadlock.
    #[must_use]
    pub fn is_serialization_failure(&self) -> bool {
        self.has_state(&SqlState::T_R_SERIALIZATION_FAILURE)
            || self.has_state(&SqlState::T_R_DEADLOCK_DETECTED)
    }

    /// What tokio-postgres reports, outside of any query.
    #[cold]
    pub(crate) fn postgres(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(db) => {
                let message = format!("{} (SQLSTATE {})", db.message(), db.code().code());
                Self::new(ErrorKind::Database, message)
            }
            None => Self::new(ErrorKind::Connection, error.to_string()),
        }
        .caused_by(error)
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

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}
