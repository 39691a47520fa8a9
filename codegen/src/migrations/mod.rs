//! Reads schema files and migration folders, in the layouts of several tools, and returns their SQL in the order in
//! which to run it. The scratch server runs it.

mod error;
mod layout;
mod sections;

use std::fs;
use std::path::{Path, PathBuf};

use crate::portable::with_line_feeds;

pub use error::MigrationsError;
pub use layout::Layout;
use sections::Unclear;

/// The SQL that creates a schema, and the files that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaSource {
    files: Vec<SqlFile>,
    layout: Option<Layout>,
    watched: Vec<PathBuf>,
}

impl SchemaSource {
    /// The files, in the order in which to run them.
    pub fn files(&self) -> &[SqlFile] {
        &self.files
    }

    /// The layout of the migrations folder. `None` for plain schema files.
    pub fn layout(&self) -> Option<Layout> {
        self.layout
    }

    /// The paths that the schema depends on, for `cargo:rerun-if-changed`: every file that was read, and the migrations
    /// folder, which changes when a migration is added.
    pub fn watched(&self) -> &[PathBuf] {
        &self.watched
    }
}

/// A file of SQL to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFile {
    /// The path of the file.
    pub path: PathBuf,
    /// The SQL, at the same byte offsets as in the file; parts that are not run (a byte order mark, the section that
    /// reverts a migration) are blanks.
    pub sql: String,
    /// How to run it.
    pub transaction: Transaction,
}

/// How the statements of a file are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// The whole file in one transaction, like migration tools.
    PerFile,
    /// Each statement by itself, like psql.
    PerStatement,
}

/// Reads schema files, such as pg_dump's, to run in the given order.
///
/// # Errors
///
/// A file cannot be read, it is a migration with a part that reverts it, or there is no file at all.
pub fn read_schema_files<P: AsRef<Path>>(paths: &[P]) -> Result<SchemaSource, MigrationsError> {
    if paths.is_empty() {
        return Err(MigrationsError::NoSchemaFile);
    }
    let mut files = Vec::new();
    for path in paths {
        let path = path.as_ref().to_owned();
        let sql = read(&path)?;
        if let Some(line) = sections::reverting_line(&sql) {
            return Err(MigrationsError::SchemaReverts { path, line });
        }
        files.push(SqlFile {
            path,
            sql,
            transaction: Transaction::PerStatement,
        });
    }
    let watched = files.iter().map(|file| file.path.clone()).collect();
    Ok(SchemaSource {
        files,
        layout: None,
        watched,
    })
}

/// Reads a migrations folder, without the files and sections that revert migrations. [`Layout`] lists the known
/// layouts.
///
/// # Errors
///
/// The folder or a file in it cannot be read, holds no migrations or those of several tools, or two
/// migrations have the same version.
pub fn read_migrations(folder: &Path) -> Result<SchemaSource, MigrationsError> {
    let (layout, migrations) = layout::find(folder)?;
    let mut watched = vec![folder.to_owned()];
    let mut files = Vec::new();
    for migration in migrations {
        let text = read_as_is(&migration.path)?;
        watched.push(migration.path.clone());
        let metadata = migration.path.with_file_name("metadata.toml");
        let autocommit = if migration.layout == Layout::Diesel && metadata.is_file() {
            let setting = read(&metadata)?;
            watched.push(metadata.clone());
            sections::diesel_runs_outside_transaction(&setting).map_err(|message| {
                MigrationsError::Metadata {
                    path: metadata,
                    message,
                }
            })?
        } else {
            sections::asks_for_no_transaction(&text)
        };
        let sql = match migration.layout.marks() {
            Some(marks) => sections::keep_up(&text, marks).map_err(|unclear| match unclear {
                Unclear::NoUp { mark } => MigrationsError::NoUpSection {
                    path: migration.path.clone(),
                    mark,
                },
                Unclear::Mistaken { line, mark } => MigrationsError::MistakenMark {
                    path: migration.path.clone(),
                    line,
                    mark,
                },
            })?,
            None => text,
        };
        if let Some(line) = sections::reverting_line(&sql) {
            let path = migration.path;
            return Err(MigrationsError::UnknownMark { path, line });
        }
        let transaction = if autocommit {
            Transaction::PerStatement
        } else {
            Transaction::PerFile
        };
        files.push(SqlFile {
            path: migration.path,
            sql: with_blank_byte_order_mark(sql),
            transaction,
        });
    }
    Ok(SchemaSource {
        files,
        layout: Some(layout),
        watched,
    })
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads a text, with blanks in place of a byte order mark.
fn read(path: &Path) -> Result<String, MigrationsError> {
    read_as_is(path).map(with_blank_byte_order_mark)
}

/// Reads a text, with `\n` as line ends, because quoted text becomes a part of the schema.
fn read_as_is(path: &Path) -> Result<String, MigrationsError> {
    let bytes = fs::read(path).map_err(|source| MigrationsError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let path = || path.to_owned();
    if bytes.starts_with(b"PGDMP") {
        return Err(MigrationsError::Archive { path: path() });
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(MigrationsError::Compressed { path: path() });
    }
    String::from_utf8(bytes)
        .map(with_line_feeds)
        .map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
            MigrationsError::NotUtf8 { path: path(), line }
        })
}

fn with_blank_byte_order_mark(text: String) -> String {
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => format!("   {rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests;
