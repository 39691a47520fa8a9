//! The columns of range table entries: relations, subqueries, joins, functions, VALUES, common table expressions.

use std::rc::Rc;

use super::dml::{self, Command};
use super::env::Env;
use super::grouping::Grouped;
use super::reason::Verdict;
use super::rejection::{self, Proof};
use super::scope::{Scope, Side, index};
use super::{checks, materialized, recursion, set_operation};
use crate::catalog::{Column, Relation, RelationKind};
use crate::tree::{Node, Value};

/// What a range table entry is (`RTEKind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
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

pub(super) fn kind(entry: &Node<'_>) -> EntryKind {
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

/// The expression that a column of a join, or of the groups (version 18), stands for.
pub(super) fn aliased<'t>(entry: &'t Node<'t>, column: i64) -> Option<&'t Node<'t>> {
    let list = match kind(entry) {
        EntryKind::Join => "joinaliasvars",
        EntryKind::Group => "groupexprs",
        _ => return None,
    };
    let place = usize::try_from(column).ok()?.checked_sub(1)?;
    entry.list(list).get(place)?.node()
}

/// The name that a range table entry goes by in the query.
pub(super) fn name(entry: &Node<'_>) -> String {
    let alias = entry.node("eref").and_then(|a| a.text("aliasname"));
    alias.map_or_else(|| "?".to_owned(), |alias| alias.into_owned())
}

/// The relation that an entry names, and its column of this number.
pub(super) fn relation_column<'t>(
    env: &Env<'_, 't>,
    entry: &Node<'_>,
    column: i64,
) -> Option<(&'t Relation, &'t Column)> {
    let relation = env.context.catalog.relation_by_oid(entry.oid("relid"))?;
    let column = relation
        .columns
        .iter()
        .find(|c| i64::from(c.number) == column)?;
    Some((relation, column))
}

/// The first side that may be missing, so that the entry's columns are null.
fn missing_side(env: &Env<'_, '_>, entry: usize) -> Option<Side> {
    env.scope
        .extended_by(entry)
        .iter()
        .find(|side| !env.facts.is_present(env.scope.id, **side))
        .copied()
}

/// The verdict on a column of the entry numbered `number` in the environment's scope.
pub(super) fn column(env: &Env<'_, '_>, number: usize, column: i64) -> Verdict {
    let Some(entry) = env.scope.entry(number) else {
        return Verdict::nullable("its relation is not known", None);
    };
    if let Some(side) = missing_side(env, number) {
        let (Side::Left(join) | Side::Right(join)) = side;
        let at = env.scope.join_locations.get(&join).copied();
        return Verdict::nullable(
            format!("`{}` is on the optional side of an outer join", name(entry)),
            at,
        );
    }
    if column == 0 {
        return Verdict::not_null(format!("`{}` is a whole row", name(entry)), None);
    }
    if dml::command(env.scope.query) == Command::Merge {
        return merged(env, entry, column);
    }
    match kind(entry) {
        EntryKind::Relation => {
            let declared = dml::excluded(env, number, column)
                .unwrap_or_else(|| base_column(env, entry, column));
            let checked = declared
                .nullable
                .then(|| checks::column(env, number, column))
                .flatten();
            checked.unwrap_or(declared)
        }
        EntryKind::Subquery => match entry.node("subquery") {
            Some(query) => result_of(env, query, number, column),
            None => Verdict::nullable("its subquery is not known", None),
        },
        EntryKind::Join | EntryKind::Group => match aliased(entry, column) {
            Some(expression) => env.verdict(expression),
            None => Verdict::nullable("its join column is not known", None),
        },
        EntryKind::Function => super::from_functions::column(env, entry, column),
        EntryKind::TableFunction => table_function(entry, column),
        EntryKind::Values => values(env, entry, column),
        EntryKind::CommonTableExpression => common_table(env, entry, number, column),
        EntryKind::Other => Verdict::nullable("nothing is known about it", None),
    }
}

