//! The stages that need a database, in one call: catalog, describe and, with their results, analyze.

use std::fmt;
use std::num::NonZero;
use std::thread;

use howdah::__private::Connector;

use crate::analyze::{Analysis, Doubt, analyze, doubts};
use crate::catalog::{self, Catalog, CatalogError, References};
use crate::describe::{ConnectError, Description, ServerError, Session, may_find_fault};
use crate::source::NullableParams;
use crate::tree::{self, Arena, Value};

/// The result of checking a set of queries with a database.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The whole catalog of the database.
    pub catalog: Catalog,
    /// One answer for each query, in order.
    pub answers: Vec<Result<Analysis, ServerError>>,
    /// For each query: why the server cannot plan it, although it can analyse it. Such a query would always fail.
    pub unplannable: Vec<Option<ServerError>>,
    /// For each query: what it can hardly mean.
    pub doubts: Vec<Vec<Doubt>>,
    /// Whether the server withheld the tree of a query that it accepts, so that only catalog facts are known.
    pub trees_withheld: bool,
}

/// Why a database could not be inspected at all.
#[derive(Debug)]
pub enum InspectError {
    /// The connection failed or the catalog could not be read.
    Catalog(CatalogError),
    /// The operating system could not start a thread or the runtime.
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

/// Deep expressions are walked by recursion. This is only virtual memory.
const STACK: usize = 256 << 20;

/// A query to inspect, whose parameters are `$1`, `$2`, ….
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question<'q> {
    /// The statement.
    pub sql: &'q str,
    /// The parameters that can be null because the query's author says so. The analysis decides about others.
    pub nullable_params: NullableParams,
}

impl<'q> From<&'q str> for Question<'q> {
    fn from(sql: &'q str) -> Self {
        Self {
            sql,
            nullable_params: NullableParams::default(),
        }
    }
}

fn plain<'q>(queries: &[&'q str]) -> Vec<Question<'q>> {
    queries.iter().map(|sql| (*sql).into()).collect()
}

/// Like [`inspect_questions`], for queries without statements about their parameters.
///
/// # Errors
///
/// Those of [`inspect_questions`].
pub fn inspect(url: &str, queries: &[&str]) -> Result<Inspection, InspectError> {
    let server = Connector::parse(url).map_err(ConnectError::from);
    let server = server.map_err(CatalogError::from)?;
    inspect_questions(&server, &plain(queries))
}

