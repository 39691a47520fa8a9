//! Where and how to connect, from a URL or a keyword string, a service file and the environment. The TLS options are read
//! here with libpq's meanings, since tokio-postgres knows but three modes. Debug output hides the password.

mod affinity;
mod connector;
mod environment;
mod options;
mod passfile;
mod text;

use std::sync::Arc;
use std::{fmt, path::PathBuf, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, SslMode, SslNegotiation},
};

pub(crate) use affinity::{Affinity, refused};
pub use connector::Connector;

#[cfg(feature = "tracing")]
use crate::observe::Repeats;
use crate::{
    Error, ErrorKind,
    connect::{Inbox, Password, RequiredAuth, Target},
    deadline::milliseconds,
    notice::OnNotice,
    tls::{Tls, TlsMode},
    user_files,
};
use environment::Surroundings;
use options::{Options, default_host, default_user};

/// How to reach a server, ready to be used any number of times.
#[derive(Clone)]
pub(crate) struct Settings {
    /// All but the password, which is kept where it is wiped.
    pub(crate) config: Config,
    password: Option<Password>,
    passfile: Option<PathBuf>,
    mode: TlsMode,
    pub(crate) tls: Tls,
    /// How a server may authenticate us.
    pub(crate) required_auth: RequiredAuth,
    /// Which of several servers is wanted.
    pub(crate) target: Target,
    pub(crate) connect_timeout: Duration,
    /// How long a session may take to be put in order.
    pub(crate) recovery_timeout: Duration,
    /// How many prepared statements a session keeps.
    pub(crate) statements: usize,
    /// For how long a session has the same server.
    pub(crate) affinity: Affinity,
    /// How long a query may take, where sessions cannot be told.
    pub(crate) untold_timeout: Option<Duration>,
    /// The `statement_timeout` that sessions begin with, where they can be told.
    pub(crate) told_timeout: Option<Duration>,
    /// Where notifications go, if they are wanted.
    pub(crate) inbox: Option<Inbox>,
    /// Who is given notices.
    pub(crate) on_notice: Option<OnNotice>,
    /// What each session begins with.
    pub(crate) on_connect: Option<Arc<str>>,
    /// How long a query may take before it is warned of.
    #[cfg(feature = "tracing")]
    pub(crate) slow_query: Option<Duration>,
    /// Who counts queries that are run again and again.
    #[cfg(feature = "tracing")]
    pub(crate) repeats: Option<Arc<Repeats>>,
    /// What the pool is called in its metrics.
    #[cfg(feature = "metrics")]
    pub(crate) name: Option<String>,
}