/// A column of a table, view or the like as the catalog has it.
pub(super) fn base_column(env: &Env<'_, '_>, entry: &Node<'_>, column: i64) -> Verdict {
    if column < 0 {
        return Verdict::not_null("a system column is never null", None);
    }
    match relation_column(env, entry, column) {
        Some((relation, column)) if column.not_null => Verdict::not_null(
            format!("`{}` is not null in `{}`", column.name, relation.name),
            None,
        ),
        Some((relation, column)) => generated(env, entry, relation, column)
            .or_else(|| materialized::column(env.context, relation, column))
            .unwrap_or_else(|| {
                let text = format!("`{}` may be null in `{}`", column.name, relation.name);
                Verdict::nullable(text, None)
            }),
        None if is_sequence(entry) => Verdict::not_null("a sequence has no nulls", None),
        None => Verdict::nullable("its relation is not in the catalog", None),
    }
}

/// Whether an entry is a sequence, which is one row.
pub(super) fn is_sequence(entry: &Node<'_>) -> bool {
    const SEQUENCE: &str = "S";
    kind(entry) == EntryKind::Relation && entry.text("relkind").as_deref() == Some(SEQUENCE)
}

/// A column generated from what is not null. Each child may generate it otherwise.
fn generated(
    env: &Env<'_, '_>,
    entry: &Node<'_>,
    relation: &Relation,
    column: &Column,
) -> Option<Verdict> {
    let all_rows = relation.children.is_empty() || !entry.flag("inh");
    let keeps = all_rows && relation.kind != RelationKind::ForeignTable;
    let tree = column.tree.as_deref().filter(|_| keeps)?;
    let verdict = super::bodies::of_expression(env.context, tree)?;
    (!verdict.nullable).then(|| {
        let text = format!(
            "`{}` of `{}` is generated: {}",
            column.name, relation.name, verdict.reason.text
        );
        Verdict::not_null(text, None)
    })
}

/// A column of MERGE's source or target.
fn merged(env: &Env<'_, '_>, entry: &Node<'_>, column: i64) -> Verdict {
    match kind(entry) {
        EntryKind::Relation => base_column(env, entry, column),
        _ => Verdict::nullable("what MERGE gives is not known", None),
    }
}

/// A column of a query inside this one, as which entry `number` stands, with what is known of the entry's columns.
fn result_of<'t>(env: &Env<'_, 't>, query: &'t Node<'t>, number: usize, column: i64) -> Verdict {
    let scope = env.context.child(&env.scope, query);
    within(env, &scope, number).output(column)
}

/// The environment inside the query as which entry `number` of this one stands.
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
        inside_aggregate: false,
        before: env.before.clone(),
        grouped: Grouped::default(),
    }
}

/// What a result column that is not null proves inside the query that gives it.
fn proven_below<'t>(env: &Env<'_, 't>, scope: &Rc<Scope<'t>>, column: i64) -> Vec<Proof<'t>> {
    let query = scope.query;
    // What RETURNING gives says nothing of the rows as they were before.
    let rows_are_inputs = dml::command(query) == Command::Select
        && query.node("setOperations").is_none()
        && query.list("groupingSets").is_empty();
    match output_expression(query, column).filter(|_| rows_are_inputs) {
        Some(expression) => rejection::when_not_null(env.context, scope, expression),
        None => Vec::new(),
    }
}

/// The expression of a query's result column; for a statement that writes, of its RETURNING list.
pub(super) fn output_expression<'t>(query: &'t Node<'t>, column: i64) -> Option<&'t Node<'t>> {
    output_list(query)
        .find(|target| target.number("resno") == Some(column))?
        .node("expr")
}

/// The target entries that a query's rows are made of.
pub(super) fn output_list<'t>(query: &'t Node<'t>) -> impl Iterator<Item = &'t Node<'t>> {
    let list = if dml::command(query) == Command::Select {
        "targetList"
    } else {
        "returningList"
    };
    query.nodes(list).filter(|target| !target.flag("resjunk"))
}

/// A column of XMLTABLE or JSON_TABLE.
fn table_function(entry: &Node<'_>, column: i64) -> Verdict {
    let declared = entry.node("tablefunc").is_some_and(|function| {
        let place = Some(column - 1);
        let ordinality = function.number("ordinalitycol") == place;
        ordinality
            || function
                .list("notnulls")
                .iter()
                .any(|n| n.number() == place)
    });
    if declared {
        Verdict::not_null("the table function declares it not null", None)
    } else {
        Verdict::nullable("the table function may find nothing for it", None)
    }
}

