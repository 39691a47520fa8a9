//! The one path that every query takes: find a connection, prepare, check, send, and hand over rows
//! as they arrive. Nothing here is generic over queries or row types.

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::BytesMut;
use futures_util::{Stream, StreamExt};
use postgres_types::{IsNull, ToSql, Type};

use crate::{
    EncodeError, Error, ErrorKind, Field, Param, Row, RowSet, RowType,
    executor::{Handle, SessionGuard},
    plan::{Plan, type_name},
    query::{Call, Text},
    session::{Session, Unfinished},
    statements::Prepared,
};

/// A running statement. Its rows come out of a stream beside it, which must be dropped before it: the
/// stream must not outlive the connection it comes from.
struct Running<'e> {
    prepared: Arc<Prepared>,
    plan: Arc<Plan>,
    text: Text,
    finished: bool,
    session: SessionGuard<'e>,
}

impl<'e> Running<'e> {
    async fn start(
        handle: Handle<'e>,
        text: &Text,
        params: &[Param<'_>],
        fields: &'static [Field],
    ) -> Result<(Self, tokio_postgres::RowStream), Error> {
        let session = handle.session().await.map_err(|error| text.blame(error))?;
        let started = start(&session, text, params, fields).await;
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

    fn poll_row(
        &mut self,
        stream: Pin<&mut tokio_postgres::RowStream>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<tokio_postgres::Row, Error>>> {
        let row = ready!(stream.poll_next(cx));
        match row {
            Some(Ok(row)) => Poll::Ready(Some(Ok(row))),
            Some(Err(error)) => {
                self.finished = true;
                let error = self.session.failed(&self.text, error);
                Poll::Ready(Some(Err(self.text.blame(error))))
            }
            None => {
                self.finished = true;
                Poll::Ready(None)
            }
        }
    }
}

/// A result that was not read to its end leaves the connection busy.
impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.session.spoil();
        }
    }
}

async fn start(
    session: &Session,
    text: &Text,
    params: &[Param<'_>],
    fields: &'static [Field],
) -> Result<(tokio_postgres::RowStream, Arc<Prepared>, Arc<Plan>), Error> {
    let prepared = session.prepare(text).await?;
    prepared.check(params)?;
    let plan = prepared.plan(fields)?;
    let unfinished = Unfinished::new(session);
    let bound = params
        .iter()
        .enumerate()
        .map(|(index, param)| Bound { index, param });
    let result = session.client().query_raw(&prepared.statement, bound).await;
    unfinished.finish();
    match result {
        Ok(stream) => Ok((stream, prepared, plan)),
        Err(error) => match unsent(&error, &prepared) {
            Some(error) => Err(error),
            None => Err(session.failed(text, error)),
        },
    }
}

/// Runs a statement and gives each row to `sink`; returns the number of rows affected.
pub(crate) async fn each(
    call: Call<'_>,
    fields: &'static [Field],
    sink: &mut (dyn FnMut(&mut Row<'_>) -> Result<(), Error> + Send),
) -> Result<u64, Error> {
    let (mut running, stream) = Running::start(call.handle, call.text, call.params, fields).await?;
    let mut stream = pin!(stream);
    let mut rejected = None;
    while let Some(row) = poll_fn(|cx| running.poll_row(stream.as_mut(), cx)).await {
        let row = row?;
        // The rest is read all the same, so that the connection is free for what comes next.
        if rejected.is_none() {
            rejected = sink(&mut Row::new(&row, &running.plan)).err();
        }
    }
    match rejected {
        Some(error) => Err(call.text.blame(error)),
        None => Ok(stream.rows_affected().unwrap_or(0)),
    }
}

/// Runs a statement and keeps its rows as they came.
pub(crate) async fn all(call: Call<'_>) -> Result<RowSet, Error> {
    let (mut running, stream) = Running::start(call.handle, call.text, call.params, &[]).await?;
    let mut stream = pin!(stream);
    let mut rows = Vec::new();
    while let Some(row) = poll_fn(|cx| running.poll_row(stream.as_mut(), cx)).await {
        rows.push(row?);
    }
    let prepared = Arc::clone(&running.prepared);
    Ok(RowSet::new(rows, prepared, call.text.clone()))
}

/// The rows of a query, read as they arrive and not kept.
#[must_use = "a stream does nothing until it is polled"]
pub struct RowStream<'e, R> {
    // The stream goes first.
    stream: Pin<Box<tokio_postgres::RowStream>>,
    running: Running<'e>,
    row_type: PhantomData<fn() -> R>,
}

impl<'e, R: RowType> RowStream<'e, R> {
    pub(crate) async fn open(
        handle: Handle<'e>,
        text: &Text,
        params: &[Param<'_>],
    ) -> Result<Self, Error> {
        let (running, stream) = Running::start(handle, text, params, R::FIELDS).await?;
        Ok(Self {
            stream: Box::pin(stream),
            running,
            row_type: PhantomData,
        })
    }
}

impl<R: RowType> RowStream<'_, R> {
    /// The next row, or `None` after the last.
    ///
    /// # Errors
    ///
    /// When the statement fails on its way, or a value does not fit.
    pub async fn next(&mut self) -> Option<Result<R::Output, Error>> {
        StreamExt::next(self).await
    }
}

impl<R: RowType> Stream for RowStream<'_, R> {
    type Item = Result<R::Output, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self {
            stream, running, ..
        } = &mut *self;
        Poll::Ready(ready!(running.poll_row(stream.as_mut(), cx)).map(|row| {
            R::read(&mut Row::new(&row?, &running.plan)).map_err(|error| running.text.blame(error))
        }))
    }
}

impl<R> fmt::Debug for RowStream<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream")
            .field("sql", &self.running.text.sql())
            .finish_non_exhaustive()
    }
}

/// A parameter in the form that tokio-postgres sends; its type was checked before.
struct Bound<'p> {
    index: usize,
    param: &'p Param<'p>,
}

impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.param.fmt(f)
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let index = self.index;
        self.param
            .encode(ty, out)
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
        .statement
        .params()
        .get(*index)
        .map(type_name)
        .unwrap_or_default();
    let message = format!("the value cannot be sent as {ty}: {error}");
    Some(Error::new(ErrorKind::Encode, message).in_param(*index))
}
