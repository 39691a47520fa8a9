//! The error of parsing one of howdah's own types. Its message never repeats the text.

use std::{error::Error as StdError, fmt};

/// The error of parsing a text as one of howdah's types. The message says what is wrong, and does not repeat the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(&'static str);

impl ParseError {
    pub(crate) const fn new(message: &'static str) -> Self {
        Self(message)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for ParseError {}
