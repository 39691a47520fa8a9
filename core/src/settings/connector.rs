//! The settings for who reads the protocol itself.

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};

use super::Settings;
use crate::{
    Error,
    connect::{Reached, Target},
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

    /// Opens a session on the first server that lets us in. What was received behind its start comes with the stream.
    ///
    /// # Errors
    ///
    /// When no server lets us in.
    pub async fn open(
        &self,
    ) -> Result<(impl AsyncRead + AsyncWrite + Unpin + Send + use<>, BytesMut), Error> {
        let open = async |reached: Reached, _| Ok((reached.stream, reached.welcome.received));
        self.0.reach(&[Target::Any], open).await
    }
}
