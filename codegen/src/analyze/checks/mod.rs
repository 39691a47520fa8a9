//! CHECK constraints together with conditions: a column is not null if the check would be false with a null in it, and
//! `coalesce(a, b)` is not null if the check would be false with nulls in both.
//!
//! A check is satisfied if it is true or null, so it excludes only rows for which it is false. This is a proof by
//! contradiction: assume that the column is null, and evaluate the check with this, with the columns that are known to
//! be null or not null, and with the conditions that are true for the row. If false is the only possible result, the
//! column is not null.

mod branches;
mod counts;
mod evaluate;
mod truth;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::constants;
use super::dml::{self, Command};
use super::env::Env;
use super::facts::Key;
use super::logic;
use super::partial;
use super::range_table::{self, EntryKind};
use super::reason::Verdict;
use super::scope::Filtered;
use super::steady;
use super::typed::uncast;
use crate::catalog::{Catalog, Constraint, ConstraintKind, Relation, RelationKind};
use crate::nodes::{BooleanTest, Reference, Version, null_test};
use crate::tree::{self, Arena, Node};
pub(super) use branches::one_is_true;
use truth::Truth;

/// The checks of a relation that hold for every row of the entry.
pub(super) fn of_rows<'t>(
    catalog: &Catalog,
    relation: &'t Relation,
    entry: &Node<'_>,
) -> impl Iterator<Item = &'t Constraint> {
    let all_rows = relation.children.is_empty() || !entry.flag("inh");
    // The check of a foreign table is only a promise.
    let is_kept = match all_rows {
        true => relation.kind != RelationKind::ForeignTable,
        false => !catalog.has_foreign_rows(relation),
    };
    relation.constraints.iter().filter(move |constraint| {
        constraint.kind == ConstraintKind::Check
            && is_kept
            && constraint.validated
            && (all_rows || !constraint.definition.ends_with(" NO INHERIT"))
    })
}

/// The verdict on a column that checks and conditions prove not null, or on an expression that is null only if all of
/// several columns of an entry are. `None` if there is no proof.
pub(super) fn columns(env: &Env<'_, '_>, number: usize, columns: &[i64]) -> Option<Verdict> {
    if !are_checked(env) {
        return None;
    }
    let entry = env.scope.entry(number)?;
    let (relation, _) = range_table::relation_column(env, entry, *columns.first()?)?;
    let all = relation.columns.iter();
    let names = all.filter(|column| columns.contains(&i64::from(column.number)));
    let names: Vec<&String> = names.map(|column| &column.name).collect();
    let is_about = |check: &&Constraint| names.iter().any(|name| check.columns.contains(name));
    let mut checks = of_rows(env.context.catalog, relation, entry)
        .filter(is_about)
        .peekable();
    checks.peek()?;
    let row = Row::of(env, number, relation, columns);
    let check = checks.find(|check| row.contradicts(check))?;
    let together = if names.len() > 1 { "all " } else { "" };
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let text = format!(
        "the check `{}` keeps {} from {together}being null in these rows of `{}`",
        check.name,
        names.join(", "),
        relation.name
    );
    Some(Verdict::not_null(text, None))
}

/// The verdict on an expression that is null only if all of these expressions are. If several of them are columns of
/// one relation, its checks can exclude that all are null.
pub(super) fn together<'t>(
    env: &Env<'_, 't>,
    expressions: impl Iterator<Item = &'t Node<'t>>,
) -> Option<Verdict> {
    const WHOLE_ROW: i64 = 0;
    if !env.expressions_hold() {
        return None;
    }
    let mut together: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for (entry, column) in expressions.filter_map(|expression| column_of(env, expression)) {
        together.entry(entry).or_default().push(column);
    }
    let is_present = |entry: usize| !env.column_of(entry, WHOLE_ROW).nullable;
    together
        .into_iter()
        .filter(|(entry, numbers)| numbers.len() > 1 && is_present(*entry))
        .find_map(|(entry, numbers)| columns(env, entry, &numbers))
}

/// Whether the rows of the query satisfy the checks. Those of `excluded`, and of the sources of INSERT and MERGE, have not
/// been checked yet.
fn are_checked(env: &Env<'_, '_>) -> bool {
    matches!(
        dml::command(env.scope.query),
        Command::Select | Command::Update | Command::Delete
    )
}

/// The entry and column of an expression, below its casts.
fn column_of<'t>(env: &Env<'_, 't>, expression: &'t Node<'t>) -> Option<(usize, i64)> {
    let (number, column) = current(uncast(expression))?;
    let entry = env.scope.entry(number)?;
    // From version 18 on, grouping expressions are columns of a separate entry.
    match range_table::kind(entry) {
        EntryKind::Group => column_of(env, range_table::aliased(entry, column)?),
        _ => Some((number, column)),
    }
}

/// The entry and column of a reference to the current row.
fn current(node: &Node<'_>) -> Option<(usize, i64)> {
    let to = Reference::of(node)?;
    (to.levels == 0 && to.version == Version::Current).then_some((to.entry, to.column))
}

/// The assumptions and facts about a row of a relation.
struct Row<'e, 'a, 't> {
    env: &'e Env<'a, 't>,
    entry: usize,
    relation: &'t Relation,
    /// The columns that are assumed to be null, and those that a condition proves null.
    null: Vec<i64>,
    /// Conditions that are known to be true or false for the row.
    conditions: Vec<Known<'t>>,
}

/// A condition with a known result.
struct Known<'t> {
    condition: &'t Node<'t>,
    value: bool,
    /// The expression that `CaseTestExpr` stands for, in `case argument when …`.
    argument: Option<&'t Node<'t>>,
}

