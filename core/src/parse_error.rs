//! Why a text is not a value of one of howdah's own types. Its message never repeats the text.

use std::{error::Error as StdError, fmt};

/// Why a text is not a value of the type that was asked for.
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
