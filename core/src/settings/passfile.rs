//! The password file ([The Password File](https://www.postgresql.org/docs/current/libpq-pgpass.html)): it is read each
//! time that a session without a password is opened, so that a changed password needs no restart.

use std::{fs, path::Path};

use zeroize::Zeroizing;

use crate::connect::Password;

/// The password for this connection, if the file has one. Like in libpq, a file that other users can read is ignored.
pub(super) fn password(
    path: &Path,
    host: &str,
    port: u16,
    database: &str,
    user: &str,
) -> Option<Password> {
    if !is_private(path) {
        return None;
    }
    let text = Zeroizing::new(fs::read_to_string(path).ok()?);
    let port = port.to_string();
    text.lines()
        .find_map(|line| matching(line, [host, &port, database, user]))
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(path: &Path) -> bool {
    path.is_file()
}

/// The password of a line whose first four fields match, or are `*`.
fn matching(line: &str, wanted: [&str; 4]) -> Option<Password> {
    if line.starts_with('#') {
        return None;
    }
    let mut rest = line;
    for wanted in wanted {
        let (field, after) = field(rest)?;
        if *field != "*" && *field != wanted {
            return None;
        }
        rest = after;
    }
    Some(Zeroizing::new(unescaped(rest).as_bytes().to_vec()))
}

/// A field, and the text after its colon.
fn field(text: &str) -> Option<(Zeroizing<String>, &str)> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            ':' if !escaped => return Some((unescaped(&text[..at]), &text[at + 1..])),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

fn unescaped(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_matches_counts() {
        let line = |line| {
            matching(line, ["db", "5432", "app", "me"])
                .map(|word| String::from_utf8(word.to_vec()).unwrap())
        };
        assert_eq!(line("db:5432:app:me:secret").as_deref(), Some("secret"));
        assert_eq!(line("*:*:*:me:a\\:b\\\\c").as_deref(), Some("a:b\\c"));
        assert_eq!(line("other:*:*:*:secret"), None);
        assert_eq!(line("# db:5432:app:me:secret"), None);
        assert_eq!(line("db:5432:app"), None);
        assert_eq!(
            matching("d\\:b:*:*:*:x", ["d:b", "1", "2", "3"])
                .map(|word| String::from_utf8(word.to_vec()).unwrap()),
            Some("x".to_owned())
        );
    }
}
