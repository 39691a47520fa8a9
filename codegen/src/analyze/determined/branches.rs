//! A condition that is one CASE of several, as where a row is looked up by its number if that is given, and by its name
//! otherwise. What all rows have in common chooses one branch for all of them: what holds whichever it is, holds.

use super::Determined;
use super::conditions::Conditions;
use crate::analyze::constants;
use crate::analyze::env::Env;
use crate::tree::Node;

/// What is determined whichever branch of such a condition holds; nothing without one.
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

/// The results of the CASE that can be true, if the row has no say in which of them it is.
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
