//! AND, OR and COALESCE: expressions that evaluate parts depending on the results of other parts.

use std::rc::Rc;

use super::checks;
use super::constants;
use super::context::Context;
use super::env::{Env, Sees};
use super::reason::Verdict;
use super::rejection::{Proof, is_repeatable, when_false, when_true};
use super::scope::Side;
use crate::nodes::{BooleanTest, null_test, oid};
use crate::tree::Node;

/// The conditions that are true if this one is: it is split at its ANDs.
pub(super) fn conjuncts<'n, 't>(condition: &'n Node<'t>) -> Vec<&'n Node<'t>> {
    let mut out = Vec::new();
    let mut todo = vec![condition];
    while let Some(node) = todo.pop() {
        if node.tag == "BOOLEXPR" && node.text("boolop").as_deref() == Some("and") {
            todo.extend(node.nodes("args"));
        } else {
            out.push(node);
        }
    }
    out
}

/// AND and OR are null only if an arm is null and no arm decides. So an arm matters only if the arms that are never
/// null did not decide, and what this proves holds for it: `x is null or x > 5`.
///
/// Only plain arms are looked at twice, alone and with all proofs: where choices stand in choices, each would double the time.
pub(super) fn boolean<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let operator = node.text("boolop");
    let undecided = match operator.as_deref() {
        Some("and") => when_true,
        Some("or") => when_false,
        _ => return env.all(node, &["args"]),
    };
    let mut arms = Vec::new();
    collect_arms(node, operator.as_deref(), &mut arms);
    let (choices, plain): (Vec<_>, Vec<_>) = arms.into_iter().partition(|arm| has_choice(arm));
    let mut proofs = Vec::new();
    let mut open = Vec::new();
    for arm in plain {
        match env.is_not_null(arm) {
            true => proofs.extend(undecided(env.context, &env.scope, arm)),
            false => open.push(arm),
        }
    }
    for arm in choices {
        let verdict = env.assuming(proofs.clone()).verdict(arm);
        if verdict.nullable {
            return verdict;
        }
        proofs.extend(undecided(env.context, &env.scope, arm));
    }
    let inside = env.assuming(proofs);
    for arm in open {
        let verdict = inside.verdict(arm);
        if verdict.nullable {
            return verdict;
        }
    }
    Verdict::not_null("none of its conditions may be null", None)
}

/// The arms of an AND or OR, and of those of the same kind that it has as arms.
fn collect_arms<'t>(node: &'t Node<'t>, operator: Option<&str>, arms: &mut Vec<&'t Node<'t>>) {
    for arm in node.nodes("args") {
        match arm.tag == "BOOLEXPR" && arm.text("boolop").as_deref() == operator {
            true => collect_arms(arm, operator, arms),
            false => arms.push(arm),
        }
    }
}

/// Whether an AND, OR, COALESCE or CASE or a query is part of the expression.
fn has_choice(node: &Node<'_>) -> bool {
    match node.tag {
        "BOOLEXPR" if node.text("boolop").as_deref() != Some("not") => true,
        "COALESCEEXPR" | "CASEEXPR" | "SUBLINK" => true,
        _ => node.children().any(has_choice),
    }
}

/// The expression that `x is not null` tests. Not for a row, whose fields are tested.
pub(super) fn tested_not_null<'n, 't>(condition: &'n Node<'t>) -> Option<&'n Node<'t>> {
    let is_test = condition.tag == "NULLTEST"
        && condition.number("nulltesttype") == Some(null_test::IS_NOT_NULL)
        && !condition.flag("argisrow");
    condition.node("arg").filter(|_| is_test)
}

/// Whether it stands for the CASE's argument, or for an array's element.
pub(super) fn is_argument(node: &Node<'_>) -> bool {
    node.tag == "CASETESTEXPR"
        || (node.tag == "RELABELTYPE" && node.node("arg").is_some_and(is_argument))
}

/// Whether the elements of an array get another type without a change of the value.
pub(super) fn casts_only_by_name(array: &Node<'_>) -> bool {
    array.tag == "ARRAYCOERCEEXPR" && array.node("elemexpr").is_some_and(is_argument)
}

/// The left side and the list of `x in (…)`.
pub(super) fn listed<'t>(
    condition: &'t Node<'t>,
) -> Option<(&'t Node<'t>, impl Iterator<Item = &'t Node<'t>>)> {
    let mut arguments = condition.nodes("args");
    let (scalar, mut array) = (arguments.next()?, arguments.next()?);
    while array.tag == "RELABELTYPE" || casts_only_by_name(array) {
        array = array.node("arg")?;
    }
    let is_list = condition.tag == "SCALARARRAYOPEXPR"
        && condition.flag("useOr")
        && array.tag == "ARRAYEXPR"
        && !array.flag("multidims");
    is_list.then(|| (scalar, array.nodes("elements")))
}

/// COALESCE: not null if one of its arguments is not null. For the columns of a full join: if, whichever side is
/// present, one is not null.
pub(super) fn coalesce<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let verdict = any_not_null(env, node, "coalesce skips nulls, and");
    if !verdict.nullable {
        return verdict;
    }
    let covers = |join: &usize| {
        [Side::Left(*join), Side::Right(*join)]
            .into_iter()
            .all(|side| {
                let inside = env.assuming(vec![Proof::Present(side)]);
                !any_not_null(&inside, node, "").nullable
            })
    };
    if env.scope.full_joins.iter().any(covers) {
        return Verdict::not_null("one side of the full join is always there", None);
    }
    checks::together(env, node.nodes("args")).unwrap_or(verdict)
}

