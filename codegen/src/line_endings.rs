//! Lines end in a line feed here, also where a checkout has them end in a carriage return and a line feed, as git does on
//! Windows: what was checked and generated on one system is what it is on another. rustc reads sources in the same way.

/// The text with line feeds alone.
pub(crate) fn with_line_feeds(text: String) -> String {
    match text.contains("\r\n") {
        true => text.replace("\r\n", "\n"),
        false => text,
    }
}
