//! Columns of views that are only read, for the `schema` module: null can be in those of which the analysis cannot exclude it
//! in a query of the whole view. Of views that are written through, the table below decides.

use super::Failure;
use crate::catalog::{Catalog, QualifiedName, Relation};
use crate::inspect::inspect_more;

/// Takes the columns of the views with these names for not null where their rows cannot hold one.
///
/// # Errors
///
/// When the database cannot be asked.
pub(super) fn promise_columns(
    url: &str,
    catalog: &mut Catalog,
    views: &[QualifiedName],
) -> Result<(), Failure> {
    if views.is_empty() {
        return Ok(());
    }
    let queries = views.iter().map(|view| format!("table {}", view.to_sql()));
    let queries: Vec<String> = queries.collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let answers = inspect_more(url, catalog, &queries).map_err(Failure::database)?;
    for (view, answer) in views.iter().zip(answers) {
        // A view that the role may not read promises nothing.
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

/// The views among the relations to which nothing can be written.
pub(super) fn only_read(relations: &[&Relation]) -> Vec<QualifiedName> {
    let relations = relations.iter();
    let views = relations.filter(|relation| relation.is_read_only());
    views.map(|view| view.name.clone()).collect()
}
