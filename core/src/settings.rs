//! Where and how to connect, from a URL or a keyword string. The TLS options are read here with
//! libpq's meanings, since tokio-postgres knows but three modes. Debug output hides the password.

use std::{fmt, time::Duration};

use tokio_postgres::config::{Host, SslMode};

use crate::{
    Error, ErrorKind,
    connect::Target,
    tls::{Tls, TlsMode, TlsOptions},
};

/// What a tool needs to open a session of its own as the pool would: the code generator reads the protocol itself.
pub struct Connector(Settings);

impl Connector {
    /// Reads a URL or keyword string.
    ///
    /// # Errors
    ///
    /// As [`Pool::connect`](crate::Pool::connect) for what is wrong with the string or the certificates it names.
    pub fn parse(url: &str) -> Result<Self, Error> {
        Settings::parse(url).map(Self)
    }

    /// The settings of the ways to connect, in the order in which they are to be tried.
    pub fn attempts(&self) -> Vec<tokio_postgres::Config> {
        self.0.modes().iter().map(|m| self.0.config(*m)).collect()
    }

    /// How long all of it may take.
    pub fn timeout(&self) -> Duration {
        self.0.connect_timeout
    }

    /// How to encrypt, unless it is never to be.
    #[cfg(feature = "tls")]
    pub fn tls(&self) -> Option<tokio_postgres_rustls::MakeRustlsConnect> {
        match &self.0.tls {
            Tls::Off => None,
            Tls::On(connector) => Some(connector.clone()),
        }
    }
}

/// How to reach a server, ready to be used any number of times.
pub(crate) struct Settings {
    pub(crate) config: tokio_postgres::Config,
    mode: TlsMode,
    pub(crate) tls: Tls,
    /// Which of several servers is wanted.
    pub(crate) target: Target,
    pub(crate) connect_timeout: Duration,
    /// How long a session may take to be put in order.
    pub(crate) recovery_timeout: Duration,
    /// How many prepared statements a session keeps.
    pub(crate) statements: usize,
}

impl Settings {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let mut options = Options::default();
        let rest = match url.starts_with("postgres://") || url.starts_with("postgresql://") {
            true => strip_url(url, &mut options)?,
            false => strip_keywords(url, &mut options)?,
        };
        let config: tokio_postgres::Config =
            rest.parse().map_err(|error: tokio_postgres::Error| {
                Error::new(
                    ErrorKind::Configuration,
                    "the connection string is malformed",
                )
                .caused_by(error)
            })?;
        let sockets_only = !config.get_hosts().is_empty()
            && config
                .get_hosts()
                .iter()
                .all(|host| !matches!(host, Host::Tcp(_)));
        // As in libpq, a unix socket needs no encryption, whatever the mode.
        let mode = if sockets_only {
            TlsMode::Disable
        } else {
            options.tls.mode()?
        };
        let tls = Tls::new(mode, &options.tls)?;
        let connect_timeout = config
            .get_connect_timeout()
            .copied()
            .unwrap_or(Duration::from_secs(10));
        Ok(Self {
            config,
            mode,
            tls,
            target: options.target,
            connect_timeout,
            recovery_timeout: Duration::from_secs(5),
            statements: 256,
        })
    }

    /// Sets a configuration parameter for each session, unless the connection string sets it. `value` needs no quotes.
    pub(crate) fn add_option(&mut self, name: &str, value: &str) {
        let given = self.config.get_options().unwrap_or_default();
        // What comes last counts.
        let all = format!("-c {name}={value} {given}");
        self.config.options(all.trim_end());
    }

    /// What to try, one after the other.
    pub(crate) fn modes(&self) -> &'static [SslMode] {
        match self.mode {
            TlsMode::Disable => &[SslMode::Disable],
            TlsMode::Prefer => &[SslMode::Prefer, SslMode::Disable],
            TlsMode::Allow => &[SslMode::Disable, SslMode::Require],
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => &[SslMode::Require],
        }
    }

    pub(crate) fn config(&self, mode: SslMode) -> tokio_postgres::Config {
        let mut config = self.config.clone();
        config.ssl_mode(mode);
        config
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

/// The options that are read here, and not by tokio-postgres.
#[derive(Default)]
struct Options {
    tls: TlsOptions,
    target: Target,
}

impl Options {
    /// Takes the option if it is one of these.
    fn set(&mut self, key: &str, value: &str) -> Result<bool, Error> {
        match key {
            "target_session_attrs" => {
                self.target = Target::parse(value)?;
                Ok(true)
            }
            _ => self.tls.set(key, value),
        }
    }
}

/// Takes these options out of a URL's query.
fn strip_url(url: &str, options: &mut Options) -> Result<String, Error> {
    let Some((base, query)) = url.split_once('?') else {
        return Ok(url.to_owned());
    };
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !options.set(key, &percent_decoded(value)?)? {
            kept.push(pair);
        }
    }
    Ok(if kept.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", kept.join("&"))
    })
}

fn percent_decoded(text: &str) -> Result<String, Error> {
    let malformed = || Error::new(ErrorKind::Configuration, "the URL has a malformed % escape");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let [high, low, tail @ ..] = rest else {
            return Err(malformed());
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or_else(malformed);
        // Two hexadecimal digits make one byte.
        bytes.push((digit(high)? * 16 + digit(low)?) as u8);
        rest = tail;
    }
    String::from_utf8(bytes).map_err(|_| malformed())
}

/// Takes these options out of a `key=value key='value'` string.
fn strip_keywords(text: &str, options: &mut Options) -> Result<String, Error> {
    let mut kept = String::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((key, tail)) = rest.split_once('=') else {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the connection string is malformed",
            ));
        };
        let tail = tail.trim_start();
        let (value, length) = keyword_value(tail);
        if !options.set(key.trim(), &value)? {
            kept.push_str(key.trim());
            kept.push('=');
            kept.push_str(&tail[..length]);
            kept.push(' ');
        }
        rest = tail[length..].trim_start();
    }
    Ok(kept)
}

/// A value without its quotes and backslashes, and how long it was with them.
fn keyword_value(text: &str) -> (String, usize) {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut chars = text.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            '\'' if quoted => return (value, at + 1),
            c if !quoted && c.is_whitespace() => return (value, at),
            c => value.push(c),
        }
    }
    (value, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_options_are_taken_out_of_a_url() {
        let mut options = Options::default();
        let url = "postgres://u:p@h/d?sslmode=verify-full&application_name=x&sslrootcert=%2Fca.pem";
        assert_eq!(
            strip_url(url, &mut options).unwrap(),
            "postgres://u:p@h/d?application_name=x"
        );
        assert_eq!(options.tls.mode().unwrap(), TlsMode::VerifyFull);
        assert_eq!(options.tls.root_cert.as_deref(), Some("/ca.pem"));
    }

    #[test]
    fn tls_options_are_taken_out_of_a_keyword_string() {
        let mut options = Options::default();
        let text = r"host=h password = 'it\'s sslmode=x' sslmode=disable";
        let kept = strip_keywords(text, &mut options).unwrap();
        assert_eq!(kept, r"host=h password='it\'s sslmode=x' ");
        assert_eq!(options.tls.mode().unwrap(), TlsMode::Disable);
    }

    #[test]
    fn debug_output_hides_the_password() {
        let settings = Settings::parse("postgres://me:secret@localhost/app").unwrap();
        let shown = format!("{settings:?}");
        assert!(shown.contains("me") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_malformed_string_is_refused_without_being_quoted() {
        for url in [
            "postgres://me:secret@h/d?sslmode=maybe",
            "host=h password",
            "bogus=secret",
        ] {
            let error = Settings::parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
