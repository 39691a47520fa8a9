//! BEGIN travels with the first statement of its transaction, in one round trip. Its answer is read before that of the
//! statement, so that a transaction that did not begin is never taken for one that did.

use std::{
    borrow::Cow,
    pin::{Pin, pin},
};

use futures_util::{FutureExt, StreamExt};
use tokio_postgres::SimpleQueryStream;

use super::{Session, flags, turn::Turn};
use crate::{Error, ErrorKind, statements::locked};

impl Session {
    /// Notes that a transaction begins with the next statement.
    pub(crate) fn enter_transaction(&self, begin: Cow<'static, str>) {
        *locked(&self.begin) = begin;
        self.flags.clear(flags::HARMLESS);
        self.flags.set(flags::IN_TRANSACTION | flags::UNOPENED);
    }

    pub(crate) fn leave_transaction(&self) {
        self.flags
            .clear(flags::IN_TRANSACTION | flags::UNOPENED | flags::DOUBTFUL);
    }

    pub(crate) fn is_in_transaction(&self) -> bool {
        self.flags.any(flags::IN_TRANSACTION)
    }

    /// Whether BEGIN was not sent yet.
    pub(crate) fn is_unopened(&self) -> bool {
        self.flags.any(flags::UNOPENED)
    }
}

impl Turn<'_> {
    /// Whether there is no BEGIN to be sent.
    pub(crate) fn is_open(&self) -> bool {
        !self.session().is_unopened()
    }

    /// Sends BEGIN, if it still has to be, and reads its answer.
    pub(super) async fn open(&self) -> Result<(), Error> {
        match self.send_begin().await? {
            Some(answers) => self.begun(answers).await,
            None => Ok(()),
        }
    }

    /// Sends BEGIN and a statement behind it, and reads the answer to BEGIN, then that to the statement.
    pub(crate) async fn open_with<T>(
        &self,
        mut statement: Pin<&mut (impl Future<Output = Result<T, tokio_postgres::Error>> + Send)>,
    ) -> Result<Result<T, tokio_postgres::Error>, Error> {
        let Some(answers) = self.send_begin().await? else {
            return Ok(statement.await);
        };
        // The first poll sends it.
        let early = statement.as_mut().now_or_never();
        self.begun(answers)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::Database => {
                    error.prefixed("its first statement may have been applied nonetheless: ")
                }
                _ => error,
            })?;
        Ok(match early {
            Some(result) => result,
            None => statement.await,
        })
    }

    /// Sends BEGIN, if it still has to be, and waits for nothing.
    async fn send_begin(&self) -> Result<Option<SimpleQueryStream>, Error> {
        let session = self.session();
        if session.flags.take(flags::UNOPENED) == 0 {
            return Ok(None);
        }
        let begin = std::mem::take(&mut *locked(&session.begin));
        let answers = self.client().simple_query_raw(&begin).await;
        answers.map(Some).map_err(Error::postgres)
    }

    /// Reads the answer to BEGIN.
    async fn begun(&self, answers: SimpleQueryStream) -> Result<(), Error> {
        let mut answers = pin!(answers);
        while let Some(answer) = answers.next().await {
            if let Err(error) = answer {
                return Err(self.session().not_begun(Error::postgres(error)));
            }
        }
        Ok(())
    }
}

impl Session {
    /// A statement that was sent behind a BEGIN that failed ran outside of any transaction.
    #[cold]
    fn not_begun(&self, error: Error) -> Error {
        self.close();
        match error.kind() {
            ErrorKind::Database => error.prefixed("the transaction did not begin: "),
            _ => error,
        }
    }
}
