//! Reads the server's answer to a request, message by message.

use std::{
    future::poll_fn,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};

use super::{Limited, pack::Pack};
use crate::{
    Error, ErrorKind,
    connect::{
        Column, Feed, HEADER, Reply, TextRow, affected, columns, length, malformed, refusal, rows,
        text_row,
    },
};

/// The answer to a request.
pub(crate) struct Response {
    reply: Reply,
    /// Received messages that are not parsed yet.
    messages: Bytes,
    /// The columns that came before the rows, if they were requested.
    pub(crate) columns: Option<Vec<Column>>,
    /// The number of affected rows, once the statement has ended.
    pub(crate) affected: u64,
    /// Whether the server has reported the end of the statement.
    is_complete: bool,
    /// Whether its group has ended.
    has_ended: bool,
    /// What the server said of the transaction at the end of its group.
    pub(crate) status: u8,
    /// Whether it was asked for when something had disturbed the transaction.
    pub(crate) is_after_disturbance: bool,
    /// The setting that the next group resets.
    pub(crate) limited: Option<Limited>,
}

/// How a group of messages ended.
pub(crate) struct End {
    /// That of the last statement.
    pub(crate) tag: Bytes,
    /// What the server says of the transaction.
    pub(crate) status: u8,
}

impl Response {
    pub(crate) fn new(reply: Reply) -> Self {
        Self {
            reply,
            messages: Bytes::new(),
            columns: None,
            affected: 0,
            is_complete: false,
            has_ended: false,
            status: 0,
            is_after_disturbance: false,
            limited: None,
        }
    }

    /// The available messages, at least one, and the type of the first.
    #[inline]
    fn poll_messages(&mut self, cx: &mut Context<'_>) -> Poll<Result<(u8, &mut Bytes), Error>> {
        if self.messages.is_empty() {
            self.messages = ready!(self.reply.poll_messages(cx))?;
        }
        match self.messages.first() {
            Some(tag) => Poll::Ready(Ok((*tag, &mut self.messages))),
            None => Poll::Ready(Err(malformed())),
        }
    }

