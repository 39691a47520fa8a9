//! Settings of a listener.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use super::{
    Listener, Options, State,
    link::{Retry, connect},
};
use crate::{
    Error,
    settings::{Affinity, Settings, refused},
};

/// Settings of a [`Listener`].
///
/// ```no_run
/// # use std::time::Duration;
/// # async fn example() -> Result<(), howdah::Error> {
/// let listener = howdah::Listener::builder("postgres://localhost/app")?
///     .channel("orders")
///     .ask_when_quiet_for(Duration::from_secs(10))
///     .connect()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct ListenerBuilder {
    settings: Settings,
    channels: BTreeSet<String>,
    buffer: usize,
    first_wait: Duration,
    longest_wait: Duration,
    give_up: Option<Duration>,
    quiet: Duration,
}

impl ListenerBuilder {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        Ok(Self::of(Settings::parse(url)?))
    }

    pub(crate) fn of(settings: Settings) -> Self {
        Self {
            settings,
            channels: BTreeSet::new(),
            buffer: 256,
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(30),
            give_up: None,
            quiet: Duration::from_secs(30),
        }
    }

    /// Listens to this channel from the start.
    #[must_use]
    pub fn channel(mut self, name: impl Into<String>) -> Self {
        self.channels.insert(name.into());
        self
    }

    /// How many notifications wait in the program for [`Listener::recv`]; 256 unless set. When they are as
    /// many, no more are read, and the server keeps the rest.
    #[must_use]
    pub fn buffer(mut self, notifications: usize) -> Self {
        self.buffer = notifications.max(1);
        self
    }

    /// How long to wait before a second attempt to connect, and how long at most when that time is doubled
    /// after each; 100 milliseconds and 30 seconds unless set.
    #[must_use]
    pub fn wait_between_attempts(mut self, first: Duration, longest: Duration) -> Self {
        (self.first_wait, self.longest_wait) = (first, longest.max(first));
        self
    }

    /// For how long to try to connect again before [`Listener::recv`] fails; for ever unless set.
    #[must_use]
    pub fn give_up_after(mut self, limit: Duration) -> Self {
        self.give_up = Some(limit);
        self
    }

    /// After how long a silence the server is asked whether it is still there, as a connection that broke
    /// somewhere on the way may never be seen to; 30 seconds unless set.
    #[must_use]
    pub fn ask_when_quiet_for(mut self, quiet: Duration) -> Self {
        self.quiet = quiet;
        self
    }

    /// How long a new connection may take; see [`PoolBuilder::connect_timeout`](crate::PoolBuilder::connect_timeout).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Connects, and listens to the channels.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached or refuses, or a channel's name is too long.
    pub async fn connect(self) -> Result<Listener, Error> {
        if self.settings.affinity != Affinity::Session {
            return Err(refused(self.settings.affinity, "a listener"));
        }
        let link = connect(&self.settings, &BTreeSet::new(), self.buffer).await?;
        let mut listener = Listener {
            settings: Arc::new(self.settings),
            channels: BTreeSet::new(),
            state: State::Up(link),
            waiting: VecDeque::new(),
            gap: None,
            untold: VecDeque::new(),
            options: Options {
                buffer: self.buffer,
                retry: Retry {
                    first: self.first_wait,
                    longest: self.longest_wait,
                    give_up: self.give_up,
                },
                quiet: self.quiet,
            },
        };
        for channel in self.channels {
            listener.listen(&channel).await?;
        }
        Ok(listener)
    }
}
