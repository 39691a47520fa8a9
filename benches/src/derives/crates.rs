//! The crates: written, compiled once with all that they depend on, and then again and again by themselves.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::peers::Failure;

/// What cargo is asked to do.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// `cargo check`
    Check,
    /// `cargo build`
    Build,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Build => "build",
        }
    }
}

/// A crate of structs.
#[derive(Debug)]
pub struct Crate {
    /// What it is called in the table.
    pub name: String,
    folder: PathBuf,
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
            "[workspace]\n\n[package]\nname = \"derives-{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
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
        })
    }

    /// Compiles the crate, its dependencies being compiled, and returns the CPU time of cargo and the compiler.
    ///
    /// # Errors
    ///
    /// When it does not compile.
    pub fn compile(&self, step: Step) -> Result<Duration, Failure> {
        File::open(self.folder.join("src/lib.rs"))?.set_modified(SystemTime::now())?;
        let before = children()?;
        let output = Command::new(env!("CARGO"))
            .args([step.word(), "--quiet"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("../target"))
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .output()?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{}:\n{errors}", self.name).into());
        }
        Ok(children()?.saturating_sub(before))
    }
}

/// The CPU time of all processes that were waited for.
fn children() -> Result<Duration, Failure> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = |time: TimeVal| {
        Duration::from_secs(time.tv_sec().unsigned_abs())
            + Duration::from_micros(time.tv_usec().unsigned_abs())
    };
    Ok(time(usage.user_time()) + time(usage.system_time()))
}
