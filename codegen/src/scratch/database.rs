//! Databases on the scratch server, and the templates that they are cloned from. Cloning copies files inside the
//! server, so its time does not depend on how long the schema took to build.

use super::error::ScratchError;
use super::load;
use super::server::Server;
use crate::migrations::SqlFile;

/// A database on a scratch server, dropped with this value.
#[derive(Debug)]
pub struct Database {
    server: Server,
    name: String,
    url: String,
}

impl Database {
    pub(super) fn new(server: Server, name: String) -> Self {
        let url = server.url_of(&name);
        Self { server, name, url }
    }

    /// The URL of the database, such as `postgres://postgres@%2Ftmp%2Fhowdah-a1b2c3/db_1`, which tokio-postgres, libpq
    /// and tools based on them understand.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server that holds the database.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Runs schema or migration files in this database, like [`load`].
    ///
    /// # Errors
    ///
    /// See [`load`].
    pub fn load(&self, files: &[SqlFile]) -> Result<(), ScratchError> {
        load::load(&self.url, files)
    }
}

impl Drop for Database {
    /// Closes remaining connections, and drops the database. Errors are ignored, because the whole server is thrown
    /// away in the end.
    fn drop(&mut self) {
        let _ = self.server.maintain(
            "drop a database",
            &format!("drop database if exists {} with (force)", self.name),
        );
    }
}

/// A finished database that others are cloned from. Nobody can connect to it. It lives as long as its server.
#[derive(Clone, Debug)]
pub struct Template {
    server: Server,
    name: String,
}

impl Template {
    pub(super) fn new(server: Server, name: String) -> Self {
        Self { server, name }
    }

    /// Creates a database with the template's contents and settings. Any number of threads can clone at once.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or has no room.
    pub fn database(&self) -> Result<Database, ScratchError> {
        self.server.create_database(&self.name)
    }
}
