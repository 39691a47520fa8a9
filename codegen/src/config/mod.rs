//! What to generate, from where, to where: the builder for build scripts, and the same options in `howdah.toml`.

mod build_script;
mod choices;
mod file;
mod generated;
mod resolved;

use std::mem;
use std::path::{Path, PathBuf};

pub(crate) use build_script::is_running as is_build_script;
pub(crate) use choices::Source;
use choices::{LockUpdates, Modules};
pub use file::ConfigError;

use crate::emit::Form;
use crate::model::Settings;

/// The options of a run: which queries to check, against which schema, and where to write the code.
///
/// A build script should read `howdah.toml`, which the command reads as well, and use the lock file:
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     howdah_codegen::Config::from_file("howdah.toml")?.offline().generate()?;
///     Ok(())
/// }
/// ```
///
/// ```ignore
/// // src/lib.rs
/// pub mod queries {
///     include!(concat!(env!("OUT_DIR"), "/queries/mod.rs"));
/// }
/// ```
///
/// A build script can also apply the migrations itself. Then every machine that builds the crate needs PostgreSQL's server
/// programs:
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), howdah_codegen::Failure> {
///     howdah_codegen::Config::new().migrations("migrations").generate()?;
///     Ok(())
/// }
/// ```
///
/// Paths are relative to the current folder; in a build script, this is the package's folder. [`from_file`](Self::from_file)
/// takes paths from the folder of its file.
///
/// The schema comes from the first of these that is given:
///
/// 1. the lock file, by [`offline`](Self::offline)
/// 2. a database, by [`database_url`](Self::database_url)
/// 3. a throw-away server, by [`schema`](Self::schema) and [`migrations`](Self::migrations)
/// 4. the database that the environment variable `DATABASE_URL` names
/// 5. in a build script, the lock file
///
/// It is an error to give both a `database_url` and a schema.
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `generate`"]
pub struct Config {
    pub(crate) root: PathBuf,
    pub(crate) queries: Vec<PathBuf>,
    pub(crate) out_dir: Option<PathBuf>,
    pub(crate) database_url: Option<String>,
    pub(crate) schema: Vec<PathBuf>,
    pub(crate) migrations: Option<PathBuf>,
    /// The schema files and migrations that [`no_schema`](Self::no_schema) removed: those of the database in their place.
    pub(crate) replaced: Option<(Vec<PathBuf>, Option<PathBuf>)>,
    pub(crate) lock: Option<PathBuf>,
    pub(crate) form: Option<Form>,
    pub(crate) source: Source,
    pub(crate) lock_updates: LockUpdates,
    pub(crate) modules: Modules,
    pub(crate) settings: Settings,
    pub(crate) file: Option<PathBuf>,
}

impl Config {
    /// The defaults: the queries are in the folder `queries`, the lock file is `howdah.lock`.
    pub fn new() -> Self {
        Self {
            root: PathBuf::new(),
            queries: Vec::new(),
            out_dir: None,
            database_url: None,
            schema: Vec::new(),
            migrations: None,
            replaced: None,
            lock: None,
            form: None,
            source: Source::Any,
            lock_updates: LockUpdates::ByCommand,
            modules: Modules::Always,
            settings: Settings::default(),
            file: None,
        }
    }

    /// Reads the options of a `howdah.toml`. Its paths are relative to its own folder.
    ///
    /// ```no_run
    /// howdah_codegen::Config::from_file("howdah.toml")?.generate()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The file cannot be read, is not valid TOML, or has an unknown option or a value of the wrong kind.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        file::read(path.as_ref())
    }

    /// Sets the folder of the default paths (`queries`, `src/queries`, `howdah.lock`). Messages and generated documentation
    /// show file names relative to it. The default is the current folder.
    ///
    /// ```
    /// howdah_codegen::Config::new().root("crates/db").migrations("crates/db/migrations");
    /// ```
    pub fn root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.root = folder.into();
        self
    }

    /// Adds a folder of `.sql` files, or one file. The default is the folder `queries`.
    ///
    /// ```
    /// howdah_codegen::Config::new().queries("sql").queries("reports/monthly.sql");
    /// ```
    pub fn queries(mut self, path: impl Into<PathBuf>) -> Self {
        self.queries.push(path.into());
        self
    }

    /// Sets the folder of the generated modules. The default is `OUT_DIR/queries` in a build script, and `src/queries`
    /// elsewhere.
    ///
    /// ```
    /// howdah_codegen::Config::new().out_dir("src/db");
    /// ```
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(path.into());
        self
    }

    /// Checks the queries against this database. Nothing is written to it.
    ///
    /// ```
    /// howdah_codegen::Config::new().database_url("postgres://localhost/places");
    /// ```
    pub fn database_url(mut self, url: impl Into<String>) -> Self {
        self.database_url = Some(url.into());
        self
    }

    /// Adds a schema file, such as pg_dump writes. A throw-away server loads it.
    ///
    /// ```
    /// howdah_codegen::Config::new().schema("schema.sql");
    /// ```
    pub fn schema(mut self, path: impl Into<PathBuf>) -> Self {
        self.schema.push(path.into());
        self
    }

    /// Sets the folder of migrations, which a throw-away server runs: numbered `.sql` files, or the layout of sqlx, refinery,
    /// Flyway, dbmate, diesel, Prisma, goose, sql-migrate, golang-migrate, tern or node-pg-migrate. Sections and files that revert
    /// a migration are not run.
    ///
    /// ```
    /// howdah_codegen::Config::new().migrations("migrations");
    /// ```
    pub fn migrations(mut self, folder: impl Into<PathBuf>) -> Self {
        self.migrations = Some(folder.into());
        self
    }

    /// Sets the path of the lock file. The default is `howdah.lock`.
    ///
    /// ```
    /// howdah_codegen::Config::new().lock("queries/howdah.lock");
    /// ```
    pub fn lock(mut self, path: impl Into<PathBuf>) -> Self {
        self.lock = Some(path.into());
        self
    }

    /// Makes a build script write the lock file. Without this, only the command and other programs do.
    ///
    /// ```
    /// howdah_codegen::Config::new().migrations("migrations").update_lock();
    /// ```
    pub fn update_lock(mut self) -> Self {
        self.lock_updates = LockUpdates::Always;
        self
    }

    /// Writes the modules only in build scripts. The command then writes only the lock file, and a build script generates the
    /// modules from it with [`offline`](Self::offline).
    ///
    /// ```
    /// howdah_codegen::Config::new().migrations("migrations").lock_only();
    /// ```
    pub fn lock_only(mut self) -> Self {
        self.modules = Modules::InBuildScripts;
        self
    }

    /// Generates from the lock file, without a database. A query that is not in the lock file, or has changed since, is an
    /// error. If the schema files or migrations have, there is a warning; they need not be there.
    ///
    /// ```
    /// howdah_codegen::Config::new().offline();
    /// ```
    pub fn offline(mut self) -> Self {
        self.source = Source::Lock;
        self
    }

    /// Chooses between one `mod.rs` with all modules inside and one file per module. The default is [`Form::Single`] in a
    /// build script, because code that is read with `include!` cannot have modules in files of their own, and
    /// [`Form::Files`] elsewhere.
    ///
    /// ```
    /// use howdah_codegen::{Config, Form};
    ///
    /// Config::new().out_dir("src/generated").form(Form::Single);
    /// ```
    pub fn form(mut self, form: Form) -> Self {
        self.form = Some(form);
        self
    }

    /// Removes the schema files, migrations and database URL that were set before, so that you can replace those of a
    /// `howdah.toml`.
    ///
    /// ```
    /// howdah_codegen::Config::new().schema("old.sql").no_schema().schema("new.sql");
    /// ```
    pub fn no_schema(mut self) -> Self {
        self.replaced = Some((mem::take(&mut self.schema), self.migrations.take()));
        self.database_url = None;
        self
    }

    /// Removes the `.sql` files and folders that were set before, so that you can replace those of a `howdah.toml`.
    ///
    /// ```
    /// howdah_codegen::Config::new().queries("old").no_queries().queries("new");
    /// ```
    pub fn no_queries(mut self) -> Self {
        self.queries.clear();
        self
    }
}
