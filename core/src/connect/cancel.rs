//! Cancel requests. Each uses a new connection to the same server, encrypted like the session, and names the session
//! whose statement to cancel.

use std::{io, sync::Arc};

use bytes::BytesMut;
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Place, authenticate::CancelKey, stream::Stream};
use crate::{Error, ErrorKind};

/// Cancels the statements of one session.
pub(crate) struct Canceler {
    key: CancelKey,
    place: Arc<Place>,
}

impl Canceler {
    /// For the session with this key.
    pub(crate) fn new(key: CancelKey, place: Place) -> Self {
        let place = Arc::new(place);
        Self { key, place }
    }

    /// Asks the server to cancel the running statement, and waits until it has signalled the session: a late request
    /// would cancel the next user's statement.
    pub(crate) async fn cancel(&self) -> Result<(), Error> {
        let opened = Stream::open(&self.place.address, &self.place.config).await;
        let mut stream = self.place.encrypt(opened.map_err(failed)?).await?;
        let mut request = BytesMut::new();
        frontend::cancel_request(self.key.process_id, self.key.secret, &mut request);
        stream.write_all(&request).await.map_err(failed)?;
        stream.flush().await.map_err(failed)?;
        // The server sends no answer; it closes the connection once it has sent the signal. Until then this side stays
        // open, too: PgBouncer 1.18 can crash if a client does not wait.
        let mut ignored = [0; 64];
        while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
        Ok(())
    }
}

fn failed(error: io::Error) -> Error {
    Error::new(ErrorKind::Connection, "no cancel request could be sent").caused_by(error)
}
