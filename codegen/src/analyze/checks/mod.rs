//! CHECK constraints together with conditions: a column is not null where the check would be false if it were null, and
//! `coalesce(a, b)` where it would be if both were.
//!
//! A check holds when it is true and also when it is null, so only what makes it false is excluded. The column is supposed
//! to be null, and the check is worked out from that, from the columns that are known to be null or not, and from the
//! conditions that are true of the row: if false is all that can come out, the supposition was wrong.

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
use truth::Truth;

/// The checks of a relation that hold for every row of the entry.
pub(super) fn of_rows<'t>(
    catalog: &Catalog,
    relation: &'t Relation,
    entry: &Node<'_>,
) -> impl Iterator<Item = &'t Constraint> {
    let all_rows = relation.children.is_empty() || !entry.flag("inh");
    // A foreign table's is only a promise.
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

/// The verdict on a column that a check and the conditions keep from being null, or on what is null only where all of several
/// columns of an entry are; none if they do not.
pub(super) fn columns(env: &Env<'_, '_>, number: usize, columns: &[i64]) -> Option<Verdict> {
    // What INSERT and MERGE have in `excluded` and in their sources has not been checked.
    if !matches!(
        dml::command(env.scope.query),
        Command::Select | Command::Update | Command::Delete
    ) {
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
    let check = checks.find(|check| {
        let arena = Arena::new();
        let tree = check.expression.as_deref();
        let tree = tree.and_then(|text| tree::read(text, &arena).ok());
        let expression = tree.as_ref().and_then(|value| value.node());
        expression.is_some_and(|expression| row.truth(expression).is_only(Truth::FALSE))
    })?;
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

/// The verdict on what is null only where all of these expressions are: where several are columns of one relation, its checks may
/// keep them from all being so.
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

/// The entry and column that an expression is, but for casts.
fn column_of<'t>(env: &Env<'_, 't>, expression: &'t Node<'t>) -> Option<(usize, i64)> {
    let (number, column) = current(uncast(expression))?;
    let entry = env.scope.entry(number)?;
    // What a query groups by is a column of an entry of its own, from version 18 on.
    match range_table::kind(entry) {
        EntryKind::Group => column_of(env, range_table::aliased(entry, column)?),
        _ => Some((number, column)),
    }
}

/// The entry and column of a reference to the row that is looked at.
fn current(node: &Node<'_>) -> Option<(usize, i64)> {
    let to = Reference::of(node)?;
    (to.levels == 0 && to.version == Version::Current).then_some((to.entry, to.column))
}

/// What is supposed and known of a row of a relation.
struct Row<'e, 'a, 't> {
    env: &'e Env<'a, 't>,
    entry: usize,
    relation: &'t Relation,
    /// The columns that are supposed to be null, and those that a condition says are.
    null: Vec<i64>,
    /// Conditions that are true of the row, or false.
    conditions: Vec<Known<'t>>,
}

/// A condition of which it is known what it comes to.
struct Known<'t> {
    condition: &'t Node<'t>,
    value: bool,
    /// What its stand-in is for, in `case argument when …`.
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
        // Of a group made of no rows, what holds for rows says nothing.
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

    /// Takes in that a condition is true, or false.
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
            // A row of nulls is null to IS NULL, and is none.
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

    /// The column of the row that a reference is to, where the relation is entry `number`.
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

    /// The same, where a stand-in of the query's expression is for this argument.
    fn is_same_with(
        &self,
        check: &Node<'_>,
        node: &'t Node<'t>,
        argument: Option<&'t Node<'t>>,
    ) -> bool {
        let grouped = self.env.scope.alias_of(node, &[EntryKind::Group]);
        let node = grouped.unwrap_or(node);
        match (node.tag, node.node("arg"), check.node("arg")) {
            ("CASETESTEXPR", ..) => argument.is_some_and(|argument| self.is_same(check, argument)),
            ("RELABELTYPE", Some(inside), Some(checked))
                if check.tag == node.tag && check.oid("resulttype") == node.oid("resulttype") =>
            {
                self.is_same_with(checked, inside, argument)
            }
            _ => self.is_same(check, node),
        }
    }

    /// Whether two constants are known to be different by their bytes.
    fn differ(&self, a: &Node<'_>, b: &Node<'_>) -> bool {
        let ty = a.oid("consttype");
        [a, b].into_iter().all(constants::is_value)
            && ty == b.oid("consttype")
            && steady::equal_is_same(self.env.context, ty)
            && a.get("constvalue") != b.get("constvalue")
            && [a, b].iter().all(|c| has_long_header(c))
    }
}

/// Whether a value of varying length says its length in four bytes, uncompressed, as constants of a query's text do: then
/// values that are the same have the same bytes. Values of a fixed length have no such choice.
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
