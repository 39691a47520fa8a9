//! Recognizes the tool of a migrations folder by the file names, and sorts the migrations. A folder with a mixture of
//! layouts is an error, because a guess could produce another schema than the user's tool.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::MigrationsError;
use super::sections::{self, Marks};

/// The layouts of migrations folders that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `001_init.sql`: numbered files, like those of sqlx and many others.
    Numbered,
    /// `001_init.up.sql` beside `001_init.down.sql`: sqlx's reversible migrations, golang-migrate's.
    UpDown,
    /// `V1__init.sql` or `U1__init.sql`: refinery's.
    Refinery,
    /// `20240101_init.sql` with sections `-- migrate:up` and `-- migrate:down`: dbmate's.
    Dbmate,
    /// `001_init.sql` with sections `-- +goose Up` and `-- +goose Down`: goose's.
    Goose,
    /// `001_init.sql` with sections `-- +migrate Up` and `-- +migrate Down`: sql-migrate's.
    SqlMigrate,
    /// `2024-01-01-000000_init/up.sql`: diesel's.
    Diesel,
}

impl Layout {
    /// One name of each kind, for messages.
    pub(super) const EXAMPLES: &str =
        "`001_init.sql`, `001_init.up.sql`, `V1__init.sql` and `2024-01-01-000000_init/up.sql`";

    /// Whether files of both layouts can be in one folder: sqlx allows reversible and simple migrations together.
    fn goes_with(self, other: Self) -> bool {
        const SQLX: [Layout; 2] = [Layout::Numbered, Layout::UpDown];
        self == other || SQLX.contains(&self) && SQLX.contains(&other)
    }

    /// Whether the tool runs the files of a new database in the order of their names, and not of their numbers.
    fn sorts_by_name(self) -> bool {
        matches!(self, Self::Dbmate | Self::Diesel)
    }

    const SECTIONED: [Self; 3] = [Self::Dbmate, Self::Goose, Self::SqlMigrate];

    /// The marks of its sections, if it has any.
    pub(super) fn marks(self) -> Option<Marks> {
        let (up, down) = match self {
            Self::Dbmate => ("-- migrate:up", "-- migrate:down"),
            Self::Goose => ("-- +goose Up", "-- +goose Down"),
            Self::SqlMigrate => ("-- +migrate Up", "-- +migrate Down"),
            Self::Numbered | Self::UpDown | Self::Refinery | Self::Diesel => return None,
        };
        Some(Marks { up, down })
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numbered => "numbered .sql files",
            Self::UpDown => "pairs of .up.sql and .down.sql files",
            Self::Refinery => "refinery's V1__name.sql files",
            Self::Dbmate => "dbmate's files with `-- migrate:up`",
            Self::Goose => "goose's files with `-- +goose Up`",
            Self::SqlMigrate => "sql-migrate's files with `-- +migrate Up`",
            Self::Diesel => "diesel's folders with up.sql",
        })
    }
}

/// A migration: the file to run, and its version for sorting.
#[derive(Debug)]
pub(super) struct Migration {
    pub(super) path: PathBuf,
    /// The digits of the version, without leading zeros.
    version: String,
}

/// The meaning of a name in the folder.
enum Entry {
    Migration(Layout, Migration),
    /// A file that reverts a migration, or that is no migration.
    Ignored,
}

