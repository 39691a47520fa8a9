//! Errors and warnings of all stages in one form, shown with the source underlined.
//!
//! A diagnostic is plain data until `render` shows it. Stages collect all diagnostics; none stops at the first.

mod doubt;
mod help;
mod render;
mod server;
mod untyped;

pub(crate) use doubt::doubtful;
pub(crate) use render::render_one;
pub use render::{Sources, Style, render};
pub(crate) use server::{name_at, never_planned, refused};

use std::ops::Range;
use std::path::PathBuf;

pub use crate::source::Severity;
use crate::source::SourceError;

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it is an error or a warning.
    pub severity: Severity,
    /// The message: a sentence without a full stop.
    pub message: String,
    /// The file, with its name in [`Sources`]. `None` if it is about no file.
    pub path: Option<PathBuf>,
    /// The bytes of the file to underline.
    pub span: Range<usize>,
    /// The text below the underlined source. It can be empty.
    pub label: String,
    /// A second range to underline, and the text below it.
    pub also: Option<(Range<usize>, String)>,
    /// Further notes.
    pub notes: Vec<String>,
    /// What to do, if known.
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

    /// A warning that is about no file.
    pub fn general_warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::general(message)
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The diagnostic for an error of the source stage in the file at `path`.
    pub fn from_source(path: impl Into<PathBuf>, error: SourceError) -> Self {
        Self {
            severity: error.severity,
            also: error.also,
            help: error.help,
            ..Self::error(error.message, path, error.span, error.label)
        }
    }
}
