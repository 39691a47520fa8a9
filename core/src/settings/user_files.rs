//! The default folder of libpq's user files ([The Password
//! File](https://www.postgresql.org/docs/current/libpq-pgpass.html) and the pages after it): the user's home, or on
//! Windows a folder of the application data.

use std::{
    env,
    path::{Path, PathBuf},
};

const PASSWORDS: &str = if cfg!(windows) {
    "pgpass.conf"
} else {
    ".pgpass"
};

/// The folder, if the user has one.
pub(crate) fn folder() -> Option<PathBuf> {
    match cfg!(windows) {
        true => Some(PathBuf::from(env::var_os("APPDATA")?).join("postgresql")),
        false => env::home_dir(),
    }
}

/// The password file in `folder`.
pub(crate) fn passwords(folder: &Path) -> PathBuf {
    folder.join(PASSWORDS)
}

/// The service file in `folder`.
pub(crate) fn services(folder: &Path) -> PathBuf {
    folder.join(".pg_service.conf")
}

/// The path of a certificate or key with this name.
#[cfg(feature = "tls")]
pub(crate) fn of_tls(name: &str) -> PathBuf {
    let folder = folder().unwrap_or_default();
    match cfg!(windows) {
        true => folder.join(name),
        false => folder.join(".postgresql").join(name),
    }
}
