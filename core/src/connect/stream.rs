//! What a session sends its messages over.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::config::SslMode;

use super::socket::Socket;

/// A socket, or what is encrypted over it.
pub(crate) enum Stream {
    Plain(Socket),
    #[cfg(feature = "tls")]
    Encrypted(Box<tokio_rustls::client::TlsStream<Socket>>),
}

impl Stream {
    /// How a second connection to the same server is to encrypt, so that it does as this one.
    pub(super) fn mode(&self) -> SslMode {
        match self {
            Self::Plain(_) => SslMode::Disable,
            #[cfg(feature = "tls")]
            Self::Encrypted(_) => SslMode::Require,
        }
    }

    /// What an authentication over it can be bound to.
    pub(super) fn binding(&self) -> Option<Vec<u8>> {
        match self {
            Self::Plain(_) => None,
            #[cfg(feature = "tls")]
            Self::Encrypted(stream) => {
                let certificate = stream.get_ref().1.peer_certificates()?.first()?;
                crate::tls::end_point(certificate)
            }
        }
    }
}

/// Calls the same method of whichever it is.
macro_rules! either {
    ($self:ident, $stream:ident => $call:expr) => {
        match $self.get_mut() {
            Stream::Plain($stream) => $call,
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
