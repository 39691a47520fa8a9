//! Recognizes the tool of a migrations folder by the file names, and sorts the migrations. A folder with a mixture of
//! layouts is an error, because a guess could produce another schema than the user's tool.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::MigrationsError;
use super::sections::{self, Marks, Place};

/// The layouts of migrations folders that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `001_init.sql`: numbered files, like those of sqlx and many others. One that ends in `_down`, `_undo` or `_rollback`
    /// is not run if another has its number.
    Numbered,
    /// `001_init.up.sql` beside `001_init.down.sql`: sqlx's reversible migrations, golang-migrate's.
    UpDown,
    /// `V1__init.sql`, `V1.2__more.sql` and `R__views.sql`: Flyway's; or `V1__init.sql` and `U2__more.sql`: refinery's. Also
    /// in folders within the folder.
    Versioned,
    /// `20240101_init.sql` with sections `-- migrate:up` and `-- migrate:down`: dbmate's.
    Dbmate,
    /// `001_init.sql` with sections `-- +goose Up` and `-- +goose Down`: goose's.
    Goose,
    /// `001_init.sql` with sections `-- +migrate Up` and `-- +migrate Down`: sql-migrate's.
    SqlMigrate,
    /// `001_init.sql` with what reverts it below `---- create above / drop below ----`: tern's.
    Tern,
    /// `001_init.sql` with what reverts it below `-- Down Migration`: node-pg-migrate's.
    NodePgMigrate,
    /// `2024-01-01-000000_init/up.sql`: diesel's.
    Diesel,
    /// `20240101000000_init/migration.sql`: Prisma's.
    Prisma,
}

impl Layout {
    /// One name of each kind, for messages.
    pub(super) const EXAMPLES: &str = "`001_init.sql`, `001_init.up.sql`, `V1__init.sql`, `2024-01-01-000000_init/up.sql` and \
         `20240101000000_init/migration.sql`";

    /// Whether files of both layouts can be in one folder: a migration that nothing reverts looks like those of other tools.
    fn goes_with(self, other: Self) -> bool {
        const REVERSIBLE: [Layout; 3] = [Layout::UpDown, Layout::Tern, Layout::NodePgMigrate];
        let is_plain = |a, b| a == Layout::Numbered && REVERSIBLE.contains(&b);
        self == other || is_plain(self, other) || is_plain(other, self)
    }

    /// Whether the tool runs the files of a new database in the order of their names, and not of their numbers.
    fn sorts_by_name(self) -> bool {
        matches!(self, Self::Dbmate | Self::Diesel)
    }

    const SECTIONED: [Self; 5] = [
        Self::Dbmate,
        Self::Goose,
        Self::SqlMigrate,
        Self::Tern,
        Self::NodePgMigrate,
    ];

    /// The marks of all layouts that have some.
    pub(super) fn all_marks() -> impl Iterator<Item = Marks> {
        Self::SECTIONED.into_iter().filter_map(Self::marks)
    }

    /// The marks of its sections, if it has any.
    pub(super) fn marks(self) -> Option<Marks> {
        let (up, down) = match self {
            Self::Dbmate => (Some("-- migrate:up"), "-- migrate:down"),
            Self::Goose => (Some("-- +goose Up"), "-- +goose Down"),
            Self::SqlMigrate => (Some("-- +migrate Up"), "-- +migrate Down"),
            Self::Tern => (None, sections::CREATE_ABOVE),
            Self::NodePgMigrate => (Some("-- Up Migration"), "-- Down Migration"),
            Self::Numbered | Self::UpDown | Self::Versioned | Self::Diesel | Self::Prisma => {
                return None;
            }
        };
        Some(Marks {
            up,
            down,
            begins_up: matches!(self, Self::Tern | Self::NodePgMigrate),
            place: match self {
                Self::Tern => Place::Anywhere,
                Self::NodePgMigrate => Place::AfterDashes,
                _ => Place::LineStart,
            },
        })
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numbered => "numbered .sql files",
            Self::UpDown => "pairs of .up.sql and .down.sql files",
            Self::Versioned => "V1__name.sql files of refinery or Flyway",
            Self::Dbmate => "dbmate's files with `-- migrate:up`",
            Self::Goose => "goose's files with `-- +goose Up`",
            Self::SqlMigrate => "sql-migrate's files with `-- +migrate Up`",
            Self::Tern => "tern's files with `---- create above / drop below ----`",
            Self::NodePgMigrate => "node-pg-migrate's files with `-- Down Migration`",
            Self::Diesel => "diesel's folders with up.sql",
            Self::Prisma => "Prisma's folders with migration.sql",
        })
    }
}

