//! The kinds of errors.

/// What went wrong, roughly: enough to decide what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection string or a setting is wrong.
    Configuration,
    /// The server could not be reached, or crashed, or the connection broke.
    Connection,
    /// No connection became free in time, or the pool is closed.
    Pool,
    /// The server rejected the statement or the connection; [`Error::sqlstate`](crate::Error::sqlstate) says why. One that shuts
    /// down, or an administrator who ends the session, says so with `57P01`.
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
    /// A transaction did not commit, as one of its statements had failed, or the script that began it did not end it. Or one of its
    /// statements has ended it, such as a `commit`.
    TransactionAborted,
    /// The server's schema is not the one that the code was checked against.
    SchemaChanged,
    /// The connection was lost while a transaction was being committed: it may have been, or not.
    OutcomeUnknown,
    /// A deadline passed, of which waiting for a connection is part. The statement that was running is cancelled, and a
    /// transaction rolled back.
    Timeout,
}
