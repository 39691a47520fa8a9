//! The fields of whole rows: of tables, subqueries and other entries.

use super::{Part, field, names};
use crate::analyze::env::{Env, Sees};
use crate::analyze::range_table::{self, EntryKind};
use crate::analyze::rejection::Proof;
use crate::analyze::verdict::{ColumnRef, FieldVerdict};
use crate::analyze::{elements, typed};
use crate::catalog::Relation;
use crate::nodes::{Reference, Version};
use crate::tree::Node;

/// A whole row of an entry of FROM: its fields are the entry's columns, if the entry is present.
pub(super) fn whole_row<'t>(env: &Env<'_, 't>, node: &'t Node<'t>) -> Option<Vec<FieldVerdict>> {
    let Reference {
        levels,
        entry: number,
        version,
        ..
    } = Reference::of(node)?;
    let scope = env.scope.ancestor(levels)?;
    // The conditions are not about the rows `old` and `new`, and columns that a grouping set leaves out are null.
    let sees_rows = matches!(env.sees, Sees::OneRow | Sees::AnyRow) && levels == 0;
    if version != Version::Current || (!scope.ungrouped.is_empty() && !sees_rows) {
        return None;
    }
    let catalog = env.context.catalog;
    let sides = match range_table::is_row_if_absent(catalog, scope.entry(number)?) {
        true => Vec::new(),
        false => scope.extended_by(number).to_vec(),
    };
    let sides = sides.into_iter().map(Proof::Present).collect();
    let here = Env {
        scope,
        ..env.clone()
    }
    .assuming(sides);
    let entry = here.scope.entry(number)?;
    match range_table::kind(entry) {
        EntryKind::Relation => {
            let relation = catalog.relation_by_oid(entry.oid("relid"))?;
            table_row(&here, number, relation)
        }
        EntryKind::Subquery
        | EntryKind::CommonTableExpression
        | EntryKind::Join
        | EntryKind::Values => {
            let given = range_table::column_names(entry);
            let names = names(catalog, node.oid("vartype"), given);
            let columns = names.into_iter().zip(1..).map(|(name, column)| {
                let ty = typed::of_column(&here.scope, catalog, number, column)?;
                let part = Part::Column {
                    entry: number,
                    column,
                };
                field(&here, name, ty, here.column_of(number, column), &part)
            });
            columns.collect()
        }
        _ => None,
    }
}

fn table_row(env: &Env<'_, '_>, number: usize, relation: &Relation) -> Option<Vec<FieldVerdict>> {
    let columns = relation.columns.iter().map(|column| {
        let place = i64::from(column.number);
        let verdict = env.column_of(number, place);
        Some(FieldVerdict {
            name: column.name.clone(),
            ty: column.ty.clone(),
            modifier: column.modifier,
            nullable: verdict.nullable,
            element_nullable: crate::analyze::is_array(env.context.catalog, column.type_oid)
                && elements::of_column(env, number, place).nullable,
            // For a composite in a table's column, only its type is known.
            fields: Vec::new(),
            column: Some(ColumnRef {
                relation: relation.name.clone(),
                column: column.name.clone(),
            }),
            reason: verdict.reason,
        })
    });
    columns.collect()
}
