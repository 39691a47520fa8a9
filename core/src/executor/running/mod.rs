//! Runs a statement: prepares, checks and sends it, and reads its rows as they arrive. Nothing here is generic over
//! queries or row types.

mod held;

use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use held::Held;
use postgres_types::Type;

use crate::{
    Error, ErrorKind, Field, Param,
    connect::refusal,
    executor::{Handle, Origin, SessionGuard},
    pool::Holder,
    query::{Call, Text},
    row::plan::Plan,
    session::{
        Session, Turn, for_one_connection, not_alone, not_in_pooled_transaction,
        not_in_transaction, pack::Pack, request::Request, response::Response, statements::Prepared,
        with_pooler,
    },
};

/// A running statement, whose rows are read on request.
pub(crate) struct Running<'e> {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) text: Text,
    pub(crate) finished: bool,
    /// The rows, if they arrived before their types were known.
    held: Option<Box<Held>>,
    response: Response,
    session: SessionGuard<'e>,
}

impl<'e> Running<'e> {
    pub(crate) async fn start(
        call: &Call<'_>,
        handle: Handle<'e>,
        fields: &'static [Field],
    ) -> Result<Self, Error> {
        let text = call.text;
        let session = handle
            .session_for(Holder::Query(text.name()))
            .await
            .map_err(|error| text.blame(error))?;
        let started = start(&session, call, fields).await;
        let (response, prepared, plan) = started.map_err(|error| text.blame(error))?;
        Ok(Self {
            prepared,
            plan,
            text: text.clone(),
            finished: false,
            held: None,
            response,
            session,
        })
    }

    /// The number of affected rows, once it is finished.
    pub(crate) fn affected(&self) -> u64 {
        self.response.affected
    }

    /// Passes the available rows to `sink`. Ready after the last.
    pub(crate) fn poll_rows(
        &mut self,
        cx: &mut Context<'_>,
        mut sink: impl FnMut(&Plan, Pack),
    ) -> Poll<Result<(), Error>> {
        loop {
            match ready!(self.poll_pack(cx))? {
                Some(pack) => sink(&self.plan, pack),
                None => return Poll::Ready(Ok(())),
            }
        }
    }

    /// The next batch of received rows.
    pub(crate) fn poll_pack(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Pack>, Error>> {
        if self.held.is_some() {
            return self.poll_held(cx);
        }
        let pack = ready!(self.poll_next(cx))?;
        if let (Some(columns), Some(_)) = (&self.response.columns, &pack) {
            if !self.prepared.has_columns(columns) {
                let unknown = self.session.unknown_types(columns);
                if !unknown.is_empty() {
                    self.held = Some(Box::new(Held::new(unknown, pack)));
                    return self.poll_held(cx);
                }
                self.read_as_they_came()?;
            }
            self.response.columns = None;
        }
        Poll::Ready(Ok(pack))
    }

    /// The next batch of rows, before their columns are checked.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Pack>, Error>> {
        if self.finished {
            return Poll::Ready(Ok(None));
        }
        match ready!(self.response.poll_pack(cx)) {
            Ok(pack) => {
                self.finished = pack.is_none();
                if self.finished {
                    if self.response.is_after_disturbance {
                        self.session.recovered();
                    }
                    let heeded = self.session.heed(self.response.status);
                    heeded.map_err(|error| self.text.blame(error))?;
                }
                Poll::Ready(Ok(pack))
            }
            Err(error) => Poll::Ready(Err(self.failed(error))),
        }
    }

    /// Makes the plan from the columns that came before the rows.
    fn read_as_they_came(&mut self) -> Result<(), Error> {
        let columns = self.response.columns.as_deref().unwrap_or_default();
        let prepared = self.session.relearn(&self.text, &self.prepared, columns);
        match prepared.plan(self.plan.row_type()) {
            Ok(plan) => self.plan = plan,
            Err(error) => {
                // A type may have changed since it was looked up.
                self.session.unlearn(&self.text);
                return Err(self.text.blame(error));
            }
        }
        self.prepared = prepared;
        Ok(())
    }

    /// The error of a row that was rejected. If it could not be read, and there are types among its columns that the session has
    /// learnt, these may have changed, and are asked for again the next time.
    #[cold]
    pub(crate) fn unread(&self, error: Error) -> Error {
        let could_not_be_read = matches!(error.kind(), ErrorKind::Decode | ErrorKind::Mapping);
        let columns = self.prepared.columns();
        if could_not_be_read && columns.iter().any(|(_, ty)| is_learnt(ty)) {
            self.session.unlearn(&self.text);
        }
        self.text.blame(error)
    }

    #[cold]
    fn failed(&mut self, error: Error) -> Error {
        self.finished = true;
        self.text.blame(self.session.failed(error))
    }
}

/// If the result was not read to its end, the server is still working on it.
impl Drop for Running<'_> {
    fn drop(&mut self) {
        match self.finished {
            true => self.session.leave(),
            false => self.session.abandon(),
        }
    }
}

/// Whether the session has asked for the type, which may change.
fn is_learnt(ty: &Type) -> bool {
    Type::from_oid(ty.oid()).is_none()
}

type Started = (Response, Arc<Prepared>, Arc<Plan>);

