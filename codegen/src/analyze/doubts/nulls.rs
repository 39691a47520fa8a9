//! Rows that are refused whenever they are written, because a column that must not be null is null in each of them.

use super::{Doubt, DoubtKind, doubt};
use crate::analyze::constants;
use crate::analyze::dml::{self, Command};
use crate::catalog::{Before, Catalog, Column, ColumnDefault, Relation, RelationKind};
use crate::tree::Node;

/// Adds the doubts about the rows that a statement writes, and that those in its WITH clause do.
pub(super) fn collect(catalog: &Catalog, query: &Node<'_>, found: &mut Vec<Doubt>) {
    let parts = query.nodes("cteList");
    let parts = parts.filter_map(|table| table.node("ctequery"));
    parts.for_each(|query| collect(catalog, query, found));
    let Some(relation) = target(catalog, query) else {
        return;
    };
    match dml::command(query) {
        Command::Insert => {
            inserted(catalog, relation, query, found);
            if let Some(conflict) = dml::updating_conflict(query) {
                updated(catalog, relation, conflict, "onConflictSet", found);
            }
        }
        Command::Update => updated(catalog, relation, query, "targetList", found),
        Command::Merge => {
            for action in query.nodes("mergeActionList") {
                match dml::command(action) {
                    Command::Insert => inserted(catalog, relation, action, found),
                    Command::Update => updated(catalog, relation, action, "targetList", found),
                    _ => {}
                }
            }
        }
        Command::Select | Command::Delete | Command::Utility => {}
    }
}

/// The table that a statement writes to. Views and foreign tables have no constraints that are enforced here.
fn target<'c>(catalog: &'c Catalog, query: &Node<'_>) -> Option<&'c Relation> {
    let entry = query.index("resultRelation")?.checked_sub(1)?;
    let entry = query.nodes("rtable").nth(entry)?;
    let relation = catalog.relation_by_oid(entry.oid("relid"))?;
    let is_table = matches!(
        relation.kind,
        RelationKind::Table | RelationKind::PartitionedTable
    );
    is_table.then_some(relation)
}

fn inserted(catalog: &Catalog, relation: &Relation, node: &Node<'_>, found: &mut Vec<Doubt>) {
    let before = dml::triggers(catalog, relation).before_insert;
    found.extend(nulls(relation, &before, node, "targetList"));
    let left_out = refusing(relation, &before).filter(|column| {
        column.default == ColumnDefault::None
            && dml::assigned(node, "targetList", column.number.into()).is_none()
    });
    let columns: Vec<_> = left_out.map(|column| column.name.clone()).collect();
    if !columns.is_empty() {
        let table = relation.name.clone();
        found.push(Doubt {
            kind: DoubtKind::LeftOut { table, columns },
            location: None,
        });
    }
}

fn updated(
    catalog: &Catalog,
    relation: &Relation,
    node: &Node<'_>,
    list: &'static str,
    found: &mut Vec<Doubt>,
) {
    let triggers = dml::triggers(catalog, relation);
    let mut before = triggers.before_update;
    // A row that moves to another partition is inserted there.
    before.add(&triggers.before_insert);
    found.extend(nulls(relation, &before, node, list));
}

/// The null constants for columns that refuse them.
fn nulls(
    relation: &Relation,
    before: &Before,
    node: &Node<'_>,
    list: &'static str,
) -> impl Iterator<Item = Doubt> {
    refusing(relation, before).filter_map(move |column| {
        let value = dml::assigned(node, list, column.number.into())?;
        let kind = DoubtKind::Null {
            table: relation.name.clone(),
            column: column.name.clone(),
        };
        constants::is_null(value).then(|| doubt(kind, value))?
    })
}

/// The columns that must not be null, and that no trigger gives another value. One that may skip the row may do so.
fn refusing<'r>(relation: &'r Relation, before: &Before) -> impl Iterator<Item = &'r Column> {
    let columns = relation.columns.iter();
    columns.filter(|column| column.not_null && !before.may_set(column) && !before.may_skip)
}
