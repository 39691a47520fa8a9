//! Opens an authenticated session whose messages this crate reads itself, because describing needs the notices between
//! a statement's messages, in order.

use std::io;

use bytes::BytesMut;
use howdah::__private::Connector;
use tokio::io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf};

/// Why no session could be opened.
#[derive(Debug)]
pub enum ConnectError {
    /// The connection string is not valid, or no server accepted the connection.
    Unreached(howdah::Error),
    /// The connection broke, or the server sent something that PostgreSQL never sends.
    Io(io::Error),
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreached(error) => error.fmt(f),
            Self::Io(error) => write!(f, "the connection broke: {error}"),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The text is the error's own.
            Self::Unreached(error) => error.source(),
            Self::Io(_) => None,
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

/// Connects to the first server that answers. Returns the connection, ready for queries, with bytes that were read but
/// not parsed.
pub(super) async fn connect(
    server: &Connector,
) -> Result<(Reader, Writer, BytesMut), ConnectError> {
    let (stream, mut received) = server.open().await?;
    let (reader, writer) = tokio::io::split(Box::new(stream) as Box<dyn Transport>);
    received.reserve(64 * 1024);
    Ok((reader, writer, received))
}
