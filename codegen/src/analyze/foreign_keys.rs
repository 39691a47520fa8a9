//! Rows that foreign keys promise: `orders left join customers on customers.id = orders.customer` finds the customer of each
//! order that has one.
//!
//! A key that is validated, and checked when a statement ends, holds in every snapshot. It says nothing of rows that are newer
//! than the snapshot, which RETURNING gives and row locks wait for, nor of rows that a policy hides.

use std::rc::Rc;

use super::context::Context;
use super::determined::equality;
use super::dml::{self, Command};
use super::env::Env;
use super::logic::conjuncts;
use super::params::outputs;
use super::range_table::{self, EntryKind};
use super::scope::{Scope, Side, index};
use super::{recursion, steady};
use crate::catalog::{Column, Constraint, ConstraintKind, Relation, RelationKind};
use crate::tree::Node;

/// A side of an outer join that is there in all rows in which an entry is, with none of these columns null.
pub(super) struct Promise {
    pub(super) side: Side,
    pub(super) entry: usize,
    pub(super) columns: Vec<i64>,
}

/// An entry of the range table, and a column of it.
type Place = (usize, i64);

/// A column by its number, and what it is equal to.
type Match = (i64, Place);

/// What the sides of the scope's outer joins are promised by.
pub(super) fn promises<'t>(context: &Context<'t>, scope: &Rc<Scope<'t>>) -> Rc<[Promise]> {
    let work_out = || {
        let joins = scope.single_sides.iter();
        let promises = joins.filter_map(|(side, entry, condition)| {
            let matches = matched(context, scope, (*condition)?, *entry, 0)?;
            let (entry, columns) = promised(context, scope, scope.entry(*entry)?, &matches)?;
            Some(Promise {
                side: *side,
                entry,
                columns,
            })
        });
        promises.collect()
    };
    Rc::clone(scope.promises.get_or_init(work_out))
}

/// Whether a subquery of the environment's query finds a row: the one that a foreign key refers to, with nothing else asked of it.
pub(super) fn finds_row<'t>(env: &Env<'_, 't>, subquery: &Rc<Scope<'t>>) -> bool {
    const CHOOSING: [&str; 7] = [
        "setOperations",
        "groupClause",
        "groupingSets",
        "havingQual",
        "limitCount",
        "limitOffset",
        "rowMarks",
    ];
    let query = subquery.query;
    let is_absent = |field: &&str| query.list(field).is_empty() && query.node(field).is_none();
    let is_plain = dml::command(query) == Command::Select
        && CHOOSING.iter().all(is_absent)
        && !query.flag("hasAggs")
        && !query.flag("hasTargetSRFs");
    // Grouping sets make null of what the table has.
    let is_of_rows = is_plain && env.scope.query.list("groupingSets").is_empty();
    let jointree = query.node("jointree").filter(|_| is_of_rows);
    let found = jointree.and_then(|jointree| {
        let mut items = jointree.nodes("fromlist");
        let target = items.next().and_then(range_table::referenced)?;
        let matches = matched(env.context, subquery, jointree.node("quals")?, target, 1)?;
        let target = subquery.entry(target).filter(|_| items.next().is_none())?;
        promised(env.context, &env.scope, target, &matches)
    });
    let is_not_null = |entry: usize, column: i64| !env.column_of(entry, column).nullable;
    found.is_some_and(|(entry, columns)| {
        const WHOLE_ROW: i64 = 0;
        is_not_null(entry, WHOLE_ROW) && columns.iter().all(|c| is_not_null(entry, *c))
    })
}

/// The columns of `target` that the condition, if it is nothing but that, equates with others: of the same query, or of one
/// `levels` further out.
fn matched<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    condition: &'t Node<'t>,
    target: usize,
    levels: usize,
) -> Option<Vec<Match>> {
    let key = |node| named(context, scope, node, 0).filter(|(entry, _)| *entry == target);
    let other = |node| {
        named(context, scope, node, levels).filter(|(entry, _)| levels > 0 || *entry != target)
    };
    let matches = conjuncts(condition).into_iter().map(|part| {
        let [left, right] = equality(context, part)?;
        let pair = |a, b| Some((key(a)?.1, other(b)?));
        pair(left, right).or_else(|| pair(right, left))
    });
    matches.collect()
}

/// The entry and column that a reference `levels` up is to, also as another type that takes equal values for equal ones.
fn named<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    node: &Node<'t>,
    levels: usize,
) -> Option<Place> {
    let column = match node.tag {
        "RELABELTYPE" => node
            .node("arg")
            .filter(|arg| steady::equal_is_same(context, arg.oid("vartype")))?,
        _ => node,
    };
    let up = usize::try_from(column.number("varlevelsup")?).ok()?;
    let is_meant = column.tag == "VAR" && up == levels;
    let owner = scope.ancestor(levels).filter(|_| is_meant)?;
    owner.resolved(index(column, "varno")?, column.number("varattno")?)
}

