//! A condition that is a CASE, such as one that finds a row by its number if that is given, and by its name otherwise.
//! If the choice of the branch is the same for all rows, what each branch determines is determined.

use super::Determined;
use super::conditions::Conditions;
use crate::analyze::constants;
use crate::analyze::env::Env;
use crate::tree::Node;

/// What all branches of such a condition determine. Nothing if there is no such condition.
pub(super) fn in_all<'t>(
    known: &Determined,
    env: &Env<'_, 't>,
    conditions: &Conditions<'t>,
) -> Option<Determined> {
    let all = conditions.all.iter();
    let found = all.filter_map(|(requires, condition)| {
        let branches = branches(known, env, condition)?.into_iter();
        let branches = branches.map(|result| {
            let mut known = known.clone();
            known.settle(env, &conditions.and(env, requires, result));
            known
        });
        branches.reduce(|one, other| one.common(&other))
    });
    found.reduce(|one, other| one.united(other))
}

/// The results of the CASE that can be true, if the choice does not depend on the row.
fn branches<'t>(
    known: &Determined,
    env: &Env<'_, 't>,
    condition: &'t Node<'t>,
) -> Option<Vec<&'t Node<'t>>> {
    if condition.tag != "CASEEXPR" {
        return None;
    }
    let mut choices = condition.nodes("args").filter_map(|when| when.node("expr"));
    let chosen = condition.node("arg").into_iter().chain(&mut choices);
    let is_same = chosen.into_iter().all(|node| known.is_constant(env, node));
    let results = condition
        .nodes("args")
        .filter_map(|when| when.node("result"));
    let results = results.chain(condition.node("defresult"));
    let can_be_true = |result: &&Node<'_>| {
        !constants::is_null(result) && constants::boolean(result) != Some(false)
    };
    is_same.then(|| results.filter(can_be_true).collect())
}
