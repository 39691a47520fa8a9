//! What a listener hears, and how it is sent.

use tokio_postgres::Notification as Message;

#[cfg(feature = "json")]
use crate::{Error, ErrorKind};
use crate::{Exec, Param, Query, Statement};

/// What a [`Listener`](crate::Listener) hears.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Something was sent to a channel.
    Notification(Notification),
    /// Something may have been sent that will never be heard. From here on nothing is missed.
    Gap(GapCause),
}

/// Why notifications may have been missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GapCause {
    /// The connection broke, and there is another.
    Reconnected,
    /// More came at once than the listener keeps, while it waited for the server to take a channel.
    Overflowed,
}

/// Something that was sent to a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// The channel.
    pub channel: String,
    /// What was sent: up to 7,999 bytes, perhaps none.
    pub payload: String,
    /// The server process of the session that sent it.
    pub process_id: i32,
}

impl Notification {
    /// The payload, read as JSON.
    ///
    /// # Errors
    ///
    /// When it is not the JSON of a `T`.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_str(&self.payload).map_err(|error| {
            let message = format!(
                "a notification on channel `{}` cannot be read: {error}",
                self.channel
            );
            Error::new(ErrorKind::Decode, message).caused_by(error)
        })
    }
}

impl From<Message> for Notification {
    fn from(message: Message) -> Self {
        Self {
            process_id: message.process_id(),
            channel: message.channel().to_owned(),
            payload: message.payload().to_owned(),
        }
    }
}

/// Sends something to everyone who listens to a channel, when the transaction around it commits.
///
/// The payload has up to 7,999 bytes; what is larger is better kept in a table, and its key sent. A payload
/// that is sent to a channel more than once in a transaction is heard once.
///
/// ```no_run
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// howdah::notify("orders", "42").execute(pool).await?;
/// # Ok(()) }
/// ```
pub fn notify<'a>(channel: &'a str, payload: &'a str) -> Query<'a, Exec> {
    static NOTIFY: Statement =
        Statement::new("howdah::notify", "select pg_catalog.pg_notify($1, $2)");
    Query::new(&NOTIFY, vec![Param::new(channel), Param::new(payload)])
}

/// Sends a value as JSON to everyone who listens to a channel; see [`notify`].
///
/// # Errors
///
/// When the value has no JSON.
#[cfg(feature = "json")]
pub fn notify_json<'a, T: serde::Serialize + ?Sized>(
    channel: &'a str,
    value: &T,
) -> Result<Query<'a, Exec>, Error> {
    static NOTIFY: Statement =
        Statement::new("howdah::notify_json", "select pg_catalog.pg_notify($1, $2)");
    let payload = serde_json::to_string(value).map_err(|error| {
        let message = format!("the value has no JSON: {error}");
        Error::new(ErrorKind::Encode, message).caused_by(error)
    })?;
    Ok(Query::new(
        &NOTIFY,
        vec![Param::new(channel), Param::new(payload)],
    ))
}
