//! A throw-away PostgreSQL server on a private socket, for the `howdah` command, build scripts, tests and
//! examples. Its caller needs no async runtime. It leaves nothing behind, however its owner ends, and never touches a
//! server or a directory that it did not create.
//!
//! ```no_run
//! use howdah_codegen::migrations;
//! use howdah_codegen::scratch::{ScratchError, Server};
//!
//! let schema = migrations::read_migrations("migrations".as_ref())?;
//! let database = Server::shared()?.template_of(schema.files())?.database()?;
//! println!("{}", database.url());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! PostgreSQL's binaries are found through [`Builder::bin_dir`], the environment variable `HOWDAH_PG_BIN`, `pg_config`,
//! the folders of packages, or PATH. A fresh cluster of each version is kept in the user's cache directory, so that
//! only the first start runs `initdb`. The server's directory is in TMPDIR if that is set, or else in memory
//! (`/dev/shm`) if 4 GiB are free, or else in `/tmp`. It has no TCP port, and only its owner can use its socket.
//!
//! A shell process supervises each server. It has a pipe to the owner. When the pipe closes, because the owner dropped
//! the [`Server`], exited, panicked or was killed, it stops the server and removes the directory.
//!
//! All of this needs Unix: on Windows, starting a server is an error that says so.

mod builder;
#[cfg(unix)]
mod cluster;
#[cfg(not(unix))]
#[path = "no_cluster.rs"]
mod cluster;
mod database;
mod error;
pub(crate) mod extensions;
mod install;
mod load;
mod server;
mod session;
mod statements;

pub use builder::{BIN_DIR_VARIABLE, Builder};
pub use database::{Database, Template};
pub use error::{SchemaError, ScratchError};
pub use load::load;
pub use server::Server;
