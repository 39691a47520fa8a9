//! What is wrong, or worth knowing, and where: every stage's findings in one form, shown with the source underlined.
//!
//! A diagnostic is plain data until `render` shows it. Stages collect all of theirs; none stops at the first.

mod help;
mod render;
mod server;

pub(crate) use render::render_one;
pub use render::{Sources, Style, render};
pub(crate) use server::{name_at, never_planned, refused};

use std::ops::Range;
use std::path::PathBuf;

pub use crate::source::Severity;
use crate::source::SourceError;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, as a sentence without its full stop.
    pub message: String,
    /// The file, as [`Sources`] knows it; none for what is about no file.
    pub path: Option<PathBuf>,
    /// The bytes of the file to underline.
    pub span: Range<usize>,
    /// What to say below the underlined text; may be empty.
    pub label: String,
    /// A second text to underline, and what to say about it.
    pub also: Option<(Range<usize>, String)>,
    /// What else is known.
    pub notes: Vec<String>,
    /// The way out, where there is one.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error about a text of a file.
    pub fn error(
        message: impl Into<String>,
        path: impl Into<PathBuf>,
        span: Range<usize>,
        label: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            path: Some(path.into()),
            span,
            label: label.into(),
            also: None,
            notes: Vec::new(),
            help: None,
        }
    }

    /// A warning about a text of a file.
    pub fn warning(
        message: impl Into<String>,
        path: impl Into<PathBuf>,
        span: Range<usize>,
        label: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message, path, span, label)
        }
    }

    /// An error that is about no file.
    pub fn general(message: impl Into<String>) -> Self {
        Self {
            path: None,
            ..Self::error(message, "", 0..0, "")
        }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with one more thing that is known.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// What the source stage found wrong with the file at `path`.
    pub fn from_source(path: impl Into<PathBuf>, error: SourceError) -> Self {
        Self {
            severity: error.severity,
            also: error.also,
            help: error.help,
            ..Self::error(error.message, path, error.span, error.label)
        }
    }
}
