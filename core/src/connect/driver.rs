//! The task behind each session, which owns its socket.

use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::AbortHandle,
};
use tokio_postgres::{Client, Connection};

use crate::session::Server;

/// A client, with the task that owns its socket, and what the server said about itself.
pub(crate) struct Opened {
    pub(crate) client: Client,
    pub(crate) driver: AbortHandle,
    pub(crate) server: Server,
}

/// Drives a connection in a task of its own.
pub(crate) fn drive<S, T>(
    (client, connection): (Client, Connection<S, T>),
) -> Result<Opened, tokio_postgres::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let server = Server::new(|parameter| connection.parameter(parameter));
    Ok(Opened {
        client,
        driver: tokio::spawn(connection).abort_handle(),
        server,
    })
}
