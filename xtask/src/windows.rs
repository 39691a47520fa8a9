//! `cargo xtask windows`: whether howdah compiles for Windows, without warnings. Only Windows itself can show whether
//! it runs.

use crate::provision;
use crate::run::{Failure, cargo, run, succeeds};

const TARGET: &str = "x86_64-pc-windows-gnu";

/// Whether the compiler for Windows is available, which rustup can install on Linux.
pub(crate) fn is_available() -> bool {
    cfg!(target_os = "linux") && succeeds("rustup", &["target", "add", TARGET])
}

/// Provisions, and compiles.
pub(crate) fn windows() -> Result<(), Failure> {
    if !is_available() {
        return Err(format!(
            "this takes Linux, and a rustup that can get {TARGET}"
        ));
    }
    provision::tool(&provision::MINGW)?;
    for package in [&["howdah", "--all-features"][..], &["howdah-codegen"]] {
        let clippy = ["clippy", "--target", TARGET, "--package"];
        let denied = ["--", "-D", "warnings"];
        run(&mut cargo(&[&clippy, package, &denied].concat()))?;
    }
    Ok(())
}
