//! The events of a listener, and how to send notifications.

#[cfg(feature = "json")]
use crate::{Error, ErrorKind};
use crate::{Exec, Param, Query};

const NOTIFY: &str = "select pg_catalog.pg_notify($1, $2)";

/// An event of a [`Listener`](crate::Listener).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A notification was sent to one of the channels.
    Notification(Notification),
    /// Notifications may have been missed before this event. From now on, none are.
    Gap(GapCause),
}

/// Why notifications may have been missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GapCause {
    /// The connection broke, and the listener has connected again.
    Reconnected,
    /// The buffer was full while the listener waited for the server's answer to [`listen`](crate::Listener::listen) or
    /// [`unlisten`](crate::Listener::unlisten).
    Overflowed,
}

/// A notification that was sent to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// The channel.
    pub channel: String,
    /// The text that was sent: at most 7,999 bytes, possibly empty.
    pub payload: String,
    /// The server process that belongs to the sender's session.
    pub process_id: i32,
}

impl Notification {
    /// Reads the payload as JSON.
    ///
    /// # Errors
    ///
    /// When the payload is not valid JSON, or does not fit `T`.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.payload).map_err(|error| {
            let message = format!(
                "a notification on channel `{}` cannot be read: {error}",
                self.channel
            );
            Error::new(ErrorKind::Decode, message).telling(error)
        })
    }
}

/// Sends a notification to all listeners of a channel. In a transaction, the server sends it when the transaction commits.
///
/// The payload can have up to 7,999 bytes. For more, store the data in a table and send its key. If a transaction sends the
/// same payload to a channel more than once, listeners receive it once.
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// howdah::notify("orders", "42").execute(pool).await?;
/// # Ok(()) }
/// ```
pub fn notify<'a>(channel: &'a str, payload: &'a str) -> Query<'a, Exec> {
    Query::new(
        "howdah::notify",
        NOTIFY,
        [Param::new(channel), Param::new(payload)],
    )
}

/// Sends a value as JSON to all listeners of a channel; see [`notify`].
///
/// # Errors
///
/// When the value cannot be written as JSON.
#[cfg(feature = "json")]
pub fn notify_json<'a, T: serde::Serialize + ?Sized>(
    channel: &'a str,
    value: &T,
) -> Result<Query<'a, Exec>, Error> {
    let payload = serde_json::to_string(value).map_err(|error| {
        let message = format!("the value has no JSON: {error}");
        Error::new(ErrorKind::Encode, message).telling(error)
    })?;
    Ok(Query::new(
        "howdah::notify_json",
        NOTIFY,
        [Param::new(channel), Param::new(payload)],
    ))
}
