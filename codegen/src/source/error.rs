//! Errors and warnings about a `.sql` file, with their positions, as data; `diagnostics` renders them.
//!
//! Spans are byte ranges of the file as it was read, byte order mark and all.

use std::iter;
use std::ops::Range;

/// Whether a finding is an error or a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Code is generated, but it may not be what the author expects.
    Warning,
}

/// An error or a warning about a `.sql` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// Whether it is an error or a warning.
    pub severity: Severity,
    /// The message: a sentence without a full stop.
    pub message: String,
    /// The text to underline.
    pub span: Range<usize>,
    /// The text below the underlined source. It can be empty.
    pub label: String,
    /// What to do, if known.
    pub help: Option<String>,
    /// A second range to underline, and the text below it.
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

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> SourceError {
        self.help = Some(help.into());
        self
    }

    /// Makes it a warning.
    #[must_use]
    pub fn warning(mut self) -> SourceError {
        self.severity = Severity::Warning;
        self
    }

    /// Adds a second underlined range.
    #[must_use]
    pub fn also(mut self, span: Range<usize>, label: impl Into<String>) -> SourceError {
        self.also = Some((span, label.into()));
        self
    }
}

/// The starts of a text's lines, to find the lines and columns of many byte offsets.
///
/// Lines and columns count from 1, columns in characters. A byte order mark is not counted; an offset past the end
/// means the end, and one inside a character means that character.
///
/// ```
/// use howdah_codegen::source::Lines;
///
/// let lines = Lines::of("select\n  'é', x");
/// assert_eq!(lines.line_column("select\n  'é', ".len()), (2, 8));
/// ```
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Finds the starts of the lines of `text`.
    pub fn of(text: &'t str) -> Self {
        let first = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
        let others = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: iter::once(first).chain(others).collect(),
        }
    }

    /// The line of a byte offset.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }

    /// The line and the column of a byte offset.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let line = self.line(offset);
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(self.starts[line - 1]..end);
        (line, before.unwrap_or_default().chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_and_columns_count_from_one() {
        for (text, offset, expected) in [
            ("", 0, (1, 1)),
            ("ab", 1, (1, 2)),
            ("a\nb", 2, (2, 1)),
            ("a\r\nb", 3, (2, 1)),
            ("a\n", 9, (2, 1)),
            ("a\nb", 9, (2, 2)),
            ("\u{feff}ab", 4, (1, 2)),
            ("\u{feff}ab", 0, (1, 1)),
            ("\u{feff}\u{feff}a", 6, (1, 2)),
            ("é🐘x", 6, (1, 3)),
            ("é", 1, (1, 1)),
        ] {
            assert_eq!(
                Lines::of(text).line_column(offset),
                expected,
                "{text:?} at {offset}"
            );
        }
    }
}
