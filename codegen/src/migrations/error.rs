//! What can be wrong with a schema file or a migrations folder, before any of it is run.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::layout::Layout;

/// Why schema files or a migrations folder could not be read. `Debug` prints the same as `Display`, because a build
/// script's `main` shows it.
#[non_exhaustive]
pub enum MigrationsError {
    /// No schema file was named.
    NoSchemaFile,
    /// A file or folder could not be read.
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An archive that `pg_dump -Fc` wrote.
    Archive {
        /// The file.
        path: PathBuf,
    },
    /// A file that gzip wrote.
    Compressed {
        /// The file.
        path: PathBuf,
    },
    /// Text in another encoding.
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The folder holds no migration.
    Empty {
        /// The folder.
        folder: PathBuf,
        /// The folders in it that hold some.
        within: Vec<PathBuf>,
    },
    /// A file or folder with SQL whose name fits no known layout.
    UnknownName {
        /// The file or folder.
        path: PathBuf,
    },
    /// A migration written in Rust, which cannot be run here.
    RustMigration {
        /// The file.
        path: PathBuf,
    },
    /// Files of two layouts in one folder.
    Mixed {
        /// A file of one layout.
        first: (PathBuf, Layout),
        /// A file of another.
        second: (PathBuf, Layout),
    },
    /// Two migrations with the same version, whose order is not defined.
    DuplicateVersion {
        /// The version.
        version: String,
        /// One migration.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Two migrations that their tool runs in the order of their names, which is not that of their numbers.
    UnclearOrder {
        /// The tool.
        layout: Layout,
        /// The one with the smaller number.
        first: PathBuf,
        /// The one whose name comes first.
        second: PathBuf,
    },
    /// A file without a section to run, in a layout with sections.
    NoUpSection {
        /// The file.
        path: PathBuf,
        /// How the section starts.
        mark: &'static str,
    },
    /// A line that the tool does not read as the mark of a section, but that was probably meant as one.
    MistakenMark {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The mark.
        mark: &'static str,
    },
    /// A comment that seems to begin what reverts the migration, in the way of a tool that is not known.
    UnknownMark {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A schema file with a comment that seems to begin what reverts a migration.
    SchemaReverts {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A `metadata.toml` that cannot be understood.
    Metadata {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

impl MigrationsError {
    /// The message, without the help.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NoSchemaFile => "no schema file was named".to_owned(),
            Self::Unreadable { path, source } => {
                format!("could not read {}: {source}", path.display())
            }
            Self::Archive { path } => format!(
                "{} is an archive of pg_dump, which only pg_restore reads",
                path.display()
            ),
            Self::Compressed { path } => format!("{} is compressed", path.display()),
            Self::NotUtf8 { path, line } => format!("{}:{line}: this is not UTF-8", path.display()),
            Self::Empty { folder, within } => {
                let within = match names(within) {
                    names if names.is_empty() => names,
                    names => format!(", but in {names}"),
                };
                format!("there are no migrations in {}{within}", folder.display())
            }
            Self::UnknownName { path } => format!("{} is not named as a migration", path.display()),
            Self::RustMigration { path } => format!(
                "the migration {} is written in Rust, and only SQL can be run here",
                path.display()
            ),
            Self::Mixed { first, second } => format!(
                "the migrations are of two layouts: {} is one of {}, {} is one of {}",
                first.0.display(),
                first.1,
                second.0.display(),
                second.1
            ),
            Self::DuplicateVersion {
                version,
                first,
                second,
            } => format!(
                "two migrations have version {version}: {} and {}",
                first.display(),
                second.display()
            ),
            Self::UnclearOrder {
                layout,
                first,
                second,
            } => format!(
                "by its number {} is before {}, but {layout} are run in the order of their names",
                first.display(),
                second.display()
            ),
            Self::NoUpSection { path, mark } => {
                format!(
                    "{} has no `{mark}` line, as the other migrations have",
                    path.display()
                )
            }
            Self::MistakenMark { path, line, mark } => format!(
                "{}:{line}: this is read as no mark, but resembles `{mark}`",
                path.display()
            ),
            Self::UnknownMark { path, line } => format!(
                "{}:{line}: this seems to begin what reverts the migration, which must not be run",
                path.display()
            ),
            Self::SchemaReverts { path, line } => format!(
                "{}:{line}: this seems to begin what reverts a migration, and a schema file is run whole",
                path.display()
            ),
            Self::Metadata { path, message } => format!("{}: {message}", path.display()),
        }
    }

    /// What to do, if known.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Empty { within, .. } if !within.is_empty() => {
                Some("name the folder that holds them".to_owned())
            }
            Self::UnknownName { .. } | Self::Empty { .. } => {
                Some(format!("known names are {}", Layout::EXAMPLES))
            }
            Self::Archive { .. } => {
                let help = "`pg_restore --schema-only --file=schema.sql` makes a schema file of it";
                Some(help.to_owned())
            }
            Self::Compressed { .. } => Some("unpack it with gunzip".to_owned()),
            Self::RustMigration { .. } => {
                let help = "read the schema from a migrated database with --database-url";
                Some(help.to_owned())
            }
            Self::DuplicateVersion { .. } => {
                let help = "give one of them another version, or name the files in their order as schema files";
                Some(help.to_owned())
            }
            Self::UnclearOrder { .. } => {
                Some("write all numbers with the same count of digits".to_owned())
            }
            Self::SchemaReverts { .. } => {
                let help = "`migrations` reads a folder of migrations; if it is a mere remark, word it otherwise";
                Some(help.to_owned())
            }
            Self::MistakenMark { mark, .. } => {
                Some(format!("write `{mark}` at the start of the line"))
            }
            Self::UnknownMark { .. } => {
                let marks = Layout::all_marks().map(|marks| format!("`{}`", marks.down));
                let marks: Vec<String> = marks.collect();
                let marks = marks.join(", ");
                Some(format!(
                    "known marks are {marks}; if it is a mere remark, word it otherwise"
                ))
            }
            _ => None,
        }
    }
}

/// The last parts of paths, for a message.
fn names(paths: &[PathBuf]) -> String {
    let names = paths.iter().filter_map(|path| path.file_name());
    let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
    names.join(" and ")
}

impl fmt::Display for MigrationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        match self.help() {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for MigrationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for MigrationsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}
