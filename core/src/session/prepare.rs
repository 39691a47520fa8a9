//! The statements that a session has prepared, and what it does when the schema has changed under them.

use std::{
    pin::{Pin, pin},
    sync::Arc,
};

use futures_util::{FutureExt, StreamExt};
use tokio::sync::MutexGuard;
use tokio_postgres::SimpleQueryStream;

use super::{Session, flags, opens_transaction, sharing};
use crate::{
    Error,
    connect::Column,
    query::Text,
    settings::Affinity,
    statements::{Prepared, locked},
};

impl Session {
    /// The statement for this text, from the cache if it is there.
    pub(crate) async fn prepare(&self, text: &Text) -> Result<Arc<Prepared>, Error> {
        if let Some(prepared) = locked(&self.statements).get(text) {
            return Ok(prepared);
        }
        // Boxed and without its type, as it is rare, to keep the futures of queries small.
        let preparing: Pin<Box<dyn Future<Output = _> + Send + '_>> =
            Box::pin(self.prepare_anew(text));
        preparing.await
    }

    async fn prepare_anew(&self, text: &Text) -> Result<Arc<Prepared>, Error> {
        if self.flags.any(flags::SHARED) {
            sharing::check(text.sql())?;
        }
        let mut prepared = match (self.affinity, text.types()) {
            (Affinity::Statement, types) => self.learn_alone(text.sql(), types).await?,
            (_, Some(types)) => Prepared::learnt(types.into()),
            (Affinity::Transaction, None) => self.learn_in_turn(text.sql()).await?,
            (Affinity::Session, None) => self.describe(text.sql()).await?,
        };
        prepared.opens_transaction = opens_transaction(text.sql());
        let prepared = Arc::new(prepared);
        locked(&self.statements).insert(text, Arc::clone(&prepared));
        Ok(prepared)
    }

    /// A statement that the server keeps, also where it is not to keep those of queries. Then it is for one transaction.
    pub(crate) async fn prepare_kept(&self, text: &Text) -> Result<Arc<Prepared>, Error> {
        match self.affinity {
            Affinity::Session => self.prepare(text).await,
            _ => self.describe(text.sql()).await.map(Arc::new),
        }
    }

    /// Has the server describe a statement, with all of its types; the cache does not keep it.
    pub(crate) async fn describe(&self, sql: &str) -> Result<Prepared, Error> {
        let first = sharing::first_word(sql).unwrap_or_default();
        self.needs_server(&format!("`{first}`"))?;
        let turn = self.turn().await?;
        let described = self.look_up(turn.client(), sql).await;
        turn.finish();
        described
    }

    /// Learns the types of a statement, under another name where others left one behind.
    async fn learn_in_turn(&self, sql: &str) -> Result<Prepared, Error> {
        let mut names = NAMES;
        loop {
            let learnt = self.learn(sql).await;
            names -= 1;
            match &learnt {
                Err(error) if is_taken(error) && names > 0 && !self.is_in_transaction() => {}
                _ => return learnt,
            }
        }
    }

    /// Learns the types of a statement that the server is not to keep. What it takes to do so is kept within a transaction, so
    /// that it is one server behind a proxy that is asked, and nothing is left there. Nobody else is to send in it: what was
    /// refused to one of them would undo what was acknowledged to another.
    async fn learn(&self, sql: &str) -> Result<Prepared, Error> {
        let turn = self.turn().await?;
        let client = turn.client();
        let mut alone = None;
        let mut begun = None;
        if !self.flags.any(flags::IN_TRANSACTION) {
            let one_at_a_time = self.settling.lock().await;
            self.flags.set(flags::SETTLING);
            alone = Some(Alone {
                session: self,
                _one_at_a_time: one_at_a_time,
            });
            // This sends, and nobody waits for its answer.
            let answer = client.simple_query_raw("begin").await;
            begun = Some(answer.map_err(Error::postgres)?);
        }
        let mut learnt = self.look_up(client, sql).await;
        if let Ok(prepared) = &mut learnt {
            // Closed within the transaction, where it is.
            prepared.statement = None;
        }
        if learnt.is_err()
            && let Some(begun) = begun
            && let Some(refused) = failure(begun).await
        {
            learnt = Err(self.failed(refused));
        }
        drop(alone);
        turn.finish();
        learnt
    }

    /// Forgets a statement that is not worth keeping.
    pub(crate) fn forget(&self, text: &Text) {
        locked(&self.statements).remove(text);
    }

    /// Takes note that a prepared statement is run.
    pub(crate) fn running(&self, prepared: &Prepared) {
        if prepared.opens_transaction {
            self.flags.set(flags::SUSPECT);
        }
    }

    /// Forgets a prepared statement, and what is known about types.
    #[cold]
    pub(crate) fn unlearn(&self, text: &Text) {
        self.forget(text);
        locked(&self.types).clear();
    }

    /// The statement with the columns that came with a row of it, which are not those that it had.
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

    /// Forgets a prepared statement that was refused since it no longer fits the schema, so that it can be prepared anew.
    ///
    /// # Errors
    ///
    /// When it was refused for another reason, or the open transaction was aborted with it.
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
        Err(error.prefixed(
            "the schema has changed since the statement was prepared, and the transaction has to be run again: ",
        ))
    }
}

/// A transaction of a session's own, within which others wait for their turns. It ends where this is dropped, be it half-way.
struct Alone<'s> {
    session: &'s Session,
    _one_at_a_time: MutexGuard<'s, ()>,
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        // This sends, and nobody waits for its answer. Where it cannot be sent the connection is closed, as all will notice.
        let _ = self
            .session
            .client
            .simple_query_raw("commit")
            .now_or_never();
        self.session.flags.clear(flags::SETTLING);
    }
}

/// How many names are tried for a statement.
const NAMES: u32 = 4;

/// Whether there is a prepared statement of this name already: behind a pooler, others may leave theirs on its servers.
fn is_taken(error: &Error) -> bool {
    error.sqlstate() == Some("42P05")
}

/// What a statement failed of, whose answer has come.
async fn failure(answer: SimpleQueryStream) -> Option<tokio_postgres::Error> {
    let mut answer = pin!(answer);
    loop {
        match answer.next().await? {
            Ok(_) => {}
            Err(error) => return Some(error),
        }
    }
}

/// Whether the server has no such statement (any more), or one whose types are not those of the schema any more.
fn is_stale(error: &Error) -> bool {
    let Some(database) = error.database() else {
        return false;
    };
    match database.code().code() {
        "26000" => true,
        // "cached plan must not change result type", in any language.
        "0A000" => database.routine() == Some("RevalidateCachedQuery"),
        // Of types by their number. The first is never translated.
        "XX000" => database
            .message()
            .starts_with("cache lookup failed for type"),
        "42704" => matches!(
            database.routine(),
            Some("typenameType" | "lookup_type_cache" | "getBaseTypeAndTypmod")
        ),
        _ => false,
    }
}
