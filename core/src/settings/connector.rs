//! The settings for who reads the protocol itself.

use std::time::Duration;

use super::Settings;
use crate::Error;
#[cfg(feature = "tls")]
use crate::tls::Tls;

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
        self.0
            .modes()
            .iter()
            .map(|mode| self.0.config(*mode, self.0.password()))
            .collect()
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
