//! CASE: the branches that may be taken, each where its condition is true and those before it were not.

use super::checks;
use super::constants;
use super::coverage;
use super::env::Env;
use super::logic::{is_argument, tested_not_null};
use super::range_table::Source;
use super::reason::Verdict;
use super::rejection::{when_false, when_not_null, when_true};
use crate::nodes::null_test;
use crate::tree::Node;

/// The results that a CASE may come to, and what is known where it does.
struct Branches<'a, 't> {
    results: Vec<Source<'a, 't>>,
    /// Where no condition is true, unless one always is.
    otherwise: Option<Env<'a, 't>>,
}

/// The verdict on a CASE.
pub(super) fn verdict<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let Some(Branches { results, otherwise }) = branches(env, node) else {
        return Verdict::nullable("a branch of the CASE is not known", None);
    };
    let mut last = Verdict::nullable("the CASE has no branch", None);
    for (inside, result) in results {
        last = inside.verdict(result);
        if last.nullable {
            return last;
        }
    }
    let Some(here) = otherwise else {
        return last;
    };
    let otherwise = match node.node("defresult") {
        Some(result) if !is_missing(result) => here.verdict(result),
        _ => Verdict::nullable("the CASE has no ELSE", None),
    };
    if !otherwise.nullable {
        return otherwise;
    }
    if coverage::takes_a_branch(env, node) {
        let text = "the rows are chosen so that one of the CASE's conditions is true";
        return Verdict::not_null(text, None);
    }
    // Where none of its conditions is true, what they say to be not null is null.
    let conditions = node.nodes("args").filter_map(|when| when.node("expr"));
    checks::together(env, conditions.filter_map(tested_not_null)).unwrap_or(otherwise)
}

/// All results of a CASE, each where it is given.
pub(super) fn results<'a, 't>(
    env: &Env<'a, 't>,
    node: &'t Node<'t>,
) -> Option<impl Iterator<Item = Source<'a, 't>>> {
    let Branches { results, otherwise } = branches(env, node)?;
    let otherwise = otherwise.and_then(|here| Some((here, node.node("defresult")?)));
    Some(results.into_iter().chain(otherwise))
}

/// Each result under what its condition proves, and what the conditions before it prove by not being true.
fn branches<'a, 't>(env: &Env<'a, 't>, node: &'t Node<'t>) -> Option<Branches<'a, 't>> {
    let mut here = env.clone();
    let mut results = Vec::new();
    let argument = node.node("arg");
    for when in node.nodes("args") {
        let (condition, result) = (when.node("expr")?, when.node("result")?);
        let decided = decided(&here, condition);
        if decided == Some(false) {
            continue;
        }
        let mut proofs = when_true(env.context, &env.scope, condition);
        // `case x when 1`: the condition compares a stand-in for x.
        if let Some(argument) = argument.filter(|_| compares_strictly(env, condition)) {
            proofs.extend(when_not_null(env.context, &env.scope, argument));
        }
        let inside = here.guarded(condition, argument, proofs);
        results.push((inside.grouped_by(argument, condition, true), result));
        if decided == Some(true) {
            return Some(Branches {
                results,
                otherwise: None,
            });
        }
        // A condition that is never null was false for what comes after.
        if here.is_not_null(condition) {
            here = here.assuming(when_false(env.context, &env.scope, condition));
        }
        here = here.grouped_by(argument, condition, false);
    }
    Some(Branches {
        results,
        otherwise: Some(here),
    })
}

/// Whether it is what the server puts in the place of a missing ELSE: a null that stands nowhere in the query.
fn is_missing(result: &Node<'_>) -> bool {
    constants::is_null(result) && result.location().is_none()
}

/// What the condition comes to in all rows, where that is known: a constant, or a test for null of what is not null.
fn decided<'t>(env: &Env<'_, 't>, condition: &'t Node<'t>) -> Option<bool> {
    match condition.tag {
        "CONST" => constants::boolean(condition),
        "NULLTEST" if !condition.flag("argisrow") => {
            let argument = condition.node("arg").filter(|arg| env.is_not_null(arg));
            argument.map(|_| condition.number("nulltesttype") != Some(null_test::IS_NULL))
        }
        _ => None,
    }
}

/// Whether the condition is a strict operator on the CASE's argument.
fn compares_strictly(env: &Env<'_, '_>, condition: &Node<'_>) -> bool {
    condition.tag == "OPEXPR"
        && env.context.is_strict(condition)
        && condition.nodes("args").any(is_argument)
}