/// Reads the catalog of a database and analyses the queries.
///
/// It runs on a separate thread, so that it can be called from anywhere, including an async runtime.
///
/// # Errors
///
/// When the database cannot be reached or its catalog cannot be read. A query that the server rejects has its error in
/// its place.
pub fn inspect_questions(
    server: &Connector,
    questions: &[Question<'_>],
) -> Result<Inspection, InspectError> {
    on_a_thread(server, questions, None)
}

/// Analyses more queries with a `catalog` that was read for others. Further objects that they refer to are added to it.
///
/// # Errors
///
/// Those of [`inspect_questions`].
pub(crate) fn inspect_more(
    server: &Connector,
    catalog: &mut Catalog,
    queries: &[&str],
) -> Result<Vec<Result<Analysis, ServerError>>, InspectError> {
    let known = std::mem::take(catalog);
    let found = on_a_thread(server, &plain(queries), Some(known))?;
    *catalog = found.catalog;
    Ok(found.answers)
}

fn on_a_thread(
    server: &Connector,
    questions: &[Question<'_>],
    known: Option<Catalog>,
) -> Result<Inspection, InspectError> {
    thread::scope(|scope| {
        let work = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(InspectError::Runtime)?;
            runtime.block_on(inspect_on(server, questions, known))
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

/// The server's description of a query, with its tree in an arena.
struct Described<'t> {
    description: Description,
    tree: Option<Value<'t>>,
    /// Whether the server sent no tree although the statement has one.
    is_withheld: bool,
    /// Why the server cannot plan it.
    unplannable: Option<ServerError>,
}

/// Describes the queries on a separate connection, which is then closed. Each tree is read, and its references are
/// collected, while the server works on the next query.
async fn describe<'t>(
    server: &Connector,
    queries: &[&str],
    arena: &'t Arena,
) -> Result<(Vec<Result<Described<'t>, ServerError>>, References), CatalogError> {
    let mut session = Session::connect(server).await?;
    let mut described = Vec::with_capacity(queries.len());
    let mut references = References::default();
    let keep = |answer: Result<Description, ServerError>| {
        described.push(answer.map(|mut description| {
            let text = description.tree.take();
            let is_utility = description.columns.is_empty() && description.params.is_empty();
            let is_withheld = text.is_none() && !is_utility;
            let tree = text.and_then(|text| tree::read(arena.alloc_str(&text), arena).ok());
            if let Some(tree) = &tree {
                references.collect_value(tree);
            }
            Described {
                is_withheld,
                tree,
                description,
                unplannable: None,
            }
        }));
    };
    let questions: Vec<_> = queries.iter().map(|sql| (*sql, &[][..])).collect();
    session.describe_each(&questions, keep).await?;
    plan(&mut session, queries, &mut described).await?;
    Ok((described, references))
}

/// Stores, for each query that the server accepts, why it cannot be planned, if so.
async fn plan(
    session: &mut Session,
    queries: &[&str],
    described: &mut [Result<Described<'_>, ServerError>],
) -> Result<(), CatalogError> {
    let answers = described.iter_mut().zip(queries);
    let (mut understood, queries): (Vec<_>, Vec<_>) = answers
        .filter(|(_, sql)| may_find_fault(sql))
        .filter_map(|(answer, sql)| {
            let described = answer.as_mut().ok()?;
            let params = described.description.params.len();
            Some((described, (*sql, params)))
        })
        .unzip();
    let refusals = session.plan(&queries).await?;
    for (described, refusal) in understood.iter_mut().zip(refusals) {
        described.unplannable = refusal;
    }
    Ok(())
}

/// Reads the catalog, if it is not known, on a separate connection, at the same time as the queries are described.
async fn load(
    server: &Connector,
    known: &mut Option<Catalog>,
) -> Result<(Session, Catalog), CatalogError> {
    let mut session = Session::connect(server).await?;
    let catalog = match known.take() {
        Some(catalog) => catalog,
        None => catalog::load(&mut session).await?,
    };
    Ok((session, catalog))
}

async fn inspect_on(
    server: &Connector,
    questions: &[Question<'_>],
    mut known: Option<Catalog>,
) -> Result<Inspection, InspectError> {
    let queries: Vec<&str> = questions.iter().map(|question| question.sql).collect();
    let arena = Arena::new();
    let (described, loaded) =
        tokio::join!(describe(server, &queries, &arena), load(server, &mut known));
    let (described, references) = described?;
    let (mut session, mut catalog) = match loaded {
        Ok(loaded) => loaded,
        // If only one connection is possible, it is free by now.
        Err(CatalogError::Connection(_)) => load(server, &mut known).await?,
        Err(error) => return Err(error.into()),
    };
    catalog::complete(&mut session, &mut catalog, references).await?;
    let unplannable = |answer: &Result<Described<'_>, _>| answer.as_ref().ok()?.unplannable.clone();
    let doubts = |answer: &Result<Described<'_>, _>| {
        let tree = answer.as_ref().ok().and_then(|known| known.tree.as_ref());
        tree.map_or_else(Vec::new, |tree| doubts(&catalog, tree))
    };
    let doubts = described.iter().map(doubts).collect();
    Ok(Inspection {
        doubts,
        answers: analyses(&catalog, &described, questions)?,
        catalog,
        unplannable: described.iter().map(unplannable).collect(),
        trees_withheld: described.iter().flatten().any(|d| d.is_withheld),
    })
}

/// The analyses of the queries, on several threads: each is a pure function of its query and the catalog.
fn analyses(
    catalog: &Catalog,
    described: &[Result<Described<'_>, ServerError>],
    questions: &[Question<'_>],
) -> Result<Vec<Result<Analysis, ServerError>>, InspectError> {
    /// Fewer queries are done before another thread has started.
    const LEAST: usize = 64;
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = described.len().div_ceil(threads).max(LEAST);
    let one = |(answer, question): (&Result<Described<'_>, ServerError>, &Question<'_>)| {
        let Described {
            description, tree, ..
        } = answer.as_ref().map_err(ServerError::clone)?;
        let nullable = &question.nullable_params;
        Ok(analyze(catalog, description, tree.as_ref(), nullable))
    };
    thread::scope(|scope| {
        let shares = described.chunks(share).zip(questions.chunks(share));
        let handles = shares.map(|(described, questions)| {
            let work = move || described.iter().zip(questions).map(one).collect::<Vec<_>>();
            let thread = thread::Builder::new().stack_size(STACK);
            thread
                .spawn_scoped(scope, work)
                .map_err(InspectError::Runtime)
        });
        let handles = handles.collect::<Result<Vec<_>, _>>()?;
        let joined = handles.into_iter().flat_map(|handle| match handle.join() {
            Ok(analyses) => analyses,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        Ok(joined.collect())
    })
}
