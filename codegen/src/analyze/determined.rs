//! Which columns the conditions of a query determine, and which relations are down to one row by that.

use std::collections::{HashMap, HashSet};

use super::env::Env;
use super::range_table::{self, EntryKind};
use super::rows::{self, Rows};
use super::scope::{Side, index};
use crate::catalog::{RelationKind, UniqueIndex, Volatility};
use crate::tree::{self, Node, Value};

/// `left = right`, true of every row in which the sides are present.
struct Equality<'t> {
    requires: Vec<Side>,
    sides: [&'t Node<'t>; 2],
}

/// What the conditions of one query level leave no choice about.
#[derive(Default)]
pub(super) struct Determined {
    /// Columns with one possible value, by entry and number.
    columns: HashSet<(usize, i64)>,
    /// Entries with at most one row, and why.
    single: HashMap<usize, String>,
}

impl Determined {
    /// What is determined in the scope, if these result columns are from outside.
    pub(super) fn of(env: &Env<'_, '_>, outputs: &[i64]) -> Self {
        let mut known = Self::default();
        for output in outputs {
            let expression = range_table::output_expression(env.scope.query, *output);
            known
                .columns
                .extend(expression.and_then(|e| plain_column(env, e)));
        }
        let conditions = conjuncts(env);
        let equalities: Vec<Equality<'_>> = conditions
            .iter()
            .filter_map(|(requires, condition)| equality(env, requires, condition))
            .collect();
        loop {
            let before = (known.columns.len(), known.single.len());
            for equality in &equalities {
                known.take(env, equality);
            }
            for entry in env.scope.extended_by.keys().copied() {
                if !known.single.contains_key(&entry)
                    && let Some(reason) = known.why_single(env, entry, &conditions)
                {
                    known.single.insert(entry, reason);
                }
            }
            if before == (known.columns.len(), known.single.len()) {
                return known;
            }
        }
    }

    /// Why the entry has at most one row, if it does.
    pub(super) fn single(&self, entry: usize) -> Option<&str> {
        self.single.get(&entry).map(String::as_str)
    }

    fn knows(&self, entry: usize, column: i64) -> bool {
        self.single.contains_key(&entry) || self.columns.contains(&(entry, column))
    }

    /// One side fixed fixes the column that is the other.
    fn take(&mut self, env: &Env<'_, '_>, equality: &Equality<'_>) {
        let [left, right] = equality.sides;
        for (column, value) in [(left, right), (right, left)] {
            let Some((entry, number)) = plain_column(env, column) else {
                continue;
            };
            // A condition of an outer join chooses among the rows of its optional side only.
            let extended = env.scope.extended_by(entry);
            let applies = equality.requires.iter().all(|side| extended.contains(side));
            if applies && self.fixes(env, value) {
                self.columns.insert((entry, number));
            }
        }
    }

    /// Whether the expression has one possible value.
    pub(super) fn fixes(&self, env: &Env<'_, '_>, node: &Node<'_>) -> bool {
        match node.tag {
            "VAR" if node.number("varlevelsup") == Some(0) => match resolved(env, node) {
                Some((entry, column)) => self.knows(entry, column),
                None => false,
            },
            "SUBLINK" | "AGGREF" | "WINDOWFUNC" | "NEXTVALUEEXPR" => false,
            _ => {
                let function = match node.tag {
                    "FUNCEXPR" => Some(node.oid("funcid")),
                    "OPEXPR" | "SCALARARRAYOPEXPR" | "DISTINCTEXPR" | "NULLIFEXPR" => {
                        Some(node.oid("opfuncid"))
                    }
                    _ => None,
                };
                let steady =
                    function.is_none_or(|f| env.context.volatility(f) != Volatility::Volatile);
                steady
                    && !node.flag("funcretset")
                    && node.fields.iter().all(|(_, value)| match value {
                        Value::Node(node) => self.fixes(env, node),
                        Value::List(elements) => elements
                            .iter()
                            .filter_map(Value::node)
                            .all(|node| self.fixes(env, node)),
                        _ => true,
                    })
            }
        }
    }

