//! Functions that never return null: the facts by which the analysis calls the result of a function not null.
//!
//! The facts are data, in `*.txt` next to this file, and a test calls every function with every kind of value. A wrong
//! entry is a crash in a user's production, a missing one only a needless `Option`: when in doubt, leave it out.
//! Nothing here looks at a query or at OIDs.
//!
//! A function is identified by its extension (`None` for built-in functions) and its identity: the name and the
//! `typname`s of its input arguments, `lower(text)`, `array_append(anycompatiblearray,anycompatible)`. The functions of
//! operators and casts are included. Signatures that differ between PostgreSQL 14 and 18 are all listed.
//!
//! # The files
//!
//! `[extension]` starts a section (`[pg_catalog]` for built-ins); a line is `identity`, or `identity = condition`, and
//! can end in ` # evidence`. Conditions:
//!
//! | condition | the result is not null if |
//! | --- | --- |
//! | none | no argument is null |
//! | `even null` | always, for any arguments |
//! | `0 2` | the arguments at these positions (from 0) are not null |
//! | `any` | at least one argument is not null |
//! | `when 0 in day hour` | no argument is null and the first is one of these constants; `default` if it is not given |
//! | `rows key value?` | the function returns rows; these are its columns in order, with `?` for those that can be null |

mod aggregate;
mod finite;
mod nulled;
mod table;

use std::sync::LazyLock;

pub use aggregate::{Aggregate, aggregate, aggregates};
pub use finite::{Finite, finite, finites};
pub use nulled::{is_nulled, nulled};
use table::Facts;
pub use table::{Entry, MalformedLine};

/// When the result of a function is not null.
///
/// For a set-returning function this is about the value in each returned row. A function that returns `void` returns an
/// empty value, not null. In a call with VARIADIC, the array itself must also be not null: `concat(variadic null)` is
/// null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Totality {
    /// Every argument is not null. Elements of arrays and fields of composites can be null.
    Always,
    /// The arguments at these positions are not null; others can be null. If empty, the result is never null.
    WhenArguments(Vec<usize>),
    /// At least one argument is not null.
    WhenAnyArgument,
    /// Every argument is not null, and one is a known constant.
    WhenConstant {
        /// The position of the constant.
        argument: usize,
        /// The constants, in lower case; PostgreSQL ignores their case.
        values: Vec<&'static str>,
    },
}

const FILES: [&str; 4] = [
    include_str!("builtin.txt"),
    include_str!("contrib.txt"),
    include_str!("pgvector.txt"),
    include_str!("postgis.txt"),
];

/// The fact in a line about a function.
enum Fact {
    Value(Totality),
    Rows(Vec<bool>),
}

static FACTS: LazyLock<Facts<Fact>> = LazyLock::new(|| Facts::read(&FILES, fact));

/// When the result of this function is not null. `None` if it is not known.
///
/// ```
/// use howdah_codegen::analyze::total::{Totality, totality};
///
/// assert_eq!(totality(None, "lower(text)"), Some(&Totality::Always));
/// assert_eq!(totality(None, "concat_ws(text,any)"), Some(&Totality::WhenArguments(vec![0])));
/// assert_eq!(totality(None, "array_length(anyarray,int4)"), None);
/// assert_eq!(totality(Some("hstore"), "akeys(hstore)"), Some(&Totality::Always));
/// ```
pub fn totality(extension: Option<&str>, identity: &str) -> Option<&'static Totality> {
    match FACTS.get(extension, identity)? {
        Fact::Value(totality) => Some(totality),
        // The row itself is never null.
        Fact::Rows(_) => Some(&Totality::Always),
    }
}

/// For a function with several output columns: which of them, in order, are never null in a row for arguments that are
/// not null. `None` if it is not known.
///
/// ```
/// use howdah_codegen::analyze::total::output_columns;
///
/// assert_eq!(output_columns(None, "jsonb_each_text(jsonb)"), Some(&[true, false][..]));
/// ```
pub fn output_columns(extension: Option<&str>, identity: &str) -> Option<&'static [bool]> {
    match FACTS.get(extension, identity)? {
        Fact::Rows(not_null) => Some(not_null),
        Fact::Value(_) => None,
    }
}

/// Every line of the files on functions, for tests and documentation.
pub fn functions() -> impl Iterator<Item = Result<Entry, MalformedLine>> {
    FILES.into_iter().flat_map(table::entries)
}

fn fact(entry: &Entry) -> Option<Fact> {
    let words: Vec<&'static str> = entry.condition.split_whitespace().collect();
    let totality = match words[..] {
        [] => Totality::Always,
        ["any"] => Totality::WhenAnyArgument,
        ["even", "null"] => Totality::WhenArguments(Vec::new()),
        ["rows", ref columns @ ..] if !columns.is_empty() => {
            return Some(Fact::Rows(
                columns.iter().map(|c| !c.ends_with('?')).collect(),
            ));
        }
        ["when", argument, "in", ref values @ ..] if !values.is_empty() => Totality::WhenConstant {
            argument: argument.parse().ok()?,
            values: values.to_vec(),
        },
        ref positions => Totality::WhenArguments(
            positions
                .iter()
                .map(|p| p.parse().ok())
                .collect::<Option<_>>()?,
        ),
    };
    Some(Fact::Value(totality))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_states_a_fact() {
        for entry in functions() {
            let entry = entry.unwrap_or_else(|line| panic!("{line}"));
            assert!(fact(&entry).is_some(), "{entry:?}");
        }
    }

    #[test]
    fn files_are_sorted_and_say_nothing_twice() {
        for file in FILES {
            table::assert_sorted(file);
        }
    }

    #[test]
    fn conditions_are_read() {
        let constant = totality(None, "extract(text,timestamptz)").unwrap();
        assert!(
            matches!(constant, Totality::WhenConstant { argument: 0, values } if values.contains(&"epoch") && !values.contains(&"day"))
        );
        assert_eq!(
            totality(None, "concat(any)"),
            Some(&Totality::WhenArguments(vec![]))
        );
        assert_eq!(
            totality(None, "array_cat(anycompatiblearray,anycompatiblearray)"),
            Some(&Totality::WhenAnyArgument)
        );
        assert_eq!(totality(None, "jsonb_each(jsonb)"), Some(&Totality::Always));
        assert_eq!(output_columns(None, "lower(text)"), None);
        assert_eq!(totality(Some("nowhere"), "lower(text)"), None);
    }
}
