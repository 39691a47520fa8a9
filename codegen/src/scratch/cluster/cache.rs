//! Keeps a fresh cluster of each server version, so that the next start copies files instead of running
//! `initdb`. The cache is optional: a failure here means "make a new cluster", and is never an error.

use std::env;
use std::fs::{self, DirBuilder, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::account::{self, Account};

/// Part of each entry's name. A new number makes entries of older code unused.
const FORMAT: u32 = 1;

/// The start of the name of a folder for a cluster that is being stored.
const NEW: &str = "new-";

/// The start of the name of a folder for a cluster that is being removed.
const OLD: &str = "old-";

/// The age at which nobody works in such a folder any more: copying a cluster takes seconds.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// The place of one kind of cluster in the cache, which may be empty.
#[derive(Debug)]
pub(super) struct Entry {
    dir: PathBuf,
    uid: u32,
}

impl Entry {
    /// The place for clusters of the server in `bin`, under `cache` or the user's cache directory.
    pub(super) fn locate(bin: &Path, cache: Option<&Path>) -> Option<Self> {
        let uid = account::effective_uid().ok()?;
        let output = Command::new(bin.join("postgres"))
            .arg("--version")
            .output()
            .ok()?;
        let mut hasher = DefaultHasher::new();
        (bin, &output.stdout).hash(&mut hasher);
        let root = match cache {
            Some(dir) => private(dir, uid)?,
            None => default_roots(uid)
                .iter()
                .find_map(|dir| private(dir, uid))?,
        };
        sweep(&root);
        Some(Self {
            dir: root.join(format!("cluster-{FORMAT}-{:016x}", hasher.finish())),
            uid,
        })
    }

    /// Copies the cached cluster to `data`. `false` if there is none that is complete and belongs to the user.
    pub(super) fn restore(&self, data: &Path, account: Option<Account>) -> bool {
        let own = |metadata: fs::Metadata| metadata.is_dir() && metadata.uid() == self.uid;
        let whole = || {
            fs::symlink_metadata(&self.dir).is_ok_and(own)
                && fs::read_to_string(self.dir.join("manifest")).is_ok_and(|manifest| {
                    copy_tree(&self.dir.join("data"), data, account)
                        .is_ok_and(|size| size.to_string() == manifest)
                })
        };
        let restored = whole();
        if !restored {
            let _ = fs::remove_dir_all(data);
            self.discard();
        }
        restored
    }

    /// Stores a copy of the stopped cluster in `data`. It appears completely or not at all, and the first of several
    /// processes wins.
    pub(super) fn store(&self, data: &Path) {
        let _ = self.try_store(data);
    }

    fn try_store(&self, data: &Path) -> io::Result<()> {
        let root = self.dir.parent().ok_or(io::ErrorKind::NotFound)?;
        let new = tempfile::Builder::new()
            .prefix(NEW)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(root)?;
        let size = copy_tree(data, &new.path().join("data"), None)?;
        fs::write(new.path().join("manifest"), size.to_string())?;
        // Fails if another process was first; the guard then removes this copy.
        fs::rename(new.path(), &self.dir)?;
        let _moved = new.keep();
        Ok(())
    }

    /// Removes the cached cluster. It is renamed first, so that other processes do not see a part of it.
    pub(super) fn discard(&self) {
        let Some(root) = self.dir.parent() else {
            return;
        };
        if let Ok(grave) = tempfile::Builder::new().prefix(OLD).tempdir_in(root) {
            let _ = fs::rename(&self.dir, grave.path().join("entry"));
        }
    }
}

/// Removes what processes left in `root` that were killed while they stored or removed a cluster.
fn sweep(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_unfinished = [NEW, OLD]
            .iter()
            .any(|prefix| name.as_encoded_bytes().starts_with(prefix.as_bytes()));
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_unfinished && age().is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The places for caches, best first.
fn default_roots(uid: u32) -> Vec<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let home_cache = if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    let mut roots: Vec<PathBuf> = variable("XDG_CACHE_HOME")
        .into_iter()
        .chain(variable("HOME").map(|home| home.join(home_cache)))
        // Under sudo, HOME can belong to another user, for whom root's files would be a problem.
        .filter(|dir| nearest_existing(dir).is_some_and(|metadata| metadata.uid() == uid))
        .map(|dir| dir.join("howdah"))
        .collect();
    roots.push(env::temp_dir().join(format!("howdah-cache-{uid}")));
    roots
}

fn nearest_existing(dir: &Path) -> Option<fs::Metadata> {
    dir.ancestors().find_map(|dir| fs::metadata(dir).ok())
}

/// `dir`, created if necessary, if it belongs to the user and nobody else can write to it.
fn private(dir: &Path, uid: u32) -> Option<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .ok()?;
    let metadata = fs::symlink_metadata(dir).ok()?;
    let safe = metadata.is_dir() && metadata.uid() == uid && metadata.mode() & 0o022 == 0;
    safe.then(|| dir.to_owned())
}

