//! Opens a session for a tool that reads the protocol itself.

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};

use super::Settings;
use crate::{
    Error,
    connect::{Reached, Target},
};

/// Opens sessions like the pool does, for a tool that reads the protocol itself, such as the code generator.
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
