//! What to generate, from where, to where: the builder for build scripts, and the same options in `howdah.toml`.

mod build_script;
mod choices;
mod file;
mod resolved;

use std::path::{Path, PathBuf};

pub(crate) use choices::Source;
use choices::{LockUpdates, Modules};
pub use file::ConfigError;

use crate::emit::Form;
use crate::generate::{self, Failure, Outcome};
use crate::model::{
    Calendar, DecimalType, Domains, Errors, OpenEnumRule, OpenEnums, Settings, TableRule, Tables,
};

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

    /// Puts the tables that queries use into the `schema` module, as is the default.
    ///
    /// ```
    /// howdah_codegen::Config::new().all_tables().used_tables();
    /// ```
    pub fn used_tables(mut self) -> Self {
        self.settings.tables = Tables::Rule(TableRule::Used);
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

    /// Puts all tables of the database into the `schema` module, not only those that queries use.
    ///
    /// ```
    /// howdah_codegen::Config::new().all_tables();
    /// ```
    pub fn all_tables(mut self) -> Self {
        self.settings.tables = Tables::Rule(TableRule::All);
        self
    }

    /// Puts just these tables into the `schema` module.
    ///
    /// ```
    /// howdah_codegen::Config::new().tables(["places", "audit.entries"]);
    /// ```
    pub fn tables<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.settings.tables = Tables::Named(names.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a derive for all generated types, besides `Clone` and `Debug`.
    ///
    /// ```
    /// howdah_codegen::Config::new().derive("PartialEq").derive("serde::Serialize");
    /// ```
    pub fn derive(mut self, path: impl Into<String>) -> Self {
        self.settings.derives.push(path.into());
        self
    }

    /// The Rust type of an SQL type: one that implements `Decode` and `Encode`.
    ///
    /// ```
    /// howdah_codegen::Config::new().sql_type("citext", "crate::Caseless");
    /// ```
    pub fn sql_type(mut self, sql: impl Into<String>, rust: impl Into<String>) -> Self {
        self.settings.types.insert(sql.into(), rust.into());
        self
    }

    /// The Rust type of a column, and of parameters that are compared with it or stored in it.
    ///
    /// ```
    /// howdah_codegen::Config::new().column("places.note", "crate::Note");
    /// ```
    pub fn column(mut self, column: impl Into<String>, rust: impl Into<String>) -> Self {
        self.settings.columns.insert(column.into(), rust.into());
        self
    }

    /// The name of the struct for whole rows of a table; `PlacesRow` for the table `places` if not given.
    ///
    /// ```
    /// howdah_codegen::Config::new().row_name("places", "Place");
    /// ```
    pub fn row_name(mut self, table: impl Into<String>, name: impl Into<String>) -> Self {
        self.settings.rows.insert(table.into(), name.into());
        self
    }

    /// What tells the constraints that a query can violate; an enum beside each query that writes if not given.
    ///
    /// ```
    /// use howdah_codegen::{Config, Errors};
    ///
    /// Config::new().errors(Errors::Consts);
    /// ```
    pub fn errors(mut self, errors: Errors) -> Self {
        self.settings.errors = errors;
        self
    }

    /// What domains become; newtypes if not given.
    ///
    /// ```
    /// use howdah_codegen::{Config, Domains};
    ///
    /// Config::new().domains(Domains::Transparent);
    /// ```
    pub fn domains(mut self, domains: Domains) -> Self {
        self.settings.domains = domains;
        self
    }

    /// Whose types dates, times and timestamps become; those of `chrono` if not given.
    ///
    /// ```
    /// use howdah_codegen::{Calendar, Config};
    ///
    /// Config::new().calendar(Calendar::Jiff);
    /// ```
    pub fn calendar(mut self, calendar: Calendar) -> Self {
        self.settings.calendar = calendar;
        self
    }

    /// What `numeric` becomes; `rust_decimal::Decimal` if not given.
    ///
    /// ```
    /// use howdah_codegen::{Config, DecimalType};
    ///
    /// Config::new().decimal(DecimalType::BigDecimal);
    /// ```
    pub fn decimal(mut self, decimal: DecimalType) -> Self {
        self.settings.decimal = decimal;
        self
    }

    /// Gives every enum a variant `Other(String)`, for labels that are added after the code was generated. A label that is
    /// not known is an error if not given.
    ///
    /// ```
    /// howdah_codegen::Config::new().open_enums();
    /// ```
    pub fn open_enums(mut self) -> Self {
        self.settings.open_enums = OpenEnums::Rule(OpenEnumRule::All);
        self
    }

    /// Gives one enum, `mood` or `public.mood`, a variant `Other(String)`, and others that are named so.
    ///
    /// ```
    /// howdah_codegen::Config::new().open_enum("mood");
    /// ```
    pub fn open_enum(mut self, name: impl Into<String>) -> Self {
        match &mut self.settings.open_enums {
            OpenEnums::Named(names) => names.push(name.into()),
            open => *open = OpenEnums::Named(vec![name.into()]),
        }
        self
    }

    /// The highest number of parameters that a function takes one by one; more come in a struct. 7 if not given, above
    /// which clippy's `too_many_arguments` would complain.
    ///
    /// ```
    /// howdah_codegen::Config::new().max_arguments(4);
    /// ```
    pub fn max_arguments(mut self, count: usize) -> Self {
        self.settings.max_arguments = count;
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
