//! What the server answers to a request, message after message.

use std::{
    future::poll_fn,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};

use crate::{
    Error, ErrorKind,
    connect::{
        Column, Feed, HEADER, Reply, TextRow, affected, columns, length, malformed, refusal, rows,
        text_row,
    },
    pack::Pack,
    session::Limited,
};

/// The answer to a request.
pub(crate) struct Response {
    reply: Reply,
    /// What came and was not looked at.
    messages: Bytes,
    /// The columns that came before the rows, where these were asked for.
    pub(crate) columns: Option<Vec<Column>>,
    /// How many rows were affected, once it has ended.
    pub(crate) affected: u64,
    /// Whether the server has said that the statement has run to its end.
    is_complete: bool,
    /// Whether its group has ended.
    has_ended: bool,
    /// What the server said of the transaction at the end of its group.
    pub(crate) status: u8,
    /// Whether it was asked for when something had disturbed the transaction.
    pub(crate) is_after_disturbance: bool,
    /// The setting that is reset in the group behind it.
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

    /// The messages that are there, of which there is at least one, and what the first is.
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

    /// The next rows that came together; none after the last.
    ///
    /// # Errors
    ///
    /// What the server refused, after which nothing need be read.
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

    /// Waits until the setting is reset, if there is one. The statement has run, whatever comes of that.
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

    /// What the next message is.
    pub(crate) async fn peek(&mut self) -> Result<u8, Error> {
        poll_fn(|cx| self.poll_messages(cx).map_ok(|(tag, _)| tag)).await
    }

    /// Passes over the messages of a group, up to its end.
    ///
    /// # Errors
    ///
    /// What the server refused, or that it waits for data.
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

    /// Waits until the server is ready for data. It may have refused it by then.
    ///
    /// # Errors
    ///
    /// What the server refused.
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

    /// The next data of a COPY; none after the last, once all has ended well.
    ///
    /// # Errors
    ///
    /// What the server refused.
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
    /// What the server refused.
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
    /// What the server refused.
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

    /// Passes over the messages of a group. It returns what its end says of the transaction.
    pub(crate) async fn status(&mut self) -> Result<u8, Error> {
        loop {
            if let (b'Z', message) = self.next().await? {
                return status(&message);
            }
        }
    }

    /// Passes over the answer to a statement without rows, in whose group there are others behind it.
    ///
    /// # Errors
    ///
    /// What the server refused.
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

    /// Closes the connection, as whatever comes on it may be the answer to something else.
    #[cold]
    fn out_of_step(&self) -> Error {
        self.reply.close();
        malformed()
    }
}

/// Data is copied by what has some, or wants it.
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

/// Passes over the first message.
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
