//! LISTEN and NOTIFY: a listener with a connection of its own, which it replaces when it breaks. What was
//! sent meanwhile is lost, as PostgreSQL keeps notifications for nobody who is not there; that it may be is
//! said by [`Event::Gap`], once the channels are listened to again, so that whoever reads then what the
//! notifications were about has missed nothing.

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
use tokio_postgres::Notification as Message;

pub use builder::ListenerBuilder;
#[cfg(feature = "json")]
pub use event::notify_json;
pub use event::{Event, GapCause, Notification, notify};

use crate::{Error, ErrorKind, settings::Settings};
use link::{Link, Retry, listen_sql};

/// A future that goes on where it was when whoever waited for it comes back.
type Underway<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Listens to any number of channels, on one connection of its own.
///
/// It does nothing unless [`recv`](Self::recv) is called: who does not call it for a while is sent nothing
/// meanwhile, the server keeping what there is. Dropping the future of a call loses nothing.
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
pub struct Listener {
    settings: Arc<Settings>,
    channels: BTreeSet<String>,
    state: State,
    /// What came while something else was waited for.
    waiting: VecDeque<Message>,
    /// What is to be said before anything else.
    gap: Option<GapCause>,
    /// Changes of the channels that the server was not told of yet.
    untold: VecDeque<String>,
    options: Options,
}

/// How the listener goes about it.
#[derive(Clone, Copy)]
struct Options {
    /// How many notifications may wait in the program.
    buffer: usize,
    retry: Retry,
    /// How long nothing may come before the server is asked whether it is still there.
    quiet: Duration,
}

enum State {
    Up(Link),
    Down(Underway<Result<Link, Error>>),
}

/// What `recv` waited for.
enum Came {
    Message(Message),
    Lost,
    Back(Result<Link, Error>),
}

impl Listener {
    /// A listener with default settings, connected, with no channels yet.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, or the server cannot be reached or refuses.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::builder(url)?.connect().await
    }

    /// Settings for a listener; [`Pool::builder`](crate::Pool::builder) says what the URL may.
    ///
    /// # Errors
    ///
    /// When the URL is malformed.
    pub fn builder(url: &str) -> Result<ListenerBuilder, Error> {
        ListenerBuilder::new(url)
    }

    /// Listens to a channel, too, from now on. A channel's name is taken as it is, case included:
    /// `LISTEN Orders` and `NOTIFY Orders` are about the channel `orders`.
    ///
    /// While there is no connection this waits for none: the channel is one of those that are listened to
    /// once there is.
    ///
    /// # Errors
    ///
    /// When the name is empty or longer than the 63 bytes that PostgreSQL tells names apart by.
    pub async fn listen(&mut self, channel: &str) -> Result<(), Error> {
        if channel.is_empty() || channel.len() > 63 {
            let message = "the name of a channel has 1 to 63 bytes";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        if self.channels.insert(channel.to_owned()) {
            self.untold.push_back(listen_sql([channel]));
            self.tell().await;
        }
        Ok(())
    }

    /// Listens to a channel no longer. What was sent to it before may still come.
    pub async fn unlisten(&mut self, channel: &str) {
        if self.channels.remove(channel) {
            let name = postgres_protocol::escape::escape_identifier(channel);
            self.untold.push_back(format!("UNLISTEN {name}"));
            self.tell().await;
        }
    }

    /// The channels that are listened to.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.channels.iter().map(String::as_str)
    }

    /// Whether there is a connection, as far as is known.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        matches!(self.state, State::Up(_))
    }

    /// What comes next: a notification, or that some may have been missed.
    ///
    /// # Errors
    ///
    /// When the connection broke, and no other could be made for as long as
    /// [`give_up_after`](ListenerBuilder::give_up_after) says; the next call tries again.
    pub async fn recv(&mut self) -> Result<Event, Error> {
        // Whoever told the server of a channel may have been dropped.
        self.tell().await;
        loop {
            if let Some(cause) = self.gap.take() {
                return Ok(Event::Gap(cause));
            }
            if let Some(message) = self.waiting.pop_front() {
                return Ok(Event::Notification(message.into()));
            }
            match self.wait().await {
                Came::Message(message) => return Ok(Event::Notification(message.into())),
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

    /// All that comes, as a stream.
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
                        message = link.inbox.recv() => return came(message),
                        answers = asking.as_mut() => match answers {
                            true => link.asking = None,
                            false => return Came::Lost,
                        },
                    }
                    link.heard = Instant::now();
                }
                tokio::select! {
                    biased;
                    message = link.inbox.recv() => {
                        link.heard = Instant::now();
                        return came(message);
                    }
                    () = sleep_until(link.heard + self.options.quiet) => {
                        let session = Arc::clone(&link.session);
                        link.asking = Some(Box::pin(async move { session.answers().await }));
                    }
                }
            },
        }
    }

    /// Tells the server of the channels that it was not told of. If it cannot be told, the next connection is.
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
            // Notifications stand between us and the answer.
            tokio::select! {
                told = telling.as_mut() => {
                    link.telling = None;
                    if !told {
                        self.reconnect();
                    }
                }
                message = link.inbox.recv() => match message {
                    None => self.reconnect(),
                    Some(message) => {
                        if self.waiting.len() >= self.options.buffer {
                            self.waiting.clear();
                            self.gap = Some(GapCause::Overflowed);
                        }
                        self.waiting.push_back(message);
                    }
                },
            }
        }
        if !self.untold.is_empty() {
            // The next connection is on its way without these.
            self.reconnect();
        }
    }

    /// Another connection is to be made, on which all channels are listened to.
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

fn came(message: Option<Message>) -> Came {
    message.map_or(Came::Lost, Came::Message)
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener")
            .field("channels", &self.channels)
            .field("connected", &self.is_connected())
            .finish_non_exhaustive()
    }
}
