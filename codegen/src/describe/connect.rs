//! Opens an authenticated session whose messages this crate reads itself.
//!
//! `tokio-postgres` does what it does well, start-up and authentication, and then hands the stream back: describing needs
//! the notices between a statement's messages, in order, which its client does not give.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};

use howdah::__private::Connector;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::config::Host;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres::{Config, NoTls};

/// Why there is no session.
#[derive(Debug)]
pub enum ConnectError {
    /// The connection string, or a certificate it names, cannot be used.
    Settings(howdah::Error),
    /// It took too long.
    Timeout(std::time::Duration),
    /// The server refused.
    Postgres(tokio_postgres::Error),
    /// No host could be reached; one line for each that was tried.
    Unreachable(Vec<String>),
    /// The connection broke, or the server said what no PostgreSQL says.
    Io(io::Error),
}

impl std::fmt::Display for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Timeout(limit) => write!(f, "no connection to the server within {limit:?}"),
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
            Self::Settings(error) => Some(error),
            Self::Postgres(error) => Some(error),
            Self::Unreachable(_) | Self::Timeout(_) => None,
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

/// Encryption that leaves the encrypted stream where the session finds it.
struct Keep<T> {
    tls: T,
    kept: Arc<OnceLock<Stream>>,
}

/// The encrypted stream while `tokio-postgres` authenticates on it.
struct Encrypted {
    stream: Stream,
    binding: ChannelBindingOnce,
}

/// What binds the authentication to the encryption; asked for once.
type ChannelBindingOnce = Mutex<Option<ChannelBinding>>;

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        let mut binding = self.binding.lock().unwrap_or_else(PoisonError::into_inner);
        binding.take().unwrap_or_else(ChannelBinding::none)
    }
}

impl<T> TlsConnect<Stream> for Keep<T>
where
    T: TlsConnect<Stream> + Send + 'static,
    T::Stream: Send + Unpin + 'static,
    T::Future: Send,
{
    type Stream = Encrypted;
    type Error = T::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted, T::Error>> + Send>>;

    fn connect(self, stream: Stream) -> Self::Future {
        Box::pin(async move {
            let encrypted = self.tls.connect(stream).await?;
            let binding = Mutex::new(Some(encrypted.channel_binding()));
            let stream = Stream(Arc::new(Mutex::new(Box::new(encrypted))));
            // There is one handshake to a connection, so nothing is kept yet.
            let _first = self.kept.set(stream.clone());
            Ok(Encrypted { stream, binding })
        })
    }
}

/// An authenticated stream, to the first host that answers.
pub(super) async fn connect(url: &str) -> Result<Stream, ConnectError> {
    let connector = Connector::parse(url).map_err(ConnectError::Settings)?;
    let limit = connector.timeout();
    let attempts = async {
        let mut last = Err(ConnectError::Unreachable(Vec::new()));
        for config in connector.attempts() {
            last = authenticate(&connector, &config).await;
            if last.is_ok() {
                break;
            }
        }
        last
    };
    tokio::time::timeout(limit, attempts)
        .await
        .unwrap_or(Err(ConnectError::Timeout(limit)))
}

/// One attempt. The client and connection of `tokio-postgres` end here without a farewell; the stream goes on.
async fn authenticate(connector: &Connector, config: &Config) -> Result<Stream, ConnectError> {
    let (transport, host) = reach(config).await?;
    let stream = Stream(Arc::new(Mutex::new(transport)));
    let Some((mut tls, host)) = connector.tls().zip(host) else {
        let _authenticated = config.connect_raw(stream.clone(), NoTls).await?;
        return Ok(stream);
    };
    let Ok(tls) = MakeTlsConnect::<Stream>::make_tls_connect(&mut tls, &host);
    let kept = Arc::new(OnceLock::new());
    let keep = Keep {
        tls,
        kept: Arc::clone(&kept),
    };
    let _authenticated = config.connect_raw(stream.clone(), keep).await?;
    // With `prefer` the server may have declined to encrypt.
    Ok(kept.get().cloned().unwrap_or(stream))
}

/// Connects to the hosts in turn; the name of the one that answered, if it has one to verify.
async fn reach(config: &Config) -> Result<(Box<dyn Transport>, Option<String>), ConnectError> {
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
            Ok(transport) => {
                let name = match host {
                    Host::Tcp(name) => Some(name.clone()),
                    Host::Unix(_) => None,
                };
                return Ok((transport, name));
            }
            Err(error) => tried.push(format!("{place}: {error}")),
        }
    }
    if tried.is_empty() {
        tried.push("the URL names no host".to_owned());
    }
    Err(ConnectError::Unreachable(tried))
}
