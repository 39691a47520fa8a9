//! For how long a pooler keeps a client on the same server.

use crate::{Error, ErrorKind};

/// For how long a connection keeps the same server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affinity {
    /// As long as it is open: the server keeps its prepared statements and settings.
    Session,
    /// Until the end of the transaction.
    Transaction,
    /// Until the end of the statement.
    Statement,
}

/// The error of an operation that needs the same server for several messages.
#[cold]
pub(crate) fn refused(affinity: Affinity, what: &str) -> Error {
    let why = match affinity {
        Affinity::Statement => "with `single_statements` each has another",
        _ => {
            "with `unnamed_statements` each transaction has another: it can be done in a transaction only, if at all"
        }
    };
    let message = format!("{what} needs the same server for more than one statement, and {why}");
    Error::new(ErrorKind::Configuration, message)
}
