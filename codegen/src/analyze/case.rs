//! CASE: the branches that can be taken, each with its condition true and the conditions before it not true.

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

/// The possible results of a CASE, each with the facts that hold for it.
struct Branches<'a, 't> {
    results: Vec<Source<'a, 't>>,
    /// The environment if no condition is true. `None` if one always is.
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
    if let Some(why) = coverage::why_taken(&here, node) {
        return Verdict::not_null(why, None);
    }
    if let Some(verdict) = checks::one_is_true(&here, node) {
        return verdict;
    }
    // If none of its conditions is true, the expressions that they test to be not null are null.
    let conditions = node.nodes("args").filter_map(|when| when.node("expr"));
    checks::together(env, conditions.filter_map(tested_not_null)).unwrap_or(otherwise)
}

/// All results of a CASE, each with its environment.
pub(super) fn results<'a, 't>(
    env: &Env<'a, 't>,
    node: &'t Node<'t>,
) -> Option<impl Iterator<Item = Source<'a, 't>>> {
    let Branches { results, otherwise } = branches(env, node)?;
    let otherwise = otherwise.and_then(|here| Some((here, node.node("defresult")?)));
    Some(results.into_iter().chain(otherwise))
}

/// Each result is judged with what its condition proves, and with what follows if the conditions before it are not
/// true.
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
        // `case x when 1`: the condition compares a `CaseTestExpr` for x.
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
        // If a condition is never null, it was false for the branches after it.
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

/// Whether it is the server's substitute for a missing ELSE: a null without a position in the query.
fn is_missing(result: &Node<'_>) -> bool {
    constants::is_null(result) && result.location().is_none()
}

/// The result of the condition in all rows, if it is known: that of a constant, or of a null test of an expression that
/// is never null.
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
