//! The `statement_timeout` of a single statement. It is set before the statement and reset after it. The reset can
//! fail, because the timeout applies to it, too; then the session is cleaned up.

use std::{sync::Arc, time::Duration};

use super::{Session, Turn, flags, request::Request, response::Response};
use crate::{Error, executor::deadline::milliseconds, settings::Affinity};

/// A setting that is being reset. If this is dropped before the answer, the setting may still be in effect.
pub(crate) struct Limited {
    session: Arc<Session>,
    is_reset: bool,
}

impl Limited {
    /// Takes note that the setting was reset.
    pub(crate) fn end(mut self) {
        self.is_reset = true;
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        if !self.is_reset {
            self.session.flags.set(flags::LIMITED);
        }
    }
}

impl Turn<'_> {
    /// Whether a statement is to have this `statement_timeout`. Inside of a transaction, which may have one already, or may have
    /// failed, it is left as it is, and so is that of the session where it is the same; and behind a proxy the setting might be another session's.
    pub(crate) fn is_to_have(&self, limit: Duration) -> bool {
        let session = self.session();
        !session.is_in_transaction()
            && !session.flags.any(flags::SUSPECT)
            && session.affinity == Affinity::Session
            && session.told_timeout != Some(limit)
    }

    /// Sends a statement with this limit.
    pub(crate) async fn send_within(
        &self,
        limit: Duration,
        statement: &Request,
    ) -> Result<Response, Error> {
        let mut request = Request::new();
        request.script(&format!("set statement_timeout = {}", milliseconds(limit)))?;
        request.append(statement);
        request.script(RESET)?;
        let mut response = self.send(&request)?;
        response.limited = self.session().to_arc().map(|session| Limited {
            session,
            is_reset: false,
        });
        response.end_group().await?;
        Ok(response)
    }
}

/// Resets the setting.
pub(super) const RESET: &str = "reset statement_timeout";
