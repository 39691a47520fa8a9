//! Range table entries: their kind, the relation that they name, and the expressions that their columns come from.

mod columns;

use std::collections::HashSet;
use std::rc::Rc;

pub(in crate::analyze) use self::columns::{base_column, column};
use super::dml::{self, Command};
use super::env::{Env, Sees};
use super::facts::Facts;
use super::grouping::Grouped;
use super::memo::{Memo, Outputs};
use super::reason::Verdict;
use super::rejection::{self, Proof};
use super::scope::Scope;
use super::{recursion, set_operation};
use crate::catalog::{Catalog, Column, Relation};
use crate::tree::{Node, Value};

/// The kind of a range table entry (`RTEKind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analyze) enum EntryKind {
    Relation,
    Subquery,
    Join,
    Function,
    TableFunction,
    Values,
    CommonTableExpression,
    Group,
    Other,
}

pub(in crate::analyze) fn kind(entry: &Node<'_>) -> EntryKind {
    match entry.number("rtekind") {
        Some(0) => EntryKind::Relation,
        Some(1) => EntryKind::Subquery,
        Some(2) => EntryKind::Join,
        Some(3) => EntryKind::Function,
        Some(4) => EntryKind::TableFunction,
        Some(5) => EntryKind::Values,
        Some(6) => EntryKind::CommonTableExpression,
        Some(9) => EntryKind::Group,
        _ => EntryKind::Other,
    }
}

/// The expression that a column of a join, or of the grouping entry (version 18), stands for.
pub(in crate::analyze) fn aliased<'t>(entry: &'t Node<'t>, column: i64) -> Option<&'t Node<'t>> {
    let list = match kind(entry) {
        EntryKind::Join => "joinaliasvars",
        EntryKind::Group => "groupexprs",
        _ => return None,
    };
    let place = usize::try_from(column).ok()?.checked_sub(1)?;
    entry.list(list).get(place)?.node()
}

/// The name of a range table entry in the query.
pub(in crate::analyze) fn name(entry: &Node<'_>) -> String {
    let alias = entry.node("eref").and_then(|a| a.text("aliasname"));
    alias.map_or_else(|| "?".to_owned(), |alias| alias.into_owned())
}

/// The relation that an entry names, and its column with this number.
pub(in crate::analyze) fn relation_column<'t>(
    env: &Env<'_, 't>,
    entry: &Node<'_>,
    column: i64,
) -> Option<(&'t Relation, &'t Column)> {
    let relation = env.context.catalog.relation_by_oid(entry.oid("relid"))?;
    Some((relation, relation.column_numbered(column)?))
}

/// Whether the whole row of an entry is a row of nulls where the entry is absent, and not null. Before version 16, that of a
/// join is made from its columns.
pub(in crate::analyze) fn is_row_if_absent(catalog: &Catalog, entry: &Node<'_>) -> bool {
    catalog.server_version < 160_000 && kind(entry) == EntryKind::Join
}

/// Whether an entry is a sequence, which is one row.
pub(in crate::analyze) fn is_sequence(entry: &Node<'_>) -> bool {
    const SEQUENCE: &str = "S";
    is_relation(entry, SEQUENCE)
}

/// Whether an entry is a view that was not expanded.
pub(in crate::analyze) fn is_view(entry: &Node<'_>) -> bool {
    const VIEW: &str = "v";
    is_relation(entry, VIEW)
}

fn is_relation(entry: &Node<'_>, relkind: &str) -> bool {
    kind(entry) == EntryKind::Relation && entry.text("relkind").as_deref() == Some(relkind)
}

/// The environment inside the query of entry `number`.
fn within<'a, 't>(env: &Env<'a, 't>, scope: &Rc<Scope<'t>>, number: usize) -> Env<'a, 't> {
    let context = env.context;
    let not_null = env.facts.columns_of(env.scope.id, number);
    let facts = context.facts_within(scope, not_null, &env.facts, |not_null| {
        let proofs = not_null
            .iter()
            .flat_map(|column| proven_below(env, scope, *column));
        proofs.collect()
    });
    Env {
        context,
        scope: Rc::clone(scope),
        facts,
        sees: Sees::Groups,
        before: env.before.clone(),
        grouped: Grouped::default(),
        guards: Rc::default(),
    }
}

