//! Recursive common table expressions: not null by induction.
//!
//! First, all columns are assumed to be not null. An assumption that the two arms do not confirm is dropped, until all
//! remaining ones are confirmed.

use std::rc::Rc;

use super::env::Env;
use super::facts::Facts;
use super::reason::Verdict;
use super::scope::Scope;
use super::{elements, range_table, set_operation};
use crate::tree::Node;

/// Whether the scope is that of a recursive query: a UNION with an arm that refers to the whole.
pub(super) fn is_recursive(scope: &Scope<'_>) -> bool {
    let is_union = scope.query.node("setOperations").is_some();
    is_union && refers_to_itself(scope.query, 0)
}

/// Whether a query `depth` levels below the recursive one refers to it, in its FROM or deeper: in a subquery, or in its
/// own common table expressions, which can be recursive themselves.
fn refers_to_itself(query: &Node<'_>, depth: i64) -> bool {
    let is_reference = |entry: &Node<'_>| {
        entry.flag("self_reference") && entry.number("ctelevelsup") == Some(depth + 1)
    };
    let mut entries = query.nodes("rtable");
    let subqueries = query
        .nodes("rtable")
        .filter_map(|entry| entry.node("subquery"));
    let definitions = query
        .nodes("cteList")
        .filter_map(|definition| definition.node("ctequery"));
    entries.any(is_reference)
        || (depth < 64
            && subqueries
                .chain(definitions)
                .any(|inner| refers_to_itself(inner, depth + 1)))
}

/// The scope of the recursive query that an entry refers to, if it does.
pub(super) fn of_entry<'t>(env: &Env<'_, 't>, entry: &Node<'_>) -> Option<Rc<Scope<'t>>> {
    let (owner, query) = range_table::definition(&env.scope, entry)?;
    let scope = env.context.child(&owner, query);
    (entry.flag("self_reference") || is_recursive(&scope)).then_some(scope)
}

/// Facts about a column of a recursive query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proven {
    not_null: bool,
    /// For an array: no element is null.
    elements_not_null: bool,
}

/// The verdict on a column of the recursive query whose scope this is.
pub(super) fn column<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>, column: i64) -> Verdict {
    match proven(env, scope, column) {
        Some(proven) if proven.not_null => {
            Verdict::not_null("neither arm of the recursive query gives null", None)
        }
        _ => Verdict::nullable("an arm of the recursive query may give null", None),
    }
}

/// The verdict on the elements of a column of arrays.
pub(super) fn elements<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>, column: i64) -> Verdict {
    match proven(env, scope, column) {
        Some(proven) if proven.elements_not_null => Verdict::not_null(
            "neither arm of the recursive query gives null elements",
            None,
        ),
        _ => Verdict::nullable("an arm of the recursive query may give null elements", None),
    }
}

fn proven<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>, column: i64) -> Option<Proven> {
    let known = env.context.recursive.borrow().get(&scope.id).cloned();
    let columns = known.unwrap_or_else(|| prove(env, scope));
    columns.get(usize::try_from(column - 1).ok()?).copied()
}

/// Facts about the columns of the recursive query.
fn prove<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>) -> Vec<Proven> {
    let context = env.context;
    let key = scope.id;
    let all = Proven {
        not_null: true,
        elements_not_null: true,
    };
    let mut columns = vec![all; range_table::output_list(scope.query).count()];
    let outer = context.assumed.get();
    loop {
        context.assumed.set(context.next_id());
        context.recursive.borrow_mut().insert(key, columns.clone());
        // Without the facts at the place where it happens to be referenced first.
        let inside = Env::new(context, Rc::clone(scope), &Facts::default());
        let borne_out: Vec<Proven> = (1..)
            .zip(&columns)
            .map(|(column, assumed)| Proven {
                not_null: assumed.not_null
                    && scope.query.node("setOperations").is_some_and(|operation| {
                        !set_operation::column(&inside, operation, column).nullable
                    }),
                elements_not_null: assumed.elements_not_null
                    && !elements::of_output(&inside, column).nullable,
            })
            .collect();
        if borne_out == columns {
            break;
        }
        columns = borne_out;
    }
    context.assumed.set(outer);
    if outer > 0 {
        // Confirmed only under the assumptions of an outer recursive query, which can still be dropped.
        context.recursive.borrow_mut().remove(&key);
    }
    columns
}
