//! The kinds of errors.

/// The kind of an [`Error`](crate::Error), to decide what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection string or a setting is wrong.
    Configuration,
    /// The server could not be reached, or crashed, or the connection broke.
    Connection,
    /// No connection became free in time, or the pool is closed.
    Pool,
    /// The server rejected the statement or the connection; [`Error::sqlstate`](crate::Error::sqlstate) says why. If
    /// the server shuts down or an administrator ends the session, it is `57P01`.
    Database,
    /// The statement's columns or parameters do not fit the Rust types.
    Mapping,
    /// A value did not fit into its Rust type.
    Decode,
    /// A value could not be sent as its SQL type.
    Encode,
    /// A query that must return exactly one row found none.
    NoRow,
    /// A row with a version was not updated or deleted, because it has been changed or removed since it was read.
    Stale,
    /// The statement has nothing to do, such as an update that sets no column.
    NothingToDo,
    /// A query that can return at most one row found more.
    TooManyRows,
    /// The source or the target of a COPY failed, such as a file.
    Io,
    /// A transaction did not commit, because one of its statements had failed, or the script that began it did not end
    /// it. Or one of its statements has ended it, such as a `commit`.
    TransactionAborted,
    /// The server's schema is not the one that the code was checked against.
    SchemaChanged,
    /// The connection was lost during a COMMIT: the transaction may or may not be committed.
    OutcomeUnknown,
    /// A deadline passed, which includes waiting for a connection. The running statement is cancelled, and a
    /// transaction is rolled back.
    Timeout,
}
