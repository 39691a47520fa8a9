//! Runs programs, and shows each command, so that the user sees everything that happens on the machine.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a task ended early.
pub(crate) type Failure = String;

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_dir.parent().unwrap_or(crate_dir).to_owned()
}

/// A program that this workspace has built. It is in the same folder as this one.
pub(crate) fn built(name: &str) -> Result<PathBuf, Failure> {
    let this = env::current_exe().map_err(|error| format!("where am I? {error}"))?;
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    Ok(this.with_file_name(file))
}

/// Cargo with these arguments, in the workspace's folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root());
    command
}

/// Shows and runs `command`.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let line = shown(command);
    eprintln!("\n$ {line}");
    let status = command
        .status()
        .map_err(|error| format!("cannot run `{line}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{line}` failed: {status}"))
    }
}

/// The result of a task whose parts all run, even if some fail.
pub(crate) fn outcome(failures: Vec<Failure>) -> Result<(), Failure> {
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.join("\nxtask: "))
    }
}

/// Whether `program` exists and succeeds with `arguments`. Its output is not shown.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<String> = words.map(quoted).collect();
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains(' ') {
        format!("'{word}'")
    } else {
        word.into_owned()
    }
}