/// A migration: the file to run, and its version for sorting.
#[derive(Debug)]
pub(super) struct Migration {
    pub(super) layout: Layout,
    pub(super) path: PathBuf,
    version: Version,
}

/// When a migration is run, in the order of versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    /// The parts of its number; all but the first can be missing.
    Number(Vec<Part>),
    /// After all with a number, in the order of their names.
    Last(String),
}

/// A number of any length: without leading zeros, the longer one is greater.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    length: usize,
    digits: String,
}

impl Part {
    fn new(digits: &str) -> Self {
        let digits = match digits.trim_start_matches('0') {
            "" => "0",
            significant => significant,
        };
        Self {
            length: digits.len(),
            digits: digits.to_owned(),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(parts) => {
                let parts: Vec<&str> = parts.iter().map(|part| part.digits.as_str()).collect();
                f.write_str(&parts.join("."))
            }
            Self::Last(name) => f.write_str(name),
        }
    }
}

/// The meaning of a name in the folder.
enum Entry {
    Migration(Migration),
    /// It reverts the migration of the same version, if there is one: `U1__name.sql`, which refinery runs and Flyway does
    /// not, and `001_name_down.sql`.
    Ambiguous(Migration),
    /// A folder that is no migration.
    Folder(PathBuf),
    /// A file that reverts a migration, or that is no migration.
    Ignored,
}

/// What a folder holds.
#[derive(Default)]
struct Contents {
    migrations: Vec<Migration>,
    ambiguous: Vec<Migration>,
    folders: Vec<PathBuf>,
}

impl Contents {
    fn add(&mut self, folder: &Path) -> Result<(), MigrationsError> {
        for path in sorted_entries(folder)? {
            match classify(path)? {
                Entry::Migration(migration) => self.migrations.push(migration),
                Entry::Ambiguous(migration) => self.ambiguous.push(migration),
                Entry::Folder(path) => self.folders.push(path),
                Entry::Ignored => {}
            }
        }
        Ok(())
    }

    /// Adds what the folders in it hold.
    fn add_folders(&mut self) -> Result<(), MigrationsError> {
        while let Some(folder) = self.folders.pop() {
            self.add(&folder)?;
        }
        Ok(())
    }

    fn is_versioned(&self) -> bool {
        let mut all = self.migrations.iter().chain(&self.ambiguous);
        all.all(|migration| migration.layout == Layout::Versioned)
    }

    /// Its migrations, without those that revert others.
    fn into_migrations(self) -> Vec<Migration> {
        let mut migrations = self.migrations;
        // No tool runs two of one version.
        let reverts = |other: &Migration| migrations.iter().any(|m| m.version == other.version);
        let mut ambiguous = self.ambiguous;
        ambiguous.retain(|migration| !reverts(migration));
        migrations.extend(ambiguous);
        migrations
    }
}

/// The folder's layout, and its migrations in the order of their versions.
pub(super) fn find(folder: &Path) -> Result<(Layout, Vec<Migration>), MigrationsError> {
    let mut migrations = all(folder)?;
    let Some(first) = migrations.first() else {
        return Err(MigrationsError::Empty {
            folder: folder.to_owned(),
            within: Vec::new(),
        });
    };
    let layout = first.layout;
    let mut others = migrations.iter();
    if let Some(second) = others.find(|other| !layout.goes_with(other.layout)) {
        return Err(MigrationsError::Mixed {
            first: (first.path.clone(), layout),
            second: (second.path.clone(), second.layout),
        });
    }
    migrations.sort_by(|a, b| (&a.version, &a.path).cmp(&(&b.version, &b.path)));
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
            version: pair[0].version.to_string(),
            first: pair[0].path.clone(),
            second: pair[1].path.clone(),
        }),
        None => Ok((layout, migrations)),
    }
}

