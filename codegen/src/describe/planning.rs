//! Lets the server plan queries that it has analysed, because it notices some mistakes only then, such as ON CONFLICT
//! without a matching unique index. It makes a generic plan, and does not execute the query. The planner can call
//! functions to estimate the number of rows, so this runs read-only and with a short timeout.

use std::io;

use bytes::BytesMut;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend::{self, BindError};

use super::connect::{ConnectError, Reader};
use super::session::{read_message, server_error};
use super::{ServerError, Session};

/// SQLSTATEs of queries that can never be planned: ON CONFLICT without an index, and joins, locks and other features
/// that PostgreSQL does not support. Other errors can come from the parameters, which are null here, or from the role.
const NEVER_PLANNED: [&str; 2] = ["42P10", "0A000"];

/// Whether planning could find an error in an analysed query: if it needs a unique index, locks rows, or has joins or
/// recursion that not all types and conditions allow. Other queries are not planned, because planning takes longer than
/// describing.
pub(crate) fn may_find_fault(sql: &str) -> bool {
    let sql = sql.to_lowercase();
    let words = || sql.split_whitespace();
    let locks = words().zip(words().skip(1)).any(|(word, next)| {
        let strengths = ["update", "no", "share", "key"];
        word == "for" && strengths.iter().any(|strength| next.starts_with(strength))
    });
    locks
        || ["conflict", "full", "recursive"]
            .iter()
            .any(|word| sql.contains(word))
}

const SETTINGS: [&str; 3] = [
    "set plan_cache_mode = force_generic_plan",
    "set default_transaction_read_only = on",
    "set statement_timeout = 5000",
];

const AS_BEFORE: [&str; 3] = [
    "reset plan_cache_mode",
    "reset default_transaction_read_only",
    "reset statement_timeout",
];

impl Session {
    /// Plans queries, each given with the number of its parameters. Returns for each why it can never be planned, if
    /// so.
    ///
    /// # Errors
    ///
    /// When the connection breaks.
    pub async fn plan(
        &mut self,
        queries: &[(&str, usize)],
    ) -> Result<Vec<Option<ServerError>>, ConnectError> {
        if queries.is_empty() {
            return Ok(Vec::new());
        }
        let _set = self.rows(&SETTINGS).await?;
        let mut output = BytesMut::new();
        for (sql, params) in queries {
            frontend::parse("", sql, [], &mut output)?;
            let nulls = std::iter::repeat_n((), *params);
            frontend::bind("", "", [], nulls, |(), _| Ok(IsNull::Yes), [], &mut output)
                .map_err(unsendable)?;
            frontend::sync(&mut output);
        }
        let receive = async |reader: &mut Reader, input: &mut BytesMut| {
            let mut refusals = Vec::with_capacity(queries.len());
            for _ in queries {
                refusals.push(read_refusal(reader, input).await?);
            }
            Ok(refusals)
        };
        let refusals = self.exchange(&output, receive).await?;
        let _reset = self.rows(&AS_BEFORE).await?;
        Ok(refusals)
    }
}

/// Reads the answer to one Parse, Bind, Sync.
async fn read_refusal(
    reader: &mut Reader,
    input: &mut BytesMut,
) -> Result<Option<ServerError>, ConnectError> {
    let mut refusal = None;
    loop {
        match read_message(reader, input).await? {
            Message::ErrorResponse(body) => {
                let error = server_error(body.fields())?;
                refusal = NEVER_PLANNED.contains(&&*error.sqlstate).then_some(error);
            }
            Message::ReadyForQuery(_) => return Ok(refusal),
            _ => {}
        }
    }
}

fn unsendable(error: BindError) -> io::Error {
    match error {
        BindError::Conversion(error) => io::Error::other(error),
        BindError::Serialization(error) => error,
    }
}
