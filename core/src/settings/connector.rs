//! Opens a session for a tool that reads the protocol itself.

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Settings, environment::Surroundings};
use crate::{
    Error,
    connect::{Reached, Target},
};

/// Opens sessions like the pool does, for a tool that reads the protocol itself, such as the code generator.
#[derive(Clone, Debug)]
pub struct Connector(Settings);

impl Connector {
    /// Reads a URL or keyword string.
    ///
    /// # Errors
    ///
    /// Like [`Pool::connect`](crate::Pool::connect), if the string or a certificate that it names is not valid.
    pub fn parse(url: &str) -> Result<Self, Error> {
        Settings::parse(url).map(Self)
    }

    /// Like [`parse`](Self::parse), but without the environment, services and password files, which are about other
    /// servers than one of the tool's own.
    ///
    /// # Errors
    ///
    /// Like those of [`parse`](Self::parse).
    pub fn parse_alone(url: &str) -> Result<Self, Error> {
        Settings::parse_in(url, &Surroundings::none()).map(Self)
    }

    /// Opens a session on the first server that accepts the connection. Bytes that were received after the start-up
    /// come with the stream.
    ///
    /// # Errors
    ///
    /// When no server accepts the connection.
    pub async fn open(
        &self,
    ) -> Result<(impl AsyncRead + AsyncWrite + Unpin + Send + use<>, BytesMut), Error> {
        let open = async |reached: Reached, _| Ok((reached.stream, reached.welcome.received));
        self.0.reach(&[Target::Any], open).await
    }
}
