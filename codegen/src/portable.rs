//! Makes results the same on all systems, including Windows.

use std::path::Path;

/// The text with `\n` as line ends. A checkout on Windows has `\r\n`. rustc reads sources in the same way.
pub(crate) fn with_line_feeds(text: String) -> String {
    match text.contains("\r\n") {
        true => text.replace("\r\n", "\n"),
        false => text,
    }
}

/// The path with slashes, for messages, generated code and the lock file.
pub(crate) fn with_slashes(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
