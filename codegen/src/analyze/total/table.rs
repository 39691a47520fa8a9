//! Reads the fact files: sections, lines, comments. It does not know the meaning of conditions.

use std::collections::HashMap;
use std::fmt;

/// One line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The section's extension, `pg_catalog` for built-ins.
    pub extension: &'static str,
    /// The function, as `name(typname,typname)`.
    pub identity: &'static str,
    /// The text after `=`. Empty without one.
    pub condition: &'static str,
}

/// A line that is neither a section, a comment nor an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedLine(String);

impl fmt::Display for MalformedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no entry of a section", self.0)
    }
}

impl std::error::Error for MalformedLine {}

/// The facts of the entries, by extension and identity.
pub(super) struct Facts<T>(HashMap<&'static str, HashMap<&'static str, T>>);

impl<T> Facts<T> {
    /// Reads `files`. A line that is malformed, or that `meaning` does not know, is ignored; tests check that there is
    /// none.
    pub(super) fn read(files: &[&'static str], meaning: fn(&Entry) -> Option<T>) -> Self {
        let mut sections: HashMap<_, HashMap<_, _>> = HashMap::new();
        for entry in files.iter().copied().flat_map(entries).flatten() {
            if let Some(fact) = meaning(&entry) {
                sections
                    .entry(entry.extension)
                    .or_default()
                    .insert(entry.identity, fact);
            }
        }
        Self(sections)
    }

    /// The fact about a function.
    pub(super) fn get(&self, extension: Option<&str>, identity: &str) -> Option<&T> {
        self.0.get(extension.unwrap_or("pg_catalog"))?.get(identity)
    }
}

/// The entries of `file` in order.
pub(super) fn entries(file: &'static str) -> impl Iterator<Item = Result<Entry, MalformedLine>> {
    let mut extension = None;
    file.lines().filter_map(move |line| {
        let text = line.split('#').next().unwrap_or_default().trim();
        if text.is_empty() {
            return None;
        }
        if let Some(name) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            extension = Some(name);
            return None;
        }
        let entry = extension.and_then(|extension| entry(extension, text));
        Some(entry.ok_or_else(|| MalformedLine(line.to_owned())))
    })
}

fn entry(extension: &'static str, text: &'static str) -> Option<Entry> {
    let (identity, condition) = match text.split_once('=') {
        Some((identity, condition)) if !condition.trim().is_empty() => {
            (identity.trim(), condition.trim())
        }
        Some(_) => return None,
        None => (text, ""),
    };
    let (name, arguments) = identity.strip_suffix(')')?.split_once('(')?;
    let is_word = |w: &str| !w.is_empty() && !w.contains([' ', '(', ')']);
    let well_formed = is_word(name) && (arguments.is_empty() || arguments.split(',').all(is_word));
    well_formed.then_some(Entry {
        extension,
        identity,
        condition,
    })
}

/// Fails unless the entries of `file` are sorted within their sections, without duplicates.
#[cfg(test)]
pub(super) fn assert_sorted(file: &'static str) {
    let entries: Vec<Entry> = entries(file).map(|e| e.unwrap()).collect();
    for pair in entries.windows(2) {
        if pair[0].extension == pair[1].extension {
            assert!(
                pair[0].identity < pair[1].identity,
                "{} and {} are not in order",
                pair[0].identity,
                pair[1].identity
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let file = "# head\n\n[x]\na(int4)\nb(any) = 0 2  # why\n[y]\nc()\n";
        let read: Vec<_> = entries(file)
            .map(|e| e.unwrap())
            .map(|e| (e.extension, e.identity, e.condition))
            .collect();
        assert_eq!(
            read,
            [
                ("x", "a(int4)", ""),
                ("x", "b(any)", "0 2"),
                ("y", "c()", "")
            ]
        );
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        for file in [
            "a(int4)",
            "[x]\na",
            "[x]\na(int4",
            "[x]\na(,)",
            "[x]\na() =",
            "[x]\na b()",
        ] {
            assert!(entries(file).any(|e| e.is_err()), "{file}");
        }
    }
}
