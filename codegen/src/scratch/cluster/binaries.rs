//! Finds the directory that holds PostgreSQL's server binaries. A directory counts only if it has both `initdb` and
//! `postgres`. A directory that the user has set is used or an error, never silently skipped.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::super::builder::BIN_DIR_VARIABLE;
use super::super::error::{Kind, ScratchError};
use super::super::install::System;

/// Finds the binaries: in `setting`, the environment variable, where `pg_config` points, in the folders of packages,
/// then in PATH.
pub(super) fn find(setting: Option<&Path>) -> Result<PathBuf, ScratchError> {
    if let Some(dir) = setting {
        return chosen(dir, "the option bin_dir");
    }
    if let Some(dir) = env::var_os(BIN_DIR_VARIABLE).filter(|dir| !dir.is_empty()) {
        return chosen(Path::new(&dir), BIN_DIR_VARIABLE);
    }
    let candidates = candidates();
    match candidates.iter().find(|dir| has_binaries(dir)) {
        Some(dir) => absolute(dir),
        None => Err(Kind::NotFound {
            searched: candidates,
            system: System::current(),
        }
        .into()),
    }
}

fn chosen(dir: &Path, setting: &'static str) -> Result<PathBuf, ScratchError> {
    if has_binaries(dir) {
        absolute(dir)
    } else {
        Err(Kind::NoBinaries {
            dir: dir.to_owned(),
            setting,
        }
        .into())
    }
}

/// The server is started from `/`, so a relative directory must be made absolute.
fn absolute(dir: &Path) -> Result<PathBuf, ScratchError> {
    std::path::absolute(dir)
        .map_err(|error| ScratchError::io(format!("find {}", dir.display()), error))
}

fn has_binaries(dir: &Path) -> bool {
    ["initdb", "postgres"]
        .iter()
        .all(|name| dir.join(name).is_file())
}

fn candidates() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = pg_config_bindir().into_iter().collect();
    dirs.extend(newest_first("/usr/lib/postgresql", ""));
    dirs.extend(newest_first("/usr/local/opt", "postgresql@"));
    dirs.extend(newest_first("/opt/homebrew/opt", "postgresql@"));
    dirs.extend(newest_first(
        "/home/linuxbrew/.linuxbrew/opt",
        "postgresql@",
    ));
    // The Red Hat family's packages from postgresql.org, and Alpine's.
    dirs.extend(newest_first("/usr", "pgsql-"));
    dirs.extend(newest_first("/usr/libexec", "postgresql"));
    if let Some(path) = env::var_os("PATH") {
        dirs.extend(env::split_paths(&path).filter(|dir| dir.is_absolute()));
    }
    let mut seen = std::collections::HashSet::new();
    dirs.retain(|dir| seen.insert(dir.clone()));
    dirs
}

fn pg_config_bindir() -> Option<PathBuf> {
    let output = Command::new("pg_config")
        .arg("--bindir")
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let dir = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    (output.status.success() && dir.is_absolute()).then_some(dir)
}

/// The directories `parent/<prefix><version>`, newest version first: for each, its `bin` and the directory itself,
/// because packages differ in this.
fn newest_first(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some((version(name.strip_prefix(prefix)?)?, entry.path()))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found
        .into_iter()
        .flat_map(|(_, dir)| [dir.join("bin"), dir])
        .collect()
}

fn version(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory_with(names: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(dir.path().join(name), "").unwrap();
        }
        dir
    }

    #[test]
    fn a_setting_without_both_binaries_is_an_error_that_names_it() {
        let dir = directory_with(&["initdb"]);
        let error = find(Some(dir.path())).unwrap_err().to_string();
        assert!(error.contains(dir.path().to_str().unwrap()), "{error}");
        assert!(error.contains("option bin_dir"), "{error}");
    }

    #[test]
    fn a_setting_with_both_binaries_is_taken() {
        let dir = directory_with(&["initdb", "postgres"]);
        assert_eq!(find(Some(dir.path())).unwrap(), dir.path());
    }

    #[test]
    fn versions_are_ordered_as_numbers() {
        let parent = tempfile::tempdir().unwrap();
        for version in ["9.6", "15", "10", "main"] {
            fs::create_dir(parent.path().join(version)).unwrap();
        }
        let dirs = newest_first(parent.path().to_str().unwrap(), "");
        let names: Vec<_> = dirs
            .iter()
            .skip(1)
            .step_by(2)
            .filter_map(|dir| dir.file_name())
            .collect();
        assert_eq!(names, ["15", "10", "9.6"]);
    }
}
