//! What is different in a build script: where to write, and the messages to cargo.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Config;
use crate::diagnostics::Style;
use crate::generate::{self, Failure, Outcome};

/// Whether cargo runs this as a build script. `OUT_DIR` alone does not tell, because tests have it too.
pub(super) fn is_running() -> bool {
    ["OUT_DIR", "HOST", "TARGET"]
        .iter()
        .all(|name| env::var_os(name).is_some())
}

/// The folder that a build script can write to.
pub(super) fn out_dir() -> Option<PathBuf> {
    let out_dir = env::var_os("OUT_DIR").map(PathBuf::from);
    out_dir.filter(|_| is_running())
}

/// Generates, and tells cargo which files to watch, also after a failure, so that cargo runs it again after a change.
pub(super) fn generate(config: &Config) -> Result<Outcome, Failure> {
    let mut lines = vec!["cargo:rerun-if-env-changed=DATABASE_URL".to_owned()];
    lines.extend(generate::watched(config).iter().map(|path| watch(path)));
    let result = generate::plan(config);
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
