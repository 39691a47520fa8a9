//! Nullability of columns for the `schema` module, beyond what the catalog says. A column of a read-only view can be null
//! unless the analysis excludes it in a query of the whole view; for updatable views, the table below decides. A generated
//! column can be null unless the analysis excludes it of its expression.

use howdah::__private::Connector;

use super::Failure;
use crate::analyze::is_generated_not_null;
use crate::catalog::{Catalog, QualifiedName, Relation};
use crate::inspect::inspect_more;

/// Marks the generated columns as not null that cannot contain null.
pub(super) fn promise_generated(catalog: &mut Catalog) {
    let mut promised = Vec::new();
    for (at, relation) in catalog.relations.iter().enumerate() {
        for (number, column) in relation.columns.iter().enumerate() {
            if !column.not_null && is_generated_not_null(catalog, relation, column) {
                promised.push((at, number));
            }
        }
    }
    for (at, number) in promised {
        catalog.relations[at].columns[number].not_null = true;
    }
}

/// Marks the columns of these views as not null if they cannot contain null.
///
/// # Errors
///
/// When the database cannot be reached.
pub(super) fn promise_columns(
    server: &Connector,
    catalog: &mut Catalog,
    views: &[QualifiedName],
) -> Result<(), Failure> {
    if views.is_empty() {
        return Ok(());
    }
    let queries = views.iter().map(|view| format!("table {}", view.to_sql()));
    let queries: Vec<String> = queries.collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let answers = inspect_more(server, catalog, &queries).map_err(Failure::database)?;
    for (view, answer) in views.iter().zip(answers) {
        // Nothing is known of a view that the role may not read.
        let Ok(analysis) = answer else {
            continue;
        };
        let relations = catalog.relations.iter_mut();
        let columns = relations
            .filter(|r| r.name == *view)
            .flat_map(|r| &mut r.columns);
        for (column, verdict) in columns.zip(&analysis.columns) {
            column.not_null = !verdict.nullable;
        }
    }
    Ok(())
}

/// The views among the relations that cannot be written to.
pub(super) fn only_read(relations: &[&Relation]) -> Vec<QualifiedName> {
    let relations = relations.iter();
    let views = relations.filter(|relation| relation.is_read_only());
    views.map(|view| view.name.clone()).collect()
}
