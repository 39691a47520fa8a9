//! Nullability of the columns of read-only views, for the `schema` module: a column can be null unless the analysis
//! excludes it in a query of the whole view. For updatable views, the table below decides.

use howdah::__private::Connector;

use super::Failure;
use crate::catalog::{Catalog, QualifiedName, Relation};
use crate::inspect::inspect_more;

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
