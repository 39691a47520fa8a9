//! Runs the stages, and writes the files; in a build script, with messages to cargo.

use std::io::{self, Write};
use std::path::Path;

use super::{Failure, Outcome, plan, watched};
use crate::config::{Config, is_build_script};
use crate::diagnostics::Style;

impl Config {
    /// Checks the queries, and writes the modules and the lock file.
    ///
    /// In a build script it also tells cargo which files to watch, and passes warnings on to cargo. There, the lock file is
    /// written only with [`update_lock`](Self::update_lock).
    ///
    /// # Errors
    ///
    /// The message of [`Failure`] shows every error of every file. If there is an error, no file is written.
    pub fn generate(&self) -> Result<Outcome, Failure> {
        if is_build_script() {
            return in_build_script(self);
        }
        let generated = plan(self)?;
        generated.changes.apply().map_err(Failure::io)?;
        Ok(generated)
    }

    /// Checks the queries, and compares the modules and the lock file with the files on disk. Writes nothing.
    ///
    /// # Errors
    ///
    /// Those of [`generate`](Self::generate). Files that would change are not an error: see [`Outcome::is_up_to_date`]
    /// and [`Outcome::diff`].
    pub fn check(&self) -> Result<Outcome, Failure> {
        plan(self)
    }
}

/// Generates, and tells cargo which files to watch, also after a failure, so that cargo runs it again after a change.
fn in_build_script(config: &Config) -> Result<Outcome, Failure> {
    let mut lines = vec!["cargo:rerun-if-env-changed=DATABASE_URL".to_owned()];
    lines.extend(watched(config).iter().map(|path| watch(path)));
    let result = plan(config);
    if let Ok(outcome) = &result {
        let warnings = outcome.render_warnings(Style::Plain);
        lines.extend(warnings.lines().map(|line| format!("cargo:warning={line}")));
    }
    let mut stdout = io::stdout().lock();
    for line in lines {
        writeln!(stdout, "{line}").map_err(Failure::io)?;
    }
    let outcome = result?;
    outcome.changes.apply().map_err(Failure::io)?;
    Ok(outcome)
}

fn watch(path: &Path) -> String {
    format!("cargo:rerun-if-changed={}", path.display())
}
