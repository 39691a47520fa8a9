//! Unique indexes with a predicate, or on expressions: whether a query's conditions imply the predicate, or speak of the
//! expression. It compares trees and proves nothing else; a condition that says the same in other words does not count.

use super::env::Env;
use super::scope::Side;
use crate::catalog::UniqueIndex;
use crate::tree::{self, Arena, Node, Value};

/// Whether the conditions imply a partial index' predicate: each of its parts is one of them.
pub(super) fn holds(
    env: &Env<'_, '_>,
    key: &UniqueIndex,
    entry: usize,
    conditions: &[(Vec<Side>, &Node<'_>)],
) -> bool {
    let Some(text) = &key.predicate_tree else {
        return key.predicate.is_none();
    };
    let arena = Arena::new();
    let Ok(predicate) = tree::read(text, &arena) else {
        return false;
    };
    let extended = env.scope.extended_by(entry);
    let mut todo: Vec<&Node<'_>> = predicate.node().into_iter().collect();
    while let Some(part) = todo.pop() {
        if part.tag == "BOOLEXPR" && part.text("boolop").as_deref() == Some("and") {
            todo.extend(part.nodes("args"));
            continue;
        }
        let met = conditions.iter().any(|(requires, condition)| {
            requires.iter().all(|side| extended.contains(side)) && same(part, condition, entry)
        });
        if !met {
            return false;
        }
    }
    true
}

/// Whether an expression of the index, in which the table is entry 1, is one of the query, in which it is `entry`.
pub(super) fn same(predicate: &Node<'_>, condition: &Node<'_>, entry: usize) -> bool {
    let ignored = |name: &str| matches!(name, "location" | "varnosyn" | "varattnosyn");
    predicate.tag == condition.tag
        && predicate.fields.len() == condition.fields.len()
        && predicate
            .fields
            .iter()
            .zip(condition.fields)
            .all(|((name, a), (other, b))| {
                name == other
                    && (ignored(name)
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
