//! Cancel requests: a connection of their own to the same server, encrypted as the session is, which says whose statement
//! is to be stopped.

use std::{io, sync::Arc};

use tokio::io::AsyncReadExt;
use tokio_postgres::{CancelToken, NoTls};

use super::{Place, stream::Stream};
use crate::{Error, ErrorKind};

/// Stops what one session's server process runs.
pub(crate) struct Canceler {
    pub(super) token: CancelToken,
    pub(super) place: Arc<Place>,
}

impl Canceler {
    /// Asks the server to stop the running statement, and waits until it has passed that on: a request that lingered
    /// would hit the statement of whoever comes next.
    pub(crate) async fn cancel(&self) -> Result<(), Error> {
        let opened = Stream::open_twice(&self.place.address, &self.place.config).await;
        let (stream, mut rest) = opened.map_err(failed)?;
        let stream = self.place.encrypt(stream).await?;
        let requested = self.token.cancel_query_raw(stream, NoTls).await;
        requested.map_err(Error::postgres)?;
        // The server answers nothing; it closes the connection once it has sent the signal. Until then our side stays open, too:
        // PgBouncer 1.18 may crash where a client does not wait for its request to be passed on.
        let mut ignored = [0; 64];
        while matches!(rest.read(&mut ignored).await, Ok(1..)) {}
        Ok(())
    }
}

fn failed(error: io::Error) -> Error {
    Error::new(ErrorKind::Connection, "no cancel request could be sent").caused_by(error)
}
