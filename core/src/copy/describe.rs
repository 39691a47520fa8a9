//! The types of the columns of a binary COPY. Its bytes do not tell them, so each COPY asks the server right before,
//! without a cache.

use crate::{
    Error,
    query::{SqlSource, Text},
    session::{Session, statements::Prepared},
};

/// SQL that howdah has written.
pub(crate) fn text(sql: String) -> Text {
    Text::unnamed(SqlSource::Shared(sql.into()))
}

/// Lets the server describe a statement, without keeping the statement.
pub(crate) async fn describe(session: &Session, text: &Text) -> Result<Prepared, Error> {
    session
        .describe(text.sql())
        .await
        .map_err(|error| text.blame(error))
}
