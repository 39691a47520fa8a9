//! Cancel requests: a connection of their own to the same server, encrypted as the session is, which says whose statement
//! is to be stopped.

use std::{io, sync::Arc};

use bytes::BytesMut;
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Place, authenticate::CancelKey, stream::Stream};
use crate::{Error, ErrorKind};

/// Stops what one session's server process runs.
pub(crate) struct Canceler {
    pub(super) key: CancelKey,
    pub(super) place: Arc<Place>,
}

impl Canceler {
    /// Asks the server to stop the running statement, and waits until it has passed that on: a request that lingered
    /// would hit the statement of whoever comes next.
    pub(crate) async fn cancel(&self) -> Result<(), Error> {
        let opened = Stream::open(&self.place.address, &self.place.config).await;
        let mut stream = self.place.encrypt(opened.map_err(failed)?).await?;
        let mut request = BytesMut::new();
        frontend::cancel_request(self.key.process_id, self.key.secret, &mut request);
        stream.write_all(&request).await.map_err(failed)?;
        stream.flush().await.map_err(failed)?;
        // The server answers nothing; it closes the connection once it has sent the signal. Until then our side stays open, too:
        // PgBouncer 1.18 may crash where a client does not wait for its request to be passed on.
        let mut ignored = [0; 64];
        while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
        Ok(())
    }
}

fn failed(error: io::Error) -> Error {
    Error::new(ErrorKind::Connection, "no cancel request could be sent").caused_by(error)
}
