//! What can be wrong with a lock file.

use std::{error, fmt, io};

use super::FORMAT;

/// Why a lock file could not be read.
#[derive(Debug)]
pub enum LockError {
    /// It is not there, or no text.
    Unreadable(io::Error),
    /// It is no JSON, or not what this format has.
    NotALock(serde_json::Error),
    /// It has another format than the one that is known here.
    OtherFormat(u32),
}

impl LockError {
    /// The way out.
    pub(crate) fn help(&self) -> String {
        let help = match self {
            Self::OtherFormat(format) if *format > FORMAT => {
                "a later howdah made it: use that version of howdah-codegen"
            }
            _ => "run `howdah generate` with a database to make it",
        };
        help.to_owned()
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::NotALock(error) => error.fmt(f),
            Self::OtherFormat(format) => {
                write!(f, "it has format {format}, and this howdah knows {FORMAT}")
            }
        }
    }
}

impl error::Error for LockError {}
