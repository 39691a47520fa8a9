//! The options of a connection from all sources. The connection string takes precedence over the service, and the
//! service over the environment.

use std::{path::PathBuf, time::Duration};

use tokio_postgres::{
    Config,
    config::{ChannelBinding, Host, LoadBalanceHosts, SslNegotiation},
};
use zeroize::Zeroizing;

use super::environment::Surroundings;
use crate::{
    Error, ErrorKind,
    connect::{Password, RequiredAuth, Target},
    tls::{TlsMode, TlsOptions},
};

/// Takes an option of the socket, unless the connection string has set it to another value than its default. Returns whether
/// it is one.
fn set_socket(config: &mut Config, key: &str, value: &str) -> Result<bool, Error> {
    const OPTIONS: [&str; 5] = [
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "tcp_user_timeout",
    ];
    if !OPTIONS.contains(&key) {
        return Ok(false);
    }
    let number: u32 = parsed(key, value)?;
    let seconds = Duration::from_secs(number.into());
    let default = Config::new();
    match key {
        "keepalives" if config.get_keepalives() => drop(config.keepalives(number != 0)),
        // The system's default.
        _ if number == 0 => {}
        "keepalives_idle" if config.get_keepalives_idle() == default.get_keepalives_idle() => {
            config.keepalives_idle(seconds);
        }
        "keepalives_interval" if config.get_keepalives_interval().is_none() => {
            config.keepalives_interval(seconds);
        }
        "keepalives_count" if config.get_keepalives_retries().is_none() => {
            config.keepalives_retries(number);
        }
        "tcp_user_timeout" if config.get_tcp_user_timeout().is_none() => {
            config.tcp_user_timeout(Duration::from_millis(number.into()));
        }
        _ => {}
    }
    Ok(true)
}

/// The options that are parsed here, and not by tokio-postgres.
#[derive(Default)]
pub(super) struct Options {
    pub(super) password: Option<Password>,
    pub(super) tls: TlsOptions,
    pub(super) target: Option<Target>,
    pub(super) required_auth: Option<RequiredAuth>,
    channel_binding: Option<ChannelBinding>,
    negotiation: Option<SslNegotiation>,
    load_balance: Option<LoadBalanceHosts>,
    pub(super) passfile: Option<PathBuf>,
    pub(super) service: Option<String>,
    fallback_application_name: Option<String>,
    /// Options of the socket, which tokio-postgres gives other names or units than libpq.
    socket: Vec<(&'static str, String)>,
}

impl Options {
    /// Takes the option if it is one of these.
    pub(super) fn set(&mut self, key: &str, value: &str) -> Result<bool, Error> {
        match key {
            "keepalives_count" => self.socket.push(("keepalives_count", value.to_owned())),
            "tcp_user_timeout" => self.socket.push(("tcp_user_timeout", value.to_owned())),
            "password" => self.password = Some(Zeroizing::new(value.as_bytes().to_vec())),
            "target_session_attrs" => self.target = Some(Target::parse(value)?),
            "channel_binding" => {
                self.channel_binding = Some(match value {
                    "disable" => ChannelBinding::Disable,
                    "prefer" => ChannelBinding::Prefer,
                    "require" => ChannelBinding::Require,
                    _ => {
                        return Err(wrong(
                            "`channel_binding` must be one of disable, prefer, require",
                        ));
                    }
                });
            }
            "sslnegotiation" => {
                self.negotiation = Some(match value {
                    "postgres" => SslNegotiation::Postgres,
                    "direct" => SslNegotiation::Direct,
                    _ => return Err(wrong("`sslnegotiation` must be one of postgres, direct")),
                });
            }
            "load_balance_hosts" => {
                self.load_balance = Some(match value {
                    "disable" => LoadBalanceHosts::Disable,
                    "random" => LoadBalanceHosts::Random,
                    _ => {
                        return Err(wrong("`load_balance_hosts` must be one of disable, random"));
                    }
                });
            }
            "require_auth" => self.required_auth = Some(RequiredAuth::parse(value)?),
            "passfile" => self.passfile = Some(PathBuf::from(value)),
            "service" => self.service = Some(value.to_owned()),
            "fallback_application_name" => {
                self.fallback_application_name = Some(value.to_owned());
            }
            // Accepted but ignored: text is always UTF-8, and GSSAPI is never used.
            "client_encoding" if is_utf8(value) => {}
            "gssencmode" if matches!(value, "disable" | "prefer") => {}
            "client_encoding" | "gssencmode" => {
                return Err(wrong(format!("`{key}={value}` is not supported")));
            }
            _ => return self.tls.set(key, value),
        }
        Ok(true)
    }