/// The folder's layout, and its migrations in the order of their versions.
pub(super) fn find(folder: &Path) -> Result<(Layout, Vec<Migration>), MigrationsError> {
    let mut found: Vec<(Layout, Migration)> = Vec::new();
    for path in sorted_entries(folder)? {
        if let Entry::Migration(layout, migration) = classify(path)? {
            found.push((layout, migration));
        }
    }
    let Some((layout, first)) = found
        .first()
        .map(|(layout, first)| (*layout, first.path.clone()))
    else {
        return Err(MigrationsError::Empty {
            folder: folder.to_owned(),
        });
    };
    let mut others = found.iter();
    if let Some((other, second)) = others.find(|(other, _)| !layout.goes_with(*other)) {
        return Err(MigrationsError::Mixed {
            first: (first, layout),
            second: (second.path.clone(), *other),
        });
    }
    let mut migrations: Vec<Migration> =
        found.into_iter().map(|(_, migration)| migration).collect();
    // Without leading zeros, the longer number is greater.
    migrations.sort_by(|a, b| {
        (a.version.len(), &a.version, &a.path).cmp(&(b.version.len(), &b.version, &b.path))
    });
    // Diesel leaves out the dashes of dates.
    let by_name = |migration: &Migration| migration.path.to_string_lossy().replace('-', "");
    if layout.sorts_by_name()
        && let Some(pair) = migrations
            .windows(2)
            .find(|pair| by_name(&pair[0]) > by_name(&pair[1]))
    {
        return Err(MigrationsError::UnclearOrder {
            layout,
            first: pair[0].path.clone(),
            second: pair[1].path.clone(),
        });
    }
    match migrations
        .windows(2)
        .find(|pair| pair[0].version == pair[1].version)
    {
        Some(pair) => Err(MigrationsError::DuplicateVersion {
            version: pair[0].version.clone(),
            first: pair[0].path.clone(),
            second: pair[1].path.clone(),
        }),
        None => Ok((layout, migrations)),
    }
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, MigrationsError> {
    let unreadable = |source| MigrationsError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn classify(path: PathBuf) -> Result<Entry, MigrationsError> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    if name.starts_with('.') {
        return Ok(Entry::Ignored);
    }
    if path.is_dir() {
        return Ok(match version_of(&name) {
            Some(version) if path.join("up.sql").is_file() => Entry::Migration(
                Layout::Diesel,
                Migration {
                    path: path.join("up.sql"),
                    version,
                },
            ),
            _ => Entry::Ignored,
        });
    }
    if let Some(stem) = name.strip_suffix(".rs")
        && refinery_version(stem).is_some()
    {
        return Err(MigrationsError::RustMigration { path });
    }
    let Some(stem) = name.strip_suffix(".sql") else {
        return Ok(Entry::Ignored);
    };
    let (layout, version) = if let Some(version) = refinery_version(stem) {
        (Layout::Refinery, version)
    } else if let Some(version) = version_of(stem) {
        if stem.ends_with(".down") {
            return Ok(Entry::Ignored);
        }
        let layout = if stem.ends_with(".up") {
            Layout::UpDown
        } else {
            layout_by_sections(&path)?
        };
        (layout, version)
    } else {
        return Err(MigrationsError::UnknownName { path });
    };
    Ok(Entry::Migration(layout, Migration { path, version }))
}

fn layout_by_sections(path: &Path) -> Result<Layout, MigrationsError> {
    let text = super::read_as_is(path)?;
    let marked = |layout: &Layout| {
        layout
            .marks()
            .is_some_and(|marks| sections::has_mark(&text, marks))
    };
    Ok(Layout::SECTIONED
        .into_iter()
        .find(marked)
        .unwrap_or(Layout::Numbered))
}

/// `V1__name` and `U1__name`: both are migrations for refinery, which can add the latter in any order.
fn refinery_version(stem: &str) -> Option<String> {
    let (version, name) = stem.strip_prefix(['V', 'U'])?.split_once("__")?;
    let digits = version.bytes().all(|byte| byte.is_ascii_digit()) && !version.is_empty();
    (digits && !name.is_empty()).then(|| without_leading_zeros(version))
}

/// The number at the start of a name. Diesel's contain dates with dashes.
fn version_of(name: &str) -> Option<String> {
    let end = name
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(name.len());
    let digits: String = name[..end].chars().filter(char::is_ascii_digit).collect();
    (name.starts_with(|c: char| c.is_ascii_digit())).then(|| without_leading_zeros(&digits))
}

fn without_leading_zeros(digits: &str) -> String {
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        "0".to_owned()
    } else {
        significant.to_owned()
    }
}
