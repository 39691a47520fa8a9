//! The results of utility statements that return rows: EXPLAIN and SHOW. CALL returns one row with the procedure's
//! output arguments, of which nothing is known.

use super::reason::Verdict;
use super::rows::Rows;
use crate::describe::Description;
use crate::nodes::oid;

/// The verdict on a statement's result column, counted from 0.
pub(super) fn column(description: &Description, place: usize) -> Option<Verdict> {
    let known = |text| Some(Verdict::not_null(text, None));
    match (&description.command[..], description.columns.len(), place) {
        ("explain", 1, 0) => known("EXPLAIN gives lines of text, or a document"),
        ("show", 1, 0) => known("a setting that has no value is shown as empty text"),
        // SHOW ALL; not every setting has a value and a description.
        ("show", _, 0) => known("every setting has a name"),
        _ => None,
    }
}

/// Whether it calls a procedure, which cannot be strict.
pub(super) fn is_call(description: &Description) -> bool {
    description.command == "call"
}

/// The rows of a statement.
pub(super) fn rows(description: &Description) -> Option<Rows> {
    match (&description.command[..], description.columns.len()) {
        ("show", 1) => Some(Rows::One("SHOW gives one setting".into())),
        ("call", 1..) => Some(Rows::One(
            "CALL gives one row of what the procedure gives back".into(),
        )),
        ("explain", 1) if [oid::JSON, oid::XML].contains(&description.columns[0].type_oid) => {
            Some(Rows::One("EXPLAIN gives one document".into()))
        }
        ("show" | "explain", _) => Some(Rows::Many("it returns a line each".into())),
        _ => None,
    }
}
