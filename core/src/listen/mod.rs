//! LISTEN and NOTIFY: a listener with its own connection, which it replaces when it breaks. PostgreSQL keeps no
//! notifications for a client that is not connected, so some can be lost in between. [`Event::Gap`] reports this after the
//! channels are listened to again; an app that then reads the current data has missed nothing.

mod builder;
mod event;
mod link;

use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use futures_util::{Stream, stream};
use tokio::time::{Instant, sleep_until};

pub use builder::ListenerBuilder;
#[cfg(feature = "json")]
pub use event::notify_json;
pub use event::{Event, GapCause, Notification, notify};

use crate::{Error, ErrorKind, executor::deadline::time_after, settings::Settings};
use link::{Link, Retry, listen_sql};

/// A stored future, which continues when `recv` is called again after a dropped call.
type Underway<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Receives the notifications of any number of channels, on its own connection.
///
/// If the connection breaks, the listener connects again and listens to the same channels. Notifications that were sent in
/// between are lost; [`Event::Gap`] tells you that there may have been some.
///
/// Notifications are read by [`recv`](Self::recv). If you do not call it for a while, the listener's buffer fills up, and
/// then the server keeps further notifications until you call it again. Nothing is lost if you drop the future of `recv`.
///
/// ```no_run
/// use howdah::{Event, Listener};
///
/// # #[derive(serde::Deserialize)] struct Order { id: i64 }
/// # async fn reload() {}
/// # async fn example() -> Result<(), howdah::Error> {
/// let mut listener = Listener::connect("postgres://app@localhost/app").await?;
/// listener.listen("orders").await?;
/// loop {
///     match listener.recv().await? {
///         Event::Notification(notification) => {
///             let order: Order = notification.json()?;
///             println!("order {}", order.id);
///         }
///         Event::Gap(_) => reload().await,
///         _ => {}
///     }
/// }
/// # }
/// ```
#[doc(alias = "PgListener")]
pub struct Listener {
    settings: Arc<Settings>,
    channels: BTreeSet<String>,
    state: State,
    /// Notifications that came while the listener waited for something else.
    waiting: VecDeque<Notification>,
    /// A gap to report before anything else.
    gap: Option<GapCause>,
    /// `LISTEN` and `UNLISTEN` statements that are not sent yet.
    untold: VecDeque<String>,
    options: Options,
}

/// The listener's settings.
#[derive(Clone, Copy)]
struct Options {
    /// The number of notifications that can wait in the program.
    buffer: usize,
    retry: Retry,
    /// The time without a notification after which the listener checks that the server still answers.
    quiet: Duration,
}

enum State {
    Up(Link),
    Down(Underway<Result<Link, Error>>),
}

/// What `recv` was waiting for.
enum Came {
    Notification(Notification),
    Lost,
    Back(Result<Link, Error>),
}

