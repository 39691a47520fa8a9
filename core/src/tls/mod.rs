//! Encryption with libpq's meanings of `sslmode` and the options around it, by rustls. Modes that verify nothing do
//! what users of libpq expect, and never silently replace one that verifies. If no mode is given, encrypted connections
//! are verified, unlike in libpq.

use crate::{Error, ErrorKind};

#[cfg(feature = "tls")]
mod end_point;
#[cfg(feature = "tls")]
mod identity;
#[cfg(feature = "tls")]
mod negotiate;
#[cfg(feature = "tls")]
mod verify;

#[cfg(feature = "tls")]
pub(crate) use end_point::end_point;
#[cfg(feature = "tls")]
pub(crate) use negotiate::{encrypt, is_about_certificate};

/// libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsMode {
    /// Never encrypt.
    Disable,
    /// Encrypt only if the server does not accept an unencrypted connection.
    Allow,
    /// No mode was given: encrypt if the server can, and then verify like `VerifyFull`, unless the server is this
    /// machine.
    Unsaid,
    /// Encrypt if the server can.
    Prefer,
    /// Encrypt, without verifying the server.
    Require,
    /// Encrypt, and verify that a known authority signed the server's certificate.
    VerifyCa,
    /// Like `VerifyCa`, and verify that the certificate is for this host.
    VerifyFull,
}

impl TlsMode {
    /// Whether connections without encryption are allowed.
    pub(crate) fn may_do_without(self) -> bool {
        !matches!(self, Self::Require | Self::VerifyCa | Self::VerifyFull)
    }
}

/// The TLS options of a connection string.
#[derive(Default)]
pub(crate) struct TlsOptions {
    mode: Option<TlsMode>,
    pub(crate) root_cert: Option<String>,
    /// The client's certificate, with its chain.
    pub(crate) cert: Option<String>,
    pub(crate) key: Option<String>,
    /// Whether an address was given that is not of this machine.
    pub(crate) is_elsewhere: bool,
}

impl TlsOptions {
    /// Takes the option if it is a TLS option.
    pub(crate) fn set(&mut self, key: &str, value: &str) -> Result<bool, Error> {
        match key {
            "sslmode" => {
                self.mode = Some(match value {
                    "disable" => TlsMode::Disable,
                    "allow" => TlsMode::Allow,
                    "prefer" => TlsMode::Prefer,
                    "require" => TlsMode::Require,
                    "verify-ca" => TlsMode::VerifyCa,
                    "verify-full" => TlsMode::VerifyFull,
                    _ => {
                        let message = "`sslmode` must be one of disable, allow, prefer, require, \
                                       verify-ca, verify-full";
                        return Err(Error::new(ErrorKind::Configuration, message));
                    }
                });
                Ok(true)
            }
            "sslrootcert" => {
                self.root_cert = Some(value.to_owned());
                Ok(true)
            }
            "sslcert" => {
                self.cert = Some(value.to_owned());
                Ok(true)
            }
            "sslkey" => {
                self.key = Some(value.to_owned());
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Whether the option was given.
    pub(crate) fn has(&self, key: &str) -> bool {
        match key {
            "sslmode" => self.mode.is_some(),
            "sslrootcert" => self.root_cert.is_some(),
            "sslcert" => self.cert.is_some(),
            "sslkey" => self.key.is_some(),
            _ => false,
        }
    }

    /// The mode, with libpq's rules if one is given.
    pub(crate) fn mode(&self) -> Result<TlsMode, Error> {
        match (self.mode, self.root_cert.as_deref()) {
            (None, Some("system")) => Ok(TlsMode::VerifyFull),
            (Some(mode), Some("system")) if mode != TlsMode::VerifyFull => {
                let message = "`sslrootcert=system` needs `sslmode=verify-full`: anyone can have a \
                               certificate that the system's authorities signed";
                Err(Error::new(ErrorKind::Configuration, message))
            }
            // For backward compatibility, libpq verifies the authority if there is a root certificate.
            (Some(TlsMode::Require), Some(_)) => Ok(TlsMode::VerifyCa),
            (mode, _) => Ok(mode.unwrap_or(TlsMode::Unsaid)),
        }
    }
}

/// How connections are encrypted.
#[derive(Clone)]
pub(crate) enum Tls {
    Off,
    #[cfg(feature = "tls")]
    On(tokio_rustls::TlsConnector),
}

impl Tls {
    #[cfg(feature = "tls")]
    pub(crate) fn new(mode: TlsMode, options: &TlsOptions) -> Result<Self, Error> {
        match mode {
            TlsMode::Disable => Ok(Self::Off),
            mode => {
                let config = verify::client_config(mode, options)?;
                Ok(Self::On(std::sync::Arc::new(config).into()))
            }
        }
    }

    #[cfg(not(feature = "tls"))]
    pub(crate) fn new(mode: TlsMode, _: &TlsOptions) -> Result<Self, Error> {
        match mode {
            TlsMode::Disable | TlsMode::Allow | TlsMode::Unsaid | TlsMode::Prefer => Ok(Self::Off),
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => {
                let message = "this `sslmode` needs howdah's feature `tls`, which is off";
                Err(Error::new(ErrorKind::Configuration, message))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_is_the_one_libpq_would_use() {
        let mode = |mode: Option<&str>, root: Option<&str>| {
            let mut options = TlsOptions::default();
            for (key, value) in [("sslmode", mode), ("sslrootcert", root)] {
                if let Some(value) = value {
                    options.set(key, value).unwrap();
                }
            }
            options.mode().map_err(|error| error.kind())
        };
        assert_eq!(mode(None, None), Ok(TlsMode::Unsaid));
        assert_eq!(mode(Some("prefer"), None), Ok(TlsMode::Prefer));
        assert_eq!(mode(Some("require"), None), Ok(TlsMode::Require));
        assert_eq!(
            mode(Some("require"), Some("/ca.pem")),
            Ok(TlsMode::VerifyCa)
        );
        assert_eq!(mode(None, Some("system")), Ok(TlsMode::VerifyFull));
        assert_eq!(
            mode(Some("require"), Some("system")),
            Err(ErrorKind::Configuration)
        );
    }
}
