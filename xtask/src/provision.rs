//! Makes sure that PostgreSQL with PostGIS is installed. It says what is missing, installs it with the system's package
//! manager, and does nothing if nothing is missing.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Failure, run, succeeds};

/// Installs PostgreSQL and PostGIS if they are missing.
pub(crate) fn postgresql_with_postgis() -> Result<(), Failure> {
    if let Some(bin) = with_postgis() {
        eprintln!("PostgreSQL with PostGIS: {}", bin.display());
        return Ok(());
    }
    let manager = Manager::of_this_machine().ok_or(
        "PostgreSQL with PostGIS is needed, and this machine has neither apt-get, dnf nor brew to install it with; \
         install both, and set HOWDAH_PG_BIN to the directory of `initdb` if it is an unusual one",
    )?;
    eprintln!(
        "PostgreSQL with PostGIS is not on this machine: installing it with {}",
        manager.program()
    );
    manager.install_postgresql()?;
    match with_postgis() {
        Some(bin) => {
            eprintln!("PostgreSQL with PostGIS: {}", bin.display());
            Ok(())
        }
        None => {
            Err("the packages are installed, but no PostgreSQL with PostGIS is found".to_owned())
        }
    }
}

/// A program that is not a part of PostgreSQL.
pub(crate) struct Tool {
    name: &'static str,
    package: fn(Manager) -> &'static str,
    needed_for: &'static str,
}

/// The tests run it in front of a server.
pub(crate) const PGBOUNCER: Tool = Tool {
    name: "pgbouncer",
    package: |_| "pgbouncer",
    needed_for: "the tests",
};
/// Counts instructions.
pub(crate) const VALGRIND: Tool = Tool {
    name: "valgrind",
    package: |_| "valgrind",
    needed_for: "the gate",
};
/// Counts system calls.
pub(crate) const STRACE: Tool = Tool {
    name: "strace",
    package: |_| "strace",
    needed_for: "the gate",
};
/// Compiles C code for Windows.
pub(crate) const MINGW: Tool = Tool {
    name: "x86_64-w64-mingw32-gcc",
    package: |manager| match manager {
        Manager::Apt => "gcc-mingw-w64-x86-64",
        Manager::Dnf => "mingw64-gcc",
        Manager::Brew => "mingw-w64",
    },
    needed_for: "compiling for Windows",
};

/// Installs a program if it is missing.
pub(crate) fn tool(tool: &Tool) -> Result<(), Failure> {
    let Tool {
        name,
        package,
        needed_for,
    } = tool;
    // On Debian, some of them are in folders of root's PATH only.
    let path = env::var_os("PATH").unwrap_or_default();
    let places = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    if places.into_iter().any(|place| place.join(name).is_file()) {
        return Ok(());
    }
    let manager = Manager::of_this_machine().ok_or_else(|| {
        format!("{name} is needed for {needed_for}, and this machine has neither apt-get, dnf nor brew to install it with")
    })?;
    eprintln!(
        "{name} is not on this machine: installing it with {}",
        manager.program()
    );
    manager.update()?;
    manager.install(&[package(manager)])
}

/// The server binaries that howdah will use, if PostGIS is there for them.
fn with_postgis() -> Option<PathBuf> {
    let bin = server_binaries().into_iter().next()?;
    let sharedir = Command::new(bin.join("pg_config"))
        .arg("--sharedir")
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    // Debian's pg_config is in a separate package.
    let debian = major_of(&bin).map(|major| format!("/usr/share/postgresql/{major}"));
    let packaged = ["/usr/share/pgsql"].map(PathBuf::from);
    sharedir
        .into_iter()
        .chain(debian.map(PathBuf::from))
        .chain(packaged)
        .any(|share| share.join("extension/postgis.control").is_file())
        .then_some(bin)
}

/// The directories that hold `initdb`, in the order in which howdah looks for them.
fn server_binaries() -> Vec<PathBuf> {
    if let Some(bin) = env::var_os("HOWDAH_PG_BIN").filter(|bin| !bin.is_empty()) {
        return vec![PathBuf::from(bin)];
    }
    let mut found = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        found.push(PathBuf::from(
            String::from_utf8_lossy(&output.stdout).trim(),
        ));
    }
    found.extend(debian_majors().into_iter().rev().map(debian_bin));
    for prefix in ["/opt/homebrew/opt", "/usr/local/opt"] {
        found.extend(
            (13..=20)
                .rev()
                .map(|v| format!("{prefix}/postgresql@{v}/bin").into()),
        );
    }
    found.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    found.retain(|bin| bin.join("initdb").is_file());
    found
}

fn debian_majors() -> BTreeSet<u32> {
    let entries = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&major| debian_bin(major).join("initdb").is_file())
        .collect()
}

fn debian_bin(major: u32) -> PathBuf {
    PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"))
}

fn major_of(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

/// A package manager that this module can use.
#[derive(Clone, Copy)]
pub(crate) enum Manager {
    Apt,
    Dnf,
    Brew,
}

impl Manager {
    fn of_this_machine() -> Option<Self> {
        [Self::Apt, Self::Dnf, Self::Brew]
            .into_iter()
            .find(|manager| succeeds(manager.program(), &["--version"]))
    }

    fn program(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            Self::Dnf => "dnf",
            Self::Brew => "brew",
        }
    }

    fn install_postgresql(self) -> Result<(), Failure> {
        self.update()?;
        match self {
            Self::Apt => {
                if debian_majors().is_empty() {
                    self.install(&["postgresql"])?;
                }
                let major = debian_majors().pop_last();
                let major = major.ok_or("the package postgresql brought no server")?;
                self.install(&[&format!("postgresql-{major}-postgis-3")])
            }
            Self::Dnf => self.install(&["postgresql-server", "postgresql-contrib", "postgis"]),
            Self::Brew => self.install(&["postgresql", "postgis"]),
        }
    }

    /// Updates the lists of packages, if the package manager does not do so itself.
    fn update(self) -> Result<(), Failure> {
        match self {
            Self::Apt => self.ask(&["update"]),
            Self::Dnf | Self::Brew => Ok(()),
        }
    }

    fn install(self, packages: &[&str]) -> Result<(), Failure> {
        let install: &[&str] = match self {
            Self::Apt => &["install", "-y", "--no-install-recommends"],
            Self::Dnf => &["install", "-y"],
            Self::Brew => &["install"],
        };
        self.ask(&[install, packages].concat())
    }

    /// Runs the package manager, with sudo if it needs root. sudo can ask for a password.
    fn ask(self, arguments: &[&str]) -> Result<(), Failure> {
        let is_root = succeeds("sh", &["-c", "test \"$(id -u)\" = 0"]);
        let mut command = if is_root || matches!(self, Self::Brew) {
            Command::new(self.program())
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["--preserve-env=DEBIAN_FRONTEND", self.program()]);
            sudo
        };
        run(command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive"))
    }
}