/// The size of a tree, to recognize one that is not complete.
#[derive(Debug, Default, PartialEq, Eq)]
struct Size {
    files: u64,
    bytes: u64,
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} files, {} bytes", self.files, self.bytes)
    }
}

/// Copies a tree of directories and plain files, readable for their owner only.
fn copy_tree(from: &Path, to: &Path, account: Option<Account>) -> io::Result<Size> {
    let give = |path: &Path| match account {
        Some(account) => chown(path, Some(account.uid), Some(account.gid)),
        None => Ok(()),
    };
    DirBuilder::new().mode(0o700).create(to)?;
    give(to)?;
    let mut size = Size::default();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target, kind) = (entry.path(), to.join(entry.file_name()), entry.file_type()?);
        if kind.is_dir() {
            let inner = copy_tree(&source, &target, account)?;
            size.files += inner.files;
            size.bytes += inner.bytes;
        } else if kind.is_file() {
            // The kernel shares the blocks if the file system supports it.
            size.bytes += fs::copy(&source, &target)?;
            size.files += 1;
            give(&target)?;
        } else {
            return Err(io::Error::other(format!(
                "{} is not a plain file",
                source.display()
            )));
        }
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixture {
        dir: tempfile::TempDir,
        entry: Entry,
    }

    fn fixture() -> Fixture {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        fs::create_dir_all(data.join("base/1")).unwrap();
        fs::write(data.join("base/1/1259"), "a table").unwrap();
        let root = private(&dir.path().join("cache"), account::effective_uid().unwrap()).unwrap();
        let entry = Entry {
            dir: root.join("cluster"),
            uid: account::effective_uid().unwrap(),
        };
        Fixture { dir, entry }
    }

    #[test]
    fn a_stored_cluster_comes_back_whole() {
        let Fixture { dir, entry } = fixture();
        let restored = dir.path().join("restored");
        assert!(!entry.restore(&restored, None));
        entry.store(&dir.path().join("data"));
        assert!(entry.restore(&restored, None));
        assert_eq!(
            fs::read_to_string(restored.join("base/1/1259")).unwrap(),
            "a table"
        );
    }

    #[test]
    fn a_damaged_entry_is_dropped_and_can_be_stored_anew() {
        let Fixture { dir, entry } = fixture();
        let (data, restored) = (dir.path().join("data"), dir.path().join("restored"));
        entry.store(&data);
        fs::remove_file(entry.dir.join("data/base/1/1259")).unwrap();
        assert!(!entry.restore(&restored, None));
        assert!(!restored.exists());
        assert!(!entry.dir.exists());
        entry.store(&data);
        assert!(entry.restore(&restored, None));
    }

    #[test]
    fn the_second_of_two_writers_leaves_nothing_behind() {
        let Fixture { dir, entry } = fixture();
        entry.store(&dir.path().join("data"));
        entry.store(&dir.path().join("data"));
        let names: Vec<_> = fs::read_dir(dir.path().join("cache"))
            .unwrap()
            .flatten()
            .map(|e| e.file_name())
            .collect();
        assert_eq!(names, ["cluster"]);
    }

    #[test]
    fn what_killed_processes_left_is_removed_in_time() {
        let dir = tempfile::tempdir().unwrap();
        let long_ago = std::time::SystemTime::now() - 2 * ABANDONED;
        for (name, is_old) in [
            ("new-a", true),
            ("old-b", true),
            ("cluster-c", true),
            ("new-d", false),
        ] {
            fs::create_dir_all(dir.path().join(name).join("data")).unwrap();
            if is_old {
                let folder = fs::File::open(dir.path().join(name)).unwrap();
                folder.set_modified(long_ago).unwrap();
            }
        }
        sweep(dir.path());
        let names = fs::read_dir(dir.path()).unwrap().flatten();
        let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        names.sort();
        assert_eq!(names, ["cluster-c", "new-d"]);
    }

    #[test]
    fn a_directory_others_can_write_to_is_not_a_cache() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o777)).unwrap();
        assert_eq!(private(dir.path(), account::effective_uid().unwrap()), None);
    }
}
