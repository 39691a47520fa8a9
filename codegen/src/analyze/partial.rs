//! Unique indexes with a predicate, or on expressions: whether a query's conditions imply the predicate, or contain the
//! expression. It compares trees; besides, it knows the forms of tests of a boolean, lists of values, and proofs that a
//! column is not null.

use super::constants;
use super::env::Env;
use super::logic;
use super::rejection;
use super::steady;
use crate::catalog::UniqueIndex;
use crate::nodes::{Reference, oid};
use crate::tree::{self, Arena, Node, Value};

/// Whether conditions on an entry's rows imply a partial index' predicate: each of its parts is one of them, or follows from one.
pub(super) fn holds<'t>(
    env: &Env<'_, 't>,
    key: &UniqueIndex,
    entry: usize,
    conditions: &[&'t Node<'t>],
) -> bool {
    let Some(text) = &key.predicate_tree else {
        return key.predicate.is_none();
    };
    let arena = Arena::new();
    let Ok(predicate) = tree::read(text, &arena) else {
        return false;
    };
    let mut parts = predicate.node().into_iter().flat_map(logic::conjuncts);
    parts.all(|part| {
        if !steady::is_lasting(env.context, part) {
            return false;
        }
        let met = conditions.iter().any(|condition| {
            same(part, condition, entry)
                || same_boolean(part, condition, entry)
                || is_in_list(part, condition, entry)
        });
        met || is_shown_not_null(env, part, entry, conditions)
    })
}

/// Whether both conditions mean the same for a boolean: `not gone`, `gone = false`, `gone is false`.
fn same_boolean(part: &Node<'_>, condition: &Node<'_>, entry: usize) -> bool {
    match (logic::flag(part), logic::flag(condition)) {
        (Some((a, said)), Some((b, also_said))) => said == also_said && same(a, b, entry),
        _ => false,
    }
}

/// Whether the part lists all that the condition allows: `status in ('new', 'paid')`, if `status = 'new'`.
fn is_in_list(part: &Node<'_>, condition: &Node<'_>, entry: usize) -> bool {
    let (Some(listed), Some(allowed)) = (comparisons(part), comparisons(condition)) else {
        return false;
    };
    allowed.iter().all(|allowed| {
        listed.iter().any(|listed| {
            listed.operator == allowed.operator
                && same(listed.left, allowed.left, entry)
                && (same(listed.right, allowed.right, entry)
                    || same_text(listed.right, allowed.right))
        })
    })
}

/// A comparison of two values.
struct Comparison<'n> {
    /// With its collation.
    operator: (u32, u32),
    left: &'n Node<'n>,
    right: &'n Node<'n>,
}

/// The comparisons of which one is true if the condition is. `None` if it can be true otherwise.
fn comparisons<'n>(condition: &'n Node<'n>) -> Option<Vec<Comparison<'n>>> {
    let comparison = |left, right| Comparison {
        operator: (condition.oid("opno"), condition.oid("inputcollid")),
        left,
        right,
    };
    let arguments: Vec<_> = condition.nodes("args").collect();
    match (condition.tag, &arguments[..]) {
        ("OPEXPR", [left, right]) => Some(vec![comparison(left, right)]),
        ("BOOLEXPR", arms) if condition.text("boolop").as_deref() == Some("or") => {
            let arms: Option<Vec<_>> = arms.iter().map(|arm| comparisons(arm)).collect();
            Some(arms?.into_iter().flatten().collect())
        }
        _ => {
            let (scalar, elements) = logic::listed(condition)?;
            Some(
                elements
                    .map(|element| comparison(scalar, element))
                    .collect(),
            )
        }
    }
}

/// Whether both are the same string: a literal can be a `varchar` in a list and a `text` in a comparison.
fn same_text(a: &Node<'_>, b: &Node<'_>) -> bool {
    let is_text = |node: &&Node<'_>| matches!(node.oid("consttype"), oid::TEXT | oid::VARCHAR);
    [a, b].iter().all(is_text)
        && constants::is_value(a)
        && a.get("constvalue") == b.get("constvalue")
}

/// Whether the part says that a column is not null, and a condition proves it: `tag is not null`, if `tag = $1`.
fn is_shown_not_null<'t>(
    env: &Env<'_, 't>,
    part: &Node<'_>,
    entry: usize,
    conditions: &[&'t Node<'t>],
) -> bool {
    let column = logic::tested_not_null(part)
        .and_then(Reference::of)
        .map(|to| to.column);
    let mut proofs = conditions
        .iter()
        .flat_map(|condition| rejection::when_true(env.context, &env.scope, condition));
    column.is_some_and(|column| proofs.any(|proof| proof.is_of(entry, column)))
}

/// Whether an expression of the index is the same as one of the query. In the index the table is entry 1, in the query
/// it is `entry`.
pub(super) fn same(predicate: &Node<'_>, condition: &Node<'_>, entry: usize) -> bool {
    predicate.tag == condition.tag
        && predicate.fields.len() == condition.fields.len()
        && predicate
            .fields
            .iter()
            .zip(condition.fields)
            .all(|((name, a), (other, b))| {
                name == other
                    && (tree::is_notation(name)
                        || if *name == "varno" {
                            a.number() == Some(1) && b.number() == i64::try_from(entry).ok()
                        } else {
                            same_value(a, b, entry)
                        })
            })
}

fn same_value(a: &Value<'_>, b: &Value<'_>, entry: usize) -> bool {
    match (a, b) {
        (Value::Node(a), Value::Node(b)) => same(a, b, entry),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(*b).all(|(a, b)| same_value(a, b, entry))
        }
        _ => a == b,
    }
}
