//! `cargo xtask test`: all that has to be right before a change is good. It runs every part, also after one has failed, and
//! fails if any did.

use std::process::Command;

use crate::gate;
use crate::pgvector;
use crate::provision;
use crate::run::{Failure, built, cargo, root, run};
use crate::versions;
use crate::windows;

/// Provisions, and runs the tests and checks.
pub(crate) fn test() -> Result<(), Failure> {
    provision::postgresql_with_postgis()?;
    provision::tool(&provision::PGBOUNCER)?;
    let example = root().join("examples/places");
    let mut parts = [
        cargo(&["fmt", "--all", "--check"]),
        cargo(&["build", "--workspace", "--all-targets"]),
        cargo(&["test", "--workspace", "--no-fail-fast"]),
        Command::new(built("howdah")?),
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
        cargo(&["doc", "--workspace", "--no-deps"]),
    ];
    parts[3].args(["generate", "--check"]).current_dir(example);
    parts[5].env("RUSTDOCFLAGS", "-D warnings");
    let results = parts.iter_mut().map(run);
    let mut failures: Vec<Failure> = results.filter_map(Result::err).collect();
    if gate::AVAILABLE {
        failures.extend(gate::gate().err());
    }
    if versions::AVAILABLE {
        failures.extend(versions::versions(&[]).err());
        failures.extend(pgvector::pgvector().err());
    } else {
        eprintln!(
            "\nNot tested: other versions of PostgreSQL, and pgvector, which are there for Linux on x86-64 only."
        );
    }
    if windows::is_available() {
        failures.extend(windows::windows().err());
    } else {
        eprintln!(
            "\nNot tested: whether howdah compiles for Windows, which takes Linux and rustup."
        );
    }
    if failures.is_empty() {
        eprintln!("\nAll is well: tests, clippy, rustfmt, rustdoc, generated code.");
        return Ok(());
    }
    Err(failures.join("\nxtask: "))
}