impl Settings {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        Self::parse_in(url, &Surroundings::of_process())
    }

    fn parse_in(url: &str, surroundings: &Surroundings<'_>) -> Result<Self, Error> {
        let mut options = Options::default();
        let rest = text::strip(url, &mut options)?;
        let mut config: Config = rest.parse().map_err(|error: tokio_postgres::Error| {
            // A part of a password that is not quoted is taken for an option.
            if url.contains("password") {
                return text::malformed(
                    "an option is not known, or has a value that it cannot have",
                );
            }
            // It names options, never values.
            let cause = std::error::Error::source(&error)
                .map(ToString::to_string)
                .unwrap_or_default();
            text::malformed(&cause).caused_by(error)
        })?;
        if let Some(service) = options.service.take().or_else(|| surroundings.service()) {
            for (key, value) in surroundings.options_of_service(&service)? {
                options.add(&mut config, &key, &value)?;
            }
        }
        for (key, value) in surroundings.options() {
            options.add(&mut config, key, &value)?;
        }
        options.name_application(&mut config);
        options.set_encryption(&mut config);
        default_host(&mut config);
        default_user(&mut config)?;
        let sockets_only = config
            .get_hosts()
            .iter()
            .all(|host| !matches!(host, Host::Tcp(_)))
            && config.get_hostaddrs().is_empty();
        // As in libpq, a unix socket needs no encryption, whatever the mode.
        let mode = match sockets_only {
            true => TlsMode::Disable,
            false => options.tls.mode()?,
        };
        if config.get_ssl_negotiation() == SslNegotiation::Direct && mode.may_do_without() {
            let message = "`sslnegotiation=direct` does not ask whether the server encrypts, and needs `sslmode=require` or a \
                           stricter one";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        options.tls.is_elsewhere = config
            .get_hostaddrs()
            .iter()
            .any(|address| !address.is_loopback());
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
            #[cfg(feature = "tracing")]
            slow_query: None,
            #[cfg(feature = "tracing")]
            repeats: None,
            #[cfg(feature = "metrics")]
            name: None,
        })
    }

    /// The same place, with the limits of `other`.
    pub(crate) fn like(self, other: &Self) -> Self {
        Self {
            connect_timeout: other.connect_timeout,
            recovery_timeout: other.recovery_timeout,
            statements: other.statements,
            affinity: other.affinity,
            on_notice: other.on_notice.clone(),
            on_connect: other.on_connect.clone(),
            #[cfg(feature = "tracing")]
            slow_query: other.slow_query,
            #[cfg(feature = "tracing")]
            repeats: other.repeats.clone(),
            ..self
        }
    }

    /// Has each session begin with this `statement_timeout`, unless the connection string sets it.
    pub(crate) fn tell_timeout(&mut self, timeout: Duration) {
        let given = self.config.get_options().unwrap_or_default();
        self.told_timeout = (!given.contains("statement_timeout")).then_some(timeout);
        // What comes last counts.
        let all = format!("-c statement_timeout={} {given}", milliseconds(timeout));
        self.config.options(all.trim_end());
    }

    /// The same, for sessions whose notifications go to `inbox`.
    pub(crate) fn with_inbox(&self, inbox: Inbox) -> Self {
        Self {
            inbox: Some(inbox),
            ..self.clone()
        }
    }

    /// What to try, one after the other.
    pub(crate) fn modes(&self) -> &'static [SslMode] {
        match self.mode {
            TlsMode::Disable => &[SslMode::Disable],
            TlsMode::Unsaid => &[SslMode::Prefer],
            TlsMode::Prefer => &[SslMode::Prefer, SslMode::Disable],
            TlsMode::Allow => &[SslMode::Disable, SslMode::Require],
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => &[SslMode::Require],
        }
    }

    /// Whether certificates are verified without anyone having asked for it.
    pub(crate) fn verifies_unasked(&self) -> bool {
        self.mode == TlsMode::Unsaid
    }

    /// The password that was given, or the one of the password file for this host.
    pub(crate) fn password_for(&self, host: &str, port: u16) -> Option<Password> {
        if self.password.is_some() {
            return self.password.clone();
        }
        let user = self.config.get_user().unwrap_or_default();
        let database = self.config.get_dbname().unwrap_or(user);
        // As in libpq, a socket's directory is this machine.
        let host = if host.starts_with('/') {
            "localhost"
        } else {
            host
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
mod tests {
    use tokio_postgres::config::ChannelBinding;

    use super::*;

    #[test]
    fn debug_output_hides_the_password() {
        let settings = Settings::parse("postgres://me:secret@localhost/app").unwrap();
        let shown = format!("{settings:?}");
        assert!(shown.contains("me") && !shown.contains("secret"), "{shown}");
    }

    fn surrounded(url: &str, variables: &[(&str, &str)], home: &str) -> Result<Settings, Error> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name)?;
            Some(found.1.to_owned())
        };
        let surroundings = Surroundings {
            variable: &variable,
            user_files: Some(PathBuf::from(home)),
        };
        Settings::parse_in(url, &surroundings)
    }

    #[test]
    fn what_the_string_does_not_say_is_taken_from_the_environment() {
        let variables = [
            ("PGHOST", "a,b"),
            ("PGPORT", "5433"),
            ("PGUSER", "other"),
            ("PGPASSWORD", "secret"),
            ("PGSSLMODE", "require"),
            ("PGTARGETSESSIONATTRS", "standby"),
        ];
        let settings = surrounded("user=me dbname=app", &variables, "/nowhere").unwrap();
        let config = &settings.config;
        assert_eq!(
            config.get_hosts(),
            [Host::Tcp("a".into()), Host::Tcp("b".into())]
        );
        assert_eq!(config.get_ports(), [5433]);
        assert_eq!(config.get_user(), Some("me"));
        let password = settings.password_for("a", 5433).unwrap();
        assert_eq!(*password, b"secret");
        assert_eq!(
            (settings.mode, settings.target),
            (TlsMode::Require, Target::Standby)
        );
        assert_eq!(settings.config.get_password(), None);

        let wrong = surrounded("host=h", &[("PGPORT", "none")], "/nowhere").unwrap_err();
        assert_eq!(wrong.kind(), ErrorKind::Configuration);
    }

    /// Also where it says what is so without it.
    #[test]
    fn what_the_string_says_is_not_taken_from_the_environment() {
        let variables = [
            ("PGCHANNELBINDING", "require"),
            ("PGSSLNEGOTIATION", "direct"),
            ("PGSSLMODE", "require"),
        ];
        let said = "host=h channel_binding=prefer sslnegotiation=postgres";
        let said = surrounded(said, &variables, "/nowhere").unwrap().config;
        assert_eq!(said.get_channel_binding(), ChannelBinding::Prefer);
        assert_eq!(said.get_ssl_negotiation(), SslNegotiation::Postgres);
        let unsaid = surrounded("host=h", &variables, "/nowhere").unwrap().config;
        assert_eq!(unsaid.get_channel_binding(), ChannelBinding::Require);
        assert_eq!(unsaid.get_ssl_negotiation(), SslNegotiation::Direct);
    }

    #[test]
    fn a_service_goes_before_the_environment_and_after_the_string() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(".pg_service.conf");
        std::fs::write(file, "[app]\nhost=service\nport=1\nuser=service\n").unwrap();
        let variables = [("PGHOST", "env"), ("PGUSER", "env"), ("PGDATABASE", "env")];
        let home = home.path().to_str().unwrap();
        let settings = surrounded("service=app user=me", &variables, home).unwrap();
        assert_eq!(settings.config.get_hosts(), [Host::Tcp("service".into())]);
        assert_eq!(settings.config.get_user(), Some("me"));
        assert_eq!(settings.config.get_dbname(), Some("env"));
        let missing = surrounded("service=none", &variables, home).unwrap_err();
        assert!(
            missing
                .to_string()
                .contains("no service file has a service `none`"),
            "{missing}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_password_file_is_read_if_it_is_private() {
        use std::os::unix::fs::PermissionsExt;

        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(".pgpass");
        std::fs::write(&file, "h:5432:app:me:secret\nlocalhost:5432:app:me:local\n").unwrap();
        let settings = surrounded(
            "host=h user=me dbname=app",
            &[],
            home.path().to_str().unwrap(),
        )
        .unwrap();
        let password = |host: &str, mode: u32| {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            let password = settings.password_for(host, 5432).unwrap_or_default();
            String::from_utf8(password.to_vec()).unwrap()
        };
        assert_eq!(password("h", 0o600), "secret");
        assert_eq!(password("/run/postgresql", 0o600), "local");
        assert_eq!(password("other", 0o600), "");
        assert_eq!(password("h", 0o644), "");
    }

    #[test]
    fn a_malformed_string_is_refused_without_being_quoted() {
        for url in [
            "postgres://me:secret@h/d?sslmode=maybe",
            "host=h password",
            "bogus=secret",
            "postgres://me:secret@h/d?search_path=secret",
            // What is not quoted is taken for another option.
            "host=h password=my secret=1",
            "postgres://me@h/d?password=my&secret=1",
            "postgres://me:my@secret@h/d",
            "postgres://my@secret@h/d",
            "mysql://me:secret@h/d",
        ] {
            let error = Settings::parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!error.to_string().contains("secret"), "{error}");
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_string_is_said() {
        let wrong = |url| Settings::parse(url).unwrap_err().to_string();
        for (url, expected) in [
            (
                "postgres://h/d?search_path=app",
                "the connection string is malformed: unknown option `search_path`; settings of the session are \
                 `options=-c search_path=…`",
            ),
            (
                "host=h port=many",
                "the connection string is malformed: invalid value for option `port`",
            ),
            (
                "mysql://h/d",
                "the connection string is malformed: it begins with `postgres://`, or is of the form `host=… user=…`",
            ),
        ] {
            assert_eq!(wrong(url), expected);
        }
    }
}