impl Listener {
    /// Connects a listener with default settings. It has no channels yet.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, or the server cannot be reached or refuses the connection.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::builder(url)?.connect().await
    }

    /// Settings for a listener. [`Pool::builder`](crate::Pool::builder) describes what the URL can contain.
    ///
    /// # Errors
    ///
    /// When the URL is malformed.
    pub fn builder(url: &str) -> Result<ListenerBuilder, Error> {
        ListenerBuilder::new(url)
    }

    /// Adds a channel. The listener receives the notifications that are sent to it from now on.
    ///
    /// The name is case-sensitive. In SQL, `LISTEN Orders` and `NOTIFY Orders` without quotes mean the channel `orders`.
    ///
    /// If the connection is broken, this does not wait for another one. The listener adds the channel when it connects
    /// again.
    ///
    /// # Errors
    ///
    /// When the name is empty, longer than 63 bytes, the longest name in PostgreSQL, or has a zero byte.
    pub async fn listen(&mut self, channel: &str) -> Result<(), Error> {
        if channel.is_empty() || channel.len() > 63 || channel.contains('\0') {
            let message = "the name of a channel has 1 to 63 bytes, none of which is zero";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        if self.channels.insert(channel.to_owned()) {
            self.untold.push_back(listen_sql([channel]));
            self.tell().await;
        }
        Ok(())
    }

    /// Removes a channel. Notifications that were sent before may still arrive.
    pub async fn unlisten(&mut self, channel: &str) {
        if self.channels.remove(channel) {
            let name = postgres_protocol::escape::escape_identifier(channel);
            self.untold.push_back(format!("UNLISTEN {name}"));
            self.tell().await;
        }
    }

    /// The channels of this listener.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.channels.iter().map(String::as_str)
    }

    /// Whether the listener is connected. A broken connection may not have been noticed yet.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        matches!(self.state, State::Up(_))
    }

    /// Waits for the next event: a notification, or a gap, which means that some may have been missed.
    ///
    /// # Errors
    ///
    /// When the connection is broken, and the listener could not connect again within the time of
    /// [`give_up_after`](ListenerBuilder::give_up_after). The next call tries again.
    pub async fn recv(&mut self) -> Result<Event, Error> {
        // A call of `listen` may have been dropped before the server got the channel.
        self.tell().await;
        loop {
            if let Some(cause) = self.gap.take() {
                return Ok(Event::Gap(cause));
            }
            if let Some(notification) = self.waiting.pop_front() {
                return Ok(Event::Notification(notification));
            }
            match self.wait().await {
                Came::Notification(notification) => return Ok(Event::Notification(notification)),
                Came::Lost => self.reconnect(),
                Came::Back(Ok(link)) => {
                    self.state = State::Up(link);
                    self.gap = Some(GapCause::Reconnected);
                }
                Came::Back(Err(error)) => {
                    self.reconnect();
                    return Err(error);
                }
            }
        }
    }

    /// The events as a stream, which has no end.
    ///
    /// # Errors
    ///
    /// Items of the stream are the errors of [`recv`](Self::recv); the next item tries again.
    pub fn into_stream(self) -> impl Stream<Item = Result<Event, Error>> + Send {
        stream::unfold(self, async |mut listener| {
            let event = listener.recv().await;
            Some((event, listener))
        })
    }

    async fn wait(&mut self) -> Came {
        match &mut self.state {
            State::Down(connecting) => Came::Back(connecting.as_mut().await),
            State::Up(link) => loop {
                if let Some(asking) = &mut link.asking {
                    tokio::select! {
                        biased;
                        notification = link.inbox.recv() => return came(notification),
                        answers = asking.as_mut() => match answers {
                            true => link.asking = None,
                            false => return Came::Lost,
                        },
                    }
                    link.heard = Instant::now();
                }
                tokio::select! {
                    biased;
                    notification = link.inbox.recv() => {
                        link.heard = Instant::now();
                        return came(notification);
                    }
                    () = sleep_until(time_after(link.heard, self.options.quiet)) => {
                        let session = Arc::clone(&link.session);
                        link.asking = Some(Box::pin(async move { session.answers().await }));
                    }
                }
            },
        }
    }

    /// Sends the `LISTEN`s and `UNLISTEN`s that are not sent yet. If this fails, connects again, which covers them.
    async fn tell(&mut self) {
        while let State::Up(link) = &mut self.state {
            let telling = match (&mut link.telling, self.untold.pop_front()) {
                (Some(telling), None) => telling,
                (Some(telling), Some(sql)) => {
                    self.untold.push_front(sql);
                    telling
                }
                (None, None) => return,
                (telling @ None, Some(sql)) => {
                    let session = Arc::clone(&link.session);
                    telling.insert(Box::pin(async move { session.batch(&sql).await.is_ok() }))
                }
            };
            // Notifications must be read, because the answer can be behind them.
            tokio::select! {
                told = telling.as_mut() => {
                    link.telling = None;
                    if !told {
                        self.reconnect();
                    }
                }
                notification = link.inbox.recv() => match notification {
                    None => self.reconnect(),
                    Some(notification) => {
                        if self.waiting.len() >= self.options.buffer {
                            self.waiting.clear();
                            self.gap = Some(GapCause::Overflowed);
                        }
                        self.waiting.push_back(notification);
                    }
                },
            }
        }
        if !self.untold.is_empty() {
            // A new connection is being made without these.
            self.reconnect();
        }
    }

    /// Starts to connect again, and to listen to all channels.
    fn reconnect(&mut self) {
        self.untold.clear();
        let connecting = link::reconnect(
            Arc::clone(&self.settings),
            self.channels.clone(),
            self.options,
        );
        self.state = State::Down(Box::pin(connecting));
    }
}

fn came(notification: Option<Notification>) -> Came {
    notification.map_or(Came::Lost, Came::Notification)
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener")
            .field("channels", &self.channels)
            .field("connected", &self.is_connected())
            .finish_non_exhaustive()
    }
}
