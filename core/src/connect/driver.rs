//! The task behind each session, which reads from its socket.

use std::{future::poll_fn, sync::Arc};

use tokio::{sync::mpsc, task::AbortHandle};
use tokio_postgres::{
    AsyncMessage, Client, Connection as DriverConnection, Notification, tls::NoTlsStream,
};

use super::line::{Driven, Line};
use crate::session::Server;

type Connection = DriverConnection<Driven, NoTlsStream>;

/// Where notifications go.
pub(crate) type Inbox = mpsc::Sender<Notification>;

/// A client, with the line that it shares, the task that reads from it, and what the server said about itself.
pub(crate) struct Opened {
    pub(crate) client: Client,
    pub(crate) line: Arc<Line>,
    pub(crate) driver: AbortHandle,
    pub(crate) server: Server,
}

/// Drives a connection in a task of its own.
pub(super) fn drive(
    (client, connection): (Client, Connection),
    line: Arc<Line>,
    inbox: Option<&Inbox>,
) -> Opened {
    let server = Server::new(|parameter| connection.parameter(parameter));
    let driver = match inbox {
        None => tokio::spawn(run(connection)).abort_handle(),
        Some(inbox) => tokio::spawn(deliver(connection, inbox.clone())).abort_handle(),
    };
    Opened {
        client,
        line,
        driver,
        server,
    }
}

/// Drives a connection whose notifications are wanted. While there is no room for one, nothing is read.
async fn deliver(mut connection: Connection, inbox: Inbox) {
    while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
        match message {
            // Nobody may want them any more; the connection still has to be ended well.
            AsyncMessage::Notification(notification) => drop(inbox.send(notification).await),
            other => note(&other),
        }
    }
}

/// Passes messages on until the connection ends.
#[cfg(feature = "tracing")]
async fn run(mut connection: Connection) -> Result<(), tokio_postgres::Error> {
    while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
        note(&message?);
    }
    Ok(())
}

/// Passes messages on until the connection ends.
#[cfg(not(feature = "tracing"))]
fn run(connection: Connection) -> Connection {
    connection
}

/// The server's notices are events: their severity and code, and what they say.
#[cfg(feature = "tracing")]
fn note(message: &AsyncMessage) {
    if let AsyncMessage::Notice(notice) = message {
        let (severity, code) = (notice.severity(), notice.code().code());
        let message = notice.message();
        match severity {
            "WARNING" => tracing::warn!(target: "howdah::notice", code, "{message}"),
            _ => tracing::info!(target: "howdah::notice", severity, code, "{message}"),
        }
    }
}

#[cfg(not(feature = "tracing"))]
fn note(_: &AsyncMessage) {}
