//! Opens an authenticated session whose messages this crate reads itself: describing needs the notices between a statement's
//! messages, in order, which the client of `tokio-postgres` does not give.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use howdah::__private::Connector;
use postgres_protocol::message::backend::Message;
use tokio::io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf};

use super::ServerError;
use super::session::{read_message, server_error};

/// Why there is no session.
#[derive(Debug)]
pub enum ConnectError {
    /// The connection string cannot be used, or no server was reached by it.
    Unreached(howdah::Error),
    /// It took too long.
    Timeout(Duration),
    /// The server refused.
    Refused(ServerError),
    /// The connection broke, or the server said what no PostgreSQL says.
    Io(io::Error),
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreached(error) => error.fmt(f),
            Self::Timeout(limit) => write!(f, "no connection to the server within {limit:?}"),
            Self::Refused(error) => write!(f, "the server refused the connection: {error}"),
            Self::Io(error) => write!(f, "the connection broke: {error}"),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreached(error) => Some(error),
            Self::Timeout(_) => None,
            Self::Refused(error) => Some(error),
            Self::Io(error) => Some(error),
        }
    }
}

impl From<howdah::Error> for ConnectError {
    fn from(error: howdah::Error) -> Self {
        Self::Unreached(error)
    }
}

impl From<io::Error> for ConnectError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

pub(super) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

pub(super) type Reader = ReadHalf<Box<dyn Transport>>;
pub(super) type Writer = WriteHalf<Box<dyn Transport>>;

/// The first server that answers, ready for queries, and what of its messages was read and is yet to be looked at.
pub(super) async fn connect(url: &str) -> Result<(Reader, Writer, BytesMut), ConnectError> {
    let connector = Connector::parse(url)?;
    let limit = connector.timeout();
    let (stream, answer) = connector.open().await?;
    let starting = async {
        let (mut reader, writer) = tokio::io::split(Box::new(stream) as Box<dyn Transport>);
        let mut input = BytesMut::with_capacity(64 * 1024);
        input.extend_from_slice(&answer);
        loop {
            match read_message(&mut reader, &mut input).await? {
                Message::ReadyForQuery(_) => return Ok((reader, writer, input)),
                Message::ErrorResponse(body) => {
                    return Err(ConnectError::Refused(server_error(body.fields())?));
                }
                _ => {}
            }
        }
    };
    tokio::time::timeout(limit, starting)
        .await
        .unwrap_or(Err(ConnectError::Timeout(limit)))
}
