//! PostgreSQL as a separate process: its binaries, its cluster, which is a cached or a new one, and the process that
//! supervises it.

mod account;
mod binaries;
mod cache;
mod supervisor;

use std::path::Path;
use std::time::{Duration, Instant};

use cache::Entry;
use supervisor::ServerEnd;
pub(super) use supervisor::Supervisor;

use super::error::ScratchError;
use super::server::{START_LIMIT, Server, url_in};
use super::session::{self, Session};

/// Starts a server with these settings; `bin_dir` and `cache_dir` are the user's folders for its binaries and cached
/// clusters.
pub(super) fn start(
    bin_dir: Option<&Path>,
    cache_dir: Option<&Path>,
    settings: &[(String, String)],
) -> Result<Server, ScratchError> {
    let bin = binaries::find(bin_dir)?;
    let entry = Entry::locate(&bin, cache_dir);
    if let Some(entry) = &entry {
        let supervisor = Supervisor::spawn(&bin, settings)?;
        if entry.restore(&supervisor.data(), supervisor.account()) {
            if let Ok(server) = run(supervisor) {
                return Ok(server);
            }
            // The cached cluster may be the reason: the next attempt makes and caches a new one.
            entry.discard();
        }
    }
    let mut supervisor = Supervisor::spawn(&bin, settings)?;
    supervisor.initdb()?;
    if let Some(entry) = &entry {
        entry.store(&supervisor.data());
    }
    run(supervisor)
}

fn run(mut supervisor: Supervisor) -> Result<Server, ScratchError> {
    let end = supervisor.start()?;
    let major = session::block_on(wait_until_ready(&supervisor, &end))?;
    Ok(Server::of(supervisor, major))
}

/// Waits until the server accepts connections, and returns its major version.
async fn wait_until_ready(supervisor: &Supervisor, end: &ServerEnd) -> Result<u32, ScratchError> {
    let failed = |error| ScratchError::sql("connect to the new server", error);
    let url = url_in(supervisor.home(), "postgres");
    let began = Instant::now();
    loop {
        match Session::open(&url).await {
            Ok(session) => {
                let major = session.server_major().await.map_err(failed)?;
                session.close().await;
                return Ok(major);
            }
            Err(_) if end.has_come() => return Err(supervisor.failure("start the server")),
            Err(error) if began.elapsed() > START_LIMIT => return Err(failed(error)),
            Err(_) => tokio::time::sleep(Duration::from_millis(3)).await,
        }
    }
}
