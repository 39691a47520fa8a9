//! Runs some SQL for callers that are not async. Each call has its own thread and runtime, because blocking on a
//! runtime inside a caller's runtime panics.

use std::io;
use std::panic;
use std::thread;

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};

use super::error::ScratchError;

/// Runs `work` to its end, from sync or async code.
pub(super) fn block_on<T, F>(work: F) -> Result<T, ScratchError>
where
    T: Send,
    F: Future<Output = Result<T, ScratchError>> + Send,
{
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.map_err(cannot_run)?.block_on(work)
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("howdah-scratch-sql".to_owned());
        let handle = thread.spawn_scoped(scope, run).map_err(cannot_run)?;
        handle
            .join()
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    })
}

fn cannot_run(error: io::Error) -> ScratchError {
    ScratchError::io("start a thread for SQL", error)
}

/// One open connection, to be closed with [`close`](Self::close).
pub(super) struct Session {
    pub(super) client: Client,
    driver: JoinHandle<()>,
}

impl Session {
    /// Connects to the database that `url` names.
    pub(super) async fn open(url: &str) -> Result<Self, tokio_postgres::Error> {
        let config: Config = url.parse()?;
        let (client, connection) = config.connect(NoTls).await?;
        // The client's calls report errors of the connection.
        let driver = tokio::spawn(async move { drop(connection.await) });
        Ok(Self { client, driver })
    }

    /// The server's major version.
    pub(super) async fn server_major(&self) -> Result<u32, tokio_postgres::Error> {
        let sql = "select current_setting('server_version_num')::int4 / 10000";
        let row = self.client.query_one(sql, &[]).await?;
        Ok(row.try_get::<_, i32>(0)?.unsigned_abs())
    }

    /// Ends the session, so that it no longer counts as connected.
    pub(super) async fn close(self) {
        drop(self.client);
        // The driver ends early only by a panic, and then the connection is gone, too.
        let _ = self.driver.await;
    }
}

/// Runs `sql`, which can have several statements, on a separate connection.
pub(super) fn batch(url: &str, doing: &str, sql: &str) -> Result<(), ScratchError> {
    block_on(async {
        let session = Session::open(url)
            .await
            .map_err(|error| ScratchError::sql(doing, error))?;
        let result = session.client.batch_execute(sql).await;
        session.close().await;
        result.map_err(|error| ScratchError::sql(doing, error))
    })
}
