//! Whether a column of an entry can be null: of relations, subqueries, joins, functions, VALUES, common table
//! expressions.

use super::{EntryKind, aliased, definition, is_sequence, kind, name, relation_column, within};
use crate::analyze::dml::{self, Command};
use crate::analyze::env::Env;
use crate::analyze::reason::Verdict;
use crate::analyze::scope::Side;
use crate::analyze::{bodies, checks, from_functions, materialized, recursion};
use crate::catalog::{Column, Relation, RelationKind};
use crate::tree::{Node, Value};

/// The first side that can be missing, so that the entry's columns are null.
fn missing_side(env: &Env<'_, '_>, entry: usize) -> Option<Side> {
    env.scope
        .extended_by(entry)
        .iter()
        .find(|side| !env.facts.is_present(env.scope.id, **side))
        .copied()
}

/// The verdict on a column of the entry numbered `number` in the environment's scope.
pub(in crate::analyze) fn column(env: &Env<'_, '_>, number: usize, column: i64) -> Verdict {
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
                .then(|| checks::columns(env, number, &[column]))
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
        EntryKind::Function => from_functions::column(env, entry, column),
        EntryKind::TableFunction => table_function(entry, column),
        EntryKind::Values => values(env, entry, column),
        EntryKind::CommonTableExpression => common_table(env, entry, number, column),
        EntryKind::Other => Verdict::nullable("nothing is known about it", None),
    }
}

/// A column of a table, view or similar relation, from the catalog.
pub(in crate::analyze) fn base_column(env: &Env<'_, '_>, entry: &Node<'_>, column: i64) -> Verdict {
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

/// A column that is generated from values that are not null. Each child table can generate it differently.
fn generated(
    env: &Env<'_, '_>,
    entry: &Node<'_>,
    relation: &Relation,
    column: &Column,
) -> Option<Verdict> {
    let all_rows = relation.children.is_empty() || !entry.flag("inh");
    let keeps = all_rows && relation.kind != RelationKind::ForeignTable;
    let tree = column.tree.as_deref().filter(|_| keeps)?;
    let verdict = bodies::of_generated(env.context, tree)?;
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

/// A column of the inner query of entry `number`, with the facts about the entry's columns.
fn result_of<'t>(env: &Env<'_, 't>, query: &'t Node<'t>, number: usize, column: i64) -> Verdict {
    let scope = env.context.child(&env.scope, query);
    within(env, &scope, number).output(column)
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

/// A column of a VALUES list: not null if it is not null in every row.
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
    // Inside, outer columns are those of the query that defines it. The facts about its result here apply as well.
    within(env, &scope, number).output(column)
}
