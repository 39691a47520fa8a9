//! `cargo xtask gate`: the cost of howdah's paths compared with tokio-postgres, in instructions and system calls, which
//! do not depend on the load of the machine. It fails if a limit is exceeded. The limits are in
//! `benches/src/bin/gate.rs`.

use crate::provision;
use crate::run::{Failure, cargo, root, run};

/// Whether the counting tools exist for this system.
pub(crate) const AVAILABLE: bool = cfg!(target_os = "linux");

/// Provisions, builds and counts.
pub(crate) fn gate() -> Result<(), Failure> {
    if !AVAILABLE {
        return Err("valgrind and strace count on Linux only".to_owned());
    }
    provision::postgresql_with_postgis()?;
    provision::tool(&provision::VALGRIND)?;
    provision::tool(&provision::STRACE)?;
    let mut build = cargo(&["build", "--release", "--no-default-features"]);
    run(build.current_dir(root().join("benches")))?;
    let mut gate = cargo(&["run", "--release", "--no-default-features", "--bin", "gate"]);
    run(gate.current_dir(root().join("benches")))
}