/// What a result column that is not null proves inside its query.
fn proven_below<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>, column: i64) -> Vec<Proof<'t>> {
    let query = scope.query;
    // The values of RETURNING say nothing about the rows before.
    let rows_are_inputs = dml::command(query) == Command::Select
        && query.node("setOperations").is_none()
        && query.list("groupingSets").is_empty();
    match output_expression(query, column).filter(|_| rows_are_inputs) {
        Some(expression) => rejection::when_not_null(env.context, scope, expression),
        None => Vec::new(),
    }
}

/// The expression of a query's result column. For a statement that writes, it is in the RETURNING list.
pub(in crate::analyze) fn output_expression<'t>(
    query: &'t Node<'t>,
    column: i64,
) -> Option<&'t Node<'t>> {
    output_list(query)
        .find(|target| target.number("resno") == Some(column))?
        .node("expr")
}

/// The target entries of a query's rows.
pub(in crate::analyze) fn output_list<'t>(
    query: &'t Node<'t>,
) -> impl Iterator<Item = &'t Node<'t>> {
    let list = if dml::command(query) == Command::Select {
        "targetList"
    } else {
        "returningList"
    };
    query.nodes(list).filter(|target| !target.flag("resjunk"))
}

/// An expression and its environment.
pub(in crate::analyze) type Source<'a, 't> = (Env<'a, 't>, &'t Node<'t>);

/// A source as it is kept: its scope, the facts about it, those about the rows before RETURNING, and the expression.
#[derive(Clone)]
pub(in crate::analyze) struct Inside<'t> {
    scope: Rc<Scope<'t>>,
    facts: Rc<Facts>,
    before: Option<Rc<Facts>>,
    expression: &'t Node<'t>,
}

impl<'t> Inside<'t> {
    fn of((env, expression): Source<'_, 't>) -> Self {
        Self {
            scope: env.scope,
            facts: env.facts,
            before: env.before,
            expression,
        }
    }

    fn source<'a>(&self, env: &Env<'a, 't>) -> Source<'a, 't> {
        let inside = Env {
            scope: Rc::clone(&self.scope),
            facts: Rc::clone(&self.facts),
            before: self.before.clone(),
            ..env.clone()
        };
        (inside, self.expression)
    }

    /// What tells it from others.
    fn name(&self) -> (usize, usize, Option<usize>, *const Node<'t>) {
        let before = self.before.as_ref().map(|facts| facts.id);
        (self.scope.id, self.facts.id, before, self.expression)
    }
}

/// What the sources of an entry's column say. For a query's column it is worked out once, and kept in `memo`.
pub(in crate::analyze) fn judged<'a, 't, V: Clone + 'a>(
    env: &Env<'a, 't>,
    number: usize,
    column: i64,
    memo: impl FnOnce(&'a Outputs<'t>) -> &'a Memo<Option<V>>,
    judge: impl FnOnce(Vec<Source<'a, 't>>) -> Option<V>,
) -> Option<V> {
    let judge = || judge(sources(env, number, column)?);
    match inner(env, number) {
        Some(inner) => memo(&env.context.outputs).of(&inner, column, judge),
        None => judge(),
    }
}

/// The environment inside the query that an entry stands for, unless that is recursive.
fn inner<'a, 't>(env: &Env<'a, 't>, number: usize) -> Option<Env<'a, 't>> {
    let (owner, query) = query(&env.scope, env.scope.entry(number)?)?;
    let scope = env.context.child(&owner, query);
    (!recursion::is_recursive(&scope)).then(|| within(env, &scope, number))
}