    /// Takes the option unless it was given before. Returns whether it is known.
    fn add(&mut self, config: &mut Config, key: &str, value: &str) -> Result<bool, Error> {
        match key {
            "host" | "hostaddr" if names_a_host(config) => {}
            "host" => {
                for host in value.split(',') {
                    config.host(host);
                }
            }
            "hostaddr" => {
                for address in value.split(',') {
                    config.hostaddr(parsed(key, address)?);
                }
            }
            "port" if config.get_ports().is_empty() => {
                for port in value.split(',') {
                    config.port(parsed(key, port)?);
                }
            }
            "dbname" if config.get_dbname().is_none() => drop(config.dbname(value)),
            "user" if config.get_user().is_none() => drop(config.user(value)),
            "options" if config.get_options().is_none() => drop(config.options(value)),
            "application_name" if config.get_application_name().is_none() => {
                config.application_name(value);
            }
            "connect_timeout" if config.get_connect_timeout().is_none() => {
                let seconds: i64 = parsed(key, value)?;
                if let Ok(seconds @ 1..) = u64::try_from(seconds) {
                    config.connect_timeout(Duration::from_secs(seconds));
                }
            }
            "port" | "dbname" | "user" | "options" | "application_name" | "connect_timeout" => {}
            "password" if self.password.is_some() => {}
            "channel_binding" if self.channel_binding.is_some() => {}
            "sslnegotiation" if self.negotiation.is_some() => {}
            "load_balance_hosts" if self.load_balance.is_some() => {}
            "fallback_application_name" if self.fallback_application_name.is_some() => {}
            "target_session_attrs" if self.target.is_some() => {}
            "require_auth" if self.required_auth.is_some() => {}
            "passfile" if self.passfile.is_some() => {}
            _ if self.tls.has(key) => {}
            _ if set_socket(config, key, value)? => {}
            _ => return self.set(key, value),
        }
        Ok(true)
    }

    /// Sets the options of the socket that the connection string has.
    pub(super) fn set_sockets(&mut self, config: &mut Config) -> Result<(), Error> {
        for (key, value) in std::mem::take(&mut self.socket) {
            set_socket(config, key, &value)?;
        }
        Ok(())
    }

    /// Adds options that the connection string does not have, from a service and from the environment.
    pub(super) fn add_surroundings(
        &mut self,
        config: &mut Config,
        surroundings: &Surroundings<'_>,
    ) -> Result<(), Error> {
        if let Some(service) = self.service.take().or_else(|| surroundings.service()) {
            for (key, value) in surroundings.options_of_service(&service)? {
                if !self.add(config, &key, &value)? {
                    return Err(wrong(format!(
                        "the service `{service}` has an unknown option `{key}`"
                    )));
                }
            }
        }
        for (key, value) in surroundings.options() {
            self.add(config, key, &value)?;
        }
        Ok(())
    }

    /// Sets options in `config` that were kept here to know whether they were given, and the defaults of others.
    pub(super) fn complete(&self, config: &mut Config) -> Result<(), Error> {
        if let Some(binding) = self.channel_binding {
            config.channel_binding(binding);
        }
        if let Some(negotiation) = self.negotiation {
            config.ssl_negotiation(negotiation);
        }
        if let Some(load_balance) = self.load_balance {
            config.load_balance_hosts(load_balance);
        }
        if let (None, Some(name)) = (
            config.get_application_name(),
            &self.fallback_application_name,
        ) {
            config.application_name(name);
        }
        default_host(config);
        default_user(config)
    }

    /// How connections are encrypted. It depends on the hosts.
    pub(super) fn tls_mode(&mut self, config: &Config) -> Result<TlsMode, Error> {
        let addresses = config.get_hostaddrs();
        self.tls.is_elsewhere = addresses.iter().any(|address| !address.is_loopback());
        let is_tcp = |host: &Host| matches!(host, Host::Tcp(_));
        // Like in libpq, a unix socket needs no encryption, whatever the mode.
        let mode = match addresses.is_empty() && !config.get_hosts().iter().any(is_tcp) {
            true => TlsMode::Disable,
            false => self.tls.mode()?,
        };
        if config.get_ssl_negotiation() == SslNegotiation::Direct && mode.may_do_without() {
            return Err(wrong(
                "`sslnegotiation=direct` does not ask whether the server encrypts, and needs `sslmode=require` or a \
                 stricter one",
            ));
        }
        Ok(mode)
    }
}

fn names_a_host(config: &Config) -> bool {
    !config.get_hosts().is_empty() || !config.get_hostaddrs().is_empty()
}

/// The default host: the socket directory that packages use, or else `localhost`. Where a server's socket is if nobody
/// says: as PostgreSQL has it, and as Debian and others do.
pub(super) const DEFAULT_DIRECTORIES: [&str; 3] =
    ["/run/postgresql", "/var/run/postgresql", "/tmp"];

fn default_host(config: &mut Config) {
    if names_a_host(config) {
        return;
    }
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let has_socket = |directory: &&str| {
        PathBuf::from(directory)
            .join(format!(".s.PGSQL.{port}"))
            .exists()
    };
    let found = DEFAULT_DIRECTORIES.into_iter().find(has_socket);
    config.host(found.unwrap_or("localhost"));
}

/// The default user: the user of the operating system.
fn default_user(config: &mut Config) -> Result<(), Error> {
    if config.get_user().is_some() {
        return Ok(());
    }
    let user = whoami::username().map_err(|error| {
        wrong("the user of the system has no name; name one in the connection string")
            .caused_by(error)
    })?;
    config.user(user);
    Ok(())
}

fn is_utf8(encoding: &str) -> bool {
    ["utf8", "utf-8", "unicode", "auto"]
        .iter()
        .any(|name| encoding.eq_ignore_ascii_case(name))
}

fn parsed<T: std::str::FromStr>(key: &str, value: &str) -> Result<T, Error> {
    value
        .trim()
        .parse()
        .map_err(|_| wrong(format!("`{key}` has a value that it cannot have")))
}

fn wrong(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
