//! Aggregates and window functions: their results depend on whether there are rows, and on the values in them.

use super::env::{Env, Sees};
use super::logic;
use super::reason::Verdict;
use super::rows;
use super::total::{self, Aggregate};
use super::typed;
use crate::nodes::oid;
use crate::tree::{Node, Value};

/// How many queries up the one is whose rows an aggregate is over.
pub(super) fn levels(aggregate: &Node<'_>) -> Option<usize> {
    usize::try_from(aggregate.number("agglevelsup")?).ok()
}

/// The verdict on an aggregate.
pub(super) fn aggregate<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let levels = levels(node);
    let place = levels.and_then(|levels| Some((levels, env.scope.ancestor(levels)?)));
    let Some((levels, scope)) = place else {
        return Verdict::nullable("its query level is not known", None);
    };
    let Some(function) = env.context.function(node.oid("aggfnoid")) else {
        return Verdict::nullable("its function is not known", None);
    };
    let name = &function.name.name;
    let class = total::aggregate(function.extension.as_deref(), &function.signature)
        .filter(|_| function.has_known_identity());
    let needs_input = match class {
        Some(Aggregate::Always) => {
            return Verdict::not_null(format!("`{name}` is never null"), None);
        }
        Some(Aggregate::WhenRows) => false,
        Some(Aggregate::WhenInput) => true,
        _ => return Verdict::nullable(format!("`{name}` can give null"), None),
    };
    if !scope.has_nonempty_groups() && !rows::gives_rows(env.context, &scope) {
        return Verdict::nullable(format!("`{name}` is null when there are no rows"), None);
    }
    // Nulls are skipped: that one row gives something is enough.
    let inside = env.in_aggregate(levels, Sees::OneRow);
    if !passes_every_row(&inside, node) {
        return Verdict::nullable(
            format!("`{name}` is null when no row passes its filter"),
            None,
        );
    }
    if needs_input {
        let direct = env.all(node, &["aggdirectargs"]);
        if direct.nullable {
            return direct;
        }
        let arguments = node.nodes("args").filter(|a| !a.flag("resjunk"));
        for argument in arguments.filter_map(|a| a.node("expr")) {
            let verdict = inside.verdict(argument);
            if verdict.nullable {
                return verdict;
            }
        }
    }
    Verdict::not_null(format!("a group has rows, so `{name}` is not null"), None)
}

/// The verdict on a window function, or an aggregate over a window.
pub(super) fn window<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Verdict {
    let Some(function) = env.context.function(node.oid("winfnoid")) else {
        return Verdict::nullable("its function is not known", None);
    };
    let name = &function.name.name;
    let class = total::aggregate(function.extension.as_deref(), &function.signature)
        .filter(|_| function.has_known_identity());
    let nullable = |why: &str| Verdict::nullable(format!("`{name}` {why}"), None);
    let has_current_row = frame_has_current_row(env, node);
    match class {
        Some(Aggregate::Always) => Verdict::not_null(format!("`{name}` is never null"), None),
        // The value of another row, so facts about this row alone do not count.
        Some(Aggregate::FrameValue) if has_current_row => env.of_any_row().all(node, &["args"]),
        Some(Aggregate::WhenArguments) => env.of_any_row().all(node, &["args"]),
        Some(Aggregate::WhenRows | Aggregate::WhenInput) if !passes_every_row(env, node) => {
            nullable("is null when no row passes its filter")
        }
        Some(Aggregate::WhenRows) if has_current_row => {
            Verdict::not_null("its frame has the current row", None)
        }
        Some(Aggregate::WhenInput) if has_current_row => env.all(node, &["args"]),
        Some(Aggregate::WhenRows | Aggregate::WhenInput | Aggregate::FrameValue) => {
            nullable("is null when its frame is empty")
        }
        _ => nullable("can give null"),
    }
}

/// Whether the call has no FILTER, or one that only tests that something is not null that never is null.
fn passes_every_row<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> bool {
    let is_true = |condition: &'t Node<'t>| {
        logic::tested_not_null(condition).is_some_and(|arg| env.is_not_null(arg))
    };
    node.node("aggfilter")
        .is_none_or(|filter| logic::conjuncts(filter).into_iter().all(is_true))
}

/// Whether the frame of the function's window always contains the current row (`frameOptions`).
fn frame_has_current_row(env: &Env<'_, '_>, node: &Node<'_>) -> bool {
    const START_AT_OR_BEFORE: i64 = 0x20 | 0x200 | 0x800;
    const END_AT_OR_AFTER: i64 = 0x100 | 0x400 | 0x4000;
    const EXCLUDES_CURRENT: i64 = 0x8000 | 0x10000;
    const RANGE: i64 = 0x2;
    const START_OFFSET: i64 = 0x800;
    const END_OFFSET: i64 = 0x4000;
    let reference = node.number("winref");
    let clause = env
        .scope
        .query
        .nodes("windowClause")
        .find(|clause| clause.number("winref") == reference);
    let Some(clause) = clause else {
        return false;
    };
    let options = clause.number("frameOptions").unwrap_or(EXCLUDES_CURRENT);
    let reaches = |offset, bound| {
        options & RANGE == 0 || options & offset == 0 || has_one_sign(env, clause, bound)
    };
    options & START_AT_OR_BEFORE != 0
        && options & END_AT_OR_AFTER != 0
        && options & EXCLUDES_CURRENT == 0
        && reaches(START_OFFSET, "startOffset")
        && reaches(END_OFFSET, "endOffset")
}

/// Whether the offset of a frame's bound has one sign. An interval of a month minus some days can go in either
/// direction.
fn has_one_sign(env: &Env<'_, '_>, clause: &Node<'_>, bound: &str) -> bool {
    let Some(offset) = clause.node(bound) else {
        return false;
    };
    let ty = typed::of(env.context.catalog, offset);
    let ty = ty.map(|ty| env.context.base_type(ty.oid));
    match offset.get("constvalue") {
        _ if ty.is_some_and(|ty| ty != oid::INTERVAL) => true,
        Some(Value::Datum(bytes)) => interval_has_one_sign(bytes).unwrap_or(false),
        _ => false,
    }
}

/// Whether none of an interval's parts, stored as microseconds, days and months, is negative. PostgreSQL refuses an
/// interval that is negative as a whole.
fn interval_has_one_sign(bytes: &[u8]) -> Option<bool> {
    let time = i64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
    let days = i32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?);
    let months = i32::from_le_bytes(bytes.get(12..16)?.try_into().ok()?);
    Some(time >= 0 && days >= 0 && months >= 0)
}
