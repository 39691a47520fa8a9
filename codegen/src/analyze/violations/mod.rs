//! The constraints that a statement can violate: those of the rows that it writes, foreign keys to rows that it changes
//! or deletes, and those of domains that values are converted to.
//!
//! The effects of triggers and cascades are left out, because the statement does not tell them.

mod domains;
mod rule;
mod table;

use std::collections::HashSet;

use super::bodies;
use super::constants;
use super::context::Context;
use super::dml::{self, Command};
use super::env::Env;
use super::verdict::{Violation, ViolationRule};
use crate::catalog::{
    Column, ColumnDefault, ConstraintKind, ForeignKeyTarget, ReferentialAction, Relation,
    RelationKind,
};
use crate::nodes::Reference;
use crate::tree::Node;
use rule::{Rule, gathered, named, referring};

pub use table::TableViolations;
pub(crate) use table::of_tables;

/// The violations of the statement of `env`, and of those in its WITH clause.
pub(super) fn of(env: &Env<'_, '_>) -> Vec<Violation> {
    let mut found = Found::default();
    found.statement(env);
    for table in env.scope.query.nodes("cteList") {
        if let Some(query) = table.node("ctequery") {
            let scope = env.context.child(&env.scope, query);
            found.statement(&env.at(&scope));
        }
    }
    found.violations
}

/// What happens to rows of a relation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Insert,
    Update,
    Delete,
}

/// The columns that a list of assignments sets, with their values.
struct Assigned<'t>(Vec<(&'t Column, &'t Node<'t>)>);

impl<'t> Assigned<'t> {
    fn of(relation: &'t Relation, node: &'t Node<'t>, list: &str) -> Self {
        let columns = relation.columns.iter();
        let given = columns.filter_map(|column| {
            let value = dml::assigned(node, list, i64::from(column.number))?;
            Some((column, value))
        });
        Self(given.collect())
    }

    fn value(&self, column: &str) -> Option<&'t Node<'t>> {
        let found = self.0.iter().find(|(known, _)| known.name == column);
        found.map(|(_, value)| *value)
    }

    fn any(&self, columns: &[String]) -> bool {
        columns.iter().any(|column| self.value(column).is_some())
    }
}

/// Whether a value is the next one of a sequence, which is unique unless somebody has interfered.
fn is_numbered(value: &Node<'_>) -> bool {
    const NEXTVAL: u32 = 1574;
    match value.tag {
        "NEXTVALUEEXPR" => true,
        "FUNCEXPR" if value.oid("funcid") == NEXTVAL => true,
        "FUNCEXPR" => {
            let mut arguments = value.nodes("args");
            let first = arguments.next();
            arguments.next().is_none() && first.is_some_and(is_numbered)
        }
        _ => false,
    }
}

/// Whether a row with these values can violate the rule.
fn is_concerned(
    rule: Rule<'_>,
    relation: &Relation,
    change: Change,
    assigned: &Assigned<'_>,
) -> bool {
    let is_generated = |name: &String| {
        let column = relation.column(name);
        column.is_some_and(|column| column.default == ColumnDefault::Generated)
    };
    let changes = |columns: &[String]| assigned.any(columns) || columns.iter().any(is_generated);
    match rule {
        Rule::Constraint(constraint) => match (constraint.kind, change) {
            (_, Change::Delete) | (ConstraintKind::NotNull, _) => false,
            (ConstraintKind::ForeignKey, Change::Insert) => {
                let is_set = |name: &String| {
                    let value = assigned.value(name);
                    value.is_some_and(|value| !constants::is_null(value)) || is_generated(name)
                };
                let target = constraint.references.as_ref();
                match target.is_some_and(|target| target.match_full) {
                    true => constraint.columns.iter().any(is_set),
                    false => constraint.columns.iter().all(is_set),
                }
            }
            (ConstraintKind::Check, Change::Insert) => true,
            (ConstraintKind::Check, Change::Update) if constraint.columns.is_empty() => true,
            (_, Change::Update) => changes(&constraint.columns),
            // Its operators can be others than those of equality.
            (ConstraintKind::Exclusion, Change::Insert) => true,
            (_, Change::Insert) => !is_free(&constraint.columns, assigned),
        },
        Rule::Index(index) => match change {
            Change::Delete => false,
            Change::Insert => !index
                .columns
                .iter()
                .any(|columns| is_free(columns, assigned)),
            Change::Update => {
                let in_predicate = |column: &Column| {
                    let predicate = index.predicate.as_deref().unwrap_or_default();
                    predicate.contains(&column.name)
                };
                index.columns.as_deref().is_none_or(changes)
                    || assigned.0.iter().any(|(column, _)| in_predicate(column))
            }
        },
    }
}

