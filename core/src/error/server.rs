//! The parts of a server's error.

use tokio_postgres::error::{DbError, ErrorPosition, Severity, SqlState};

use super::{Error, ErrorKind};

impl Error {
    /// The server's error, in full.
    #[must_use]
    #[doc(alias("as_db_error", "as_database_error"))]
    pub fn database(&self) -> Option<&DbError> {
        self.0.cause.as_ref()?.get()
    }

    /// The server's five-character error code, such as `23505`.
    #[must_use]
    #[doc(alias = "code")]
    pub fn sqlstate(&self) -> Option<&str> {
        self.database().map(|error| error.code().code())
    }

    /// The name of the constraint that was violated.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.database()?.constraint()
    }

    /// The table of the server's error, or the table that a COPY writes.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        self.database()?.table().or(self.0.table.as_deref())
    }

    /// The schema of the table or type of the server's error.
    #[must_use]
    pub fn schema(&self) -> Option<&str> {
        self.database()?.schema()
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

    /// The position of the error in the SQL of the query or script: line and column, both counted from 1.
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

    /// Whether the server ended the session with this error.
    pub(crate) fn is_fatal(&self) -> bool {
        self.database()
            .is_some_and(|error| match error.parsed_severity() {
                Some(severity) => severity == Severity::Fatal,
                // A proxy may say it without the field that is never translated.
                None => error.severity() == "FATAL",
            })
    }

    /// Whether a proxy such as PgBouncer ended the session with it, as it has lost the server, which may have done what it was
    /// asked to.
    pub(crate) fn is_loss(&self) -> bool {
        self.is_fatal() && self.sqlstate().is_some_and(|state| state.starts_with("08"))
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

    /// Whether the same can succeed a little later, without a change: no connection was to be had, or it broke; the server
    /// starts, shuts down or lacks resources, such as connections (`53300`); or a concurrent transaction caused the error, as
    /// for [`is_serialization_failure`](Self::is_serialization_failure). A web service answers with status 503.
    ///
    /// It does not say that nothing was done: if the connection broke, the statement may have been. Then only what is the same
    /// done twice can simply be run again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let is_for_now = |state: &str| {
            ["08", "53"].iter().any(|class| state.starts_with(class))
                || ["57P01", "57P02", "57P03"].contains(&state)
        };
        match self.kind() {
            ErrorKind::Connection | ErrorKind::Pool => true,
            _ => self.is_serialization_failure() || self.sqlstate().is_some_and(is_for_now),
        }
    }

    /// Whether a concurrent transaction caused the error, so that the transaction can succeed when it is run again: a
    /// serialization failure or a deadlock.
    #[must_use]
    pub fn is_serialization_failure(&self) -> bool {
        self.has_state(&SqlState::T_R_SERIALIZATION_FAILURE)
            || self.has_state(&SqlState::T_R_DEADLOCK_DETECTED)
    }
}
