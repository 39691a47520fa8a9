//! When aggregates and window functions do not return null. They have the same kind of identity as functions.
//!
//! This is about one call over one group or frame. The analysis decides whether a group has rows, or a frame contains
//! the current row; only [`Aggregate::Always`] promises something about empty input.

use std::sync::LazyLock;

use super::table::{self, Facts};

/// When the result of an aggregate or window function is not null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// Always, even without rows: `count`, `row_number`.
    Always,
    /// If there is at least one row without a null argument: `sum`, `max`. Direct arguments of ordered-set aggregates
    /// must be not null, too.
    WhenInput,
    /// If there is at least one row, even one of nulls: `array_agg`.
    WhenRows,
    /// If no argument is null in any row: `lag` with a default, `ntile`.
    WhenArguments,
    /// If the frame cannot be empty and the argument is not null in any row: `first_value`.
    FrameValue,
}

const FILE: &str = include_str!("aggregates.txt");

static CLASSES: LazyLock<Facts<Aggregate>> =
    LazyLock::new(|| Facts::read(&[FILE], |entry| class(entry.condition)));

/// When the result of this aggregate or window function is not null. `None` if it is not known.
///
/// ```
/// use howdah_codegen::analyze::total::{Aggregate, aggregate};
///
/// assert_eq!(aggregate(None, "count()"), Some(Aggregate::Always));
/// assert_eq!(aggregate(None, "sum(int4)"), Some(Aggregate::WhenInput));
/// assert_eq!(aggregate(None, "stddev(float8)"), None); // null over one row
/// ```
pub fn aggregate(extension: Option<&str>, identity: &str) -> Option<Aggregate> {
    CLASSES.get(extension, identity).copied()
}

/// Every line of the file on aggregates and window functions, for tests and documentation.
pub fn aggregates() -> impl Iterator<Item = Result<table::Entry, table::MalformedLine>> {
    table::entries(FILE)
}

fn class(condition: &str) -> Option<Aggregate> {
    Some(match condition {
        "always" => Aggregate::Always,
        "input" => Aggregate::WhenInput,
        "rows" => Aggregate::WhenRows,
        "arguments" => Aggregate::WhenArguments,
        "frame" => Aggregate::FrameValue,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_names_a_class() {
        for entry in aggregates() {
            let entry = entry.unwrap_or_else(|line| panic!("{line}"));
            assert!(class(entry.condition).is_some(), "{entry:?}");
        }
        table::assert_sorted(FILE);
    }

    #[test]
    fn what_may_be_null_over_one_row_has_no_class() {
        for identity in [
            "corr(float8,float8)",
            "var_samp(int4)",
            "nth_value(anyelement,int4)",
            "lag(anyelement)",
        ] {
            assert_eq!(aggregate(None, identity), None, "{identity}");
        }
    }
}