/// The folder's migrations. Flyway and refinery look for them in the folders that it holds, and other tools do not.
fn all(folder: &Path) -> Result<Vec<Migration>, MigrationsError> {
    let mut contents = Contents::default();
    contents.add(folder)?;
    if !contents.is_versioned() {
        let mut folders = contents.folders.iter();
        return match folders.find(|path| seems_a_migration(path)) {
            Some(path) => Err(MigrationsError::UnknownName { path: path.clone() }),
            None => Ok(contents.into_migrations()),
        };
    }
    let is_empty = contents.migrations.is_empty() && contents.ambiguous.is_empty();
    contents.add_folders()?;
    let is_versioned = contents.is_versioned();
    let migrations = contents.into_migrations();
    if is_versioned || !is_empty {
        return Ok(migrations);
    }
    let paths = migrations.iter().map(|migration| &migration.path);
    let within = paths.filter_map(|path| path.strip_prefix(folder).ok()?.iter().next());
    let mut within: Vec<PathBuf> = within.map(|name| folder.join(name)).collect();
    within.sort();
    within.dedup();
    let folder = folder.to_owned();
    Err(MigrationsError::Empty { folder, within })
}

/// Whether a folder that is no migration is named as one, and holds SQL.
fn seems_a_migration(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    let is_sql = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "sql");
    version_of(&name.to_string_lossy()).is_some()
        && sorted_entries(folder).is_ok_and(|entries| entries.iter().any(is_sql))
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
        let inside = [
            (Layout::Diesel, path.join("up.sql")),
            (Layout::Prisma, path.join("migration.sql")),
        ];
        let migration = inside.into_iter().find(|(_, file)| file.is_file());
        return match version_of(&name).zip(migration) {
            Some((version, (layout, path))) => Ok(Entry::Migration(Migration {
                layout,
                path,
                version,
            })),
            None => Ok(Entry::Folder(path)),
        };
    }
    if let Some(stem) = name.strip_suffix(".rs")
        && (dotted_version(stem, 'V').or_else(|| dotted_version(stem, 'U'))).is_some()
    {
        return Err(MigrationsError::RustMigration { path });
    }
    let Some(stem) = name.strip_suffix(".sql") else {
        return match name.to_lowercase().ends_with(".sql") {
            true => Err(MigrationsError::UnknownName { path }),
            false => Ok(Entry::Ignored),
        };
    };
    const REVERTING: [&str; 3] = ["down", "undo", "rollback"];
    let reverts = |word: &str| REVERTING.contains(&word);
    if stem.split('.').skip(1).any(reverts) {
        return Ok(Entry::Ignored);
    }
    let versioned = |letter| dotted_version(stem, letter);
    let (layout, version) = if let Some(version) = versioned('V').or_else(|| versioned('U')) {
        (Layout::Versioned, version)
    } else if stem.starts_with("R__") {
        (Layout::Versioned, Version::Last(stem.to_owned()))
    } else if let Some(version) = version_of(stem) {
        let layout = match stem.ends_with(".up") {
            true => Layout::UpDown,
            false => layout_by_sections(&path)?,
        };
        (layout, version)
    } else {
        return Err(MigrationsError::UnknownName { path });
    };
    let is_ambiguous =
        versioned('U').is_some() || stem.rsplit(['_', '-']).next().is_some_and(reverts);
    let migration = Migration {
        layout,
        path,
        version,
    };
    Ok(match is_ambiguous {
        true => Entry::Ambiguous(migration),
        false => Entry::Migration(migration),
    })
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

/// The version of `V1__name` or `V1.2_3__name`, in which zeros at the end count for nothing.
fn dotted_version(stem: &str, letter: char) -> Option<Version> {
    let (version, name) = stem.strip_prefix(letter)?.split_once("__")?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = version.split(['.', '_']).collect();
    if name.is_empty() || !parts.iter().copied().all(is_number) {
        return None;
    }
    let mut parts: Vec<Part> = parts.into_iter().map(Part::new).collect();
    while parts.len() > 1 && parts.last().is_some_and(|part| part.digits == "0") {
        parts.pop();
    }
    Some(Version::Number(parts))
}

/// The number at the start of a name, which can have parts, as in `2014_10_12_000000_name`. Dashes, as in diesel's dates, do
/// not count.
fn version_of(name: &str) -> Option<Version> {
    let mut parts = Vec::new();
    let mut rest = name;
    while rest.starts_with(|c: char| c.is_ascii_digit()) {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-');
        let (number, behind) = rest.split_at(end.unwrap_or(rest.len()));
        // A later number that letters follow is a part of the name.
        let ends = behind.is_empty() || behind.starts_with(['.', '_']);
        if !parts.is_empty() && !ends {
            break;
        }
        parts.push(Part::new(&number.replace('-', "")));
        rest = behind.get(1..).unwrap_or_default();
        if !ends {
            break;
        }
    }
    (!parts.is_empty()).then_some(Version::Number(parts))
}
