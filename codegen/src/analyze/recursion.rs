//! Recursive common table expressions: not null by induction.
//!
//! All columns are assumed not null; where the two arms do not bear an assumption out it is dropped, until all that are
//! left are borne out.

use std::rc::Rc;

use super::env::Env;
use super::facts::Facts;
use super::reason::Verdict;
use super::scope::Scope;
use super::{range_table, set_operation};
use crate::tree::Node;

/// Whether the scope is that of a recursive query: a UNION with an arm that refers to the whole.
pub(super) fn is_recursive(scope: &Scope<'_>) -> bool {
    let is_union = scope.query.node("setOperations").is_some();
    is_union && scope.entries.iter().any(|arm| refers_to_itself(arm, 0))
}

/// Whether a subquery, `depth` levels below the recursive one's arms, names the recursive query.
fn refers_to_itself(entry: &Node<'_>, depth: usize) -> bool {
    if entry.flag("self_reference") {
        return true;
    }
    // A self-reference can stand in a subquery of the arm's FROM, however deep.
    depth < 64
        && entry.node("subquery").is_some_and(|query| {
            query
                .nodes("rtable")
                .any(|inner| refers_to_itself(inner, depth + 1))
        })
}

/// The verdict on a column of the recursive query whose scope this is.
pub(super) fn column<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>, column: i64) -> Verdict {
    let key = scope.id;
    let place = usize::try_from(column - 1).unwrap_or(usize::MAX);
    let known = env.context.recursive.borrow().get(&key).cloned();
    let columns = known.unwrap_or_else(|| prove(env, scope));
    if columns.get(place).copied().unwrap_or(false) {
        Verdict::not_null("neither arm of the recursive query gives null", None)
    } else {
        Verdict::nullable("an arm of the recursive query may give null", None)
    }
}

/// Which columns of the recursive query are not null.
fn prove<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>) -> Vec<bool> {
    let context = env.context;
    let key = scope.id;
    let mut columns = vec![true; range_table::output_list(scope.query).count()];
    context.proving.set(context.proving.get() + 1);
    loop {
        context.recursive.borrow_mut().insert(key, columns.clone());
        // Not what is known where it happens to be named first.
        let inside = Env::new(context, Rc::clone(scope), &Facts::default());
        let borne_out: Vec<bool> = (1..)
            .zip(&columns)
            .map(|(column, assumed)| {
                *assumed
                    && scope.query.node("setOperations").is_some_and(|operation| {
                        !set_operation::column(&inside, operation, column).nullable
                    })
            })
            .collect();
        if borne_out == columns {
            break;
        }
        columns = borne_out;
    }
    context.proving.set(context.proving.get() - 1);
    if context.proving.get() > 0 {
        // Borne out under the assumptions of a recursive query around this one, which may yet fall.
        context.recursive.borrow_mut().remove(&key);
    }
    columns
}
