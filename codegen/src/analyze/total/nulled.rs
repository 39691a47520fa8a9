//! Arguments that need a value, although the function is not strict: for null, the result is null, a set without rows,
//! or an error. Such a null means no more than it does for a strict function.
//!
//! A condition is a list of positions (from 0), or `keys`: every other argument, from the first.

use std::sync::LazyLock;

use super::table::{self, Facts};

const FILE: &str = include_str!("nulled.txt");

/// The arguments of a line.
enum Nulled {
    At(Vec<usize>),
    Keys,
}

static FACTS: LazyLock<Facts<Nulled>> =
    LazyLock::new(|| Facts::read(&[FILE], |entry| meaning(entry.condition)));

/// Whether a built-in function returns null, no rows or an error for null at this position, for any other arguments.
///
/// ```
/// use howdah_codegen::analyze::total::is_nulled;
///
/// assert!(is_nulled("concat_ws(text,any)", 0));
/// assert!(!is_nulled("concat_ws(text,any)", 1));
/// assert!(is_nulled("jsonb_build_object(any)", 2));
/// ```
pub fn is_nulled(identity: &str, position: usize) -> bool {
    match FACTS.get(None, identity) {
        Some(Nulled::At(positions)) => positions.contains(&position),
        Some(Nulled::Keys) => position.is_multiple_of(2),
        None => false,
    }
}

/// Every line of the file, for tests and documentation.
pub fn nulled() -> impl Iterator<Item = Result<table::Entry, table::MalformedLine>> {
    table::entries(FILE)
}

fn meaning(condition: &str) -> Option<Nulled> {
    if condition == "keys" {
        return Some(Nulled::Keys);
    }
    let positions = condition.split_whitespace().map(|p| p.parse().ok());
    Some(Nulled::At(positions.collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_meaning() {
        for entry in nulled() {
            let entry = entry.unwrap_or_else(|line| panic!("{line}"));
            assert!(meaning(entry.condition).is_some(), "{entry:?}");
        }
        table::assert_sorted(FILE);
    }
}
