//! UNION, INTERSECT and EXCEPT: the verdict on a result column from the columns of the arms.

use super::env::Env;
use super::range_table::{self, referenced};
use super::reason::Verdict;
use crate::nodes::set_operation;
use crate::tree::Node;

/// The entries whose values a tree of set operations returns.
pub(super) fn arms_of_values(node: &Node<'_>) -> Option<Vec<usize>> {
    if let Some(entry) = referenced(node) {
        return Some(vec![entry]);
    }
    let mut arms = arms_of_values(node.node("larg")?)?;
    if node.number("op")? == set_operation::UNION {
        arms.extend(arms_of_values(node.node("rarg")?)?);
    }
    Some(arms)
}

/// The verdict on a column of a tree of set operations, whose leaves are entries of the environment's range table.
pub(super) fn column(env: &Env<'_, '_>, node: &Node<'_>, column: i64) -> Verdict {
    if let Some(entry) = referenced(node) {
        return range_table::column(env, entry, column);
    }
    let arm = |name| match node.node(name) {
        Some(arm) => self::column(env, arm, column),
        None => Verdict::nullable("an arm of the set operation is not known", None),
    };
    let left = arm("larg");
    match node.number("op") {
        // A row with null in one arm has null in the other: rows are compared like by `is not distinct from`.
        Some(set_operation::INTERSECT) if left.nullable => arm("rarg"),
        Some(set_operation::UNION) if !left.nullable => arm("rarg"),
        _ => left,
    }
}
