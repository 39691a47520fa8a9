//! The settings for who reads the protocol itself.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use super::Settings;
use crate::{Error, ErrorKind, connect::Target};

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

    /// Authenticates at the first server that lets us in. The messages are what it said to that; those that follow come from the
    /// stream.
    ///
    /// # Errors
    ///
    /// When no server lets us in.
    pub async fn open(
        &self,
    ) -> Result<(impl AsyncRead + AsyncWrite + Unpin + Send + use<>, Vec<u8>), Error> {
        self.0
            .reach(&[Target::Any], |reached, target| async move {
                match reached.answer.refusal {
                    None => Ok((reached.stream, reached.answer.messages)),
                    // The driver knows to say why.
                    Some(_) => Err(match self.0.begin(reached, target).await {
                        Err(error) => error,
                        Ok(_) => Error::new(ErrorKind::Connection, "the server refused to connect"),
                    }),
                }
            })
            .await
    }
}
