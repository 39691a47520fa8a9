//! The options with their defaults.

use std::env;
use std::path::PathBuf;

use super::{Config, LockUpdates, Modules, Source, build_script};
use crate::emit::Form;

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

impl Config {
    /// The `.sql` files and folders.
    pub(crate) fn query_paths(&self) -> Vec<PathBuf> {
        match self.queries.as_slice() {
            [] => vec![self.root.join("queries")],
            paths => paths.to_vec(),
        }
    }

    /// The folder to write to.
    pub(crate) fn target(&self) -> PathBuf {
        match (&self.out_dir, build_script::out_dir()) {
            (Some(given), _) => given.clone(),
            (None, Some(out_dir)) => out_dir.join("queries"),
            (None, None) => self.root.join("src/queries"),
        }
    }

    /// The path of the generated modules in the app, if the app declares them at its root.
    pub(crate) fn module_path(&self) -> String {
        let target = self.target();
        let name = target.file_name().map(|name| name.to_string_lossy());
        format!("crate::{}", name.as_deref().unwrap_or("queries"))
    }

    pub(crate) fn target_form(&self) -> Form {
        let default = if build_script::is_running() {
            Form::Single
        } else {
            Form::Files
        };
        self.form.unwrap_or(default)
    }

    pub(crate) fn writes_modules(&self) -> bool {
        self.modules == Modules::Always || build_script::is_running()
    }

    pub(crate) fn writes_lock(&self) -> bool {
        self.lock_updates == LockUpdates::Always || !build_script::is_running()
    }

    pub(crate) fn lock_path(&self) -> PathBuf {
        match &self.lock {
            Some(given) => given.clone(),
            None => self.root.join("howdah.lock"),
        }
    }

    /// Whether there are schema files or migrations.
    pub(crate) fn has_schema(&self) -> bool {
        !self.schema.is_empty() || self.migrations.is_some()
    }

    /// The URL of the database, from the options or from the environment.
    pub(crate) fn url(&self) -> Option<String> {
        match &self.database_url {
            Some(url) => Some(url.clone()),
            None if self.has_schema() => None,
            None => env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()),
        }
    }

    /// Whether a missing schema means the lock file.
    pub(crate) fn may_use_lock(&self) -> bool {
        self.source == Source::Lock || build_script::is_running()
    }
}
