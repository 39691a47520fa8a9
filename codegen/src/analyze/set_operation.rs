//! UNION, INTERSECT and EXCEPT: the verdict on a result column from the columns of the arms.
//!
//! The planner casts what the arms give to the type of the result; the tree does not show it.

use super::context::Context;
use super::env::Env;
use super::range_table::{self, referenced};
use super::reason::Verdict;
use super::scope::Scope;
use super::typed;
use crate::nodes::set_operation;
use crate::tree::Node;

/// The entries of the scope whose values a column of a tree of set operations returns. `None` if they are cast by a function
/// that the user may have defined.
pub(super) fn arms_of_values(
    context: &Context<'_>,
    scope: &Scope<'_>,
    node: &Node<'_>,
    column: i64,
) -> Option<Vec<usize>> {
    if let Some(entry) = referenced(node) {
        return Some(vec![entry]);
    }
    let arms = |name| {
        let arm = node.node(name)?;
        let (given, wanted) = types(context, scope, node, arm, column)?;
        let is_kept = context.cast_keeps_elements(given, wanted);
        is_kept.then(|| arms_of_values(context, scope, arm, column))?
    };
    let mut entries = arms("larg")?;
    if node.number("op")? == set_operation::UNION {
        entries.extend(arms("rarg")?);
    }
    Some(entries)
}

/// The type of a column of an arm, and that which a set operation casts it to.
fn types(
    context: &Context<'_>,
    scope: &Scope<'_>,
    node: &Node<'_>,
    arm: &Node<'_>,
    column: i64,
) -> Option<(u32, u32)> {
    let given = match referenced(arm) {
        Some(entry) => typed::of_column(scope, context.catalog, entry, column),
        None => typed::of_set_operation(arm, column),
    };
    Some((given?.oid, typed::of_set_operation(node, column)?.oid))
}

/// The verdict on a column of a tree of set operations, whose leaves are entries of the environment's range table.
pub(super) fn column(env: &Env<'_, '_>, node: &Node<'_>, column: i64) -> Verdict {
    if let Some(entry) = referenced(node) {
        return range_table::column(env, entry, column);
    }
    let context = env.context;
    let arm = |name| {
        let Some(arm) = node.node(name) else {
            return Verdict::nullable("an arm of the set operation is not known", None);
        };
        let types = types(context, &env.scope, node, arm, column);
        match types.is_some_and(|(given, wanted)| context.cast_keeps_null_out(given, wanted)) {
            true => self::column(env, arm, column),
            false => Verdict::nullable(
                "what an arm of the set operation gives is cast, which can give null",
                None,
            ),
        }
    };
    let left = arm("larg");
    match node.number("op") {
        // A row with null in one arm has null in the other: rows are compared like by `is not distinct from`.
        Some(set_operation::INTERSECT) if left.nullable => arm("rarg"),
        Some(set_operation::UNION) if !left.nullable => arm("rarg"),
        _ => left,
    }
}