    /// Whether all that a lateral entry refers to of this scope, from `levels` below it, has one possible value.
    fn fixes_references(&self, env: &Env<'_, '_>, node: &Node<'_>, levels: i64) -> bool {
        let levels = if node.tag == "QUERY" {
            levels + 1
        } else {
            levels
        };
        if node.tag == "VAR" && node.number("varlevelsup") == Some(levels) {
            return resolved(env, node).is_some_and(|(entry, column)| self.knows(entry, column));
        }
        node.fields.iter().all(|(_, value)| match value {
            Value::Node(node) => self.fixes_references(env, node, levels),
            Value::List(elements) => elements.iter().all(|element| match element {
                Value::Node(node) => self.fixes_references(env, node, levels),
                Value::List(inner) => inner
                    .iter()
                    .filter_map(Value::node)
                    .all(|node| self.fixes_references(env, node, levels)),
                _ => true,
            }),
            _ => true,
        })
    }

    fn why_single(
        &self,
        env: &Env<'_, '_>,
        number: usize,
        conditions: &[(Vec<Side>, &Node<'_>)],
    ) -> Option<String> {
        let entry = env.scope.entry(number)?;
        match range_table::kind(entry) {
            EntryKind::Join => None,
            EntryKind::Relation => {
                let relation = env.context.catalog.relation_by_oid(entry.oid("relid"))?;
                // Children of a table by inheritance have rows of their own, with keys of their own.
                let inherited = relation.kind == RelationKind::Table
                    && !relation.children.is_empty()
                    && entry.flag("inh");
                let key = relation.unique_indexes.iter().find(|key| {
                    !inherited
                        && key.immediate
                        && key.columns.as_ref().is_some_and(|columns| {
                            columns.iter().all(|name| {
                                let column = relation.columns.iter().find(|c| c.name == *name);
                                column.is_some_and(|c| {
                                    self.columns.contains(&(number, i64::from(c.number)))
                                })
                            })
                        })
                        && holds(env, key, number, conditions)
                })?;
                Some(format!("`{}` is unique", key.name))
            }
            _ => {
                // A lateral entry has its row for each row that it refers to.
                if entry.flag("lateral") && !self.fixes_references(env, entry, 0) {
                    return None;
                }
                let outputs: Vec<i64> = self
                    .columns
                    .iter()
                    .filter(|(entry, _)| *entry == number)
                    .map(|(_, column)| *column)
                    .collect();
                match rows::of_entry(env, number, &outputs) {
                    Rows::One(reason) | Rows::Opt(reason) => Some(reason),
                    Rows::Many(_) => None,
                }
            }
        }
    }

    /// The rows of an item of FROM.
    pub(super) fn rows_of(&self, env: &Env<'_, '_>, item: &Node<'_>) -> Rows {
        const LEFT: i64 = 1;
        const RIGHT: i64 = 3;
        if let Some(number) = range_table::referenced(item) {
            let exactly = rows::of_entry(env, number, &[]);
            return match (exactly, self.single(number)) {
                (rows @ Rows::One(_), _) => rows,
                (_, Some(reason)) => Rows::Opt(reason.to_owned()),
                (rows, None) => rows,
            };
        }
        let arm = |name| match item.node(name) {
            Some(arm) => self.rows_of(env, arm),
            None => Rows::Many("nothing is known of its FROM".into()),
        };
        match (arm("larg"), arm("rarg"), item.number("jointype")) {
            (Rows::Many(reason), _, _) | (_, Rows::Many(reason), _) => Rows::Many(reason),
            // The outer side's row stays whether or not there is another.
            (left, _, Some(LEFT)) => left,
            (_, right, Some(RIGHT)) => right,
            (Rows::One(reason), Rows::One(_), Some(0)) if item.node("quals").is_none() => {
                Rows::One(reason)
            }
            (Rows::One(reason) | Rows::Opt(reason), _, Some(0)) => Rows::Opt(reason),
            _ => Rows::Many("an outer join puts rows together".into()),
        }
    }
}

/// The conditions of the scope, taken apart at their ANDs, with the sides that must be present for them to hold.
fn conjuncts<'t>(env: &Env<'_, 't>) -> Vec<(Vec<Side>, &'t Node<'t>)> {
    let mut out = Vec::new();
    for condition in &env.scope.conditions {
        let requires: Vec<Side> = condition
            .requires
            .iter()
            .filter(|side| !env.facts.is_present(env.scope.id, **side))
            .copied()
            .collect();
        let mut todo = vec![condition.expression];
        while let Some(node) = todo.pop() {
            if node.tag == "BOOLEXPR" && node.text("boolop").as_deref() == Some("and") {
                todo.extend(node.nodes("args"));
            } else {
                out.push((requires.clone(), node));
            }
        }
    }
    out
}

/// The condition as an equality, if it is one that a unique index agrees with.
fn equality<'t>(
    env: &Env<'_, 't>,
    requires: &[Side],
    condition: &'t Node<'t>,
) -> Option<Equality<'t>> {
    if condition.tag != "OPEXPR" {
        return None;
    }
    let catalog = env.context.catalog;
    let operator = catalog.operators.get(&condition.oid("opno"))?;
    let function = env.context.function(operator.function)?;
    let known = function.is_builtin() || function.extension.is_some();
    let lenient = catalog
        .nondeterministic_collations
        .contains(&condition.oid("inputcollid"));
    let arguments: Vec<_> = condition.nodes("args").collect();
    let sides: [&Node<'_>; 2] = arguments.try_into().ok()?;
    (operator.is_equality && operator.name == "=" && known && !lenient).then(|| Equality {
        requires: requires.to_vec(),
        sides,
    })
}

