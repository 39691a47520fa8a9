//! A verdict on an expression, with the words for why.

use std::fmt::Display;

use super::verdict::Reason;

/// Whether an expression can be null, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) nullable: bool,
    pub(super) reason: Reason,
}

impl Verdict {
    pub(super) fn not_null(text: impl Display, at: Option<usize>) -> Self {
        Self {
            nullable: false,
            reason: Reason::new(text, at),
        }
    }

    pub(super) fn nullable(text: impl Display, at: Option<usize>) -> Self {
        Self {
            nullable: true,
            reason: Reason::new(text, at),
        }
    }

    /// This verdict as one on the result of the function `name`.
    pub(super) fn inside(&self, name: &str) -> Self {
        Self {
            nullable: self.nullable,
            reason: Reason::new(format!("in `{name}`, {}", self.reason.text), None),
        }
    }

    /// This verdict, with the position `at` if it has none of its own.
    pub(super) fn or_at(mut self, at: Option<usize>) -> Self {
        self.reason.at = self.reason.at.or(at);
        self
    }
}

impl Reason {
    pub(super) fn new(text: impl Display, at: Option<usize>) -> Self {
        Self {
            text: text.to_string(),
            at,
        }
    }

    /// The reason with the line that it points at, which `line_of` finds by the place in the SQL.
    pub(crate) fn with_line(&self, line_of: impl FnOnce(usize) -> usize) -> String {
        match self.at {
            Some(at) if !self.text.is_empty() => format!("{} (line {})", self.text, line_of(at)),
            _ => self.text.clone(),
        }
    }
}
