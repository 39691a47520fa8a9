//! The expressions that stand in the catalog as text: the bodies of SQL functions, and what columns are generated from. The
//! server is asked how it understands them, so that what they give can be worked out.
//!
//! A body is described as a subquery beside its arguments, which names its columns the same way: columns of its own first,
//! then the arguments, by name, by number, or by the function's name and theirs. It is only parsed. What cannot stand there
//! (a statement that writes, several statements, arguments of any type) has no tree, and nothing is known of it.

use std::collections::BTreeSet;

use super::load::load_callables;
use super::name::always_quoted;
use super::{Catalog, CatalogError, Column, Function, References, Relation, TypeKind};
use crate::describe::Session;

/// How deep functions that call functions are followed.
const DEPTH: usize = 4;

/// What a query is about.
enum Subject {
    /// The function of this OID.
    Function(u32),
    /// The column of this number, of the relation of this OID.
    Column(u32, i16),
}

/// Reads the trees of the SQL functions in the catalog, and of generated columns of `relations`, and the functions that those
/// call.
pub(super) async fn load(
    session: &mut Session,
    catalog: &mut Catalog,
    relations: &BTreeSet<u32>,
) -> Result<(), CatalogError> {
    let mut known = References::default();
    let mut relations = relations.clone();
    for _ in 0..DEPTH {
        let mut open = functions(catalog, &known.functions);
        open.extend(columns(catalog, &relations));
        if open.is_empty() {
            return Ok(());
        }
        known.functions.extend(catalog.functions.keys());
        known.relations.append(&mut relations);
        let queries: Vec<&str> = open.iter().map(|(_, query)| query.as_str()).collect();
        let described = session.describe(&queries).await?;
        let mut references = References::default();
        for ((subject, _), answer) in open.iter().zip(described) {
            let text = answer.ok().and_then(|description| description.tree);
            if let Some(text) = &text {
                references.collect_text(text);
            }
            keep(catalog, subject, text);
        }
        relations = &references.relations - &known.relations;
        load_callables(session, catalog, &references).await?;
    }
    Ok(())
}

fn functions(catalog: &Catalog, known: &BTreeSet<u32>) -> Vec<(Subject, String)> {
    let functions = catalog.functions.iter();
    functions
        .filter(|(oid, function)| function.tree.is_none() && !known.contains(oid))
        .filter_map(|(oid, function)| {
            Some((Subject::Function(*oid), function.body_query(catalog)?))
        })
        .collect()
}

fn columns(catalog: &Catalog, relations: &BTreeSet<u32>) -> Vec<(Subject, String)> {
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

fn keep(catalog: &mut Catalog, subject: &Subject, tree: Option<String>) {
    match subject {
        Subject::Function(oid) => {
            if let Some(function) = catalog.functions.get_mut(oid) {
                function.tree = tree;
            }
        }
        Subject::Column(relation, number) => {
            let relation = catalog.relation_by_oid_mut(*relation);
            let mut columns = relation.into_iter().flat_map(|r| &mut r.columns);
            if let Some(column) = columns.find(|column| column.number == *number) {
                column.tree = tree;
            }
        }
    }
}

impl Column {
    /// The query of what the column is generated from.
    fn expression_query(&self, relation: &Relation) -> Option<String> {
        let expression = self.expression.as_deref()?;
        Some(format!(
            "select {expression} from {}",
            relation.name.to_sql()
        ))
    }
}

impl Function {
    /// The query that is the function's body, `$1` being its first argument; none if it is not one in SQL.
    pub fn body_query(&self, catalog: &Catalog) -> Option<String> {
        let body = query(self.source.as_deref()?)?;
        let arguments: Option<Vec<String>> = (1..)
            .zip(&self.arguments)
            .map(|(number, oid)| {
                let ty = &catalog.type_by_oid(*oid)?.name;
                let name = self
                    .input_names
                    .get(number - 1)
                    .filter(|name| !name.is_empty());
                let alias =
                    name.map_or_else(String::new, |name| format!(" as {}", always_quoted(name)));
                Some(format!("${number}::{}{alias}", ty.to_sql()))
            })
            .collect();
        // A body may say `a.x` of an argument that is a row, which elsewhere only a relation's name takes.
        let rows: String = (1..)
            .zip(self.arguments.iter().zip(&self.input_names))
            .filter_map(|(number, (oid, name))| {
                let ty = catalog.type_by_oid(*oid)?;
                let is_row = matches!(ty.kind, TypeKind::Composite { .. }) && !name.is_empty();
                is_row.then(|| {
                    let ty = ty.name.to_sql();
                    format!("(select (${number}::{ty}).*) as {}, ", always_quoted(name))
                })
            })
            .collect();
        Some(format!(
            "select \"the body\".* from (select {}) as {}, {rows}lateral (\n{body}\n) as \"the body\"",
            arguments?.join(", "),
            always_quoted(&self.name.name)
        ))
    }
}

/// The query of a body: the one statement of `begin atomic`, what RETURN returns, or the text itself.
fn query(source: &str) -> Option<String> {
    let source = source.trim();
    let query = match (
        source.strip_prefix("BEGIN ATOMIC"),
        source.strip_prefix("RETURN "),
    ) {
        (Some(block), _) => block.strip_suffix("END")?.trim().to_owned(),
        (_, Some(expression)) => format!("select {expression}"),
        _ => source.to_owned(),
    };
    Some(
        query
            .trim_end_matches(|c: char| c == ';' || c.is_whitespace())
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn every_form_of_body_is_a_query() {
        assert_eq!(query(" select 1; \n").unwrap(), "select 1");
        assert_eq!(query("BEGIN ATOMIC\n SELECT 1;\nEND").unwrap(), "SELECT 1");
        assert_eq!(query("RETURN (a + 1)").unwrap(), "select (a + 1)");
    }
}
