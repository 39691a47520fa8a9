//! Reads `pg_catalog` in two steps: first the user's objects, which depends on no query, and then other objects that
//! queries refer to.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use super::rows::{self, Fact, OF_THE_USER};
use super::{Catalog, References, Relation, RelationKind, expressions, views};
use crate::describe::{ConnectError, Rows, ServerError, Session, Unreadable};

/// Why the catalog could not be read.
#[derive(Debug)]
pub enum CatalogError {
    /// The connection broke.
    Connection(ConnectError),
    /// The server refused a query about its catalog.
    Refused(ServerError),
    /// An answer does not have the form that PostgreSQL 14 to 18 use.
    Unexpected(Unreadable),
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

impl From<Unreadable> for CatalogError {
    fn from(error: Unreadable) -> Self {
        Self::Unexpected(error)
    }
}

/// Begins a batch. All its queries see the same moment, and what they print does not depend on the settings of the role, the
/// database or the server. The tables and functions in them are those of `pg_catalog`; the other schemas still follow, so that
/// expressions name what is in them without a schema.
const BEGIN: &str = "
    set transaction isolation level repeatable read, read only;
    set local timezone = 'UTC';
    set local datestyle = iso;
    set local intervalstyle = postgres;
    set local bytea_output = hex;
    set local extra_float_digits = 1;
    set local quote_all_identifiers = off;
    select pg_catalog.set_config('search_path',
        pg_catalog.rtrim(pg_catalog.concat('pg_catalog,', pg_catalog.current_setting('search_path')), ','), true)";

/// The answers to a batch of queries, taken in the order of the queries.
struct Answers(std::vec::IntoIter<Rows>);

impl Answers {
    async fn of(session: &mut Session, queries: &[&str]) -> Result<Self, CatalogError> {
        let batch = [&[BEGIN], queries].concat();
        let answers = session.rows_together(&batch).await?;
        let mut answers = answers.map_err(CatalogError::Refused)?.into_iter();
        let _begun = answers.next();
        Ok(Self(answers))
    }

