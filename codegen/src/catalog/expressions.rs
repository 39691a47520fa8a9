//! The expressions that are stored in the catalog as text: the bodies of functions, and the expressions of generated
//! columns. The server describes them, so that the analysis can work out their results.
//!
//! A body is described as a subquery, or statement by statement; it is only parsed. A body that cannot be described,
//! for example because of polymorphic arguments, has no trees, and nothing is known of it.

use std::collections::BTreeSet;

use super::bodies;
use super::load::load_callables;
use super::{Catalog, CatalogError, Column, References, Relation};
use crate::describe::Session;

/// The depth to which functions that call functions are followed.
const DEPTH: usize = 4;

/// The object that a query describes.
enum Subject {
    /// The function with this OID.
    Function(u32),
    /// The column with this number, of the relation with this OID.
    Column(u32, i16),
}

/// Reads the trees of the functions in SQL and PL/pgSQL in the catalog, and of generated columns of `relations`, and the functions that those
/// call.
pub(super) async fn load(
    session: &mut Session,
    catalog: &mut Catalog,
    relations: &BTreeSet<u32>,
) -> Result<(), CatalogError> {
    let mut known = References::default();
    let mut relations = relations.clone();
    for _ in 0..DEPTH {
        let (mut open, mut refused) = functions(catalog, &known.functions);
        open.extend(columns(catalog, &relations));
        if open.is_empty() && refused.is_empty() {
            return Ok(());
        }
        known.functions.extend(catalog.functions.keys());
        known.relations.append(&mut relations);
        let queries: Vec<&str> = open.iter().map(|(_, query)| query.as_str()).collect();
        let described = session.describe(&queries).await?;
        let mut references = References::default();
        for ((subject, _), answer) in open.iter().zip(described) {
            match (
                subject,
                answer.ok().and_then(|description| description.tree),
            ) {
                (_, Some(tree)) => {
                    references.collect_text(&tree);
                    keep(catalog, subject, vec![tree]);
                }
                (Subject::Function(oid), None) => refused.push(*oid),
                (Subject::Column(..), None) => {}
            }
        }
        for (oid, trees) in bodies::statements(session, catalog, &refused).await? {
            trees.iter().for_each(|tree| references.collect_text(tree));
            keep(catalog, &Subject::Function(oid), trees);
        }
        relations = &references.relations - &known.relations;
        load_callables(session, catalog, &references).await?;
    }
    Ok(())
}

/// The functions that are not known yet: those whose body is a query, and all others.
fn functions(catalog: &Catalog, known: &BTreeSet<u32>) -> (Vec<(Subject, String)>, Vec<u32>) {
    let (mut queries, mut others) = (Vec::new(), Vec::new());
    let functions = catalog.functions.iter();
    let open = functions
        .filter(|(oid, f)| f.source.is_some() && f.trees.is_empty() && !known.contains(oid));
    for (oid, function) in open {
        match function.body_query(catalog) {
            Some(query) => queries.push((Subject::Function(*oid), query)),
            None => others.push(*oid),
        }
    }
    (queries, others)
}

/// Queries of the expressions of generated columns. The catalog prints these as they are written where `pg_catalog` comes
/// first; where it may not, they could mean something else.
fn columns(catalog: &Catalog, relations: &BTreeSet<u32>) -> Vec<(Subject, String)> {
    if catalog.may_hide_built_in {
        return Vec::new();
    }
    let relations = relations
        .iter()
        .filter_map(|oid| catalog.relation_by_oid(*oid));
    relations
        .flat_map(|relation| {
            relation
                .columns
                .iter()
                .map(move |column| (relation, column))
        })
        .filter(|(_, column)| column.tree.is_none())
        .filter_map(|(relation, column)| {
            let query = column.expression_query(relation)?;
            Some((Subject::Column(relation.oid, column.number), query))
        })
        .collect()
}

fn keep(catalog: &mut Catalog, subject: &Subject, trees: Vec<String>) {
    match subject {
        Subject::Function(oid) => {
            if let Some(function) = catalog.functions.get_mut(oid) {
                function.trees = trees;
            }
        }
        Subject::Column(relation, number) => {
            let relation = catalog.relation_by_oid_mut(*relation);
            let mut columns = relation.into_iter().flat_map(|r| &mut r.columns);
            if let Some(column) = columns.find(|column| column.number == *number) {
                column.tree = trees.into_iter().next();
            }
        }
    }
}

impl Column {
    /// A query of the column's generation expression.
    fn expression_query(&self, relation: &Relation) -> Option<String> {
        let expression = self.expression.as_deref()?;
        Some(format!(
            "select {expression} from {}",
            relation.name.to_sql()
        ))
    }
}
