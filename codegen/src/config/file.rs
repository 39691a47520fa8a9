//! Reads `howdah.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{error, fmt, fs};

use serde::Deserialize;

use super::Config;
use crate::emit::Form;
use crate::model::{Calendar, DecimalType, Domains, Errors, OpenEnums, Tables};

/// A `howdah.toml` that cannot be read or understood. The message names the file. `Debug` prints the same as `Display`,
/// because a build script's `main` shows it.
pub struct ConfigError {
    path: PathBuf,
    message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.message.trim_end())
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for ConfigError {}

/// The options in the file. Each is a method of [`Config`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    queries: OneOrMore,
    out_dir: Option<PathBuf>,
    database_url: Option<String>,
    #[serde(default)]
    schema: OneOrMore,
    migrations: Option<PathBuf>,
    lock: Option<PathBuf>,
    #[serde(default)]
    lock_only: bool,
    form: Option<FileForm>,
    tables: Option<Tables>,
    #[serde(default)]
    derives: Vec<String>,
    domains: Option<Domains>,
    errors: Option<Errors>,
    calendar: Option<Calendar>,
    decimal: Option<DecimalType>,
    open_enums: Option<OpenEnums>,
    max_arguments: Option<usize>,
    #[serde(default)]
    types: BTreeMap<String, String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    rows: BTreeMap<String, String>,
}

/// A path, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a path or a list of paths")]
enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl OneOrMore {
    fn below(self, root: &Path) -> Vec<PathBuf> {
        let paths = match self {
            Self::One(path) => vec![path],
            Self::More(paths) => paths,
        };
        paths.into_iter().map(|path| root.join(path)).collect()
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileForm {
    Files,
    Single,
}

/// The options of the file at `path`.
pub(super) fn read(path: &Path) -> Result<Config, ConfigError> {
    let fail = |message: String| ConfigError {
        path: path.to_owned(),
        message,
    };
    let text = fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
    let file: File = toml::from_str(&text).map_err(|error| fail(error.to_string()))?;
    let root = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut config = Config::new();
    config.queries = file.queries.below(&root);
    config.out_dir = file.out_dir.map(|path| root.join(path));
    config.database_url = file.database_url;
    config.schema = file.schema.below(&root);
    config.migrations = file.migrations.map(|path| root.join(path));
    config.lock = file.lock.map(|path| root.join(path));
    if file.lock_only {
        config = config.lock_only();
    }
    config.form = file.form.map(|form| match form {
        FileForm::Files => Form::Files,
        FileForm::Single => Form::Single,
    });
    let settings = &mut config.settings;
    settings.tables = file.tables.unwrap_or_default();
    settings.derives = file.derives;
    settings.domains = file.domains.unwrap_or_default();
    settings.errors = file.errors.unwrap_or_default();
    settings.calendar = file.calendar.unwrap_or_default();
    settings.decimal = file.decimal.unwrap_or_default();
    settings.open_enums = file.open_enums.unwrap_or_default();
    settings.max_arguments = file.max_arguments.unwrap_or(settings.max_arguments);
    settings.types = file.types;
    settings.columns = file.columns;
    settings.rows = file.rows;
    config.root = root;
    config.file = Some(path.to_owned());
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("howdah.toml");
        fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn every_option_is_read() {
        let config = read_text(
            "queries = 'sql'\nout_dir = 'src/db'\nschema = ['a.sql', 'b.sql']\ntables = ['places']\n\
             derives = ['PartialEq']\ndomains = 'transparent'\nmax_arguments = 4\nerrors = 'consts'\nform = 'single'\nlock_only = true\n\
             calendar = 'jiff'\ndecimal = 'bigdecimal'\nopen_enums = ['mood']\n\
             [types]\ncitext = 'crate::Text'\n[rows]\nplaces = 'Place'\n",
        )
        .unwrap();
        assert!(config.queries[0].ends_with("sql"));
        assert_eq!(config.schema.len(), 2);
        assert_eq!(config.settings.tables, Tables::Named(vec!["places".into()]));
        assert_eq!(config.settings.domains, Domains::Transparent);
        assert_eq!(config.settings.errors, Errors::Consts);
        assert_eq!(config.settings.calendar, Calendar::Jiff);
        assert_eq!(config.settings.decimal, DecimalType::BigDecimal);
        let open = OpenEnums::Named(vec!["mood".into()]);
        assert_eq!(config.settings.open_enums, open);
        assert_eq!(config.target_form(), Form::Single);
        assert!(!config.writes_modules());
    }

    #[test]
    fn an_unknown_option_is_an_error_that_lists_the_known_ones() {
        let error = read_text("querys = 'sql'\n").unwrap_err();
        let message = error.to_string();
        assert_eq!(format!("{error:?}"), format!("\n{message}"));
        assert!(
            message.contains("unknown field `querys`, expected one of `queries`"),
            "{message}"
        );
    }
}
