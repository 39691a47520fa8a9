//! The prepared statements of a session, and what happens if the schema has changed since.

use std::{pin::Pin, sync::Arc};

use super::{
    Session, flags, request::Request, response::needs_copy, sharing, statements::Prepared,
};
use crate::{
    Error,
    connect::Column,
    locked::locked,
    query::Text,
    settings::Affinity,
    words::{begins_transaction, copies_data, first_word},
};

impl Session {
    /// The prepared statement for this text, from the cache if it is there.
    pub(crate) async fn prepare(&self, text: &Text) -> Result<Arc<Prepared>, Error> {
        if let Some(prepared) = locked(&self.statements).get(text) {
            return Ok(prepared);
        }
        // Boxed and without its type, because it is rare, to keep the futures of queries small.
        let preparing: Pin<Box<dyn Future<Output = _> + Send + '_>> =
            Box::pin(self.prepare_anew(text));
        preparing.await
    }

    async fn prepare_anew(&self, text: &Text) -> Result<Arc<Prepared>, Error> {
        if copies_data(text.sql()) {
            return Err(needs_copy());
        }
        let mut prepared = match (self.affinity, text.types()) {
            (Affinity::Statement, types) => self.learn_alone(text.sql(), types).await?,
            (_, Some(types)) => Prepared::learnt(types.into()),
            (Affinity::Transaction, None) => self.learn(text.sql(), false).await?,
            (Affinity::Session, None) => self.learn(text.sql(), true).await?,
        };
        prepared.is_for_one_connection = sharing::is_for_one_connection(text.sql());
        prepared.stands_alone = sharing::not_alone(text.sql()).is_none();
        prepared.advice = text.advice();
        let prepared = Arc::new(prepared);
        locked(&self.statements).insert(text, Arc::clone(&prepared));
        Ok(prepared)
    }

    /// Prepares a statement that describes the columns of a COPY, with all types, without caching it.
    pub(crate) async fn describe(&self, sql: &str) -> Result<Prepared, Error> {
        self.needs_server("`COPY`")?;
        self.learn(sql, false).await
    }

    /// Looks up the types of a statement.
    async fn learn(&self, sql: &str, is_kept: bool) -> Result<Prepared, Error> {
        let turn = self.turn().await?;
        let learnt = self.look_up(&turn, sql, is_kept).await;
        turn.finish();
        learnt
    }

    /// Closes a prepared statement on the server.
    pub(crate) fn close_statement(&self, name: &str) {
        let mut request = Request::new();
        // The name is howdah's own, and has no zero byte.
        if request.close(name).is_ok() {
            self.line.send_and_forget(&request);
        }
    }

    /// Removes a statement from the cache that is not worth keeping.
    pub(crate) fn forget(&self, text: &Text) {
        locked(&self.statements).remove(text);
    }

    /// Takes note that a prepared statement is run.
    pub(crate) fn running(&self, prepared: &Prepared, sql: &str) {
        // It is one statement, so that its first word says it.
        if prepared.is_for_one_connection && first_word(sql).is_some_and(begins_transaction) {
            self.flags.set(flags::SUSPECT);
        }
    }

    /// Removes a prepared statement from the cache, and forgets all types.
    #[cold]
    pub(crate) fn unlearn(&self, text: &Text) {
        self.forget(text);
        locked(&self.types).clear();
    }

    /// The statement with the columns that came with its rows, which differ from those that it had.
    #[cold]
    pub(crate) fn relearn(
        &self,
        text: &Text,
        prepared: &Prepared,
        columns: &[Column],
    ) -> Arc<Prepared> {
        let prepared = Arc::new(prepared.with_columns(self.named(columns)));
        locked(&self.statements).insert(text, Arc::clone(&prepared));
        prepared
    }

    /// Removes a prepared statement that was rejected because it no longer fits the schema, so that it can be prepared
    /// again.
    ///
    /// # Errors
    ///
    /// When it was rejected for another reason, or the error has aborted an open transaction.
    #[cold]
    pub(crate) fn forget_stale(&self, text: &Text, error: Error) -> Result<(), Error> {
        if !is_stale(&error) {
            return Err(error);
        }
        self.unlearn(text);
        if !self.flags.any(flags::IN_TRANSACTION) {
            return Ok(());
        }
        self.flags.set(flags::DISTURBED);
        let why = match error.sqlstate() {
            Some(NOT_THERE) => "the server has lost the statement",
            _ => "the schema has changed since the statement was prepared",
        };
        let error = error.prefixed(&format!("{why}, and the transaction has to be run again: "));
        Err(with_pooler(error))
    }
}

/// `invalid_sql_statement_name`
const NOT_THERE: &str = "26000";

/// Adds the likely reason to the error of a prepared statement that does not exist.
#[cold]
pub(crate) fn with_pooler(error: Error) -> Error {
    match error.sqlstate() {
        Some(NOT_THERE) => error.followed(
            "; with a pooler such as PgBouncer in between, which gives each transaction another server, the pool needs \
             `unnamed_statements`",
        ),
        _ => error,
    }
}

/// Whether the statement does not exist (any more), or its types do not match the schema any more.
fn is_stale(error: &Error) -> bool {
    let Some(database) = error.database() else {
        return false;
    };
    match database.code().code() {
        NOT_THERE => true,
        // "cached plan must not change result type", in any language.
        "0A000" => database.routine() == Some("RevalidateCachedQuery"),
        // Errors about OIDs of types. The first is never translated.
        "XX000" => database
            .message()
            .starts_with("cache lookup failed for type"),
        "42704" => matches!(
            database.routine(),
            Some("typenameType" | "lookup_type_cache" | "getBaseTypeAndTypmod")
        ),
        // Fields of a composite that was sent.
        "42804" => database.routine() == Some("record_recv"),
        _ => false,
    }
}
