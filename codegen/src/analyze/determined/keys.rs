//! Why a relation has at most one row: the conditions determine every part of a unique index, or the `ctid`. Columns
//! that the table's checks determine count too, as in a table that is designed to have one row.

use super::conditions::{Alike, Conditions, fixed_by};
use super::{Determined, partial};
use crate::analyze::context::Context;
use crate::analyze::env::Env;
use crate::analyze::{checks, constants, functions, logic, steady};
use crate::catalog::{Relation, RelationKind, UniqueIndex};
use crate::nodes::Reference;
use crate::tree::{self, Arena, Node, Value};

/// Why an entry that is a relation has at most one row, if it does.
pub(super) fn why_single<'t>(
    known: &Determined,
    env: &Env<'_, 't>,
    number: usize,
    conditions: &Conditions<'t>,
) -> Option<String> {
    const CTID: i64 = -1;
    let entry = env.scope.entry(number)?;
    let relation = env.context.catalog.relation_by_oid(entry.oid("relid"))?;
    if is_inherited(relation, entry) {
        return None;
    }
    // Only for a plain table: each partition has rows with the same `ctid`s.
    if relation.kind == RelationKind::Table && known.is(number, CTID, Alike::Equal) {
        return Some("a `ctid` is the place of one row".to_owned());
    }
    let applying: Vec<_> = conditions.applying_to(env, number).collect();
    let mut keys = relation.unique_indexes.iter().filter(|key| {
        key.immediate
            && key.has_usual_operators
            && is_determined(known, env, number, (relation, key), conditions)
            && partial::holds(env, key, number, &applying)
    });
    Some(format!("`{}` is unique", keys.next()?.name))
}

/// Whether the entry includes rows of tables that inherit from this one, which have their own keys and checks.
fn is_inherited(relation: &Relation, entry: &Node<'_>) -> bool {
    relation.kind == RelationKind::Table && !relation.children.is_empty() && entry.flag("inh")
}

/// Whether every part of the key has one possible value.
fn is_determined(
    known: &Determined,
    env: &Env<'_, '_>,
    number: usize,
    (relation, key): (&Relation, &UniqueIndex),
    conditions: &Conditions<'_>,
) -> bool {
    let arena = Arena::new();
    let expressions = key.expressions.as_deref();
    let Ok(trees) = expressions.map(|text| tree::read(text, &arena)).transpose() else {
        return false;
    };
    let mut expressions = trees.iter().flat_map(Value::elements).map(Value::node);
    let mut parts = key.parts.iter().zip(&key.collations);
    parts.all(|(part, collation)| match part {
        0 => expressions.next().flatten().is_some_and(|expression| {
            is_fixed_expression(known, env, number, (key, expression), conditions)
        }),
        column => {
            let column = i64::from(*column);
            let is = |alike| known.is(number, column, alike);
            is(Alike::Equal)
                || is(Alike::EqualUnder(*collation))
                || (is(Alike::EqualOrNull)
                    && (key.nulls_not_distinct || is_not_null(relation, column)))
        }
    })
}

fn is_not_null(relation: &Relation, number: i64) -> bool {
    let column = relation.column_numbered(number);
    column.is_some_and(|column| column.not_null)
}

/// Whether an indexed expression has one possible value: it is not null and consists only of constants and of columns
/// with exactly one value (indexed expressions are immutable), or a condition fixes exactly this expression.
fn is_fixed_expression(
    known: &Determined,
    env: &Env<'_, '_>,
    number: usize,
    (key, expression): (&UniqueIndex, &Node<'_>),
    conditions: &Conditions<'_>,
) -> bool {
    // Fixed columns are not null.
    let is_not_null = || key.nulls_not_distinct || functions::keeps_not_null(env, expression);
    let is_fixed = is_of_fixed_columns(known, env, number, expression) && is_not_null();
    let is_asked_for = || {
        conditions.fixing.iter().any(|fixing| {
            fixing.equation.alike == Alike::Equal
                && partial::same(expression, fixing.equation.subject, number)
                && known.is_fixed(env, fixing, number)
        })
    };
    steady::is_lasting(env.context, expression) && (is_fixed || is_asked_for())
}

fn is_of_fixed_columns(
    known: &Determined,
    env: &Env<'_, '_>,
    number: usize,
    expression: &Node<'_>,
) -> bool {
    match expression.tag {
        "VAR" => {
            let column = expression.number("varattno");
            column.is_some_and(|column| known.is(number, column, Alike::Equal))
                && steady::equal_is_same(env.context, expression.oid("vartype"))
        }
        _ => expression
            .children()
            .all(|child| is_of_fixed_columns(known, env, number, child)),
    }
}

/// The columns of an entry for which the checks of its table leave only one value: `check (id = 1)`, `check
/// (is_the_one)`. Only columns that are not null, because a check also allows null.
pub(super) fn checked_columns(env: &Env<'_, '_>, number: usize) -> Vec<i64> {
    let Some(entry) = env.scope.entry(number) else {
        return Vec::new();
    };
    let relation = env.context.catalog.relation_by_oid(entry.oid("relid"));
    let Some(relation) = relation.filter(|relation| !is_inherited(relation, entry)) else {
        return Vec::new();
    };
    checks::of_rows(env.context.catalog, relation, entry)
        .filter_map(|check| check.expression.as_deref())
        .flat_map(|text| fixed_columns(env.context, relation, text))
        .collect()
}

fn fixed_columns(context: &Context<'_>, relation: &Relation, check: &str) -> Vec<i64> {
    let arena = Arena::new();
    let Ok(check) = tree::read(check, &arena) else {
        return Vec::new();
    };
    let parts = check.node().into_iter().flat_map(logic::conjuncts);
    let fixed = parts.flat_map(|part| fixed_by(context, part));
    fixed
        .filter(|equation| equation.alike == Alike::Equal)
        .filter(|equation| equation.value.is_none_or(constants::is_value))
        .filter_map(|equation| not_null_column(relation, equation.subject))
        .collect()
}

/// The column that the expression consists of, if it is not null. In the expression, the table is entry 1.
fn not_null_column(relation: &Relation, subject: &Node<'_>) -> Option<i64> {
    let (entry, number) = Reference::local(subject)?;
    (entry == 1 && is_not_null(relation, number)).then_some(number)
}
