//! The database of the benches: the one that `DATABASE_URL` names, or a throw-away one on a unix socket.

use howdah_codegen::migrations;
use howdah_codegen::scratch::{Database, Server, load};

use crate::peers::Failure;

/// A database with the benches' schema. A throw-away one is removed with this value.
#[derive(Debug)]
pub struct Prepared {
    url: String,
    _scratch: Option<Database>,
}

impl Prepared {
    /// The URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Prepares a database with the schema file `schema`. The database of `DATABASE_URL` must not have its tables yet.
///
/// # Errors
///
/// When there is no server, or it reports an error.
pub fn prepare(schema: &str) -> Result<Prepared, Failure> {
    let files = migrations::read_schema_files(&[schema])?;
    if let Ok(url) = std::env::var("DATABASE_URL") {
        load(&url, files.files())?;
        return Ok(Prepared {
            url,
            _scratch: None,
        });
    }
    let builder = Server::builder()
        .setting("max_connections", "1000")
        .setting("shared_buffers", "128MB")
        .setting("max_wal_size", "1GB");
    let database = builder.start()?.database()?;
    database.load(files.files())?;
    Ok(Prepared {
        url: database.url().to_owned(),
        _scratch: Some(database),
    })
}
