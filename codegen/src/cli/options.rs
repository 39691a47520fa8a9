//! The command line.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use howdah_codegen::{Config, ConfigError, Domains, Form};

use super::Stop;

/// Checked Rust query modules from a PostgreSQL schema and `.sql` files.
#[derive(Debug, Parser)]
#[command(name = "howdah", version, after_help = EXAMPLES)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  howdah generate --migrations migrations          check queries/*.sql against a throw-away server that ran the
                                                   migrations, and write src/queries
  howdah generate --database-url postgres:///app   the same against a database; nothing is written to it
  howdah generate --check                          in CI: change nothing, show what would change, exit with 1
  howdah generate --offline                        without a database, from howdah.lock
  howdah describe queries/places.sql               what each query takes and returns, and why
  howdah derive places                             a struct for the rows of the table `places`, to be pasted

Options can stand in `howdah.toml`; those given here win, and `--derive` adds to them.

Exit codes:
  0  all is well
  1  errors in queries or schema files, or --check found differences
  2  options that make no sense, or tables that do not exist
  3  a database or a file cannot be reached

Messages have colours on a terminal, unless NO_COLOR is set, or CLICOLOR is 0; with CLICOLOR_FORCE=1 everywhere.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the queries and write the Rust modules and the lock file
    #[command(after_help = EXAMPLES)]
    Generate(GenerateOptions),
    /// Show what each query takes and returns: types, what may be null, how many rows, and why
    Describe(DescribeOptions),
    /// Print a struct for the rows of a table, with its derives, keys and documentation, to be pasted into the app
    Derive(DeriveOptions),
}

#[derive(Debug, Args)]
pub(crate) struct GenerateOptions {
    #[command(flatten)]
    schema: SchemaOptions,
    /// Folder of .sql files, or one file; may be repeated [default: queries]
    #[arg(long, value_name = "PATH")]
    queries: Vec<PathBuf>,
    /// Folder of the generated modules [default: src/queries]
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,
    /// Change nothing; print what would change, and exit with 1 if anything would
    #[arg(long)]
    pub(crate) check: bool,
    /// Write the lock file alone; a build script makes the modules from it
    #[arg(long)]
    lock_only: bool,
    /// Tables of the schema module: `used`, `all`, or names separated by commas [default: used]
    #[arg(long, value_name = "TABLES", value_delimiter = ',')]
    tables: Vec<String>,
    /// Derive for all generated types; may be repeated
    #[arg(long, value_name = "PATH")]
    derive: Vec<String>,
    /// What domains become [default: newtype]
    #[arg(long, value_enum)]
    domains: Option<DomainsOption>,
    /// Most parameters that a function takes one by one; more come in a struct [default: 7]
    #[arg(long, value_name = "COUNT")]
    max_arguments: Option<usize>,
    /// One mod.rs for `include!`, or a file for each module [default: files]
    #[arg(long, value_enum)]
    form: Option<FormOption>,
}

#[derive(Debug, Args)]
pub(crate) struct DescribeOptions {
    /// .sql files or folders of them [default: queries]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    schema: SchemaOptions,
    /// A table for people, or one JSON object a line for each query. Its `errors` have `message`, `line`, `column`, and where
    /// there are such, `notes` (the server's detail and hint) and `help`
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct DeriveOptions {
    /// Tables: `places`, `public.places` or `'"My App"."a.b"'`, as they are written in the catalog
    #[arg(value_name = "TABLE", required = true)]
    pub(crate) tables: Vec<String>,
    #[command(flatten)]
    schema: SchemaOptions,
}

/// Where the schema comes from.
#[derive(Debug, Args)]
struct SchemaOptions {
    /// Database to check the queries against; nothing is written to it [env: DATABASE_URL]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Schema file that a throw-away server loads; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "database_url")]
    schema: Vec<PathBuf>,
    /// Folder of migrations that a throw-away server runs
    #[arg(long, value_name = "DIR", conflicts_with_all = ["database_url", "schema"])]
    migrations: Option<PathBuf>,
    /// Lock file [default: howdah.lock]
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Use what the lock file remembers, and no database
    #[arg(long, conflicts_with_all = ["database_url", "schema", "migrations"])]
    offline: bool,
    /// File of options [default: howdah.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DomainsOption {
    Newtype,
    Transparent,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormOption {
    Files,
    Single,
}

impl SchemaOptions {
    fn config(&self) -> Result<Config, Stop> {
        let read = |path: &Path| {
            Config::from_file(path).map_err(|error: ConfigError| Stop::Options(error.to_string()))
        };
        let default = Path::new("howdah.toml");
        let mut config = match &self.config {
            Some(path) => read(path)?,
            None if default.exists() => read(default)?,
            None => Config::new(),
        };
        if self.database_url.is_some() || !self.schema.is_empty() || self.migrations.is_some() {
            config = config.no_schema();
        }
        if let Some(url) = &self.database_url {
            config = config.database_url(url);
        }
        for path in &self.schema {
            config = config.schema(path);
        }
        if let Some(folder) = &self.migrations {
            config = config.migrations(folder);
        }
        if let Some(path) = &self.lock {
            config = config.lock(path);
        }
        Ok(if self.offline {
            config.offline()
        } else {
            config
        })
    }
}

impl DeriveOptions {
    pub(crate) fn config(&self) -> Result<Config, Stop> {
        self.schema.config()
    }
}

impl DescribeOptions {
    pub(crate) fn config(&self) -> Result<Config, Stop> {
        let config = self.schema.config()?;
        Ok(with_queries(config, &self.files))
    }
}

fn with_queries(config: Config, paths: &[PathBuf]) -> Config {
    let config = if paths.is_empty() {
        config
    } else {
        config.no_queries()
    };
    paths.iter().fold(config, Config::queries)
}

impl GenerateOptions {
    pub(crate) fn config(&self) -> Result<Config, Stop> {
        let mut config = with_queries(self.schema.config()?, &self.queries);
        if self.lock_only {
            config = config.lock_only();
        }
        if let Some(dir) = &self.out_dir {
            config = config.out_dir(dir);
        }
        config = match self.tables.as_slice() {
            [] => config,
            [rule] if rule == "all" => config.all_tables(),
            [rule] if rule == "used" => config.used_tables(),
            names => config.tables(names),
        };
        for path in &self.derive {
            config = config.derive(path);
        }
        if let Some(domains) = self.domains {
            config = config.domains(match domains {
                DomainsOption::Newtype => Domains::Newtype,
                DomainsOption::Transparent => Domains::Transparent,
            });
        }
        if let Some(count) = self.max_arguments {
            config = config.max_arguments(count);
        }
        if let Some(form) = self.form {
            config = config.form(match form {
                FormOption::Files => Form::Files,
                FormOption::Single => Form::Single,
            });
        }
        Ok(config)
    }
}
