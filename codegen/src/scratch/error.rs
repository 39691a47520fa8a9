//! The opaque error of a scratch server, and the data about a failed statement of a schema file. The error says what
//! happened and what to do.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::install::{self, System};

/// A scratch server could not be found, started or used.
///
/// It is cheap to clone, because [`Server::shared`](super::Server::shared) returns the same error to every caller.
/// `Debug` prints the same as `Display`, because a build script's `main` and a failed test show it.
#[derive(Clone)]
pub struct ScratchError(Arc<Kind>);

#[derive(Debug)]
#[expect(dead_code, reason = "some come on Unix only, and one elsewhere")]
pub(super) enum Kind {
    NoUnix,
    NotFound {
        searched: Vec<PathBuf>,
        system: System,
    },
    NoBinaries {
        dir: PathBuf,
        setting: &'static str,
    },
    Io {
        doing: String,
        source: io::Error,
    },
    Start {
        doing: &'static str,
        log: String,
    },
    Sql {
        doing: String,
        source: tokio_postgres::Error,
    },
    Extension {
        name: String,
        advice: String,
    },
    Schema(SchemaError),
}

impl ScratchError {
    pub(super) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        Kind::Io {
            doing: doing.into(),
            source,
        }
        .into()
    }

    pub(super) fn sql(doing: impl Into<String>, source: tokio_postgres::Error) -> Self {
        Kind::Sql {
            doing: doing.into(),
            source,
        }
        .into()
    }

    /// The statement of a schema file that failed, if that is the error.
    pub fn schema_error(&self) -> Option<&SchemaError> {
        match &*self.0 {
            Kind::Schema(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Kind> for ScratchError {
    fn from(kind: Kind) -> Self {
        Self(Arc::new(kind))
    }
}

impl From<SchemaError> for ScratchError {
    fn from(error: SchemaError) -> Self {
        Kind::Schema(error).into()
    }
}

impl ScratchError {
    /// The message, without the help.
    pub(crate) fn message(&self) -> String {
        match &*self.0 {
            Kind::NoUnix => "a throw-away PostgreSQL server needs Unix".to_owned(),
            Kind::NotFound { searched, .. } => {
                let mut message =
                    "no PostgreSQL server binaries (initdb and postgres) were found".to_owned();
                for dir in searched {
                    message.push_str(&format!("\n  looked in {}", dir.display()));
                }
                message
            }
            Kind::NoBinaries { dir, setting } => format!(
                "{} (from {setting}) does not hold PostgreSQL's `initdb` and `postgres`",
                dir.display()
            ),
            Kind::Io { doing, source } => format!("could not {doing}: {source}"),
            Kind::Start { doing, log } => format!("could not {doing}: {}", log.trim_end()),
            Kind::Sql { doing, source } => match source.as_db_error() {
                Some(db) => format!("could not {doing}: {} ({})", db.message(), db.code().code()),
                None => format!("could not {doing}: {source}"),
            },
            Kind::Extension { name, .. } => {
                format!("the scratch server does not have the extension \"{name}\"")
            }
            Kind::Schema(error) => error.to_string(),
        }
    }

    /// What to do, if known.
    pub fn help(&self) -> Option<String> {
        match &*self.0 {
            Kind::NoUnix => Some(
                "use the Windows Subsystem for Linux; or name a database that has the schema instead of the schema's files, as \
                 `database_url`; or use what the lock file remembers, with --offline"
                    .to_owned(),
            ),
            Kind::NotFound { system, .. } => Some(install::server_advice(system)),
            Kind::Extension { advice, .. } => Some(advice.clone()),
            _ => None,
        }
    }
}

impl fmt::Display for ScratchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        match self.help() {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ScratchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ScratchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Io { source, .. } => Some(source),
            Kind::Sql { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// A statement of a schema or migration file that could not be run, as data for a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// The file that holds the statement.
    pub file: PathBuf,
    /// The statement, in bytes from the file's start.
    pub statement: Range<usize>,
    /// The server's error position, or the statement's start, in bytes from the file's start.
    pub offset: usize,
    /// The line of `offset`, from 1.
    pub line: usize,
    /// The column of `offset` in characters, from 1.
    pub column: usize,
    /// The message.
    pub message: String,
    /// The server's DETAIL.
    pub detail: Option<String>,
    /// The server's HINT, or howdah's own.
    pub hint: Option<String>,
    /// The SQLSTATE, if the server rejected the statement.
    pub sqlstate: Option<String>,
}

impl SchemaError {
    /// An error of howdah about `statement` in `text`, the text of `file`.
    pub(super) fn new(
        file: &Path,
        text: &str,
        statement: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        let mut error = Self {
            file: file.to_owned(),
            offset: 0,
            line: 0,
            column: 0,
            message: message.into(),
            detail: None,
            hint: None,
            sqlstate: None,
            statement: statement.clone(),
        };
        error.point_at(text, statement.start);
        error
    }

    /// Moves the place to `offset` in the file's `text`.
    pub(super) fn point_at(&mut self, text: &str, offset: usize) {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.offset = offset;
        self.line = before.matches('\n').count() + 1;
        self.column = before[line_start..].chars().count() + 1;
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file.display(),
            self.line,
            self.column,
            self.message
        )?;
        if let Some(sqlstate) = &self.sqlstate {
            write!(f, " ({sqlstate})")?;
        }
        if let Some(detail) = &self.detail {
            write!(f, "\ndetail: {detail}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SchemaError {}
