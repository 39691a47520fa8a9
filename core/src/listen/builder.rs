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

    /// Sets how many notifications can wait in memory for [`Listener::recv`]. When this many wait, the listener stops
    /// reading, and the server keeps the rest. The default is 256.
    #[must_use]
    pub fn buffer(mut self, notifications: usize) -> Self {
        self.buffer = notifications.max(1);
        self
    }

    /// Sets how long to wait between attempts to connect again. The first wait is `first`; each further wait is twice as
    /// long, up to `longest`. The default is 100 milliseconds and 30 seconds.
    #[must_use]
    pub fn wait_between_attempts(mut self, first: Duration, longest: Duration) -> Self {
        (self.first_wait, self.longest_wait) = (first, longest.max(first));
        self
    }

    /// Sets how long to try to connect again before [`Listener::recv`] returns an error. By default it tries for ever.
    #[must_use]
    pub fn give_up_after(mut self, limit: Duration) -> Self {
        self.give_up = Some(limit);
        self
    }

    /// Sets after how long without a notification the listener checks that the server still answers. Without this check, a
    /// connection that broke somewhere in the network might never be noticed. The default is 30 seconds.
    #[must_use]
    pub fn ask_when_quiet_for(mut self, quiet: Duration) -> Self {
        self.quiet = quiet;
        self
    }

    /// Limits the time to connect; see [`PoolBuilder::connect_timeout`](crate::PoolBuilder::connect_timeout).
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Connects, and listens to the channels.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached or refuses the connection, or the name of a channel is not valid. Also when
    /// the settings are those of a pool behind a pooler (`unnamed_statements` or `single_statements`), where LISTEN
    /// cannot work.
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
