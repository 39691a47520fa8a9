//! Dates, times, intervals and numbers that are finite: integers, constants, the clock, and values that are computed
//! from them. Other columns and parameters can be infinite.

use super::constants;
use super::env::Env;
use super::range_table::{self, EntryKind, Source};
use super::total::{self, Finite};
use super::typed;
use crate::nodes::oid;
use crate::tree::{Node, Value};

/// Whether a call has finite arguments, and its function returns no null for these.
pub(super) fn gives_no_null<'t>(env: &Env<'_, 't>, call: &'t Node<'t>) -> bool {
    fact(env, call) == Some(Finite::NotNull) && has_finite_arguments(env, call)
}

fn fact(env: &Env<'_, '_>, call: &Node<'_>) -> Option<Finite> {
    if !matches!(call.tag, "FUNCEXPR" | "OPEXPR") {
        return None;
    }
    let function = env.context.called(call).filter(|f| f.is_builtin)?;
    total::finite(&function.signature)
}

fn has_finite_arguments<'t>(env: &Env<'_, 't>, call: &'t Node<'t>) -> bool {
    call.nodes("args").all(|argument| is_finite(env, argument))
}

/// Whether the value, if it is not null, is finite. For a text: whether it is a constant that is not empty.
fn is_finite<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> bool {
    if typed::of(env.context.catalog, node).is_some_and(|ty| oid::INTEGERS.contains(&ty.oid)) {
        return true;
    }
    match node.tag {
        "CONST" => is_finite_constant(node),
        // The current date and time.
        "SQLVALUEFUNCTION" => true,
        "FUNCEXPR" | "OPEXPR" => {
            fact(env, node) == Some(Finite::Value) && has_finite_arguments(env, node)
        }
        "VAR" => env
            .referred(node)
            .is_some_and(|(here, entry, column)| is_finite_column(&here, entry, column)),
        "RELABELTYPE" | "COLLATEEXPR" => node.node("arg").is_some_and(|arg| is_finite(env, arg)),
        _ => false,
    }
}

fn is_finite_column(env: &Env<'_, '_>, number: usize, column: i64) -> bool {
    let Some(entry) = env.scope.entry(number) else {
        return false;
    };
    if range_table::kind(entry) == EntryKind::Function {
        let mut calls = entry
            .nodes("functions")
            .map(|function| function.node("funcexpr"));
        return match (calls.next(), calls.next()) {
            (Some(Some(call)), None) => column == 1 && is_finite(env, call),
            _ => false,
        };
    }
    let all =
        |sources: Vec<Source<'_, '_>>| Some(sources.iter().all(|(env, node)| is_finite(env, node)));
    range_table::judged(env, number, column, |outputs| &outputs.finite, all) == Some(true)
}

fn is_finite_constant(node: &Node<'_>) -> bool {
    let Some(Value::Datum(bytes)) = node.get("constvalue") else {
        return false;
    };
    let four = |at: usize| Some(i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let eight = |at: usize| Some(i64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let is_inside = |value: i64, least: i64, most: i64| least < value && value < most;
    let known = match node.oid("consttype") {
        oid::TEXT => constants::text(node).map(|text| !text.is_empty()),
        oid::FLOAT8 => eight(0).map(|bits| f64::from_bits(bits.cast_unsigned()).is_finite()),
        oid::DATE => four(0).map(|day| is_inside(day.into(), i32::MIN.into(), i32::MAX.into())),
        oid::TIMESTAMP | oid::TIMESTAMPTZ => {
            eight(0).map(|time| is_inside(time, i64::MIN, i64::MAX))
        }
        // In an infinite interval, all three parts are at their limit.
        oid::INTERVAL => eight(0).map(|time| is_inside(time, i64::MIN, i64::MAX)),
        oid::NUMERIC => is_finite_numeric(bytes),
        _ => None,
    };
    known.unwrap_or(false)
}

/// Whether a `numeric` is neither `NaN` nor infinite. The first two bits after its length tell it.
fn is_finite_numeric(bytes: &[u8]) -> Option<bool> {
    const SPECIAL: u16 = 0xC000;
    let length = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    let header = u16::from_le_bytes(bytes.get(4..6)?.try_into().ok()?);
    // The four-byte length that constants have.
    let is_plain = u32::try_from(bytes.len() * 4).ok()? == length;
    Some(is_plain && header & SPECIAL != SPECIAL)
}
