//! A throw-away PostgreSQL server on a private socket, for the `howdah` command, build scripts, tests and
//! examples. It needs no async runtime of its caller, and leaves nothing behind however its owner ends;
//! it must never touch a server or a directory that it did not make.
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
//! PostgreSQL's binaries are found through [`Builder::bin_dir`], the environment's `HOWDAH_PG_BIN`, `pg_config`,
//! the places of packages, or PATH. A fresh cluster of each version is kept in the user's cache directory, so
//! that only the first start runs `initdb`. The server stands in TMPDIR if that is set, else in memory
//! (`/dev/shm`) where 4 GiB are free, else in `/tmp`; it has no TCP port, and its socket is its owner's alone.
//!
//! A shell process watches over each server. It holds a pipe to the owner, and when the pipe closes, since the
//! owner dropped the [`Server`], exited, panicked or was killed, it stops the server and removes the directory.
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
