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
        driver: tokio::spawn(run(connection)).abort_handle(),
        server,
    })
}

/// Passes messages on until the connection ends. The server's notices are events: their severity and code, and what they say.
#[cfg(feature = "tracing")]
async fn run<S, T>(mut connection: Connection<S, T>) -> Result<(), tokio_postgres::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
        if let tokio_postgres::AsyncMessage::Notice(notice) = message? {
            let (severity, code) = (notice.severity(), notice.code().code());
            let message = notice.message();
            match severity {
                "WARNING" => tracing::warn!(target: "howdah::notice", code, "{message}"),
                _ => tracing::info!(target: "howdah::notice", severity, code, "{message}"),
            }
        }
    }
    Ok(())
}

/// Passes messages on until the connection ends.
#[cfg(not(feature = "tracing"))]
fn run<S, T>(connection: Connection<S, T>) -> Connection<S, T> {
    connection
}
