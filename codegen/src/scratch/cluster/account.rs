//! The user that runs the server, and the place of its directory. PostgreSQL refuses to run as root, so root's server
//! runs as `postgres` or `nobody`, in a place that both can reach. Other users' servers run as themselves.

use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::super::error::{Kind, ScratchError};

/// The longest socket path that every supported system takes (`sun_path` is 104 bytes on macOS), minus the names of the
/// directory and of the socket in it.
const LONGEST_BASE: usize = 103 - "/howdah-XXXXXX/.s.PGSQL.5432".len();

/// The free memory that is needed to put a server into it.
const PLENTY_KILOBYTES: u64 = 4 * 1024 * 1024;

/// The user and group that the server runs as, if they are not those of the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// This process's effective user, who owns new files.
pub(super) fn effective_uid() -> Result<u32, ScratchError> {
    tempfile::tempfile()
        .and_then(|file| file.metadata())
        .map(|metadata| metadata.uid())
        .map_err(|error| {
            let folder = std::env::temp_dir();
            ScratchError::io(
                format!("make a temporary file in {}", folder.display()),
                error,
            )
        })
}

/// The account for the server of the user `uid`. `None` if it is `uid` itself.
pub(super) fn server_account(uid: u32) -> Result<Option<Account>, ScratchError> {
    if uid != 0 {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd")
        .map_err(|error| ScratchError::io("read /etc/passwd", error))?;
    match account_in(&passwd, "postgres").or_else(|| account_in(&passwd, "nobody")) {
        Some(account) => Ok(Some(account)),
        None => Err(Kind::Start {
            doing: "choose a user for the server",
            log: "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`"
                .to_owned(),
        }
        .into()),
    }
}

fn account_in(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        (uid != 0).then_some(Account { uid, gid })
    })
}

/// The directory for the server's directory: its path is short enough for a socket, and the server's user can reach it.
/// It is TMPDIR if that is set, or else in memory if there is enough, where cloning a database is ten times as fast as
/// on a disk.
pub(super) fn base_directory(account: Option<Account>) -> Result<PathBuf, ScratchError> {
    let memory = PathBuf::from("/dev/shm");
    let has_room = || free_kilobytes(&memory).is_some_and(|free| free >= PLENTY_KILOBYTES);
    let first = match env::var_os("TMPDIR") {
        None if has_room() => memory,
        _ => env::temp_dir(),
    };
    [first, PathBuf::from("/tmp"), PathBuf::from("/var/tmp")]
        .into_iter()
        .filter(|dir| dir.is_absolute() && dir.as_os_str().len() <= LONGEST_BASE)
        .find(|dir| account.is_none() || open_to_all(dir))
        .ok_or_else(|| {
            let message = "neither TMPDIR, /tmp nor /var/tmp can be used";
            ScratchError::io("choose a temporary directory", io::Error::other(message))
        })
}

fn free_kilobytes(dir: &Path) -> Option<u64> {
    if !dir.is_dir() {
        return None;
    }
    let output = Command::new("df")
        .arg("-Pk")
        .arg(dir)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    free_in_report(&String::from_utf8(output.stdout).ok()?)
}

/// Reads the report of POSIX's `df -Pk`.
fn free_in_report(report: &str) -> Option<u64> {
    report
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()
}

/// Whether any user can create a directory in `dir`.
fn open_to_all(dir: &Path) -> bool {
    let allows = |path: &Path, bits: u32| {
        fs::metadata(path).is_ok_and(|metadata| metadata.mode() & bits == bits)
    };
    allows(dir, 0o003) && dir.ancestors().all(|ancestor| allows(ancestor, 0o001))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
        toor:x:0:0::/:\n\
        nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n\
        postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn accounts_are_read_from_passwd_and_root_is_none() {
        assert_eq!(
            account_in(PASSWD, "postgres"),
            Some(Account { uid: 101, gid: 104 })
        );
        assert_eq!(
            account_in(PASSWD, "nobody"),
            Some(Account {
                uid: 65534,
                gid: 65533
            })
        );
        assert_eq!(account_in(PASSWD, "toor"), None);
        assert_eq!(account_in(PASSWD, "nob"), None);
    }

    #[test]
    fn an_ordinary_user_runs_its_own_server() {
        assert_eq!(server_account(1000).unwrap(), None);
    }

    #[test]
    fn free_room_is_read_from_df() {
        let report = "Filesystem     1024-blocks  Used Available Capacity Mounted on\n\
                      tmpfs             24680000  4200  24675800       1% /dev/shm\n";
        assert_eq!(free_in_report(report), Some(24_675_800));
        assert_eq!(free_in_report(""), None);
    }
}
