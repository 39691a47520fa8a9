//! Crates for compile benchmarks: written, compiled once with all dependencies, and then several times alone.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use nix::sys::resource::UsageWho;

use crate::measure::cpu_time;
use crate::peers::Failure;

/// The work of cargo.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// `cargo check`
    Check,
    /// `cargo check` after a function was added at the end, with the compiler's incremental data.
    CheckAdded,
    /// `cargo check` after a line of documentation was added to a query in the middle, with the incremental data.
    CheckChanged,
    /// `cargo build`
    Build,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Check => "check",
            Self::CheckAdded => "check after a function was added",
            Self::CheckChanged => "check after a query was changed",
            Self::Build => "dev build",
        })
    }
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Check | Self::CheckAdded | Self::CheckChanged => "check",
            Self::Build => "build",
        }
    }

    const fn is_incremental(self) -> bool {
        matches!(self, Self::CheckAdded | Self::CheckChanged)
    }
}

/// A crate.
#[derive(Debug)]
pub struct Crate {
    /// Its name in the table.
    pub name: String,
    folder: PathBuf,
    /// The file and the function of the query that is changed.
    changed: Option<(PathBuf, String)>,
}

/// The dependencies that any of the libraries' fields need.
const FIELDS: &str = "chrono = { version = \"0.4\", default-features = false, features = [\"std\"] }\nserde_json = \"1\"\n";

impl Crate {
    /// Writes a crate of this source, with a library among its dependencies.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn write(root: &Path, name: &str, dependency: &str, source: &str) -> Result<Self, Failure> {
        let package: String = name
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        let folder = root.join(&package);
        fs::create_dir_all(folder.join("src"))?;
        let manifest = format!(
            "[workspace]\n\n[package]\nname = \"measured-{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{FIELDS}{dependency}\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::copy(
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"),
            folder.join("Cargo.lock"),
        )?;
        fs::write(folder.join("src/lib.rs"), source)?;
        Ok(Self {
            name: name.to_owned(),
            folder,
            changed: None,
        })
    }

    /// Sets the query that is changed, by its file and its function.
    #[must_use]
    pub fn with_changed(mut self, file: PathBuf, function: String) -> Self {
        self.changed = Some((file, function));
        self
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Compiles the crate, whose dependencies are compiled already, and returns the CPU time of cargo and the compiler.
    ///
    /// # Errors
    ///
    /// When it does not compile.
    pub fn compile(&self, step: Step) -> Result<Duration, Failure> {
        self.compile_with(step, &[])
    }

    /// Like [`compile`](Self::compile), with these environment variables.
    ///
    /// # Errors
    ///
    /// When it does not compile.
    pub fn compile_with(
        &self,
        step: Step,
        variables: &[(&str, &str)],
    ) -> Result<Duration, Failure> {
        let source = self.folder.join("src/lib.rs");
        match (step, &self.changed) {
            (Step::CheckAdded, _) => {
                let number = fs::metadata(&source)?.len();
                let mut file = OpenOptions::new().append(true).open(&source)?;
                writeln!(file, "pub fn changed_{number}() -> u64 {{ {number} }}")?;
            }
            (Step::CheckChanged, Some((file, function))) => document(file, function)?,
            _ => File::open(&source)?.set_modified(SystemTime::now())?,
        }
        let before = cpu_time(UsageWho::RUSAGE_CHILDREN)?;
        let output = Command::new("cargo")
            .args([step.word(), "--quiet"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("../target"))
            .env(
                "CARGO_INCREMENTAL",
                if step.is_incremental() { "1" } else { "0" },
            )
            .envs(variables.iter().copied())
            .env_remove("RUSTFLAGS")
            .output()?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{}:\n{errors}", self.name).into());
        }
        Ok(cpu_time(UsageWho::RUSAGE_CHILDREN)?.saturating_sub(before))
    }
}

/// Adds a line of documentation above a function.
fn document(file: &Path, function: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(file)?;
    let mut lines: Vec<&str> = text.lines().collect();
    let head = format!("fn {function}");
    let at = lines.iter().position(|line| line.contains(&head));
    lines.insert(at.ok_or("no such function")?, "/// Changed.");
    Ok(fs::write(file, lines.join("\n"))?)
}
