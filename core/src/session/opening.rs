//! BEGIN is sent with the first statement of its transaction, in one round trip. Its answer is checked before that of
//! the statement, in case the transaction did not begin.

use std::borrow::Cow;

use super::{Session, flags, request::Request, response::Response, settle::OUTSIDE, turn::Turn};
use crate::{Error, ErrorKind, locked::locked};

impl Session {
    /// Notes that a transaction begins with the next statement.
    pub(crate) fn enter_transaction(&self, begin: Cow<'static, str>) {
        *locked(&self.begin) = begin;
        self.flags.clear(flags::SEEN);
        self.flags.set(flags::IN_TRANSACTION | flags::UNOPENED);
    }

    pub(crate) fn leave_transaction(&self) {
        let all = flags::IN_TRANSACTION | flags::UNOPENED | flags::OVER;
        self.flags.clear(all);
    }

    /// Whether a statement has ended the transaction.
    pub(crate) fn is_over(&self) -> bool {
        self.flags.any(flags::OVER)
    }

    /// Takes note of what the server says of the transaction behind a statement of the user's, which may have ended it.
    ///
    /// # Errors
    ///
    /// When the statement has ended the transaction, or has run behind its end.
    #[inline]
    pub(crate) fn heed(&self, status: u8) -> Result<(), Error> {
        match status == OUTSIDE && self.is_opened() {
            true => Err(self.ended()),
            false => Ok(()),
        }
    }

    /// Takes note that a statement has run behind what disturbed the transaction, which must have been undone.
    #[cold]
    pub(crate) fn recovered(&self) {
        self.flags.clear(flags::DISTURBED);
    }

    #[cold]
    fn ended(&self) -> Error {
        self.flags.set(flags::OVER);
        let message = "the transaction was ended by a statement instead of `Transaction::commit` or \
                       `Transaction::rollback`, and nothing is run in it any more";
        Error::new(ErrorKind::TransactionAborted, message)
    }

    /// Refuses a transaction inside of one that a statement has begun.
    pub(crate) async fn needs_no_transaction(&self) -> Result<(), Error> {
        if !self.flags.any(flags::SUSPECT) {
            return Ok(());
        }
        // Boxed, as it is rare, to keep the futures of transactions small.
        if Box::pin(self.status_in_turn()).await? == OUTSIDE {
            self.flags.clear(flags::SUSPECT);
            return Ok(());
        }
        let message = "a statement has begun a transaction on this connection, which is still open: end it by `commit` or \
                       `rollback` first";
        Err(Error::new(ErrorKind::Configuration, message))
    }

    pub(crate) fn is_in_transaction(&self) -> bool {
        self.flags.any(flags::IN_TRANSACTION)
    }

    /// Whether BEGIN is not sent yet.
    pub(crate) fn is_unopened(&self) -> bool {
        self.flags.any(flags::UNOPENED)
    }

    /// Whether BEGIN was sent, and no answer has ended the transaction.
    pub(super) fn is_opened(&self) -> bool {
        self.is_in_transaction() && !self.is_unopened()
    }

    /// A statement that was sent after a BEGIN that failed may have run outside of a transaction.
    #[cold]
    fn not_begun(&self, error: Error) -> Error {
        self.close();
        match error.kind() {
            ErrorKind::Database => error.prefixed("the transaction did not begin: "),
            _ => error,
        }
    }
}

/// The error of whatever is to be run behind the end of a transaction.
#[cold]
pub(crate) fn over() -> Error {
    let message = "the transaction is over: a statement has ended it";
    Error::new(ErrorKind::TransactionAborted, message)
}

impl Turn<'_> {
    /// Whether there is no BEGIN left to send.
    pub(crate) fn is_open(&self) -> bool {
        !self.session().is_unopened()
    }

    /// Takes the BEGIN that is not sent yet. The caller must send it.
    pub(crate) fn take_begin(&self) -> Option<Cow<'static, str>> {
        let session = self.session();
        let is_unopened = session.flags.take(flags::UNOPENED) != 0;
        is_unopened.then(|| std::mem::take(&mut *locked(&session.begin)))
    }

    /// Sends BEGIN, if it is not sent yet, and reads its answer.
    pub(super) async fn open(&self) -> Result<(), Error> {
        let Some(begin) = self.take_begin() else {
            return Ok(());
        };
        let mut request = Request::new();
        request.script(&begin)?;
        let begun = self.say(&request).await;
        begun
            .map(drop)
            .map_err(|error| self.session().not_begun(error))
    }

    /// Sends BEGIN and a statement after it, and reads the answer to BEGIN. If BEGIN fails, the server skips the
    /// statement; but not if BEGIN comes with settings, because it is then a separate script.
    pub(crate) async fn begin_with(
        &self,
        begin: &str,
        statement: &Request,
    ) -> Result<Response, Error> {
        let is_script = begin.contains(';');
        let mut request = Request::new();
        match is_script {
            true => request.script(begin)?,
            false => request.before_statement(begin)?,
        }
        request.append(statement);
        let mut response = self.send(&request)?;
        let begun = match is_script {
            true => response.end_group().await.map(drop),
            false => response.end_statement().await,
        };
        match begun.map_err(|error| self.session().not_begun(error)) {
            Ok(()) => Ok(response),
            Err(error) if is_script && error.kind() == ErrorKind::Database => {
                Err(error.prefixed("its first statement may have been applied nonetheless: "))
            }
            Err(error) => Err(error),
        }
    }
}
