//! The types of the columns that a binary COPY is about. Its bytes do not say them, so the server is asked
//! right before each COPY, and never a cache.

use crate::{
    Error,
    query::{SqlSource, Text},
    session::Session,
    statements::Prepared,
};

/// SQL that was put together here.
pub(crate) fn text(sql: String) -> Text {
    Text::unnamed(SqlSource::Shared(sql.into()))
}

/// Has the server describe a statement, which is then forgotten.
pub(crate) async fn describe(session: &Session, text: &Text) -> Result<Prepared, Error> {
    session
        .describe(text.sql())
        .await
        .map_err(|error| text.blame(error))
}
