//! Parses those messages of the server that howdah reads itself ([Message
//! Formats](https://www.postgresql.org/docs/current/protocol-message-formats.html)).

use std::{
    io::{self, Cursor},
    ops::Range,
};

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use futures_util::FutureExt;
use postgres_protocol::message::backend::Message;
use postgres_types::Oid;
use tokio::task::unconstrained;
use tokio_postgres::{Config, NoTls, config::SslMode};

use crate::{Error, ErrorKind, Notice, Notification};

/// The length of a message's header: a byte for the kind of message, and its length, which includes itself.
pub(crate) const HEADER: usize = 5;

/// The length of a message with this header. It may be malformed, and is never 0.
#[inline]
pub(crate) fn length(header: &[u8; HEADER]) -> usize {
    let [_, a, b, c, d] = *header;
    (u32::from_be_bytes([a, b, c, d]) as usize).saturating_add(1)
}

/// The length of the rows at the start of `messages`, which are complete.
pub(crate) fn rows(messages: &[u8]) -> usize {
    let mut all = 0;
    while let Some(header) = messages.get(all..).and_then(<[u8]>::first_chunk)
        && header[0] == b'D'
    {
        all = all.saturating_add(length(header));
    }
    all.min(messages.len())
}

/// A column of a result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) type_oid: Oid,
}

/// A row of a script's result.
pub(crate) type TextRow = Vec<Option<String>>;

/// The columns that a `RowDescription` describes.
pub(crate) fn columns(message: &[u8]) -> Result<Vec<Column>, Error> {
    let Ok(Some(Message::RowDescription(body))) = parsed(message) else {
        return Err(malformed());
    };
    let columns = body.fields().map(|field| {
        Ok(Column {
            name: field.name().to_owned(),
            type_oid: field.type_oid(),
        })
    });
    columns.collect().map_err(|_| malformed())
}

#[cold]
fn too_many(parameters: usize) -> Error {
    let message = format!(
        "the SQL has {parameters} parameters, and a statement has 65535 at most: send arrays, for `= any($1)` or \
         `unnest($1::bigint[])`"
    );
    Error::new(ErrorKind::Mapping, message)
}

/// The types of parameters that a `ParameterDescription` describes.
pub(crate) fn parameters(message: &[u8]) -> Result<Vec<Oid>, Error> {
    // The number of parameters has 16 bits and wraps around, so it is computed from the message's length; each
    // parameter takes 4 bytes.
    let described = message.len().saturating_sub(HEADER + 2) / 4;
    if described > usize::from(u16::MAX) {
        return Err(too_many(described));
    }
    let Ok(Some(Message::ParameterDescription(body))) = parsed(message) else {
        return Err(malformed());
    };
    body.parameters().collect().map_err(|_| malformed())
}

/// The values of a row, all of which are text.
pub(crate) fn text_row(message: &[u8]) -> Result<TextRow, Error> {
    let Ok(Some(Message::DataRow(body))) = parsed(message) else {
        return Err(malformed());
    };
    let value = |range: Option<Range<usize>>| match range {
        Some(range) => String::from_utf8(body.buffer()[range].to_vec())
            .map(Some)
            .map_err(io::Error::other),
        None => Ok(None),
    };
    body.ranges().map(value).collect().map_err(|_| malformed())
}

/// The number of rows that a statement has affected, from its `CommandComplete`; 0 if that has none.
pub(crate) fn affected(message: &[u8]) -> u64 {
    let tag = message.get(HEADER..message.len() - 1).unwrap_or_default();
    let digits = tag.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    let number = |number: u64, digit: &u8| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    };
    digits.iter().try_fold(0, number).unwrap_or(0)
}

/// Parses a `NotificationResponse`.
pub(super) fn notification(message: &[u8]) -> Option<Notification> {
    let Ok(Some(Message::NotificationResponse(body))) = parsed(message) else {
        return None;
    };
    Some(Notification {
        process_id: body.process_id(),
        channel: body.channel().ok()?.to_owned(),
        payload: body.message().ok()?.to_owned(),
    })
}

/// Parses a `NoticeResponse`.
pub(super) fn notice(message: &[u8]) -> Option<Notice> {
    let Ok(Some(Message::NoticeResponse(body))) = parsed(message) else {
        return None;
    };
    let mut notice = Notice::default();
    let mut fields = body.fields();
    while let Ok(Some(field)) = fields.next() {
        let text = String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            // `V` is the severity that is never translated.
            b'V' => notice.severity = text,
            b'C' => notice.code = text,
            b'M' => notice.message = text,
            b'D' => notice.detail = Some(text),
            b'H' => notice.hint = Some(text),
            _ => {}
        }
    }
    Some(notice)
}

/// The error in an `ErrorResponse`. Only tokio-postgres can create it, from a connection that is refused with it.
#[cold]
pub(crate) fn refusal(message: &[u8]) -> Error {
    let server = tokio::io::join(Cursor::new(message), tokio::io::sink());
    let mut config = Config::new();
    config.user("nobody").ssl_mode(SslMode::Disable);
    // Without tokio's budget for the task, because the future is polled only once.
    let connecting = unconstrained(config.connect_raw(server, NoTls));
    match connecting.now_or_never() {
        Some(Err(error)) => Error::postgres(error),
        _ => malformed(),
    }
}

fn parsed(message: &[u8]) -> io::Result<Option<Message>> {
    Message::parse(&mut BytesMut::from(message))
}

#[cold]
pub(crate) fn malformed() -> Error {
    Error::new(
        ErrorKind::Connection,
        "the server sent a message that is malformed",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Even if many are read at once.
    #[tokio::test]
    async fn errors_are_read() {
        let fields = b"SERROR\0C22012\0Mdivision by zero\0\0";
        let length = 4 + fields.len() as u32;
        let message = [b"E", &length.to_be_bytes()[..], fields].concat();
        for _ in 0..1_000 {
            assert_eq!(refusal(&message).sqlstate(), Some("22012"));
        }
    }

    #[test]
    fn tags_say_how_many_rows_there_were() {
        let complete = |tag: &str| affected(format!("C....{tag}\0").as_bytes());
        assert_eq!(complete("INSERT 0 12"), 12);
        assert_eq!(complete("SELECT 3"), 3);
        assert_eq!(complete("CREATE TABLE"), 0);
        assert_eq!(complete(""), 0);
    }
}
