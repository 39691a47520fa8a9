//! What was checked and generated on one system is what it is on another, Windows included.

use std::path::Path;

/// The text with lines that end in a line feed alone: a checkout on Windows has a carriage return before it. rustc reads
/// sources in the same way.
pub(crate) fn with_line_feeds(text: String) -> String {
    match text.contains("\r\n") {
        true => text.replace("\r\n", "\n"),
        false => text,
    }
}

/// The path with slashes between its folders, as messages, generated code and the lock file have it.
pub(crate) fn with_slashes(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
