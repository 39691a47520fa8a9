//! Opens an authenticated session whose messages this crate reads itself.
//!
//! `tokio-postgres` does what it does well, start-up and authentication, and then hands the stream back: describing needs
//! the notices between a statement's messages, in order, which its client does not give.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls};

/// Why there is no session.
#[derive(Debug)]
pub enum ConnectError {
    /// The URL cannot be understood, or the server refused.
    Postgres(tokio_postgres::Error),
    /// No host could be reached; one line for each that was tried.
    Unreachable(Vec<String>),
    /// The connection broke, or the server said what no PostgreSQL says.
    Io(io::Error),
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // Its Display hides what the server said; that is in its source.
            Self::Postgres(error) => match error.as_db_error() {
                Some(db) => write!(f, "the server refused the connection: {}", db.message()),
                None => write!(f, "cannot connect: {error}"),
            },
            Self::Unreachable(tried) => write!(f, "cannot reach a server: {}", tried.join("; ")),
            Self::Io(error) => write!(f, "the connection broke: {error}"),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Postgres(error) => Some(error),
            Self::Unreachable(_) => None,
            Self::Io(error) => Some(error),
        }
    }
}

impl From<tokio_postgres::Error> for ConnectError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<io::Error> for ConnectError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// A stream with two owners: `tokio-postgres` until it has authenticated, the session after that.
#[derive(Clone)]
pub(super) struct Stream(Arc<Mutex<Box<dyn Transport>>>);

impl Stream {
    fn with<T>(&self, act: impl FnOnce(Pin<&mut dyn Transport>) -> T) -> T {
        let mut transport = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(Pin::new(&mut **transport))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.with(|transport| transport.poll_read(cx, buf))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.with(|transport| transport.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|transport| transport.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|transport| transport.poll_shutdown(cx))
    }
}

/// The authenticated stream of the first host that answers.
pub(super) async fn connect(url: &str) -> Result<Stream, ConnectError> {
    let config: Config = url.parse()?;
    let transport = reach(&config).await?;
    let stream = Stream(Arc::new(Mutex::new(transport)));
    // The client and connection end here without a farewell; the session goes on with the stream.
    let _authenticated = config.connect_raw(stream.clone(), NoTls).await?;
    Ok(stream)
}

/// Connects to the hosts in turn.
async fn reach(config: &Config) -> Result<Box<dyn Transport>, ConnectError> {
    let mut tried = Vec::new();
    let ports = config.get_ports();
    for (i, host) in config.get_hosts().iter().enumerate() {
        let port = ports.get(i).or(ports.first()).copied().unwrap_or(5432);
        let (place, reached) = match host {
            Host::Tcp(name) => {
                let stream = TcpStream::connect((name.as_str(), port)).await;
                let stream = stream.and_then(|s| s.set_nodelay(true).map(|()| s));
                (
                    format!("{name}:{port}"),
                    stream.map(|s| Box::new(s) as Box<dyn Transport>),
                )
            }
            Host::Unix(directory) => {
                let path = directory.join(format!(".s.PGSQL.{port}"));
                let stream = UnixStream::connect(&path).await;
                (
                    path.display().to_string(),
                    stream.map(|s| Box::new(s) as Box<dyn Transport>),
                )
            }
        };
        match reached {
            Ok(transport) => return Ok(transport),
            Err(error) => tried.push(format!("{place}: {error}")),
        }
    }
    if tried.is_empty() {
        tried.push("the URL names no host".to_owned());
    }
    Err(ConnectError::Unreachable(tried))
}