/// The expressions that the values of an entry's column come from, if the entry is present. None if not all are known.
pub(in crate::analyze) fn sources<'a, 't>(
    env: &Env<'a, 't>,
    number: usize,
    column: i64,
) -> Option<Vec<Source<'a, 't>>> {
    let entry = env.scope.entry(number)?;
    match kind(entry) {
        EntryKind::Subquery | EntryKind::CommonTableExpression => {
            outputs(&inner(env, number)?, column)
        }
        EntryKind::Join | EntryKind::Group => Some(vec![(env.clone(), aliased(entry, column)?)]),
        EntryKind::Values => {
            let place = usize::try_from(column - 1).ok()?;
            let rows = entry.list("values_lists").iter();
            rows.map(|row| Some((env.clone(), row.elements().get(place)?.node()?)))
                .collect()
        }
        _ => None,
    }
}

/// The expressions that the values of a result column of the environment's query come from.
pub(in crate::analyze) fn outputs<'a, 't>(
    env: &Env<'a, 't>,
    column: i64,
) -> Option<Vec<Source<'a, 't>>> {
    let query = env.scope.query;
    let Some(operation) = query.node("setOperations") else {
        return Some(vec![(env.of_outputs(), output_expression(query, column)?)]);
    };
    let known = env.context.outputs.sources.of(env, column, || {
        let arms = set_operation::arms_of_values(env.context, &env.scope, operation, column)?;
        let arms = arms.into_iter().map(|arm| sources(env, arm, column));
        let sources = arms.collect::<Option<Vec<_>>>()?.into_iter().flatten();
        let mut names = HashSet::new();
        let is_new = |source: &Inside<'t>| names.insert(source.name());
        Some(sources.map(Inside::of).filter(is_new).collect())
    });
    Some(known?.iter().map(|inside| inside.source(env)).collect())
}

/// The query that an entry stands for, and the scope that contains it.
pub(in crate::analyze) fn query<'t>(
    scope: &Rc<Scope<'t>>,
    entry: &'t Node<'t>,
) -> Option<(Rc<Scope<'t>>, &'t Node<'t>)> {
    match kind(entry) {
        EntryKind::Subquery => Some((Rc::clone(scope), entry.node("subquery")?)),
        EntryKind::CommonTableExpression => definition(scope, entry),
        _ => None,
    }
}

/// The names of an entry's columns.
pub(in crate::analyze) fn column_names<'t>(entry: &'t Node<'t>) -> &'t [Value<'t>] {
    entry
        .node("eref")
        .map_or(&[], |names| names.list("colnames"))
}

/// The query of the common table expression that an entry refers to, and the scope that defines it.
pub(in crate::analyze) fn definition<'t>(
    scope: &Rc<Scope<'t>>,
    entry: &Node<'_>,
) -> Option<(Rc<Scope<'t>>, &'t Node<'t>)> {
    let levels = usize::try_from(entry.number("ctelevelsup")?).ok()?;
    let owner = scope.ancestor(levels)?;
    let name = entry.text("ctename")?;
    let query = owner
        .query
        .nodes("cteList")
        .find(|cte| cte.text("ctename").as_ref() == Some(&name))?
        .node("ctequery")?;
    Some((owner, query))
}

impl<'t> Env<'_, 't> {
    /// The environment of the result columns of this scope's query. For a statement that writes, that of the written
    /// rows.
    pub(in crate::analyze) fn of_outputs(&self) -> Self {
        let before = match dml::command(self.scope.query) {
            Command::Select => self.before.clone(),
            _ => Some(Rc::clone(&self.facts)),
        };
        Self {
            before,
            ..self.clone()
        }
    }

    /// The verdict on a result column of this scope's query.
    pub(in crate::analyze) fn output(&self, column: i64) -> Verdict {
        let query = self.scope.query;
        let outputs = &self.context.outputs;
        if let Some(operation) = query.node("setOperations") {
            let work_out = || set_operation::column(self, operation, column);
            return outputs.values.of(self, column, work_out);
        }
        let work_out = || match output_expression(query, column) {
            Some(expression) => self.of_outputs().verdict(expression),
            None => Verdict::nullable("its query has no such column", None),
        };
        outputs.values.of(self, column, work_out)
    }
}

/// The number of the entry that a `RANGETBLREF` names.
pub(in crate::analyze) fn referenced(node: &Node<'_>) -> Option<usize> {
    (node.tag == "RANGETBLREF").then(|| node.index("rtindex"))?
}
