//! What to generate, from where, to where: the builder for build scripts, and the same options in `howdah.toml`.

mod build_script;
mod choices;
mod file;
mod generated;
mod resolved;

use std::path::{Path, PathBuf};

pub(crate) use choices::Source;
use choices::{LockUpdates, Modules};
pub use file::ConfigError;

use crate::emit::Form;
use crate::generate::{self, Failure, Outcome};
use crate::model::Settings;

/// What to generate, from where, to where.
///
/// In a build script, into `OUT_DIR`:
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), howdah_codegen::Failure> {
///     howdah_codegen::Config::new().migrations("migrations").generate()?;
///     Ok(())
/// }
/// ```
///
/// ```ignore
/// // src/main.rs
/// mod queries {
///     include!(concat!(env!("OUT_DIR"), "/queries/mod.rs"));
/// }
/// ```
///
/// Paths are taken from the current folder, which in a build script is the package's. The schema comes from the first of:
/// [`offline`](Self::offline), [`database_url`](Self::database_url), [`schema`](Self::schema) or
/// [`migrations`](Self::migrations), the environment's `DATABASE_URL`, and in a build script at last from the lock file.
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `generate`"]
pub struct Config {
    pub(crate) root: PathBuf,
    pub(crate) queries: Vec<PathBuf>,
    pub(crate) out_dir: Option<PathBuf>,
    pub(crate) database_url: Option<String>,
    pub(crate) schema: Vec<PathBuf>,
    pub(crate) migrations: Option<PathBuf>,
    pub(crate) lock: Option<PathBuf>,
    pub(crate) form: Option<Form>,
    pub(crate) source: Source,
    pub(crate) lock_updates: LockUpdates,
    pub(crate) modules: Modules,
    pub(crate) settings: Settings,
    pub(crate) file: Option<PathBuf>,
}

impl Config {
    /// The defaults: queries in `queries`, lock file `howdah.lock`.
    pub fn new() -> Self {
        Self {
            root: PathBuf::new(),
            queries: Vec::new(),
            out_dir: None,
            database_url: None,
            schema: Vec::new(),
            migrations: None,
            lock: None,
            form: None,
            source: Source::Any,
            lock_updates: LockUpdates::ByCommand,
            modules: Modules::Always,
            settings: Settings::default(),
            file: None,
        }
    }

    /// The options of a `howdah.toml`; its paths are taken from the folder that it is in.
    ///
    /// ```no_run
    /// howdah_codegen::Config::from_file("howdah.toml")?.generate()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or holds something that is no option.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        file::read(path.as_ref())
    }

    /// The folder in which the files of the defaults are (`queries`, `src/queries`, `howdah.lock`), and below which files
    /// are shown in messages and in generated documentation. The current folder, if not given.
    ///
    /// ```
    /// howdah_codegen::Config::new().root("crates/db").migrations("crates/db/migrations");
    /// ```
    pub fn root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.root = folder.into();
        self
    }

    /// Adds a folder of `.sql` files, or one file. `queries` if none is added.
    ///
    /// ```
    /// howdah_codegen::Config::new().queries("sql").queries("reports/monthly.sql");
    /// ```
    pub fn queries(mut self, path: impl Into<PathBuf>) -> Self {
        self.queries.push(path.into());
        self
    }

    /// The folder of the generated modules. In a build script `OUT_DIR/queries`, else `src/queries`, if not given.
    ///
    /// ```
    /// howdah_codegen::Config::new().out_dir("src/db");
    /// ```
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(path.into());
        self
    }

    /// The database to check the queries against. Nothing is written to it.
    ///
    /// ```
    /// howdah_codegen::Config::new().database_url("postgres://localhost/places");
    /// ```
    pub fn database_url(mut self, url: impl Into<String>) -> Self {
        self.database_url = Some(url.into());
        self
    }

    /// Adds a schema file, such as pg_dump's, that a throw-away server loads.
    ///
    /// ```
    /// howdah_codegen::Config::new().schema("schema.sql");
    /// ```
    pub fn schema(mut self, path: impl Into<PathBuf>) -> Self {
        self.schema.push(path.into());
        self
    }

    /// A folder of migrations that a throw-away server runs: plain numbered files, or as sqlx, refinery, dbmate or diesel
    /// lay them out.
    ///
    /// ```
    /// howdah_codegen::Config::new().migrations("migrations");
    /// ```
    pub fn migrations(mut self, folder: impl Into<PathBuf>) -> Self {
        self.migrations = Some(folder.into());
        self
    }

    /// The lock file, `howdah.lock` if not given.
    ///
    /// ```
    /// howdah_codegen::Config::new().lock("queries/howdah.lock");
    /// ```
    pub fn lock(mut self, path: impl Into<PathBuf>) -> Self {
        self.lock = Some(path.into());
        self
    }

    /// Writes the lock file in a build script too. The command always does.
    ///
    /// ```
    /// howdah_codegen::Config::new().migrations("migrations").update_lock();
    /// ```
    pub fn update_lock(mut self) -> Self {
        self.lock_updates = LockUpdates::Always;
        self
    }

    /// Writes the modules in build scripts only. The command writes just the lock file, from which a build script with
    /// [`offline`](Self::offline) makes them.
    ///
    /// ```
    /// howdah_codegen::Config::new().migrations("migrations").lock_only();
    /// ```
    pub fn lock_only(mut self) -> Self {
        self.modules = Modules::InBuildScripts;
        self
    }

    /// Generates from the lock file alone, and fails for queries that are not in it as they are.
    ///
    /// ```
    /// howdah_codegen::Config::new().offline();
    /// ```
    pub fn offline(mut self) -> Self {
        self.source = Source::Lock;
        self
    }

    /// Writes one `mod.rs` with all modules inside, or a file for each. In a build script [`Form::Single`], else
    /// [`Form::Files`], if not given: `include!` finds no files for modules.
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

    /// Forgets where the schema comes from, to say so anew over a `howdah.toml`.
    ///
    /// ```
    /// howdah_codegen::Config::new().schema("old.sql").no_schema().schema("new.sql");
    /// ```
    pub fn no_schema(mut self) -> Self {
        self.schema.clear();
        self.migrations = None;
        self.database_url = None;
        self
    }

    /// Forgets the `.sql` files, to name them anew over a `howdah.toml`.
    ///
    /// ```
    /// howdah_codegen::Config::new().queries("old").no_queries().queries("new");
    /// ```
    pub fn no_queries(mut self) -> Self {
        self.queries.clear();
        self
    }

    /// Checks the queries and writes the modules; in a build script it also says what to run it again for.
    ///
    /// # Errors
    ///
    /// See [`Failure`]: its message shows every error of every file. Nothing is written then.
    pub fn generate(&self) -> Result<Outcome, Failure> {
        if build_script::is_running() {
            return build_script::generate(self);
        }
        let generated = generate::plan(self)?;
        generated.changes.apply().map_err(Failure::io)?;
        Ok(generated)
    }

    /// Checks the queries and compares the modules with what is there. Writes nothing.
    ///
    /// # Errors
    ///
    /// As [`generate`](Self::generate). That something would change is no error: see [`Outcome::diff`].
    pub fn check(&self) -> Result<Outcome, Failure> {
        generate::plan(self)
    }
}
