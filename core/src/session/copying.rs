//! COPY is the driver's: it prepares the statement, and sends and receives the data. Nothing can be sent between the data.

use std::{pin::pin, sync::Arc};

use futures_util::FutureExt;
use tokio_postgres::Statement;

use super::{Session, Turn, settle::unsettled, sharing::first_word};
use crate::{Error, connect::Copying, query::Text, settings::Affinity, statements::locked};

impl Session {
    /// A turn for a COPY, which is prepared.
    pub(crate) async fn turn_to_copy(&self, text: &Text) -> Result<(Turn<'_>, Statement), Error> {
        let first = first_word(text.sql()).unwrap_or_default();
        self.needs_server(&format!("`{first}`"))?;
        let turn = self.turn().await?;
        match self.prepare_copy(text.sql()).await {
            Ok(statement) => Ok((turn, statement)),
            Err(error) => {
                turn.finish();
                Err(error)
            }
        }
    }

    async fn prepare_copy(&self, sql: &str) -> Result<Statement, Error> {
        let is_kept = self.affinity == Affinity::Session;
        if is_kept
            && let Some((known, statement)) = &*locked(&self.copy)
            && known == sql
        {
            return Ok(statement.clone());
        }
        let (client, own) = (Arc::clone(&self.client), sql.to_owned());
        // In a task of its own: dropped half-way, the driver would never have the server forget the statement.
        let preparing = tokio::spawn(async move { client.prepare(&own).await });
        let prepared = preparing
            .await
            .map_err(|_| unsettled("the runtime has ended"))?;
        let statement = prepared.map_err(|error| self.failed(Error::postgres(error)))?;
        if is_kept {
            *locked(&self.copy) = Some((sql.to_owned(), statement.clone()));
        }
        Ok(statement)
    }

    /// Has the driver begin a COPY.
    pub(crate) async fn begin_copy<T>(
        &self,
        copying: Copying,
        begin: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, tokio_postgres::Error> {
        let mut begin = pin!(begin);
        let begun = {
            // The line is told in the order in which the driver is: the first poll sends.
            let _in_order = locked(&self.copy);
            self.line.expect_copy(copying);
            begin.as_mut().now_or_never()
        };
        let begun = match begun {
            Some(begun) => begun,
            None => begin.await,
        };
        if begun.is_err() {
            // The server may have forgotten the statement.
            *locked(&self.copy) = None;
        }
        begun
    }
}
