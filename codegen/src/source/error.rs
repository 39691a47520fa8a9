//! What is wrong with a `.sql` file, and where: plain data, which someone else renders.
//!
//! Spans are byte ranges of the file as it was read, byte order mark and all.

use std::ops::Range;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated, but not quite what one might expect.
    Warning,
}

/// One thing wrong with a `.sql` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
    /// The text to underline.
    pub span: Range<usize>,
    /// What to say below the underlined text; may be empty.
    pub label: String,
    /// The way out, where there is one.
    pub help: Option<String>,
    /// A second text to underline, and what to say about it.
    pub also: Option<(Range<usize>, String)>,
}

impl SourceError {
    /// An error with one underlined text.
    pub fn new(
        message: impl Into<String>,
        span: Range<usize>,
        label: impl Into<String>,
    ) -> SourceError {
        SourceError {
            severity: Severity::Error,
            message: message.into(),
            span,
            label: label.into(),
            help: None,
            also: None,
        }
    }

    /// The same error with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> SourceError {
        self.help = Some(help.into());
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> SourceError {
        self.severity = Severity::Warning;
        self
    }

    /// The same error with a second underlined text.
    #[must_use]
    pub fn also(mut self, span: Range<usize>, label: impl Into<String>) -> SourceError {
        self.also = Some((span, label.into()));
        self
    }
}

/// The line and the column of a byte offset, both from 1, the column in characters. A byte order mark is not counted;
/// an offset past the end means the end, one inside of a character means that character.
///
/// ```
/// use howdah_codegen::source::line_column;
///
/// assert_eq!(line_column("select\n  'é', x", "select\n  'é', ".len()), (2, 8));
/// ```
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::line_column;

    #[test]
    fn lines_and_columns_count_from_one() {
        for (text, offset, expected) in [
            ("", 0, (1, 1)),
            ("ab", 1, (1, 2)),
            ("a\nb", 2, (2, 1)),
            ("a\r\nb", 3, (2, 1)),
            ("a\n", 9, (2, 1)),
            ("\u{feff}ab", 4, (1, 2)),
            ("é🐘x", 6, (1, 3)),
            ("é", 1, (1, 1)),
        ] {
            assert_eq!(line_column(text, offset), expected, "{text:?} at {offset}");
        }
    }
}