/// Why a prepared statement was not run. In all cases it had no effect.
enum Unstarted {
    /// Its parameters or columns, as described when it was prepared, do not fit.
    Unfit(Error),
    /// The server rejected it.
    Refused(Error),
    Otherwise(Error),
}

impl Unstarted {
    fn into_error(self) -> Error {
        match self {
            Self::Unfit(error) | Self::Otherwise(error) => error,
            Self::Refused(error) => with_pooler(error),
        }
    }
}

async fn start(
    session: &Session,
    call: &Call<'_>,
    fields: &'static [Field],
) -> Result<Started, Error> {
    let prepared = session.prepare(call.text).await?;
    match send(session, call, &prepared, fields).await {
        Ok(started) => return Ok(started),
        // The schema may have changed since it was prepared.
        Err(Unstarted::Unfit(_)) => session.unlearn(call.text),
        Err(Unstarted::Refused(error)) => session.forget_stale(call.text, error)?,
        Err(Unstarted::Otherwise(error)) => return Err(error),
    }
    let again: Pin<Box<dyn Future<Output = _> + Send + '_>> = Box::pin(async move {
        let prepared = session.prepare(call.text).await?;
        let sent = send(session, call, &prepared, fields).await;
        sent.map_err(Unstarted::into_error)
    });
    again.await
}

/// Sends a prepared statement.
async fn send(
    session: &Session,
    call: &Call<'_>,
    prepared: &Arc<Prepared>,
    fields: &'static [Field],
) -> Result<Started, Unstarted> {
    let sql = call.text.sql();
    let refused = match call.handle.origin() {
        Origin::Pool if prepared.is_for_one_connection => for_one_connection(sql),
        Origin::Multiplexed if !prepared.stands_alone => not_alone(sql),
        Origin::Transaction if prepared.is_for_one_connection => not_in_transaction(sql),
        Origin::PooledTransaction if prepared.is_for_one_connection => {
            not_in_pooled_transaction(sql)
        }
        _ => None,
    };
    if let Some(refused) = refused {
        return Err(Unstarted::Otherwise(refused));
    }
    prepared.check(sql, call.params).map_err(Unstarted::Unfit)?;
    let plan = prepared.plan(fields).map_err(Unstarted::Unfit)?;
    let mut request = Request::new();
    let written = request.statement(sql, prepared, call.params);
    written.map_err(|error| match prepared.params().iter().any(is_learnt) {
        // The type may have changed since it was learnt.
        true => Unstarted::Unfit(error),
        false => Unstarted::Otherwise(error),
    })?;
    let turn = session
        .turn_unopened()
        .await
        .map_err(Unstarted::Otherwise)?;
    session.running(prepared, sql);
    let limit = call.handle.limit();
    let mut response = match turn.is_open() && limit.is_none() {
        true => turn.send(&request).map_err(Unstarted::Otherwise)?,
        false => {
            // Boxed and without its type, because it is rare, to keep the futures of queries small.
            let sending: Pin<Box<dyn Future<Output = _> + Send + '_>> =
                Box::pin(send_with_more(&turn, limit, request));
            sending.await.map_err(Unstarted::Otherwise)?
        }
    };
    match taken_up(&mut response).await {
        Ok(()) => {
            turn.hand_over();
            Ok((response, Arc::clone(prepared), plan))
        }
        Err(refused) => {
            turn.finish();
            Err(Unstarted::Refused(session.failed(refused)))
        }
    }
}

/// Runs a statement to its end, with a pending BEGIN before it if there is one, and passes its rows to `sink`. Returns
/// the number of affected rows.
pub(crate) async fn run(
    session: &Session,
    sql: &str,
    prepared: &Prepared,
    params: &[Param<'_>],
    sink: &mut (dyn FnMut(Pack) + Send),
) -> Result<u64, Error> {
    let mut request = Request::new();
    request.statement(sql, prepared, params)?;
    let turn = session.turn_unopened().await?;
    let mut response = send_with_more(&turn, None, request).await?;
    let run = poll_fn(|cx| {
        while let Some(pack) = ready!(response.poll_pack(cx))? {
            sink(pack);
        }
        Poll::Ready(Ok(()))
    });
    let run = run.await;
    turn.finish();
    match run {
        Ok(()) => Ok(response.affected),
        Err(error) => Err(session.failed(error)),
    }
}

/// Sends a statement, with the pending BEGIN or the setting of its deadline before it.
async fn send_with_more(
    turn: &Turn<'_>,
    limit: Option<Duration>,
    statement: Request,
) -> Result<Response, Error> {
    if let Some(begin) = turn.take_begin() {
        return turn.begin_with(&begin, &statement).await;
    }
    match limit.filter(|limit| turn.is_to_have(*limit)) {
        Some(limit) => turn.send_within(limit, &statement).await,
        None => turn.send(&statement),
    }
}

/// Waits until the server has started a statement, or has rejected it.
async fn taken_up(response: &mut Response) -> Result<(), Error> {
    loop {
        match response.peek().await? {
            // The SQL was sent with it (`ParseComplete`).
            b'1' => drop(response.next().await?),
            b'E' => return Err(refusal(&response.next().await?.1)),
            _ => return Ok(()),
        }
    }
}
