//! Scripts: statements of the user, without parameters or rows, in one message.

use super::{Session, flags, settle::OUTSIDE};
use crate::{
    Error, ErrorKind,
    words::{begins_transaction, words},
};

impl Session {
    /// Runs statements of the user, which can leave a transaction open.
    pub(crate) async fn script(&self, sql: &str) -> Result<(), Error> {
        if opens_transaction(sql) {
            self.flags.set(flags::SUSPECT);
        }
        let result = match self.ended_batch(sql, &mut false).await {
            Ok(end) => self.heed(end.status),
            Err(error) => Err(self.failed_within(error).await),
        };
        result.map_err(|error| with_alone(error.in_script(sql), sql))
    }

    /// The same error, of a script which may have ended the transaction before.
    #[cold]
    async fn failed_within(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::Database || !self.is_opened() {
            return error;
        }
        let asking = Box::pin(self.status_in_turn());
        match asking.await.and_then(|status| self.heed(status)) {
            Err(over) if self.is_over() => error.followed(&format!("; {over}")),
            _ => error,
        }
    }

    /// Like [`script`](Self::script), but fails if the script leaves a transaction open, because nobody could end it
    /// later.
    pub(crate) async fn whole_script(&self, sql: &str) -> Result<(), Error> {
        self.script(sql).await?;
        if !opens_transaction(sql) {
            return Ok(());
        }
        if self.status_in_turn().await? == OUTSIDE {
            return Ok(());
        }
        let message =
            "the script left a transaction open, which is rolled back: end it by `commit`";
        Err(Error::new(ErrorKind::TransactionAborted, message).in_script(sql))
    }
}

/// Adds advice about statements that cannot run in a transaction to an error.
#[cold]
fn with_alone(error: Error, sql: &str) -> Error {
    let several = sql.trim_end().trim_end_matches(';').contains(';');
    match error.sqlstate() {
        Some("25001") if several => error
            .followed("; the statements of a script are one transaction: run this one by itself"),
        _ => error,
    }
}

/// Whether the SQL could leave a transaction open. It can be wrong about function bodies with BEGIN, which costs only a
/// question to the server.
fn opens_transaction(sql: &str) -> bool {
    words(sql).any(begins_transaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_that_opens_a_transaction_is_seen() {
        assert!(opens_transaction("select 1; Begin;"));
        assert!(opens_transaction("START TRANSACTION"));
        assert!(!opens_transaction(
            "select started_at, beginning from starts"
        ));
    }
}
