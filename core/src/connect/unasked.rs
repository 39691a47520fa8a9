//! What a server says without being asked: notifications, which somebody may listen to, and notices.

use tokio::sync::mpsc;

use super::{
    line::Reader,
    messages::{notice, notification},
};
use crate::{Notice, Notification, notice::OnNotice};

/// Where notifications go.
pub(crate) type Inbox = mpsc::Sender<Notification>;

/// Reads from a line to its end. While the inbox is full, nothing is read.
pub(super) async fn read(mut reader: Reader, inbox: Option<Inbox>, on_notice: Option<OnNotice>) {
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
                    // Nobody may want them any more; the session still has to be ended well.
                    drop(inbox.send(notification).await);
                }
            }
            _ => {}
        }
    }
}

/// The server's notices are events: their severity and code, and what they say.
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
