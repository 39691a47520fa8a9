//! Cleans up a session after a dropped future left a statement running, a transaction open or a lock held. The
//! statement is cancelled and the transaction rolled back. The session is used again only if the server then reports
//! that it is outside of a transaction, or inside the one that goes on; otherwise it is closed.

use std::{pin::pin, sync::atomic::Ordering::SeqCst, time::Duration};

use tokio::{runtime::Handle, task::JoinHandle, time::timeout};

use super::{NOT_ROLLING_BACK, Session, flags, limit, request::Request, response::Response};
use crate::{
    Error, ErrorKind, connect::TextRow, executor::deadline::is_stop, transaction::rollback_sql,
};

/// The time that an abandoned statement has to end by itself before it is cancelled. Usually it has ended already.
const GRACE: Duration = Duration::from_millis(2);

/// How long one that was cancelled may take to end before the next is, where several were abandoned at once.
const NEXT_GRACE: Duration = Duration::from_millis(20);

/// The server's transaction status outside of a transaction.
pub(super) const OUTSIDE: u8 = b'I';

impl Session {
    /// Cleans up the session, or closes it if that fails.
    pub(crate) async fn settle(&self) -> Result<(), Error> {
        let settled = match self.settle_soon() {
            Some(settling) => settling.await.ok(),
            None => None,
        };
        settled.unwrap_or_else(|| {
            self.close();
            Err(unsettled("the runtime has ended"))
        })
    }

    /// Like [`settle`](Self::settle), but in a separate task, which runs to its end even if nobody waits for it: a
    /// forgotten cancel request could cancel the next statement. Outside of a runtime, the next turn does it.
    pub(super) fn settle_soon(&self) -> Option<JoinHandle<Result<(), Error>>> {
        let (runtime, session) = (Handle::try_current().ok()?, self.to_arc()?);
        Some(runtime.spawn(async move { session.settle_in_turn().await }))
    }

    async fn settle_in_turn(&self) -> Result<(), Error> {
        let _one_at_a_time = self.settling.lock().await;
        if !self.needs_settling() {
            return Ok(());
        }
        let settled = match timeout(self.recovery_timeout, self.settle_now()).await {
            Ok(settled) => settled,
            Err(_) => Err(unsettled("an abandoned statement did not end in time")),
        };
        if settled.is_err() {
            self.close();
        }
        settled
    }

    fn needs_settling(&self) -> bool {
        self.flags.any(flags::LEFT | flags::SUSPECT)
    }

    async fn settle_now(&self) -> Result<(), Error> {
        // Set first, so that the session does not look clean before everything is done.
        self.flags.set(flags::SETTLING);
        let mut left = Left {
            session: self,
            flags: 0,
            done: false,
        };
        if self.in_flight.load(SeqCst) > 0 {
            // Another task has started a statement, which a cancel request could hit. The last such task comes here
            // again.
            return Ok(());
        }
        left.flags = self.flags.take(flags::LEFT | flags::SUSPECT);
        self.put_in_order(left.flags).await?;
        left.done = true;
        Ok(())
    }

    async fn put_in_order(&self, left: u16) -> Result<(), Error> {
        if left & flags::ABANDONED != 0 {
            self.stop_abandoned().await;
        }
        if left & flags::UNFINISHED != 0 {
            self.roll_back_unfinished().await?;
        }
        if left & flags::LOCKED != 0 {
            self.insist("select pg_advisory_unlock_all()").await?;
        }
        if left & flags::LIMITED != 0 {
            self.insist(limit::RESET).await?;
        }
        if left & flags::RETURNED != 0
            && let Some(sql) = &self.on_return
        {
            self.insist(sql).await?;
        }
        let is_inside = self.status().await? != OUTSIDE;
        match (is_inside, self.is_opened()) {
            (true, false) => Err(unsettled("a transaction was left open")),
            // BEGIN was cancelled before it took effect.
            (false, true) if !self.is_over() => {
                Err(unsettled("the transaction is not open any more"))
            }
            _ => Ok(()),
        }
    }

    /// Has what nobody waits for cancelled, unless it has ended. A request stops one statement, and the server goes on with the
    /// next of those that were sent at once.
    async fn stop_abandoned(&self) {
        let mut ended = pin!(self.status());
        let mut grace = GRACE;
        loop {
            let ended = timeout(grace, ended.as_mut()).await;
            if matches!(ended, Ok(Ok(_))) {
                return;
            }
            // If this fails, the statement may still end by itself in time.
            let _ = self.canceler.cancel().await;
            if ended.is_ok() {
                return;
            }
            grace = NEXT_GRACE;
        }
    }

    /// The server's transaction status.
    pub(super) async fn status(&self) -> Result<u8, Error> {
        let mut request = Request::new();
        request.script("")?;
        Response::new(self.line.send(&request)?).status().await
    }

    /// The same, in a turn.
    pub(super) async fn status_in_turn(&self) -> Result<u8, Error> {
        let turn = self.turn().await?;
        let status = self.status().await;
        turn.finish();
        status.map_err(|error| self.failed(error))
    }

    async fn roll_back_unfinished(&self) -> Result<(), Error> {
        let depth = self.roll_back_to.load(SeqCst);
        if depth == NOT_ROLLING_BACK {
            return Ok(());
        }
        self.insist(&rollback_sql(depth)).await?;
        if depth == 0 {
            self.leave_transaction();
        }
        // If an outer transaction or savepoint was dropped in the meantime, it must still be rolled back.
        let _ = self
            .roll_back_to
            .compare_exchange(depth, NOT_ROLLING_BACK, SeqCst, SeqCst);
        Ok(())
    }

    /// Runs a statement, and repeats it if a late cancel request or the timeout that it resets has cancelled it.
    async fn insist(&self, sql: &str) -> Result<Option<String>, Error> {
        loop {
            match self.ask_between(sql).await {
                Err(error) if is_stop(&error) => {}
                answer => return answer,
            }
        }
    }

    /// Runs statements without a turn, and returns their rows as text.
    pub(super) async fn text_rows(&self, sql: &str) -> Result<Vec<TextRow>, Error> {
        let mut request = Request::new();
        request.script(sql)?;
        Response::new(self.line.send(&request)?).text_rows().await
    }

    /// The first value of the first row, as text. Who gives it up leaves no question behind.
    pub(crate) async fn ask(&self, sql: &str) -> Result<Option<String>, Error> {
        let turn = self.turn().await?;
        let answer = self.ask_between(sql).await;
        turn.finish();
        answer.map_err(|error| self.failed(error))
    }

    /// The same. Not in a turn: for what must be asked between turns.
    pub(crate) async fn ask_between(&self, sql: &str) -> Result<Option<String>, Error> {
        let rows = self.text_rows(sql).await?;
        Ok(rows.into_iter().flatten().next().flatten())
    }
}

#[cold]
pub(super) fn unsettled(why: &str) -> Error {
    let message = format!("{why}, and the connection was closed");
    Error::new(ErrorKind::Connection, message)
}

/// The leftovers that are being cleaned up. If this is dropped early, they are marked again.
struct Left<'s> {
    session: &'s Session,
    flags: u16,
    done: bool,
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.session.flags.set(self.flags);
        }
        self.session.flags.clear(flags::SETTLING);
    }
}