/// Whether a new row's key contains a number that no other row has.
fn is_free(columns: &[String], assigned: &Assigned<'_>) -> bool {
    let mut values = columns.iter().filter_map(|column| assigned.value(column));
    values.any(is_numbered)
}

/// Whether the expression of a generated column can be null, although the columns that are not null are not.
fn is_null_of_null(context: &Context<'_>, column: &Column) -> bool {
    let tree = column.tree.as_deref();
    let verdict = tree.and_then(|tree| bodies::of_generated(context, tree));
    verdict.is_none_or(|verdict| verdict.nullable)
}

/// Whether ON CONFLICT prevents violations of this key.
fn is_handled(rule: Rule<'_>, relation: &Relation, query: &Node<'_>) -> bool {
    let Some(conflict) = query.node("onConflict").filter(|_| rule.is_key()) else {
        return false;
    };
    let arbiters = conflict.list("arbiterElems");
    match (conflict.oid("constraint"), rule) {
        (0, _) if arbiters.is_empty() => true,
        (0, _) => {
            let column = |element: &Node<'_>| {
                let number = Reference::of(element.node("expr")?)?.column;
                Some(relation.column_numbered(number)?.name.clone())
            };
            let named: Option<HashSet<String>> =
                conflict.nodes("arbiterElems").map(column).collect();
            let keys = rule
                .columns()
                .map(|columns| columns.iter().cloned().collect());
            let is_partial = matches!(rule, Rule::Index(index) if index.predicate.is_some());
            let has_predicate = !conflict.list("arbiterWhere").is_empty()
                || conflict.node("arbiterWhere").is_some();
            named.is_some() && named == keys && (!is_partial || has_predicate)
        }
        (oid, Rule::Constraint(constraint)) => constraint.oid == oid,
        (_, Rule::Index(_)) => false,
    }
}

#[derive(Default)]
struct Found {
    violations: Vec<Violation>,
}

impl Found {
    fn add(&mut self, violation: Violation) {
        let is_same = |known: &&mut Violation| known.name == violation.name;
        match self.violations.iter_mut().find(is_same) {
            Some(known) => known.also.extend(
                violation
                    .also
                    .into_iter()
                    .filter(|name| !known.also.contains(name))
                    .collect::<Vec<_>>(),
            ),
            None => self.violations.push(violation),
        }
    }

    fn statement<'t>(&mut self, env: &Env<'_, 't>) {
        self.rows(env);
        for violation in domains::of_statement(env) {
            self.add(violation);
        }
    }

    /// The rules of the rows that are written.
    fn rows<'t>(&mut self, env: &Env<'_, 't>) {
        let query = env.scope.query;
        let target = query
            .index("resultRelation")
            .and_then(|number| env.scope.entry(number));
        let Some((entry, relation)) = target.and_then(|entry| {
            Some((
                entry,
                env.context.catalog.relation_by_oid(entry.oid("relid"))?,
            ))
        }) else {
            return;
        };
        let below = entry.flag("inh") || relation.kind == RelationKind::PartitionedTable;
        let mut writing = Writing {
            env,
            found: self,
            family: match below {
                true => env.context.catalog.family(relation),
                false => vec![relation],
            },
            relation,
        };
        match dml::command(query) {
            Command::Insert => {
                writing.change(Change::Insert, query, "targetList");
                if let Some(conflict) = dml::updating_conflict(query) {
                    writing.change(Change::Update, conflict, "onConflictSet");
                }
            }
            Command::Update => writing.change(Change::Update, query, "targetList"),
            Command::Delete => writing.change(Change::Delete, query, "targetList"),
            Command::Merge => {
                for action in query.nodes("mergeActionList") {
                    match dml::command(action) {
                        Command::Insert => writing.change(Change::Insert, action, "targetList"),
                        Command::Update => writing.change(Change::Update, action, "targetList"),
                        Command::Delete => writing.change(Change::Delete, action, "targetList"),
                        Command::Select | Command::Merge | Command::Utility => {}
                    }
                }
            }
            Command::Select | Command::Utility => {}
        }
    }
}