    fn take<T: Fact>(&mut self) -> Result<Vec<T>, CatalogError> {
        let rows = self.0.next().map(|rows| rows::read(&rows));
        Ok(rows.transpose()?.unwrap_or_default())
    }
}

/// A query about the relations for which `which` is true.
fn about<T: Fact>(which: &str) -> String {
    T::SQL.replace("{WHICH}", which)
}

/// Reads the user's part of the catalog: relations, types, what belongs to them, and the functions and operators in checks and
/// predicates.
///
/// # Errors
///
/// When the connection breaks or the role may not read `pg_catalog`.
pub async fn load(session: &mut Session) -> Result<Catalog, CatalogError> {
    let queries = [
        rows::Meta::SQL,
        rows::Type::SQL,
        rows::Label::SQL,
        rows::DomainCheck::SQL,
        &about::<rows::Relation>(OF_THE_USER),
        &about::<rows::Column>(OF_THE_USER),
        rows::Child::SQL,
        rows::Trigger::SQL,
        &about::<rows::Constraint>(OF_THE_USER),
        &about::<rows::UniqueIndex>(OF_THE_USER),
        rows::Collation::SQL,
        rows::Cast::SQL,
        rows::Callable::SQL,
        &rows::StoredQuery::OF_VIEWS.replace("{WHICH}", OF_THE_USER),
    ];
    let mut answers = Answers::of(session, &queries).await?;
    let meta = answers.take::<rows::Meta>()?.pop();
    let types: Vec<rows::Type> = answers.take()?;
    let names = rows::type_names(&types);
    let (labels, checks) = (answers.take()?, answers.take()?);
    let relations = answers.take()?;
    let columns = rows::by_relation(answers.take()?);
    let types = rows::types(types, labels, checks, &columns, &names);
    let (children, triggers): (Vec<rows::Child>, Vec<rows::Trigger>) =
        (answers.take()?, answers.take()?);
    let mut relations = rows::relations(relations, columns, &children, &triggers, &names);
    rows::attach(&mut relations, answers.take()?, answers.take()?);
    let collations = answers.take::<rows::Collation>()?;
    let casts = answers.take::<rows::Cast>()?;
    let callable: Vec<rows::Callable> = answers.take()?;
    let mut catalog = Catalog {
        relations,
        types,
        callable: callable.into_iter().map(|function| function.0).collect(),
        nondeterministic_collations: collations.iter().map(|collation| collation.0).collect(),
        user_casts: Some(casts.iter().map(|cast| (cast.0, cast.1)).collect()),
        ..Catalog::default()
    };
    if let Some(meta) = meta {
        catalog.server_version = meta.version;
        catalog.search_path = meta.search_path;
        catalog.may_hide_built_in = meta.may_hide_built_in;
    }
    catalog.types.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.relations.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.index();
    promise_only_what_children_keep(&mut catalog);
    views::look_through(&mut catalog, &answers.take()?);
    let mut references = References::default();
    for tree in catalog.relations.iter().flat_map(Relation::trees) {
        references.collect_text(tree);
    }
    load_callables(session, &mut catalog, &references).await?;
    Ok(catalog)
}

/// Reads the objects in `references`: functions, operators, system relations.
///
/// # Errors
///
/// Those of [`load`].
pub async fn complete(
    session: &mut Session,
    catalog: &mut Catalog,
    references: References,
) -> Result<(), CatalogError> {
    load_callables(session, catalog, &references).await?;
    let is_unknown = |oid: &&u32| catalog.relation_by_oid(**oid).is_none();
    let unknown: BTreeSet<u32> = references
        .relations
        .iter()
        .filter(is_unknown)
        .copied()
        .collect();
    if !unknown.is_empty() {
        load_relations(session, catalog, &unknown).await?;
    }
    load_stored_queries(session, catalog, &references.relations).await?;
    expressions::load(session, catalog, &references.relations).await?;
    let reads_stored = catalog.relations.iter().any(|r| r.query.is_some());
    catalog.lasting = reads_stored.then(|| Box::new(catalog.lasting()));
    Ok(())
}

/// Reads the queries of the materialized views among the relations, and of those that these read, and the functions and
/// operators in them.
async fn load_stored_queries(
    session: &mut Session,
    catalog: &mut Catalog,
    relations: &BTreeSet<u32>,
) -> Result<(), CatalogError> {
    let mut references = References {
        relations: relations.clone(),
        ..References::default()
    };
    loop {
        let is_open = |oid: &&u32| {
            let relation = catalog.relation_by_oid(**oid);
            relation.is_some_and(|r| r.kind == RelationKind::MaterializedView && r.query.is_none())
        };
        let open: BTreeSet<u32> = references
            .relations
            .iter()
            .filter(is_open)
            .copied()
            .collect();
        let query = rows::StoredQuery::SQL.replace("{OIDS}", &rows::array(&open));
        let queries: Vec<rows::StoredQuery> = match open.is_empty() {
            true => Vec::new(),
            false => Answers::of(session, &[&query]).await?.take()?,
        };
        if queries.is_empty() {
            return load_callables(session, catalog, &references).await;
        }
        for rows::StoredQuery { relation, tree } in queries {
            references.collect_text(&tree);
            if let Some(relation) = catalog.relation_by_oid_mut(relation) {
                relation.query = Some(tree);
            }
        }
    }
}

/// Reads the functions and operators that are not loaded yet.
pub(super) async fn load_callables(
    session: &mut Session,
    catalog: &mut Catalog,
    references: &References,
) -> Result<(), CatalogError> {
    fn unknown<T>(known: &HashMap<u32, T>, oids: &BTreeSet<u32>) -> BTreeSet<u32> {
        let oids = oids.iter().filter(|oid| !known.contains_key(oid));
        oids.copied().collect()
    }
    let functions = unknown(&catalog.functions, &references.functions);
    let operators = unknown(&catalog.operators, &references.operators);
    if functions.is_empty() && operators.is_empty() {
        return Ok(());
    }
    let queries = [
        &rows::Function::SQL.replace("{OIDS}", &rows::array(&functions))[..],
        &rows::Operator::SQL.replace("{OIDS}", &rows::array(&operators)),
    ];
    let mut answers = Answers::of(session, &queries).await?;
    let functions = answers.take()?.into_iter();
    let functions = functions.map(rows::Function::into_function);
    catalog.functions.extend(functions);
    let operators = answers.take()?.into_iter();
    let operators = operators.map(rows::Operator::into_operator);
    catalog.operators.extend(operators);
    Ok(())
}

/// Reads system relations.
async fn load_relations(
    session: &mut Session,
    catalog: &mut Catalog,
    oids: &BTreeSet<u32>,
) -> Result<(), CatalogError> {
    let which = rows::with_oids(oids);
    let queries = [
        &about::<rows::Relation>(&which)[..],
        &about::<rows::Column>(&which),
        &about::<rows::UniqueIndex>(&which),
    ];
    let mut answers = Answers::of(session, &queries).await?;
    let relations = answers.take()?;
    let columns = rows::by_relation(answers.take()?);
    let types = catalog.types.iter();
    let names: HashMap<_, _> = types.map(|t| (t.oid, t.name.clone())).collect();
    let mut relations = rows::relations(relations, columns, &[], &[], &names);
    rows::attach(&mut relations, Vec::new(), answers.take()?);
    catalog.relations.append(&mut relations);
    catalog.relations.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.index();
    Ok(())
}

/// A column is not null only if it is not null in every child, and foreign tables promise nothing.
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

/// Whether the relation and all its descendants declare the column not null and enforce it.
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
            && relation.column(column).is_some_and(|c| c.not_null);
        if !keeps {
            return false;
        }
        todo.extend(&relation.children);
    }
    true
}
