//! What can be wrong with a lock file.

use std::{error, fmt, io};

use super::FORMAT;

/// Why a lock file could not be read.
#[derive(Debug)]
pub enum LockError {
    /// It does not exist, or is not text.
    Unreadable(io::Error),
    /// Version control could not merge it.
    Unmerged,
    /// It is not JSON, or does not have this format.
    NotALock(serde_json::Error),
    /// It has another version of the format.
    OtherFormat(u32),
}

impl LockError {
    /// What to do.
    pub(crate) fn help(&self) -> String {
        let help = match self {
            Self::OtherFormat(format) if *format > FORMAT => {
                "a later howdah made it: use that version of howdah-codegen"
            }
            _ => "run `howdah generate` to make it",
        };
        help.to_owned()
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::Unmerged => f.write_str("it has the marks of a merge"),
            Self::NotALock(error) => error.fmt(f),
            Self::OtherFormat(format) => {
                write!(f, "it has format {format}, and this howdah knows {FORMAT}")
            }
        }
    }
}

impl error::Error for LockError {}