/// A statement that writes `relation`, with its partitions and children.
struct Writing<'w, 'a, 't> {
    env: &'w Env<'a, 't>,
    found: &'w mut Found,
    relation: &'t Relation,
    family: Vec<&'t Relation>,
}

impl<'t> Writing<'_, '_, 't> {
    fn change(&mut self, change: Change, node: &'t Node<'t>, list: &str) {
        let assigned = Assigned::of(self.relation, node, list);
        // Views and foreign tables have no constraints that are enforced here.
        if matches!(
            self.relation.kind,
            RelationKind::Table | RelationKind::PartitionedTable
        ) {
            self.of_the_rows(change, node, &assigned);
            self.nulls(change, &assigned);
        }
        if change != Change::Insert {
            self.references(change, &assigned);
        }
    }

    /// The constraints on the written rows, with the corresponding ones of partitions and children.
    fn of_the_rows(&mut self, change: Change, node: &'t Node<'t>, assigned: &Assigned<'t>) {
        let rules = Rule::of_family(&self.family).filter(|(relation, rule)| {
            is_concerned(*rule, relation, change, assigned)
                && (change != Change::Insert || !is_handled(*rule, relation, node))
        });
        for violation in gathered(rules) {
            self.found.add(violation);
        }
    }

    /// The columns that must not be null, but whose values can be: those that are set to such a value, those that an
    /// insert leaves out although they have no default, and those that are generated while another value can be null.
    fn nulls(&mut self, change: Change, assigned: &Assigned<'t>) {
        if change == Change::Delete {
            return;
        }
        let env = self.env.before_writing();
        let can_be_null = |column: &Column| match assigned.value(&column.name) {
            Some(value) => env.verdict(value).nullable,
            None => change == Change::Insert && column.default == ColumnDefault::None,
        };
        let is_written = |column: &&Column| column.default != ColumnDefault::Generated;
        let columns = &self.relation.columns;
        let some_can = columns.iter().filter(is_written).any(can_be_null);
        for column in columns {
            let is_null = match column.default {
                ColumnDefault::Generated => some_can && is_null_of_null(env.context, column),
                _ => can_be_null(column),
            };
            if is_null && column.not_null {
                self.not_null(column);
            }
            let is_left_out = is_null && assigned.value(&column.name).is_none();
            if is_left_out
                && column.default == ColumnDefault::None
                && let Some(violation) = domains::of_null(env.context.catalog, &column.ty)
            {
                self.found.add(violation);
            }
        }
    }

    fn not_null(&mut self, column: &Column) {
        let rule = || ViolationRule::NotNull(column.name.clone());
        let below = self.family.iter().skip(1);
        self.found.add(Violation {
            name: named(self.relation, rule()),
            definition: format!("{} is not null", column.name),
            also: below.map(|relation| named(relation, rule())).collect(),
        });
    }

    /// The foreign keys to rows that are deleted or whose keys change.
    fn references(&mut self, change: Change, assigned: &Assigned<'t>) {
        let refuses = |target: &ForeignKeyTarget| match change {
            Change::Delete => target.on_delete == ReferentialAction::Refuse,
            Change::Update => {
                target.on_update == ReferentialAction::Refuse && assigned.any(&target.columns)
            }
            Change::Insert => false,
        };
        for keys in referring(self.env.context.catalog, &self.family) {
            let refusing = keys.into_iter().filter(|(_, _, target)| refuses(target));
            let rules = refusing.map(|(relation, rule, _)| (relation, rule));
            for violation in gathered(rules) {
                self.found.add(violation);
            }
        }
    }
}
