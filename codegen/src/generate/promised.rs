//! Nullability of columns for the `schema` module, beyond what the catalog says. A column of a read-only view and a
//! generated column of a table can be null unless the analysis excludes it in a query of the whole relation. For updatable
//! views, the table below decides.

use howdah::__private::Connector;

use super::Failure;
use crate::catalog::{Catalog, Column, ColumnDefault, QualifiedName, Relation};
use crate::inspect::inspect_more;

/// Marks those columns of these relations as not null that cannot contain null.
///
/// # Errors
///
/// When the database cannot be reached.
pub(super) fn promise_columns(
    server: &Connector,
    catalog: &mut Catalog,
    relations: &[QualifiedName],
) -> Result<(), Failure> {
    if relations.is_empty() {
        return Ok(());
    }
    let queries = relations.iter();
    let queries = queries.map(|relation| format!("table {}", relation.to_sql()));
    let queries: Vec<String> = queries.collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let answers = inspect_more(server, catalog, &queries).map_err(Failure::database)?;
    for (name, answer) in relations.iter().zip(answers) {
        // Nothing is known of a relation that the role may not read.
        let Ok(analysis) = answer else {
            continue;
        };
        let relations = catalog.relations.iter_mut();
        for relation in relations.filter(|relation| relation.name == *name) {
            let is_read_only = relation.is_read_only();
            for (column, verdict) in relation.columns.iter_mut().zip(&analysis.columns) {
                if is_read_only || is_generated(column) {
                    column.not_null = !verdict.nullable;
                }
            }
        }
    }
    Ok(())
}

/// The views among the relations that cannot be written to, and the tables with generated columns.
pub(super) fn unclear(relations: &[&Relation]) -> Vec<QualifiedName> {
    let is_unclear = |relation: &&&Relation| {
        let mut columns = relation.columns.iter();
        let mut is_generated = || columns.any(|column| is_generated(column) && !column.not_null);
        relation.is_read_only() || relation.below.is_none() && is_generated()
    };
    let relations = relations.iter().filter(is_unclear);
    relations.map(|relation| relation.name.clone()).collect()
}

fn is_generated(column: &Column) -> bool {
    column.default == ColumnDefault::Generated
}
