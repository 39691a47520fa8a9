//! Reads `pg_catalog`: a few queries that answer in JSON, and what is derived from their rows.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::DeserializeOwned;

use super::{Catalog, QualifiedName, rows};
use crate::describe::{ConnectError, ServerError, Session};

/// Why the catalog could not be read.
#[derive(Debug)]
pub enum CatalogError {
    /// The connection broke.
    Connection(ConnectError),
    /// The server refused a query about its catalog.
    Refused(ServerError),
    /// An answer has not the shape that PostgreSQL 14 to 18 give.
    Unexpected(serde_json::Error),
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(error) => error.fmt(f),
            Self::Refused(error) => write!(f, "cannot read the catalog: {error}"),
            Self::Unexpected(error) => {
                write!(f, "cannot understand the server's catalog: {error}")
            }
        }
    }
}

impl std::error::Error for CatalogError {}

impl From<ConnectError> for CatalogError {
    fn from(error: ConnectError) -> Self {
        Self::Connection(error)
    }
}

async fn json<T: DeserializeOwned>(session: &mut Session, sql: &str) -> Result<T, CatalogError> {
    let rows = session.query(sql).await?.map_err(CatalogError::Refused)?;
    let text = rows.into_iter().flatten().next().unwrap_or_default();
    serde_json::from_str(&text).map_err(CatalogError::Unexpected)
}

/// Reads the catalog of the session's database.
///
/// # Errors
///
/// When the connection breaks or the role may not read `pg_catalog`.
pub async fn load(session: &mut Session) -> Result<Catalog, CatalogError> {
    const META: &str = "select json_build_object('version', current_setting('server_version_num')::int, 'search_path', current_schemas(false))";
    let meta: rows::Meta = json(session, META).await?;
    let types: Vec<rows::Type> = json(session, include_str!("types.sql")).await?;
    let relations: Vec<rows::Relation> = json(session, include_str!("relations.sql")).await?;
    let extra: rows::Constraints = json(session, include_str!("constraints.sql")).await?;

    let type_names: HashMap<u32, QualifiedName> = types
        .iter()
        .map(|t| (t.oid, QualifiedName::new(&t.schema, &t.name)))
        .collect();
    let mut catalog = Catalog {
        server_version: meta.version,
        search_path: meta.search_path,
        types: types
            .into_iter()
            .map(|t| t.into_type(&type_names))
            .collect(),
        nondeterministic_collations: extra.collations,
        ..Catalog::default()
    };
    catalog.relations = rows::relations(
        relations,
        extra.constraints,
        extra.unique_indexes,
        &type_names,
    );
    catalog.relations.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.types.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.index();
    promise_only_what_children_keep(&mut catalog);
    Ok(catalog)
}

/// A column is not null only if it is so in every child, and no foreign table promises anything.
fn promise_only_what_children_keep(catalog: &mut Catalog) {
    let mut broken = Vec::new();
    for (at, relation) in catalog.relations.iter().enumerate() {
        for (number, column) in relation.columns.iter().enumerate() {
            if column.not_null && !kept_everywhere(catalog, relation.oid, &column.name) {
                broken.push((at, number));
            }
        }
    }
    for (relation, column) in broken {
        catalog.relations[relation].columns[column].not_null = false;
    }
}

/// Whether the relation and all below it declare the column not null and enforce it.
fn kept_everywhere(catalog: &Catalog, root: u32, column: &str) -> bool {
    let mut todo = vec![root];
    let mut seen = HashSet::new();
    while let Some(oid) = todo.pop() {
        if !seen.insert(oid) {
            continue;
        }
        let Some(relation) = catalog.relation_by_oid(oid) else {
            return false;
        };
        let keeps = relation.kind != super::RelationKind::ForeignTable
            && relation
                .columns
                .iter()
                .any(|c| c.name == column && c.not_null);
        if !keeps {
            return false;
        }
        todo.extend(&relation.children);
    }
    true
}

/// Reads the functions and operators with these OIDs into the catalog.
///
/// # Errors
///
/// As [`load`].
pub async fn load_functions(
    session: &mut Session,
    catalog: &mut Catalog,
    functions: &HashSet<u32>,
    operators: &HashSet<u32>,
) -> Result<(), CatalogError> {
    let listed = |oids: &HashSet<u32>| {
        let mut oids: Vec<_> = oids.iter().map(u32::to_string).collect();
        oids.sort();
        oids.join(",")
    };
    let sql = include_str!("functions.sql")
        .replace("{FUNCTIONS}", &listed(functions))
        .replace("{OPERATORS}", &listed(operators));
    let answer: rows::Callables = json(session, &sql).await?;
    catalog.functions.extend(
        answer
            .functions
            .into_iter()
            .map(rows::Function::into_function),
    );
    catalog.operators.extend(
        answer
            .operators
            .into_iter()
            .map(rows::Operator::into_operator),
    );
    Ok(())
}
