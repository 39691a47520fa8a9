//! The messages that a server sends without a request: notifications and notices.

use tokio::sync::mpsc;

use super::{
    line::Reader,
    messages::{notice, notification},
};
use crate::{Notice, Notification, error::notice::OnNotice};

/// The channel for notifications.
pub(crate) type Inbox = mpsc::Sender<Notification>;

/// Reads from a line to its end. While the inbox is full, nothing is read.
pub(crate) async fn read_unasked(
    mut reader: Reader,
    inbox: Option<Inbox>,
    on_notice: Option<OnNotice>,
) {
    while let Some(message) = reader.next().await {
        match (message.first(), &inbox) {
            (Some(b'N'), _) => {
                if let Some(notice) = notice(&message) {
                    note(&notice);
                    on_notice.iter().for_each(|on_notice| on_notice(&notice));
                }
            }
            (Some(b'A'), Some(inbox)) => {
                if let Some(notification) = notification(&message) {
                    // The receiver may be gone; the session must still be read to its end.
                    drop(inbox.send(notification).await);
                }
            }
            _ => {}
        }
    }
}

/// Logs a notice of the server as an event, with its severity, code and message.
#[cfg(feature = "tracing")]
fn note(notice: &Notice) {
    let Notice {
        severity,
        code,
        message,
        ..
    } = notice;
    match severity.as_str() {
        "WARNING" => tracing::warn!(target: "howdah::notice", code, "{message}"),
        _ => tracing::info!(target: "howdah::notice", severity, code, "{message}"),
    }
}

#[cfg(not(feature = "tracing"))]
fn note(_: &Notice) {}
