//! The transport of a session: a TCP or unix socket, optionally encrypted. howdah opens it itself, so that it knows
//! where to send a cancel request, and can wait until the server has received it.

use std::{
    io::{self, IoSlice},
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_postgres::{Config, config::SslMode};

#[cfg(unix)]
use super::unix_socket::UnixSocket;

/// The address of a server.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    Tcp(SocketAddr),
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

/// An open socket, optionally encrypted.
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixSocket),
    #[cfg(feature = "tls")]
    Encrypted(Box<tokio_rustls::client::TlsStream<Self>>),
}

impl Stream {
    /// Opens a socket with the keepalive settings of `config`.
    pub(super) async fn open(address: &Address, config: &Config) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => open_tcp(*address, config).await.map(Self::Tcp),
            #[cfg(unix)]
            Address::Unix(path) => UnixSocket::connect(path).await.map(Self::Unix),
        }
    }

    /// The mode that encrypts a second connection to the same server like this one.
    pub(super) fn mode(&self) -> SslMode {
        match self {
            #[cfg(feature = "tls")]
            Self::Encrypted(_) => SslMode::Require,
            _ => SslMode::Disable,
        }
    }

    /// The data for channel binding, if there is any.
    pub(super) fn binding(&self) -> Option<Vec<u8>> {
        match self {
            #[cfg(feature = "tls")]
            Self::Encrypted(stream) => {
                let certificate = stream.get_ref().1.peer_certificates()?.first()?;
                crate::tls::end_point(certificate)
            }
            _ => None,
        }
    }
}

async fn open_tcp(address: SocketAddr, config: &Config) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    keep_alive(&stream, config)?;
    Ok(stream)
}

fn keep_alive(stream: &TcpStream, config: &Config) -> io::Result<()> {
    let socket = SockRef::from(stream);
    #[cfg(target_os = "linux")]
    if let Some(timeout) = config.get_tcp_user_timeout() {
        socket.set_tcp_user_timeout(Some(*timeout))?;
    }
    if !config.get_keepalives() {
        return Ok(());
    }
    let mut keepalive = TcpKeepalive::new().with_time(config.get_keepalives_idle());
    if let Some(interval) = config.get_keepalives_interval() {
        keepalive = keepalive.with_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        keepalive = keepalive.with_retries(retries);
    }
    socket.set_tcp_keepalive(&keepalive)
}

/// Calls a method of the socket inside.
macro_rules! either {
    ($self:ident, $stream:ident => $call:expr) => {
        match $self.get_mut() {
            Stream::Tcp($stream) => $call,
            #[cfg(unix)]
            Stream::Unix($stream) => $call,
            #[cfg(feature = "tls")]
            Stream::Encrypted($stream) => $call,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => Pin::new(stream).poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(self, stream => Pin::new(stream).poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, stream => Pin::new(stream).poll_shutdown(cx))
    }
}
