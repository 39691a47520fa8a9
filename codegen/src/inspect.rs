//! The stages that need a database, in one call: catalog, describe and, on what they learnt, analyze.

use std::collections::HashSet;
use std::fmt;
use std::thread;

use crate::analyze::{Analysis, analyze};
use crate::catalog::{self, Catalog, CatalogError};
use crate::describe::{Description, ServerError, Session};

/// What a database says of a set of queries.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The whole catalog of the database.
    pub catalog: Catalog,
    /// One answer for each query, in order.
    pub answers: Vec<Result<Analysis, ServerError>>,
    /// Whether the server withheld the tree of a query that it accepts, so that only the catalog's facts were known.
    pub trees_withheld: bool,
}

/// Why a database could not be inspected at all.
#[derive(Debug)]
pub enum InspectError {
    /// The connection failed or the catalog could not be read.
    Catalog(CatalogError),
    /// The system refused a thread or a reactor.
    Runtime(std::io::Error),
}

impl fmt::Display for InspectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalog(error) => error.fmt(f),
            Self::Runtime(error) => write!(f, "cannot start a thread: {error}"),
        }
    }
}

impl std::error::Error for InspectError {}

impl From<CatalogError> for InspectError {
    fn from(error: CatalogError) -> Self {
        Self::Catalog(error)
    }
}

/// Deep expressions are walked by recursion; this is virtual memory, not memory.
const STACK: usize = 256 << 20;

/// Reads the catalog of the database at `url` and analyses the queries, whose parameters are `$1`, `$2`, ….
///
/// It runs on a thread of its own, so that it can be called from anywhere, an async runtime included.
///
/// # Errors
///
/// When the database cannot be reached or its catalog not be read. A query that the server refuses has its error in its place.
pub fn inspect(url: &str, queries: &[&str]) -> Result<Inspection, InspectError> {
    thread::scope(|scope| {
        let work = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(InspectError::Runtime)?;
            runtime.block_on(inspect_on(url, queries))
        };
        let thread = thread::Builder::new().stack_size(STACK);
        let handle = thread
            .spawn_scoped(scope, work)
            .map_err(InspectError::Runtime)?;
        match handle.join() {
            Ok(inspection) => inspection,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

async fn inspect_on(url: &str, queries: &[&str]) -> Result<Inspection, InspectError> {
    let mut session = Session::connect(url).await.map_err(CatalogError::from)?;
    let mut catalog = catalog::load(&mut session).await?;
    let described = session
        .describe(queries)
        .await
        .map_err(CatalogError::from)?;
    load_callables(&mut session, &mut catalog, &described).await?;
    let trees_withheld = described
        .iter()
        .flatten()
        .any(|d| d.tree.is_none() && !(d.columns.is_empty() && d.params.is_empty()));
    let answers = described
        .into_iter()
        .map(|description| Ok(analyze(&catalog, &description?)))
        .collect();
    Ok(Inspection {
        catalog,
        answers,
        trees_withheld,
    })
}

/// Reads the functions and operators that the trees and the constraints' expressions refer to.
async fn load_callables(
    session: &mut Session,
    catalog: &mut Catalog,
    described: &[Result<Description, ServerError>],
) -> Result<(), CatalogError> {
    let mut functions = HashSet::new();
    let mut operators = HashSet::new();
    let trees = described.iter().flatten().filter_map(|d| d.tree.as_deref());
    let constraints = catalog.relations.iter().flat_map(|r| {
        let checks = r.constraints.iter().filter_map(|c| c.expression.as_deref());
        checks.chain(
            r.unique_indexes
                .iter()
                .filter_map(|i| i.predicate_tree.as_deref()),
        )
    });
    for tree in trees.chain(constraints) {
        let mut tokens = tree.split_ascii_whitespace();
        while let Some(token) = tokens.next() {
            let into = match token {
                ":funcid" | ":opfuncid" | ":aggfnoid" | ":winfnoid" => &mut functions,
                ":opno" => &mut operators,
                _ => continue,
            };
            into.extend(tokens.next().and_then(|oid| oid.parse::<u32>().ok()));
        }
    }
    catalog::load_functions(session, catalog, &functions, &operators).await
}