/// An expression that skips null arguments: not null if one of them is not null.
pub(super) fn any_not_null<'t>(env: &Env<'_, 't>, node: &'t Node<'t>, why: &str) -> Verdict {
    let mut last = Verdict::nullable("it has no arguments", None);
    for argument in node.nodes("args") {
        last = env.verdict(argument);
        if !last.nullable {
            let reason = &last.reason;
            return Verdict::not_null(format!("{why} {}", reason.text), reason.at);
        }
    }
    last
}

impl<'a, 't> Env<'a, 't> {
    /// Whether the expression is a set-returning one among others in the target list, so that it is padded with nulls.
    /// Not if it is the only one, or if all are the same, as in `(f(x)).*`.
    pub(super) fn is_filled_up(&self, node: &Node<'_>) -> bool {
        let query = self.scope.query;
        is_set(node)
            && query.flag("hasTargetSRFs")
            && !are_of_one_length(self.context, query.nodes("targetList"))
    }

    /// This environment inside the arguments of an aggregate of the query so many levels up; of this one, it sees such rows.
    pub(super) fn in_aggregate(&self, levels: usize, rows: Sees) -> Self {
        let is_own = levels == 0;
        let facts = match is_own && self.scope.may_group_nothing() {
            true => Rc::new(self.facts.of_inputs(self.context, &self.scope)),
            false => Rc::clone(&self.facts),
        };
        Self {
            sees: if is_own { rows } else { Sees::OuterRows },
            facts,
            // They are about the group.
            guards: match rows {
                Sees::AnyRow => Rc::default(),
                _ => Rc::clone(&self.guards),
            },
            ..self.clone()
        }
    }
}

/// Whether the expression contains a set-returning function.
pub(super) fn returns_set(node: &Node<'_>) -> bool {
    let mut sets = Vec::new();
    collect_sets(node, &mut sets);
    !sets.is_empty()
}

/// Whether all sets in these expressions have the same number of rows, and so do the sets in their arguments.
fn are_of_one_length<'n, 't: 'n>(
    context: &Context<'_>,
    expressions: impl Iterator<Item = &'n Node<'t>>,
) -> bool {
    let mut sets = Vec::new();
    for expression in expressions {
        collect_sets(expression, &mut sets);
    }
    let [first, rest @ ..] = &sets[..] else {
        return true;
    };
    let alone = rest.is_empty() || is_repeatable(context, first);
    let same = |set: &&Node<'_>| set.canonical() == first.canonical();
    alone && rest.iter().all(same) && are_of_one_length(context, first.nodes("args"))
}

/// Whether it is a call that returns a set.
fn is_set(node: &Node<'_>) -> bool {
    node.flag("funcretset") || node.flag("opretset")
}

/// The calls of set-returning functions in the expression, without those in their arguments.
fn collect_sets<'n, 't>(node: &'n Node<'t>, sets: &mut Vec<&'n Node<'t>>) {
    if is_set(node) {
        sets.push(node);
        return;
    }
    if node.tag == "SUBLINK" {
        return;
    }
    node.children().for_each(|child| collect_sets(child, sets));
}

/// The column or parameter that a true condition proves to be true or false.
pub(super) fn flag<'n>(condition: &'n Node<'n>) -> Option<(&'n Node<'n>, bool)> {
    let arguments: Vec<_> = condition.nodes("args").collect();
    match (condition.tag, &arguments[..]) {
        ("VAR", _) if condition.oid("vartype") == oid::BOOL => Some((condition, true)),
        ("PARAM", _) if condition.oid("paramtype") == oid::BOOL => Some((condition, true)),
        // A value that is not true can be null, so `not (gone is true)` proves nothing.
        ("BOOLEXPR", [negated]) if matches!(negated.tag, "VAR" | "PARAM" | "OPEXPR") => {
            flag(negated).map(|(column, value)| (column, !value))
        }
        ("BOOLEANTEST", _) => {
            let test = BooleanTest::of(condition)?;
            Some((test.arg, test.says(true)?))
        }
        _ => compared_flag(condition),
    }
}

/// The expression that is compared with true or false, and its value if the comparison is true: `x` and false for `x <>
/// true`.
pub(super) fn compared_flag<'n>(comparison: &'n Node<'n>) -> Option<(&'n Node<'n>, bool)> {
    const EQUAL: u32 = 91;
    const NOT_EQUAL: u32 = 85;
    let is_equal = match (comparison.tag, comparison.oid("opno")) {
        ("OPEXPR", EQUAL) => true,
        ("OPEXPR", NOT_EQUAL) => false,
        _ => return None,
    };
    let arguments: Vec<_> = comparison.nodes("args").collect();
    let [a, b] = arguments[..] else {
        return None;
    };
    match (constants::boolean(a), constants::boolean(b)) {
        (None, Some(value)) => Some((a, value == is_equal)),
        (Some(value), None) => Some((b, value == is_equal)),
        _ => None,
    }
}
