//! Where libpq looks for files of the user's that nothing names
//! ([The Password File](https://www.postgresql.org/docs/current/libpq-pgpass.html) and the pages behind it): in their home, or
//! on Windows in a folder of the application data.

use std::{
    env,
    path::{Path, PathBuf},
};

const PASSWORDS: &str = if cfg!(windows) {
    "pgpass.conf"
} else {
    ".pgpass"
};

/// The folder that they stand in, if the user has one.
pub(crate) fn folder() -> Option<PathBuf> {
    match cfg!(windows) {
        true => Some(PathBuf::from(env::var_os("APPDATA")?).join("postgresql")),
        false => env::home_dir(),
    }
}

/// Passwords of servers, in the folder `folder`.
pub(crate) fn passwords(folder: &Path) -> PathBuf {
    folder.join(PASSWORDS)
}

/// Connection strings by their names, in the folder `folder`.
pub(crate) fn services(folder: &Path) -> PathBuf {
    folder.join(".pg_service.conf")
}

/// A certificate or key of this name.
#[cfg(feature = "tls")]
pub(crate) fn of_tls(name: &str) -> PathBuf {
    let folder = folder().unwrap_or_default();
    match cfg!(windows) {
        true => folder.join(name),
        false => folder.join(".postgresql").join(name),
    }
}
