//! The only place that writes files: what changed, and nothing else.
//!
//! First [`Changes::against`] compares in memory; then [`Changes::apply`] writes, or [`Changes::diff`] shows what would be
//! written. A file that stays the same, whatever its lines end in, keeps its time, so that nothing is built again for it.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use similar::TextDiff;

use crate::emit::{GeneratedFile, MARK};
use crate::portable::{with_line_feeds, with_slashes};

/// What writing would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files to write, with their old text if there is one.
    writes: Vec<Write>,
    /// Generated files whose source is gone, with their text.
    removals: Vec<(PathBuf, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Write {
    path: PathBuf,
    old: Option<String>,
    new: String,
}

impl Changes {
    /// What has to change so that `dir` holds `files`, and no other generated file.
    ///
    /// # Errors
    ///
    /// When a file that is there cannot be read, or would be overwritten although it was not generated.
    pub fn against(dir: &Path, files: &[GeneratedFile]) -> Result<Self, Obstacle> {
        let mut changes = Self::default();
        for file in files {
            changes.add(dir.join(&file.path), &file.text, is_generated)?;
        }
        let mut present = Vec::new();
        rust_files(dir, &mut present)?;
        for path in present {
            if files.iter().any(|file| dir.join(&file.path) == path) {
                continue;
            }
            let text = read(&path)?;
            if is_generated(&text) {
                changes.removals.push((path, text));
            }
        }
        Ok(changes)
    }

    /// Adds a file that is to hold `text`. `is_own` tells whether an earlier run wrote the text that is there.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be read, or was not generated.
    pub fn add(
        &mut self,
        path: PathBuf,
        text: &str,
        is_own: impl Fn(&str) -> bool,
    ) -> Result<(), Obstacle> {
        let old = match read(&path) {
            Ok(text) => Some(with_line_feeds(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(old) = &old
            && !old.trim().is_empty()
            && !is_own(old)
        {
            return Err(Obstacle::NotGenerated(path));
        }
        if old.as_deref() != Some(text) {
            let new = text.to_owned();
            self.writes.push(Write { path, old, new });
        }
        Ok(())
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.removals.is_empty()
    }

    /// The files that differ.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let written = self.writes.iter().map(|write| write.path.as_path());
        written.chain(self.removed())
    }

    /// Those of them that are not to be there any more.
    pub fn removed(&self) -> impl Iterator<Item = &Path> {
        self.removals.iter().map(|(path, _)| path.as_path())
    }

    /// Writes and removes.
    ///
    /// # Errors
    ///
    /// When a file cannot be written or removed.
    pub fn apply(&self) -> io::Result<()> {
        for write in &self.writes {
            if let Some(folder) = write.path.parent() {
                fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
            }
            replace(&write.path, &write.new).map_err(|error| at(&write.path, error))?;
        }
        for (path, _) in &self.removals {
            fs::remove_file(path).map_err(|error| at(path, error))?;
            // Succeeds only where nothing is left in it.
            if let Some(folder) = path.parent() {
                let _ = fs::remove_dir(folder);
            }
        }
        Ok(())
    }

    /// What would change, as a unified difference.
    pub fn diff(&self) -> String {
        let writes = self
            .writes
            .iter()
            .map(|w| (&w.path, w.old.as_deref(), w.new.as_str()));
        let removals = self
            .removals
            .iter()
            .map(|(path, old)| (path, Some(old.as_str()), ""));
        writes
            .chain(removals)
            .map(|(path, old, new)| {
                let path = with_slashes(path);
                let before = if old.is_some() {
                    path.as_str()
                } else {
                    "/dev/null"
                };
                let after = if new.is_empty() {
                    "/dev/null"
                } else {
                    path.as_str()
                };
                let diff = TextDiff::from_lines(old.unwrap_or_default(), new);
                diff.unified_diff().header(before, after).to_string()
            })
            .collect()
    }
}

/// Why files cannot be compared with those that are to be written.
#[derive(Debug)]
pub enum Obstacle {
    /// A file or folder that is there cannot be read.
    Unreadable(io::Error),
    /// A file that would be overwritten was not generated.
    NotGenerated(PathBuf),
}

impl From<io::Error> for Obstacle {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::NotGenerated(path) => {
                write!(f, "{}: it is there, and was not generated", path.display())
            }
        }
    }
}

/// Whether howdah wrote the text.
fn is_generated(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains(MARK))
}