/// The column that a plain reference is to, through a cast that changes no equality (to text and other wider names).
fn plain_column(env: &Env<'_, '_>, node: &Node<'_>) -> Option<(usize, i64)> {
    const TEXT: u32 = 25;
    const OID: u32 = 26;
    match node.tag {
        "VAR" if node.number("varlevelsup") == Some(0) => resolved(env, node),
        "RELABELTYPE" if matches!(node.oid("resulttype"), TEXT | OID) => {
            plain_column(env, node.node("arg")?)
        }
        _ => None,
    }
}

/// The entry and column of a reference, through the columns of joins.
fn resolved(env: &Env<'_, '_>, node: &Node<'_>) -> Option<(usize, i64)> {
    let entry = index(node, "varno")?;
    let column = node.number("varattno")?;
    match range_table::aliased(env.scope.entry(entry)?, column) {
        Some(below) if below.tag == "VAR" => resolved(env, below),
        Some(_) => None,
        None => Some((entry, column)),
    }
}

/// Whether the conditions imply a partial index' predicate: each of its parts is one of them.
fn holds(
    env: &Env<'_, '_>,
    key: &UniqueIndex,
    entry: usize,
    conditions: &[(Vec<Side>, &Node<'_>)],
) -> bool {
    let Some(text) = &key.predicate_tree else {
        return key.predicate.is_none();
    };
    let Ok(predicate) = tree::read(text) else {
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

/// Whether a predicate, in which the table is entry 1, is the condition, in which it is `entry`.
fn same(predicate: &Node<'_>, condition: &Node<'_>, entry: usize) -> bool {
    let ignored = |name: &str| matches!(name, "location" | "varnosyn" | "varattnosyn");
    predicate.tag == condition.tag
        && predicate.fields.len() == condition.fields.len()
        && predicate
            .fields
            .iter()
            .zip(&condition.fields)
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
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b, entry))
        }
        _ => a == b,
    }
}
