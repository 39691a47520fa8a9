//! `cargo xtask test`: all tests and checks that a change must pass. It runs every part, also after one has failed, and
//! fails if any did.

use std::process::Command;

use crate::gate;
use crate::pgvector;
use crate::provision;
use crate::run::{Failure, built, cargo, outcome, root, run};
use crate::versions;
use crate::windows;

/// Provisions, and runs the tests and checks.
pub(crate) fn test() -> Result<(), Failure> {
    provision::postgresql_with_postgis()?;
    provision::tool(&provision::PGBOUNCER)?;
    let mut failures: Vec<Failure> = Vec::new();
    for mut part in parts()? {
        failures.extend(run(&mut part).err());
    }
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
    }
    outcome(failures)
}

/// The parts that every machine can run.
fn parts() -> Result<[Command; 6], Failure> {
    let mut generated = Command::new(built("howdah")?);
    generated
        .args(["generate", "--check"])
        .current_dir(root().join("examples/places"));
    let mut documented = cargo(&["doc", "--workspace", "--no-deps"]);
    documented.env("RUSTDOCFLAGS", "-D warnings");
    let denied = ["--", "-D", "warnings"];
    Ok([
        cargo(&["fmt", "--all", "--check"]),
        cargo(&["build", "--workspace", "--all-targets"]),
        cargo(&["test", "--workspace", "--no-fail-fast"]),
        generated,
        cargo(&[&["clippy", "--workspace", "--all-targets"][..], &denied].concat()),
        documented,
    ])
}
