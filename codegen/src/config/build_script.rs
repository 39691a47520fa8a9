//! Whether this is a build script, and where it can write.

use std::env;
use std::path::PathBuf;

/// Whether cargo runs this as a build script. `OUT_DIR` alone does not tell, because tests have it too.
pub(crate) fn is_running() -> bool {
    ["OUT_DIR", "HOST", "TARGET"]
        .iter()
        .all(|name| env::var_os(name).is_some())
}

/// The folder that a build script can write to.
pub(super) fn out_dir() -> Option<PathBuf> {
    let out_dir = env::var_os("OUT_DIR").map(PathBuf::from);
    out_dir.filter(|_| is_running())
}