/// Writes a file that others see as it was or as it is to be, and never half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // Where it is a link, that stays.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let replaced = fs::write(&new, text).and_then(|()| fs::rename(&new, &path));
    if replaced.is_err() {
        let _ = fs::remove_file(&new);
    }
    replaced
}

/// The Rust files in `dir` and below, sorted; none if there is no such folder. Folders that are links, and those of another
/// configuration, which have a `schema` of their own, are left alone.
fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(dir, error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| at(dir, error))?;
        let kind = entry.file_type().map_err(|error| at(dir, error))?;
        paths.push((entry.path(), kind.is_dir()));
    }
    paths.sort();
    for (path, is_folder) in paths {
        if is_folder {
            if !path.join("schema.rs").exists() {
                rust_files(&path, found)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// The text of a file, which need not be howdah's own, or of anybody's in UTF-8.
fn read(path: &Path) -> io::Result<String> {
    let bytes = fs::read(path).map_err(|error| at(path, error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The error with the path that it is about.
pub(crate) fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> GeneratedFile {
        GeneratedFile {
            path: path.into(),
            text: text.to_owned(),
        }
    }

    fn generated(text: &str) -> String {
        format!("//! Queries. {MARK}.\n{text}")
    }

    #[test]
    fn only_what_changed_is_written_and_only_its_own_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let own = generated("a");
        let first = [file("mod.rs", &own), file("admin/users.rs", &own)];
        Changes::against(dir.path(), &first)
            .unwrap()
            .apply()
            .unwrap();
        fs::write(dir.path().join("mine.rs"), "fn mine() {}").unwrap();
        fs::write(dir.path().join("latin1.rs"), b"// \xe9t\xe9").unwrap();
        assert!(Changes::against(dir.path(), &first).unwrap().is_empty());

        let written = fs::metadata(dir.path().join("mod.rs"))
            .unwrap()
            .modified()
            .unwrap();
        let second = [file("mod.rs", &own), file("places.rs", "b")];
        let changes = Changes::against(dir.path(), &second).unwrap();
        let names: Vec<_> = changes
            .paths()
            .map(|path| path.strip_prefix(dir.path()).unwrap())
            .collect();
        assert_eq!(names, [Path::new("places.rs"), Path::new("admin/users.rs")]);
        changes.apply().unwrap();
        assert!(!dir.path().join("admin").exists());
        assert!(dir.path().join("mine.rs").exists());
        assert!(dir.path().join("latin1.rs").exists());
        let left = fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(left, 4, "what was written first is there still");
        let kept = fs::metadata(dir.path().join("mod.rs"))
            .unwrap()
            .modified()
            .unwrap();
        assert_eq!(kept, written);
    }

    #[cfg(unix)]
    #[test]
    fn what_another_configuration_wrote_below_is_not_removed() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let own = generated("a");
        let other = [file("mod.rs", &own), file("schema.rs", &own)];
        for folder in [&dir.path().join("audit"), &elsewhere.path().to_owned()] {
            Changes::against(folder, &other).unwrap().apply().unwrap();
        }
        std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("linked")).unwrap();
        let changes = Changes::against(dir.path(), &[file("mod.rs", &own)]).unwrap();
        let paths: Vec<_> = changes.paths().collect();
        assert_eq!(paths, [dir.path().join("mod.rs")]);
    }

    #[test]
    fn what_was_written_by_hand_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            file("mod.rs", &generated("a")),
            file("main.rs", &generated("b")),
        ];
        fs::write(dir.path().join("mod.rs"), "").unwrap();
        fs::write(dir.path().join("main.rs"), "fn main() {}").unwrap();
        let error = Changes::against(dir.path(), &files)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("main.rs: it is there, and was not generated"),
            "{error}"
        );
        fs::remove_file(dir.path().join("main.rs")).unwrap();
        Changes::against(dir.path(), &files)
            .unwrap()
            .apply()
            .unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("real.rs"), generated("a")).unwrap();
        std::os::unix::fs::symlink("real.rs", dir.path().join("mod.rs")).unwrap();
        let files = [file("mod.rs", &generated("b"))];
        Changes::against(dir.path(), &files)
            .unwrap()
            .apply()
            .unwrap();
        let link = fs::symlink_metadata(dir.path().join("mod.rs")).unwrap();
        assert!(link.is_symlink());
    }

    #[test]
    fn the_difference_names_the_lines() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.rs"), generated("one\ntwo\n")).unwrap();
        let diff = Changes::against(dir.path(), &[file("a.rs", &generated("one\nthree\n"))])
            .unwrap()
            .diff();
        assert!(diff.contains("-two\n+three\n"), "{diff}");
    }
}
