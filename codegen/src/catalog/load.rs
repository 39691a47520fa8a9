//! Reads `pg_catalog`: a few queries that answer in JSON, and what is derived from their rows.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use serde::de::DeserializeOwned;

use super::{Catalog, QualifiedName, Relation, expressions, rows};
use crate::describe::{ConnectError, ServerError, Session};
use crate::tree::{self, Node, Value};

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

/// The catalog objects that queries refer to by OID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Functions, aggregates and window functions.
    pub functions: BTreeSet<u32>,
    /// Operators.
    pub operators: BTreeSet<u32>,
    /// Relations; the system's own are only read when they are among them.
    pub relations: BTreeSet<u32>,
}

impl References {
    /// Takes in what a tree refers to.
    pub fn collect(&mut self, node: &Node<'_>) {
        for (name, value) in &node.fields {
            let into = match *name {
                "funcid" | "opfuncid" | "aggfnoid" | "winfnoid" => &mut self.functions,
                "opno" => &mut self.operators,
                "relid" => &mut self.relations,
                _ => {
                    self.collect_value(value);
                    continue;
                }
            };
            into.extend(value.number().and_then(|oid| u32::try_from(oid).ok()));
        }
    }

    /// As [`collect`](Self::collect), for any value.
    pub fn collect_value(&mut self, value: &Value<'_>) {
        match value {
            Value::Node(node) => self.collect(node),
            Value::List(elements) => elements.iter().for_each(|e| self.collect_value(e)),
            _ => {}
        }
    }
}

/// OIDs as an array literal's elements.
fn listed(oids: &BTreeSet<u32>) -> String {
    let oids: Vec<_> = oids.iter().map(u32::to_string).collect();
    oids.join(",")
}

/// Reads the catalog of the session's database, with what `references` names and what its own constraints call.
///
/// # Errors
///
/// When the connection breaks or the role may not read `pg_catalog`.
pub async fn load(
    session: &mut Session,
    mut references: References,
) -> Result<Catalog, CatalogError> {
    const META: &str = "select json_build_object('version', current_setting('server_version_num')::int, 'search_path', current_schemas(false))";
    let meta: rows::Meta = json(session, META).await?;
    let types: Vec<rows::Type> = json(session, include_str!("types.sql")).await?;
    let relations =
        include_str!("relations.sql").replace("{RELATIONS}", &listed(&references.relations));
    let relations: Vec<rows::Relation> = json(session, &relations).await?;
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
    for tree in catalog.relations.iter().flat_map(Relation::trees) {
        if let Ok(Value::Node(node)) = tree::read(tree) {
            references.collect(&node);
        }
    }
    load_callables(session, &mut catalog, &references).await?;
    expressions::load(session, &mut catalog, &references.relations).await?;
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

/// Reads the functions and operators.
pub(super) async fn load_callables(
    session: &mut Session,
    catalog: &mut Catalog,
    references: &References,
) -> Result<(), CatalogError> {
    let sql = include_str!("functions.sql")
        .replace("{FUNCTIONS}", &listed(&references.functions))
        .replace("{OPERATORS}", &listed(&references.operators));
    let answer: rows::Callables = json(session, &sql).await?;
    let functions = answer.functions.into_iter();
    catalog
        .functions
        .extend(functions.map(rows::Function::into_function));
    let operators = answer.operators.into_iter();
    catalog
        .operators
        .extend(operators.map(rows::Operator::into_operator));
    Ok(())
}