    /// The next batch of received rows. `None` after the last.
    ///
    /// # Errors
    ///
    /// The server's error, after which nothing more need be read.
    pub(crate) fn poll_pack(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Pack>, Error>> {
        while !self.has_ended {
            let is_complete = self.is_complete;
            let (tag, messages) = ready!(self.poll_messages(cx))?;
            match tag {
                b'D' => {
                    return Poll::Ready(match rows(messages) {
                        0 => Err(malformed()),
                        length => Ok(Some(Pack::new(messages.split_to(length)))),
                    });
                }
                b'C' => {
                    self.affected = affected(&take(messages)?);
                    self.is_complete = true;
                }
                b'I' => {
                    pass(messages)?;
                    self.is_complete = true;
                }
                b'Z' if !is_complete => return Poll::Ready(Err(self.out_of_step())),
                b'T' => self.columns = Some(columns(&take(messages)?)?),
                b'Z' => {
                    let status = messages.get(HEADER).copied();
                    pass(messages)?;
                    self.status = status.unwrap_or_default();
                    self.has_ended = true;
                }
                b'E' => return Poll::Ready(Err(refusal(&take(messages)?))),
                b'G' | b'H' => return Poll::Ready(Err(self.out_of_step())),
                _ => pass(messages)?,
            }
        }
        self.poll_reset(cx).map(|()| Ok(None))
    }

    /// Waits until the setting is reset, if there is one. Errors are ignored, because the statement has run already.
    fn poll_reset(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while let Some(limited) = self.limited.take() {
            match self.poll_next(cx) {
                Poll::Ready(Ok((b'C', _))) => limited.end(),
                Poll::Ready(Ok((b'E', _)) | Err(_)) => {}
                Poll::Ready(Ok(_)) => self.limited = Some(limited),
                Poll::Pending => {
                    self.limited = Some(limited);
                    return Poll::Pending;
                }
            }
        }
        Poll::Ready(())
    }

    /// The type of the next message.
    pub(crate) async fn peek(&mut self) -> Result<u8, Error> {
        poll_fn(|cx| self.poll_messages(cx).map_ok(|(tag, _)| tag)).await
    }

    /// Passes over the messages of a group, up to its end.
    ///
    /// # Errors
    ///
    /// The server's error, or an error if it waits for data.
    pub(crate) async fn end_group(&mut self) -> Result<End, Error> {
        let (mut copies, mut last) = (false, Bytes::new());
        loop {
            let (tag, message) = match self.next().await {
                Err(_) if copies => return Err(needs_copy()),
                next => next?,
            };
            match tag {
                b'Z' if copies => return Err(needs_copy()),
                b'Z' => {
                    let status = status(&message)?;
                    return Ok(End { tag: last, status });
                }
                b'E' if !copies => return Err(refusal(&message)),
                b'G' => {
                    copies = true;
                    self.reply.refuse_copy();
                }
                b'H' => copies = true,
                b'C' => last = message.slice(HEADER..),
                _ => {}
            }
        }
    }

    /// Waits until the server is ready for data. It may have rejected the statement by then.
    ///
    /// # Errors
    ///
    /// The server's error.
    pub(crate) fn poll_room(
        &mut self,
        feed: &Feed,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Error>> {
        while let Poll::Ready(message) = self.poll_next(cx) {
            if let (b'E', message) = message? {
                return Poll::Ready(Err(refusal(&message)));
            }
        }
        feed.poll_room(cx).map(Ok)
    }

    /// The next data of a COPY. `None` after the last, once the COPY has succeeded.
    ///
    /// # Errors
    ///
    /// The server's error.
    pub(crate) fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        loop {
            match ready!(self.poll_next(cx))? {
                (b'd', message) => return Poll::Ready(Ok(Some(message.slice(HEADER..)))),
                (b'C', message) => self.affected = affected(&message),
                (b'E', message) => return Poll::Ready(Err(refusal(&message))),
                (b'Z', _) => return Poll::Ready(Ok(None)),
                _ => {}
            }
        }
    }

    /// Waits until a COPY has begun.
    ///
    /// # Errors
    ///
    /// The server's error.
    pub(crate) async fn begin_copy(&mut self) -> Result<(), Error> {
        loop {
            match self.next().await? {
                (b'G' | b'H', _) => return Ok(()),
                (b'E', message) => return Err(refusal(&message)),
                _ => {}
            }
        }
    }

    /// The rows of a script, up to the end of the group.
    ///
    /// # Errors
    ///
    /// The server's error.
    pub(crate) async fn text_rows(&mut self) -> Result<Vec<TextRow>, Error> {
        let mut rows = Vec::new();
        loop {
            let (tag, message) = self.next().await?;
            match tag {
                b'D' => rows.push(text_row(&message)?),
                b'E' => return Err(refusal(&message)),
                b'Z' => return Ok(rows),
                _ => {}
            }
        }
    }

    /// Skips the messages of a group. Returns the transaction status at its end.
    pub(crate) async fn status(&mut self) -> Result<u8, Error> {
        loop {
            if let (b'Z', message) = self.next().await? {
                return status(&message);
            }
        }
    }

    /// Skips the answer to a statement without rows, if others follow in the same group.
    ///
    /// # Errors
    ///
    /// The server's error.
    pub(crate) async fn end_statement(&mut self) -> Result<(), Error> {
        loop {
            let (tag, message) = self.next().await?;
            match tag {
                b'C' => return Ok(()),
                b'E' => return Err(refusal(&message)),
                _ => {}
            }
        }
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Result<(u8, Bytes), Error> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<(u8, Bytes), Error>> {
        let (tag, messages) = ready!(self.poll_messages(cx))?;
        Poll::Ready(Ok((tag, take(messages)?)))
    }

    /// Closes the connection, because later messages could belong to another request.
    #[cold]
    fn out_of_step(&self) -> Error {
        self.reply.close();
        malformed()
    }
}

/// The error for a COPY in a statement or script, which has no data.
#[cold]
pub(crate) fn needs_copy() -> Error {
    let message =
        "data is copied by `copy_in`, `copy_out` or `copy_out_query`, and not by a query or script";
    Error::new(ErrorKind::Configuration, message)
}

/// What a `ReadyForQuery` says of the transaction.
fn status(message: &[u8]) -> Result<u8, Error> {
    message.get(HEADER).copied().ok_or_else(malformed)
}

/// Takes the first message.
fn take(messages: &mut Bytes) -> Result<Bytes, Error> {
    Ok(messages.split_to(first(messages)?))
}

/// Skips the first message.
#[inline]
fn pass(messages: &mut Bytes) -> Result<(), Error> {
    messages.advance(first(messages)?);
    Ok(())
}

/// The length of the first message.
#[inline]
fn first(messages: &[u8]) -> Result<usize, Error> {
    let length = messages.first_chunk::<HEADER>().map(length);
    length
        .filter(|length| (HEADER..=messages.len()).contains(length))
        .ok_or_else(malformed)
}
