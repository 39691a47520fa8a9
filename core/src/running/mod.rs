//! A statement on its way: prepared, checked, sent, and its rows as they arrive. Nothing here is generic over queries or row
//! types.

mod held;

use std::{
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::Stream;
use held::Held;

use crate::{
    Error, Field,
    bound::{bound, unsent},
    connect::Column,
    executor::{Handle, SessionGuard},
    pack::Pack,
    plan::Plan,
    pool::Holder,
    query::{Call, Text},
    session::{Session, Turn},
    statements::Prepared,
};

/// A running statement. Its rows come out of a stream beside it, which must be dropped before it: the
/// stream must not outlive the connection it comes from.
pub(crate) struct Running<'e> {
    pub(crate) prepared: Arc<Prepared>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) text: Text,
    pub(crate) finished: bool,
    /// Whether the columns of the first row are to be compared with those that are known, as the server may have made something
    /// else of the SQL than it did before.
    unchecked: bool,
    /// The rows, if they came before their types were known.
    held: Option<Box<Held>>,
    session: SessionGuard<'e>,
}

impl<'e> Running<'e> {
    pub(crate) async fn start(
        call: &Call<'_>,
        handle: Handle<'e>,
        fields: &'static [Field],
    ) -> Result<Begun<'e>, Error> {
        let text = call.text;
        let session = handle
            .session_for(Holder::Query(text.name()))
            .await
            .map_err(|error| text.blame(error))?;
        let started = start(&session, call, fields).await;
        let (stream, prepared, plan) = started.map_err(|error| text.blame(error))?;
        let running = Self {
            unchecked: prepared.statement.is_none(),
            prepared,
            plan,
            text: text.clone(),
            finished: false,
            held: None,
            session,
        };
        Ok((running, stream))
    }

    /// Gives the rows that are there to `sink`; ready after the last.
    pub(crate) fn poll_rows(
        &mut self,
        mut stream: Pin<&mut tokio_postgres::RowStream>,
        cx: &mut Context<'_>,
        mut sink: impl FnMut(&Plan, Pack),
    ) -> Poll<Result<(), Error>> {
        while self.unchecked || self.held.is_some() {
            match ready!(self.poll_pack(stream.as_mut(), cx)) {
                Some(pack) => sink(&self.plan, pack?),
                None => return Poll::Ready(Ok(())),
            }
        }
        loop {
            match ready!(stream.as_mut().poll_next(cx)) {
                Some(Ok(row)) => sink(&self.plan, Pack::new(row)),
                Some(Err(error)) => return Poll::Ready(Err(self.failed(error))),
                None => {
                    self.finished = true;
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }

    /// The next rows that came together.
    pub(crate) fn poll_pack(
        &mut self,
        mut stream: Pin<&mut tokio_postgres::RowStream>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Pack, Error>>> {
        if self.held.is_some() {
            return self.poll_held(stream, cx);
        }
        let row = ready!(stream.as_mut().poll_next(cx));
        self.finished = row.is_none();
        let pack = match row {
            Some(Ok(row)) => Pack::new(row),
            Some(Err(error)) => return Poll::Ready(Some(Err(self.failed(error)))),
            None => return Poll::Ready(None),
        };
        if self.unchecked {
            let columns = pack.columns();
            if !self.prepared.has_columns(&columns) {
                let unknown = self.session.unknown_types(&columns);
                if !unknown.is_empty() {
                    self.held = Some(Box::new(Held::new(unknown, pack)));
                    return self.poll_held(stream, cx);
                }
                self.read_as(&columns)?;
            }
            self.unchecked = false;
        }
        Poll::Ready(Some(Ok(pack)))
    }

    /// Reads what comes by what these columns are.
    fn read_as(&mut self, columns: &[Column]) -> Result<(), Error> {
        let prepared = self.session.relearn(&self.text, &self.prepared, columns);
        match prepared.plan(self.plan.row_type()) {
            Ok(plan) => self.plan = plan,
            Err(error) => {
                // A type may have changed since it was learnt.
                self.session.unlearn(&self.text);
                return Err(self.text.blame(error));
            }
        }
        self.prepared = prepared;
        Ok(())
    }

    #[cold]
    fn failed(&mut self, error: tokio_postgres::Error) -> Error {
        self.finished = true;
        self.text.blame(self.session.failed(error))
    }
}

/// A result that was not read to its end is one that the server still works on.
impl Drop for Running<'_> {
    fn drop(&mut self) {
        match self.finished {
            true => self.session.leave(),
            false => self.session.abandon(),
        }
    }
}

/// A running statement, and the stream of its rows.
type Begun<'e> = (Running<'e>, tokio_postgres::RowStream);

type Started = (tokio_postgres::RowStream, Arc<Prepared>, Arc<Plan>);

/// Why a prepared statement was not run. Nothing was done in any case.
enum Unstarted {
    /// Its parameters or columns, as they were when it was prepared, do not fit.
    Unfit(Error),
    /// The server refused it.
    Refused(Error),
    Otherwise(Error),
}

impl Unstarted {
    fn into_error(self) -> Error {
        match self {
            Self::Unfit(error) | Self::Refused(error) | Self::Otherwise(error) => error,
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
    prepared.check(call.params).map_err(Unstarted::Unfit)?;
    let plan = prepared.plan(fields).map_err(Unstarted::Unfit)?;
    let turn = session
        .turn_unopened()
        .await
        .map_err(Unstarted::Otherwise)?;
    session.running(prepared);
    let result = match &prepared.statement {
        Some(statement) if turn.is_open() && call.handle.limit().is_none() => {
            let params = bound(call.params, prepared.params());
            turn.client().query_raw(statement, params).await
        }
        // Boxed and without their types, as they are rare, to keep the futures of queries small.
        statement => {
            let running: Pin<Box<dyn Future<Output = _> + Send + '_>> = match statement {
                Some(statement) => Box::pin(send_with_more(&turn, call, prepared, statement)),
                None => Box::pin(send_with_sql(&turn, call, prepared)),
            };
            running.await.map_err(Unstarted::Otherwise)?
        }
    };
    started(session, turn, prepared, plan, result)
}

/// What the driver says of a statement that it has sent.
type Sent = Result<tokio_postgres::RowStream, tokio_postgres::Error>;

/// Sends a statement that the server keeps, with its deadline or the BEGIN before it.
async fn send_with_more(
    turn: &Turn<'_>,
    call: &Call<'_>,
    prepared: &Prepared,
    statement: &tokio_postgres::Statement,
) -> Result<Sent, Error> {
    let params = bound(call.params, prepared.params());
    let running = pin!(turn.client().query_raw(statement, params));
    with_more(turn, call, running).await
}

/// Sends a statement together with its SQL.
async fn send_with_sql(
    turn: &Turn<'_>,
    call: &Call<'_>,
    prepared: &Prepared,
) -> Result<Sent, Error> {
    let types = prepared.params();
    let params = bound(call.params, types).zip(types.iter().cloned());
    let running = pin!(turn.client().query_typed_raw(call.text.sql(), params));
    with_more(turn, call, running).await
}

/// Sends a statement with its deadline, or the BEGIN before it, if there is one.
async fn with_more(
    turn: &Turn<'_>,
    call: &Call<'_>,
    running: Pin<&mut (impl Future<Output = Sent> + Send)>,
) -> Result<Sent, Error> {
    match call.handle.limit() {
        Some(limit) if turn.is_open() => turn.limit(limit, running).await,
        _ => turn.open_with(running).await,
    }
}

fn started(
    session: &Session,
    turn: Turn<'_>,
    prepared: &Arc<Prepared>,
    plan: Arc<Plan>,
    result: Sent,
) -> Result<Started, Unstarted> {
    match result {
        Ok(stream) => {
            turn.hand_over();
            Ok((stream, Arc::clone(prepared), plan))
        }
        Err(error) => {
            turn.finish();
            Err(match unsent(&error, prepared) {
                Some(error) => Unstarted::Otherwise(error),
                None => Unstarted::Refused(session.failed(error)),
            })
        }
    }
}