impl<'e, 'a, 't> Row<'e, 'a, 't> {
    fn of(env: &'e Env<'a, 't>, entry: usize, relation: &'t Relation, supposed: &[i64]) -> Self {
        let scope = Rc::clone(&env.scope);
        let mut row = Self {
            env,
            entry,
            relation,
            null: supposed.to_vec(),
            conditions: Vec::new(),
        };
        // For a group without rows, facts about rows say nothing.
        if scope.may_group_nothing() {
            return row;
        }
        let here = scope.extended_by(entry);
        for condition in &scope.conditions {
            let mut sides = condition.requires.iter();
            let holds = sides.all(|s| here.contains(s) || env.facts.is_present(scope.id, *s));
            if holds && condition.of == Filtered::Inputs {
                row.assume(condition.expression, true, None);
            }
        }
        for guard in env.guards.iter().filter(|guard| guard.scope == scope.id) {
            row.assume(guard.condition, true, guard.argument);
        }
        row
    }

    /// Whether the check would be false for such a row, so that there is none.
    fn contradicts(&self, check: &Constraint) -> bool {
        let arena = Arena::new();
        let tree = check.expression.as_deref();
        let tree = tree.and_then(|text| tree::read(text, &arena).ok());
        let expression = tree.as_ref().and_then(|value| value.node());
        expression.is_some_and(|expression| self.truth(expression).is_only(Truth::FALSE))
    }

    /// Adds the fact that a condition is true or false.
    fn assume(&mut self, node: &'t Node<'t>, value: bool, argument: Option<&'t Node<'t>>) {
        let operator = node.text("boolop");
        match (node.tag, operator.as_deref()) {
            ("BOOLEXPR", Some("not")) => {
                node.nodes("args")
                    .for_each(|arm| self.assume(arm, !value, argument));
            }
            ("BOOLEXPR", Some("and")) if value => {
                node.nodes("args")
                    .for_each(|arm| self.assume(arm, true, argument));
            }
            ("BOOLEXPR", Some("or")) if !value => {
                node.nodes("args")
                    .for_each(|arm| self.assume(arm, false, argument));
            }
            // IS NULL is also true for a row of nulls, which is not null.
            ("NULLTEST", _) if !node.flag("argisrow") => {
                let is_null = (node.number("nulltesttype") == Some(null_test::IS_NULL)) == value;
                let column = node
                    .node("arg")
                    .and_then(|arg| self.own_column(arg, self.entry));
                self.null.extend(column.filter(|_| is_null));
            }
            ("BOOLEANTEST", _) => {
                if let Some(test) = BooleanTest::of(node)
                    && let Some(says) = test.says(value)
                {
                    self.assume(test.arg, says, argument);
                }
            }
            _ => match logic::compared_flag(node) {
                Some((flag, wanted)) => self.assume(flag, wanted == value, argument),
                None => self.conditions.push(Known {
                    condition: node,
                    value,
                    argument,
                }),
            },
        }
    }

    /// The column of the row that is referenced, if the relation is entry `number`.
    fn own_column(&self, node: &Node<'_>, number: usize) -> Option<i64> {
        let (entry, column) = current(node)?;
        (entry == number).then_some(column)
    }

    /// Whether the column is known not to be null.
    fn knows_not_null(&self, column: i64) -> bool {
        let key = Key::Column {
            scope: self.env.scope.id,
            entry: self.entry,
            column,
        };
        let definition = self.relation.column_numbered(column);
        definition.is_some_and(|column| column.not_null) || self.env.facts.is_not_null(&key)
    }

    /// Whether a part of the check is an expression of the query about this row.
    fn is_same(&self, check: &Node<'_>, node: &Node<'_>) -> bool {
        partial::same(check, node, self.entry)
    }

    /// Like [`is_same`](Self::is_same), where a `CaseTestExpr` in the query's expression stands for this argument.
    fn is_same_with(
        &self,
        check: &Node<'_>,
        node: &'t Node<'t>,
        argument: Option<&'t Node<'t>>,
    ) -> bool {
        let grouped = self.env.scope.alias_of(node, &[EntryKind::Group]);
        let node = grouped.unwrap_or(node);
        match (node.tag, node.node("arg"), check.node("arg")) {
            ("CASETESTEXPR", ..) => {
                argument.is_some_and(|argument| self.is_same_with(check, argument, None))
            }
            ("RELABELTYPE", Some(inside), Some(checked))
                if check.tag == node.tag && check.oid("resulttype") == node.oid("resulttype") =>
            {
                self.is_same_with(checked, inside, argument)
            }
            _ => self.is_same(check, node),
        }
    }

    /// Whether the bytes of two constants prove that they are different.
    fn differ(&self, a: &Node<'_>, b: &Node<'_>) -> bool {
        let ty = a.oid("consttype");
        [a, b].into_iter().all(constants::is_value)
            && ty == b.oid("consttype")
            && steady::equal_is_same(self.env.context, ty)
            && a.get("constvalue") != b.get("constvalue")
            && [a, b].iter().all(|c| has_long_header(c))
    }
}

/// Whether a value of varying length has an uncompressed four-byte header, like constants in a query's text. Then equal
/// values have equal bytes. Values of a fixed length have only one form.
fn has_long_header(constant: &Node<'_>) -> bool {
    const VARYING: i64 = -1;
    match constant.get("constvalue") {
        Some(tree::Value::Datum(bytes)) if constant.number("constlen") == Some(VARYING) => {
            let length = bytes.get(..4).and_then(|head| head.try_into().ok());
            length.map(u32::from_le_bytes) == u32::try_from(bytes.len() * 4).ok()
        }
        Some(tree::Value::Datum(_)) => true,
        _ => false,
    }
}
