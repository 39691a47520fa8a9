//! A unix socket that is registered for readability only. Tokio registers sockets for writability as well, which would
//! wake the task each time the server reads something: the kernel reports that even if there was room all the time.

use std::{
    io::{self, Write},
    net::Shutdown,
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::Path,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::unix::pipe::Receiver,
    runtime::Handle,
};

pub(crate) struct UnixSocket {
    stream: UnixStream,
    /// The same socket, for reading. Tokio sees it as a pipe, which has one direction.
    incoming: Receiver,
    /// The same socket, registered for writability, while there is no room.
    full: Option<tokio::net::UnixStream>,
    runtime: Handle,
}

impl UnixSocket {
    pub(super) async fn connect(path: &Path) -> io::Result<Self> {
        let stream = tokio::net::UnixStream::connect(path).await?.into_std()?;
        let incoming = OwnedFd::from(stream.try_clone()?);
        Ok(Self {
            stream,
            incoming: Receiver::from_owned_fd_unchecked(incoming)?,
            full: None,
            runtime: Handle::current(),
        })
    }
}

impl AsyncRead for UnixSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.incoming).poll_read(cx, buffer)
    }
}

impl AsyncWrite for UnixSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let full = match &mut this.full {
            Some(full) => full,
            full => match this.stream.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let _runtime = this.runtime.enter();
                    full.insert(tokio::net::UnixStream::from_std(this.stream.try_clone()?)?)
                }
                written => return Poll::Ready(written),
            },
        };
        let written = ready!(Pin::new(full).poll_write(cx, bytes));
        this.full = None;
        Poll::Ready(written)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.shutdown(Shutdown::Write))
    }
}