/// A column of a VALUES list: not null when it is so in every row.
fn values<'t>(env: &Env<'_, 't>, entry: &'t Node<'t>, column: i64) -> Verdict {
    let place = usize::try_from(column - 1).unwrap_or(usize::MAX);
    let mut last = Verdict::nullable("the list of values has no such column", None);
    for row in entry.list("values_lists") {
        let Some(expression) = row.elements().get(place).and_then(Value::node) else {
            return last;
        };
        last = env.verdict(expression);
        if last.nullable {
            return last;
        }
    }
    last
}

/// A column of a common table expression.
fn common_table(env: &Env<'_, '_>, entry: &Node<'_>, number: usize, column: i64) -> Verdict {
    let unknown = || Verdict::nullable("its common table expression is not known", None);
    let Some((owner, query)) = definition(&env.scope, entry) else {
        return unknown();
    };
    let scope = env.context.child(&owner, query);
    if let Some(scope) = recursion::of_entry(env, entry) {
        return recursion::column(env, &scope, column);
    }
    // Inside, the columns of the query around are those of where it is defined; what is known here of its result holds.
    within(env, &scope, number).output(column)
}

/// An expression and where it is evaluated.
pub(super) type Source<'a, 't> = (Env<'a, 't>, &'t Node<'t>);

/// The expressions that the values of an entry's column come from, where it is there; none if not all are known.
pub(super) fn sources<'a, 't>(
    env: &Env<'a, 't>,
    number: usize,
    column: i64,
) -> Option<Vec<Source<'a, 't>>> {
    let entry = env.scope.entry(number)?;
    let (owner, query) = match kind(entry) {
        EntryKind::Subquery => (Rc::clone(&env.scope), entry.node("subquery")?),
        EntryKind::CommonTableExpression => definition(&env.scope, entry)?,
        EntryKind::Join | EntryKind::Group => {
            return Some(vec![(env.clone(), aliased(entry, column)?)]);
        }
        EntryKind::Values => {
            let place = usize::try_from(column - 1).ok()?;
            let rows = entry.list("values_lists").iter();
            return rows
                .map(|row| Some((env.clone(), row.elements().get(place)?.node()?)))
                .collect();
        }
        _ => return None,
    };
    let scope = env.context.child(&owner, query);
    if recursion::is_recursive(&scope) {
        return None;
    }
    outputs(&within(env, &scope, number), column)
}

/// The expressions that the values of a result column of the environment's query come from.
pub(super) fn outputs<'a, 't>(env: &Env<'a, 't>, column: i64) -> Option<Vec<Source<'a, 't>>> {
    let query = env.scope.query;
    match query.node("setOperations") {
        Some(operation) => {
            let arms = set_operation::arms_of_values(operation)?.into_iter();
            let sources = arms.map(|arm| sources(env, arm, column));
            Some(sources.collect::<Option<Vec<_>>>()?.concat())
        }
        None => Some(vec![(env.of_outputs(), output_expression(query, column)?)]),
    }
}

/// The query of the common table expression that an entry refers to, and the scope that defines it.
pub(super) fn definition<'t>(
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
    /// The environment of the result columns of this scope's query: for a statement that writes, the rows it has written.
    pub(super) fn of_outputs(&self) -> Self {
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
    pub(super) fn output(&self, column: i64) -> Verdict {
        let query = self.scope.query;
        if let Some(operation) = query.node("setOperations") {
            return set_operation::column(self, operation, column);
        }
        match output_expression(query, column) {
            Some(expression) => self.of_outputs().output_of(expression),
            None => Verdict::nullable("its query has no such column", None),
        }
    }
}

/// The number of the entry that a `RANGETBLREF` names.
pub(super) fn referenced(node: &Node<'_>) -> Option<usize> {
    (node.tag == "RANGETBLREF").then(|| index(node, "rtindex"))?
}
