//! A statement on its way: prepared, checked, sent, and its rows as they arrive. Nothing here is generic over queries or row
//! types.

use std::{
    fmt,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::BytesMut;
use futures_util::Stream;
use postgres_types::{IsNull, ToSql, Type};

use crate::{
    EncodeError, Error, ErrorKind, Field, Param,
    executor::{Handle, SessionGuard},
    plan::{Plan, type_name},
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
    session: SessionGuard<'e>,
}

impl<'e> Running<'e> {
    pub(crate) async fn start(
        call: &Call<'_>,
        handle: Handle<'e>,
        fields: &'static [Field],
    ) -> Result<(Self, tokio_postgres::RowStream), Error> {
        let text = call.text;
        let session = handle
            .session_for(Holder::Query(text.name()))
            .await
            .map_err(|error| text.blame(error))?;
        let started = start(&session, call, fields).await;
        let (stream, prepared, plan) = started.map_err(|error| text.blame(error))?;
        let running = Self {
            prepared,
            plan,
            text: text.clone(),
            finished: false,
            session,
        };
        Ok((running, stream))
    }

    /// Gives each row that is there to `sink`; ready after the last.
    pub(crate) fn poll_rows(
        &mut self,
        mut stream: Pin<&mut tokio_postgres::RowStream>,
        cx: &mut Context<'_>,
        mut sink: impl FnMut(&Plan, tokio_postgres::Row),
    ) -> Poll<Result<(), Error>> {
        loop {
            // Taken as it comes: a row is too large to be handed around.
            match ready!(stream.as_mut().poll_next(cx)) {
                Some(Ok(row)) => sink(&self.plan, row),
                Some(Err(error)) => return Poll::Ready(Err(self.failed(error))),
                None => {
                    self.finished = true;
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }

    /// The next row.
    pub(crate) fn poll_row(
        &mut self,
        stream: Pin<&mut tokio_postgres::RowStream>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<tokio_postgres::Row, Error>>> {
        let row = ready!(stream.poll_next(cx));
        self.finished = row.is_none();
        Poll::Ready(row.map(|row| row.map_err(|error| self.failed(error))))
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
        // Boxed and without its type, as it is rare, to keep the futures of queries small.
        _ => {
            let running: Pin<Box<dyn Future<Output = _> + Send + '_>> =
                Box::pin(send_with_more(&turn, call, prepared));
            running.await.map_err(Unstarted::Otherwise)?
        }
    };
    started(session, turn, prepared, plan, result)
}

/// Sends a statement together with its SQL, its deadline or the BEGIN before it.
async fn send_with_more(
    turn: &Turn<'_>,
    call: &Call<'_>,
    prepared: &Prepared,
) -> Result<Result<tokio_postgres::RowStream, tokio_postgres::Error>, Error> {
    let params = bound(call.params, prepared.params());
    let Some(statement) = &prepared.statement else {
        let params = params.zip(prepared.params().iter().cloned());
        let running = pin!(turn.client().query_typed_raw(call.text.sql(), params));
        return turn.open_with(running).await;
    };
    let running = pin!(turn.client().query_raw(statement, params));
    match call.handle.limit() {
        Some(limit) if turn.is_open() => turn.limit(limit, running).await,
        _ => turn.open_with(running).await,
    }
}

/// The parameters in the form that tokio-postgres sends.
fn bound<'p>(
    params: &'p [Param<'p>],
    types: &'p [Type],
) -> impl ExactSizeIterator<Item = Bound<'p>> {
    let params = params.iter().zip(types).enumerate();
    params.map(|(index, (param, ty))| Bound { index, param, ty })
}

fn started(
    session: &Session,
    turn: Turn<'_>,
    prepared: &Arc<Prepared>,
    plan: Arc<Plan>,
    result: Result<tokio_postgres::RowStream, tokio_postgres::Error>,
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

/// A parameter in the form that tokio-postgres sends; its type was checked before.
struct Bound<'p> {
    index: usize,
    param: &'p Param<'p>,
    /// Which may say more than the driver does.
    ty: &'p Type,
}

impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.param.fmt(f)
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let index = self.index;
        self.param
            .encode(self.ty, out)
            .map_err(|error| Box::new(Unsent { index, error }) as _)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql(ty, out)
    }
}

/// Which parameter could not be encoded, on its way through tokio-postgres.
#[derive(Debug)]
struct Unsent {
    index: usize,
    error: EncodeError,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Unsent {}

fn unsent(error: &tokio_postgres::Error, prepared: &Prepared) -> Option<Error> {
    let Unsent { index, error } = std::error::Error::source(error)?.downcast_ref()?;
    let ty = prepared
        .params()
        .get(*index)
        .map(type_name)
        .unwrap_or_default();
    let message = format!("the value cannot be sent as {ty}: {error}");
    Some(Error::new(ErrorKind::Encode, message).in_param(*index))
}
