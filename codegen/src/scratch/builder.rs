//! The configuration of a scratch server: howdah's settings for a throw-away server, and those that the user adds.

use std::path::PathBuf;

use super::cluster;
use super::error::ScratchError;
use super::server::Server;

/// The environment variable that names the directory of `initdb` and `postgres`.
pub const BIN_DIR_VARIABLE: &str = "HOWDAH_PG_BIN";

/// Settings for a throw-away cluster: no durability, no background work, and the same results on every machine.
const SETTINGS: &[(&str, &str)] = &[
    ("listen_addresses", ""),
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("min_wal_size", "2MB"),
    ("max_wal_size", "64MB"),
    ("shared_buffers", "16MB"),
    // In the server's own directory, so that even a crash leaves no shared memory segments behind.
    ("dynamic_shared_memory_type", "mmap"),
    ("autovacuum", "off"),
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_min_messages", "fatal"),
];

/// How to start a [`Server`].
///
/// ```no_run
/// use howdah_codegen::scratch::Server;
///
/// let server = Server::builder()
///     .bin_dir("/usr/lib/postgresql/15/bin")
///     .setting("shared_preload_libraries", "pg_stat_statements")
///     .start()?;
/// # Ok::<(), howdah_codegen::scratch::ScratchError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    bin_dir: Option<PathBuf>,
    cache_dir: Option<PathBuf>,
    settings: Vec<(String, String)>,
}

impl Builder {
    /// The directory of `initdb` and `postgres`, instead of the one that is found.
    pub fn bin_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.bin_dir = Some(dir.into());
        self
    }

    /// Where to keep fresh clusters for the next start, instead of the user's cache directory. It is created if
    /// necessary, and not used if other users can write to it.
    pub fn cache_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.cache_dir = Some(dir.into());
        self
    }

    /// Adds a server setting to howdah's own.
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Starts the server and waits until it accepts connections.
    ///
    /// # Errors
    ///
    /// No PostgreSQL was found (the error says what to install), it would not start (the error quotes the server's log), or
    /// the system is not a Unix.
    pub fn start(self) -> Result<Server, ScratchError> {
        let own = SETTINGS
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings: Vec<_> = own.chain(self.settings).collect();
        cluster::start(
            self.bin_dir.as_deref(),
            self.cache_dir.as_deref(),
            &settings,
        )
    }
}
