//! Where and how to connect, from a URL or a keyword string, a service file and the environment. The TLS options are
//! parsed here with libpq's meanings, because tokio-postgres knows only three modes. Debug output hides the password.

mod affinity;
mod connector;
mod environment;
mod login;
mod options;
mod passfile;
mod text;
pub(crate) mod user_files;

use std::sync::Arc;
use std::{fmt, path::PathBuf, time::Duration};

use tokio_postgres::{Config, config::SslMode};

pub(crate) use affinity::{Affinity, refused};
pub use connector::Connector;
pub(crate) use login::AskPassword;
pub use login::Login;

#[cfg(feature = "tracing")]
use crate::observe::Repeats;
use crate::{
    Error,
    connect::{Inbox, Password, RequiredAuth, Target},
    error::notice::OnNotice,
    executor::deadline::milliseconds,
    tls::{Tls, TlsMode},
};
use environment::Surroundings;
use options::Options;

/// The settings of connections, which can be used any number of times.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Everything except the password, which is stored in memory that is wiped.
    pub(crate) config: Config,
    password: Option<Password>,
    passfile: Option<PathBuf>,
    /// Finds out the password, in place of the two above.
    pub(crate) ask_password: Option<AskPassword>,
    mode: TlsMode,
    pub(crate) tls: Tls,
    /// The authentication methods that are accepted.
    pub(crate) required_auth: RequiredAuth,
    /// The kind of server to use, among several.
    pub(crate) target: Target,
    pub(crate) connect_timeout: Duration,
    /// The time limit of a clean-up.
    pub(crate) recovery_timeout: Duration,
    /// The number of prepared statements that a session keeps.
    pub(crate) statements: usize,
    /// For how long a session keeps the same server.
    pub(crate) affinity: Affinity,
    /// The limit of a query, if sessions cannot have it as a setting.
    pub(crate) untold_timeout: Option<Duration>,
    /// The `statement_timeout` that sessions start with, if they can have it as a setting.
    pub(crate) told_timeout: Option<Duration>,
    /// The channel for notifications, if there is a listener.
    pub(crate) inbox: Option<Inbox>,
    /// The function that is called with notices.
    pub(crate) on_notice: Option<OnNotice>,
    /// The statements that each session runs first.
    pub(crate) on_connect: Option<Arc<str>>,
    /// The statements that each session runs before it goes back to its pool.
    pub(crate) on_return: Option<Arc<str>>,
    /// The duration after which a query is logged as slow.
    #[cfg(feature = "tracing")]
    pub(crate) slow_query: Option<Duration>,
    /// The counter of repeated queries.
    #[cfg(feature = "tracing")]
    pub(crate) repeats: Option<Arc<Repeats>>,
    /// The name of the pool in its metrics.
    #[cfg(feature = "metrics")]
    pub(crate) name: Option<String>,
}

impl Settings {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        Self::parse_in(url, &Surroundings::of_process())
    }

    fn parse_in(url: &str, surroundings: &Surroundings<'_>) -> Result<Self, Error> {
        let mut options = Options::default();
        let mut config = text::parse(url, &mut options)?;
        options.set_sockets(&mut config)?;
        options.add_surroundings(&mut config, surroundings)?;
        options.complete(&mut config)?;
        let mode = options.tls_mode(&config)?;
        let tls = Tls::new(mode, &options.tls)?;
        let connect_timeout = config
            .get_connect_timeout()
            .copied()
            .unwrap_or(Duration::from_secs(10));
        let user_files = surroundings.user_files.as_ref();
        Ok(Self {
            config,
            password: options.password,
            passfile: options
                .passfile
                .or_else(|| Some(user_files::passwords(user_files?))),
            ask_password: None,
            mode,
            tls,
            required_auth: options.required_auth.unwrap_or_default(),
            target: options.target.unwrap_or_default(),
            connect_timeout,
            recovery_timeout: Duration::from_secs(5),
            statements: 256,
            affinity: Affinity::Session,
            untold_timeout: None,
            told_timeout: None,
            inbox: None,
            on_notice: None,
            on_connect: None,
            on_return: None,
            #[cfg(feature = "tracing")]
            slow_query: None,
            #[cfg(feature = "tracing")]
            repeats: None,
            #[cfg(feature = "metrics")]
            name: None,
        })
    }

    /// The same server, with the limits of `other`.
    pub(crate) fn like(self, other: &Self) -> Self {
        Self {
            ask_password: other.ask_password.clone(),
            connect_timeout: other.connect_timeout,
            recovery_timeout: other.recovery_timeout,
            statements: other.statements,
            affinity: other.affinity,
            on_notice: other.on_notice.clone(),
            on_connect: other.on_connect.clone(),
            on_return: other.on_return.clone(),
            #[cfg(feature = "tracing")]
            slow_query: other.slow_query,
            #[cfg(feature = "tracing")]
            repeats: other.repeats.clone(),
            ..self
        }
    }

    /// Makes each session start with this `statement_timeout`, unless the connection string sets it.
    pub(crate) fn tell_timeout(&mut self, timeout: Duration) {
        let given = self.config.get_options().unwrap_or_default();
        self.told_timeout = (!given.contains("statement_timeout")).then_some(timeout);
        // The last setting counts.
        let all = format!("-c statement_timeout={} {given}", milliseconds(timeout));
        self.config.options(all.trim_end());
    }

    /// The same settings, for sessions whose notifications go to `inbox`.
    pub(crate) fn with_inbox(&self, inbox: Inbox) -> Self {
        Self {
            inbox: Some(inbox),
            ..self.clone()
        }
    }

    /// The encryption modes to try, one after the other.
    pub(crate) fn modes(&self) -> &'static [SslMode] {
        match self.mode {
            TlsMode::Disable => &[SslMode::Disable],
            TlsMode::Unsaid => &[SslMode::Prefer],
            TlsMode::Prefer => &[SslMode::Prefer, SslMode::Disable],
            TlsMode::Allow => &[SslMode::Disable, SslMode::Require],
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => &[SslMode::Require],
        }
    }

    /// Whether certificates are verified by default, and not because of an `sslmode`.
    #[cfg(feature = "tls")]
    pub(crate) fn verifies_unasked(&self) -> bool {
        self.mode == TlsMode::Unsaid
    }

    /// The password for this host: the one that the app finds out, or else the stored one.
    pub(crate) async fn ask_password(
        &self,
        host: &str,
        port: u16,
    ) -> Result<Option<Password>, Error> {
        let Some(ask) = &self.ask_password else {
            return Ok(self.stored_password(host, port));
        };
        let user = self.config.get_user().unwrap_or_default();
        let login = Login {
            host: host.to_owned(),
            port,
            user: user.to_owned(),
            database: self.config.get_dbname().unwrap_or(user).to_owned(),
        };
        ask.ask(login).await.map(Some)
    }

    /// The password that was given, or the one of the password file for this host.
    fn stored_password(&self, host: &str, port: u16) -> Option<Password> {
        if self.password.is_some() {
            return self.password.clone();
        }
        let user = self.config.get_user().unwrap_or_default();
        let database = self.config.get_dbname().unwrap_or(user);
        // As in libpq, the default directory of sockets is this machine; others are named as they are.
        let host = match options::DEFAULT_DIRECTORIES.contains(&host) {
            true => "localhost",
            false => host,
        };
        passfile::password(self.passfile.as_deref()?, host, port, database, user)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("hosts", &self.config.get_hosts())
            .field("user", &self.config.get_user())
            .field("database", &self.config.get_dbname())
            .field("tls", &self.mode)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
