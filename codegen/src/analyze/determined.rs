//! Which columns the conditions of a query determine, and which relations are down to one row by that.

use std::collections::{HashMap, HashSet};

use super::env::Env;
use super::partial;
use super::range_table::{self, EntryKind};
use super::rows::{self, Rows};
use super::scope::{Side, index};
use super::steady;
use crate::catalog::{RelationKind, Volatility};
use crate::tree::{Node, Value};

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

    /// Whether the column has one possible value where its entry is present, as far as equality tells.
    fn knows(&self, env: &Env<'_, '_>, (entry, column): (usize, i64)) -> bool {
        self.columns.contains(&(entry, column)) || self.is_one_row(env, entry)
    }

    /// Whether the entry has one row in all, not just one for each row that a lateral one sees.
    fn is_one_row(&self, env: &Env<'_, '_>, number: usize) -> bool {
        self.single.contains_key(&number)
            && env.scope.entry(number).is_some_and(|entry| {
                range_table::kind(entry) == EntryKind::Relation
                    || steady::depends_on(env.context, entry).is_some_and(|outer| {
                        outer
                            .into_iter()
                            .all(|place| place.0 != number && self.is_same(env, place, None))
                    })
            })
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
            let fixed = match plain_column(env, value) {
                Some(place) => self.knows(env, place),
                None => self.is_constant(env, value),
            };
            if applies && fixed {
                self.columns.insert((entry, number));
            }
        }
    }

    /// Whether the expression has one possible value in all rows, as far as equality tells.
    pub(super) fn fixes(&self, env: &Env<'_, '_>, node: &Node<'_>) -> bool {
        match resolved(env, node) {
            Some(place) => is_always_there(env, place.0) && self.knows(env, place),
            None => self.is_constant(env, node),
        }
    }

    /// Whether a column has the very same value in all rows: numbers can be equal and differ in their scale.
    fn is_same(&self, env: &Env<'_, '_>, place: (usize, i64), ty: Option<u32>) -> bool {
        let exact = ty.is_some_and(|ty| steady::equal_is_same(env.context, ty));
        is_always_there(env, place.0)
            && ((exact && self.columns.contains(&place)) || self.is_one_row(env, place.0))
    }

    /// Whether the expression has the very same value in all rows.
    fn is_constant(&self, env: &Env<'_, '_>, node: &Node<'_>) -> bool {
        match node.tag {
            "VAR" if node.number("varlevelsup") == Some(0) => match resolved(env, node) {
                Some(place) => self.is_same(env, place, Some(node.oid("vartype"))),
                None => false,
            },
            "SUBLINK" => steady::is_evaluated_once(node),
            "AGGREF" | "WINDOWFUNC" | "NEXTVALUEEXPR" => false,
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
                        Value::Node(node) => self.is_constant(env, node),
                        Value::List(elements) => elements
                            .iter()
                            .filter_map(Value::node)
                            .all(|node| self.is_constant(env, node)),
                        _ => true,
                    })
            }
        }
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
                        && partial::holds(env, key, number, conditions)
                })?;
                Some(format!("`{}` is unique", key.name))
            }
            _ => {
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

/// Whether no outer join can leave the entry out.
fn is_always_there(env: &Env<'_, '_>, entry: usize) -> bool {
    let mut sides = env.scope.extended_by(entry).iter();
    sides.all(|side| env.facts.is_present(env.scope.id, *side))
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
    let known = function.has_known_identity();
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
        "VAR" => resolved(env, node),
        "RELABELTYPE" if matches!(node.oid("resulttype"), TEXT | OID) => {
            plain_column(env, node.node("arg")?)
        }
        _ => None,
    }
}

/// The entry and column of a reference, through the columns of joins.
fn resolved(env: &Env<'_, '_>, node: &Node<'_>) -> Option<(usize, i64)> {
    if node.tag != "VAR" || node.number("varlevelsup") != Some(0) {
        return None;
    }
    let entry = index(node, "varno")?;
    let column = node.number("varattno")?;
    match range_table::aliased(env.scope.entry(entry)?, column) {
        Some(below) if below.tag == "VAR" => resolved(env, below),
        Some(_) => None,
        None => Some((entry, column)),
    }
}
