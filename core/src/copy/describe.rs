//! The types of the columns of a binary COPY. Its bytes do not tell them, so each COPY asks the server right before,
//! without a cache.

use crate::{
    Error,
    query::Text,
    session::{Session, statements::Prepared},
};

/// Lets the server describe a statement, without keeping the statement.
pub(crate) async fn describe(session: &Session, text: &Text) -> Result<Prepared, Error> {
    session
        .describe(text.sql())
        .await
        .map_err(|error| text.blame(error))
}