/// The entry all of whose rows have one in `target` with the keys given, and its columns that must not be null for that.
fn promised<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    target: &'t Node<'t>,
    matches: &[Match],
) -> Option<(usize, Vec<i64>)> {
    let referenced = context.catalog.relation_by_oid(target.oid("relid"));
    let referenced = referenced.filter(|relation| is_read_whole(relation, target))?;
    let (_, (entry, _)) = *matches.first()?;
    let origins = matches.iter().map(|(_, place)| match place.0 == entry {
        true => origins(context, scope, *place),
        false => None,
    });
    let origins = origins.collect::<Option<Vec<_>>>()?;
    let is_promised = match &origins[..] {
        [single] => single.iter().all(|origin| {
            let (key, _) = matches[0];
            is_foreign_key(origin.relation, referenced, &[(origin.column, key)])
        }),
        // Several columns are of one row where they are a table's.
        several => {
            let columns = several.iter().zip(matches);
            let columns = columns.map(|(origin, (key, _))| (origin[0].column, *key));
            let is_table = scope
                .entry(entry)
                .is_some_and(|e| range_table::kind(e) == EntryKind::Relation);
            is_table
                && is_foreign_key(
                    several[0][0].relation,
                    referenced,
                    &columns.collect::<Vec<_>>(),
                )
        }
    };
    let may_be_null = |origins: &Vec<Origin<'_>>| origins.iter().any(|o| !o.is_not_null);
    let columns = matches.iter().zip(&origins);
    let columns = columns.filter_map(|((_, (_, c)), o)| may_be_null(o).then_some(*c));
    is_promised.then(|| (entry, columns.collect()))
}

/// Whether an entry has all rows that foreign keys can refer to.
fn is_read_whole(relation: &Relation, entry: &Node<'_>) -> bool {
    let has_rows = match relation.kind {
        RelationKind::Table => true,
        RelationKind::PartitionedTable => entry.flag("inh"),
        _ => false,
    };
    has_rows
        && range_table::kind(entry) == EntryKind::Relation
        && !relation.row_security
        && entry.node("tablesample").is_none()
}

/// Whether a foreign key that always holds refers with these columns to those of the numbers given, and with no others.
fn is_foreign_key(relation: &Relation, referenced: &Relation, pairs: &[(&Column, i64)]) -> bool {
    let key_of = |name: &String| referenced.columns.iter().find(|c| c.name == *name);
    relation.constraints.iter().any(|constraint| {
        let target = constraint
            .references
            .as_ref()
            .filter(|target| target.relation == referenced.name && always_holds(constraint));
        target.is_some_and(|target| {
            let own = || constraint.columns.iter().zip(&target.columns);
            let is_in = |(column, key): (&String, &String)| {
                pairs.iter().any(|(c, number)| {
                    c.name == *column && key_of(key).is_some_and(|k| i64::from(k.number) == *number)
                })
            };
            own().all(is_in) && pairs.len() == own().count()
        })
    })
}

/// Whether a foreign key is kept by all rows, and means equality by it, not that a period is covered.
fn always_holds(constraint: &Constraint) -> bool {
    constraint.kind == ConstraintKind::ForeignKey
        && constraint.validated
        && !constraint.deferrable
        && !constraint.definition.contains(", PERIOD ")
}

/// A table's column that a column of a query comes from.
struct Origin<'t> {
    relation: &'t Relation,
    column: &'t Column,
    is_not_null: bool,
}

/// Where a column comes from: tables' columns, in rows as the snapshot has them.
fn origins<'t>(
    context: &Context<'t>,
    scope: &Rc<Scope<'t>>,
    (number, column): Place,
) -> Option<Vec<Origin<'t>>> {
    let entry = scope.entry(number)?;
    let is_new = match dml::command(scope.query) {
        Command::Select => !scope.query.list("rowMarks").is_empty(),
        Command::Update | Command::Delete => dml::is_target(scope, number),
        Command::Insert | Command::Merge | Command::Utility => true,
    };
    if is_new {
        return None;
    }
    if range_table::kind(entry) == EntryKind::Relation {
        let relation = context.catalog.relation_by_oid(entry.oid("relid"))?;
        let mut columns = relation.columns.iter();
        let column = columns.find(|c| i64::from(c.number) == column)?;
        return (!range_table::is_inherited(relation, entry)).then(|| {
            vec![Origin {
                relation,
                column,
                is_not_null: column.not_null,
            }]
        });
    }
    let (owner, query) = range_table::query(scope, entry)?;
    let inner = context.child(&owner, query);
    if entry.flag("self_reference") || recursion::is_recursive(&inner) {
        return None;
    }
    let mut found = Vec::new();
    for (arm, expression) in outputs(context, &inner, column) {
        let place = named(context, &arm, expression, 0)?;
        let is_there =
            arm.extended_by(place.0).is_empty() && arm.query.list("groupingSets").is_empty();
        let origins = origins(context, &arm, place)?;
        found.extend(origins.into_iter().map(|origin| Origin {
            is_not_null: origin.is_not_null && is_there,
            ..origin
        }));
    }
    (!found.is_empty()).then_some(found)
}
