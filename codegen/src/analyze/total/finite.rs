//! The results of functions for finite dates, times, intervals and numbers.
//!
//! `extract` and `to_char` return null for an infinity, and `to_char` for an empty format, but never for a finite
//! value. A condition holds if the arguments are as [`Finite`] says.

use std::sync::LazyLock;

use super::table::{self, Facts};

/// The result of a function if every date, time or number among the arguments is finite, and every text is a constant
/// that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finite {
    /// A finite date, time, interval or number: `finite`.
    Value,
    /// Something that is not null: `not null`.
    NotNull,
}

const FILE: &str = include_str!("finite.txt");

static FACTS: LazyLock<Facts<Finite>> =
    LazyLock::new(|| Facts::read(&[FILE], |entry| meaning(entry.condition)));

/// The result of a built-in function for finite arguments. `None` if it is not known.
///
/// ```
/// use howdah_codegen::analyze::total::{Finite, finite};
///
/// assert_eq!(finite("now()"), Some(Finite::Value));
/// assert_eq!(finite("to_char(timestamptz,text)"), Some(Finite::NotNull));
/// assert_eq!(finite("timestamptz(date)"), Some(Finite::Value));
/// assert_eq!(finite("to_timestamp(text,text)"), None);
/// ```
pub fn finite(identity: &str) -> Option<Finite> {
    FACTS.get(None, identity).copied()
}

/// Every line of the file, for tests and documentation.
pub fn finites() -> impl Iterator<Item = Result<table::Entry, table::MalformedLine>> {
    table::entries(FILE)
}

fn meaning(condition: &str) -> Option<Finite> {
    match condition {
        "finite" => Some(Finite::Value),
        "not null" => Some(Finite::NotNull),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_meaning() {
        for entry in finites() {
            let entry = entry.unwrap_or_else(|line| panic!("{line}"));
            assert!(meaning(entry.condition).is_some(), "{entry:?}");
        }
        table::assert_sorted(FILE);
    }
}
