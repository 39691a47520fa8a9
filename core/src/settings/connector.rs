//! The settings for who reads the protocol itself.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use super::Settings;
use crate::{Error, connect::Target};

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

    /// How long it may take to open a session.
    pub fn timeout(&self) -> Duration {
        self.0.connect_timeout
    }

    /// Authenticates at the first server that can be reached. The messages are what it said to that, up to its
    /// `AuthenticationOk` or the error; those that follow come from the stream.
    ///
    /// # Errors
    ///
    /// When none can be reached, or the first that was does not authenticate as PostgreSQL does.
    pub async fn open(
        &self,
    ) -> Result<(impl AsyncRead + AsyncWrite + Unpin + Send + use<>, Vec<u8>), Error> {
        self.0
            .reach(&[Target::Any], async |reached, _| {
                Ok((reached.stream, reached.answer.messages))
            })
            .await
    }
}
