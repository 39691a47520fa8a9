//! Checks every query: with a database, a throw-away server or the lock file.

use std::path::PathBuf;

use howdah::__private::Connector;

use super::Failure;
use super::disagreement::Apart;
use super::files::{InputFile, shown};
use super::{promised, settings};
use crate::analyze::{self, Analysis, TableViolations};
use crate::catalog::Catalog;
use crate::config::{Config, Source};
use crate::describe::ServerError;
use crate::diagnostics::{Diagnostic, Sources, doubtful, name_at, never_planned, refused};
use crate::inspect::{Question, inspect_more, inspect_questions};
use crate::lock::{Lock, SchemaFile};
use crate::migrations::{SchemaSource, read_migrations, read_schema_files};
use crate::model;
use crate::portable::with_slashes;
use crate::scratch::{ScratchError, Server};
use crate::source::{Query, SourceFile};

/// The results of the check.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The catalog, or the part of it in the lock file.
    pub(crate) catalog: Catalog,
    /// The constraints that plain statements about the chosen tables can violate.
    pub(crate) violations: Vec<TableViolations>,
    /// The analysis of each query of each file. `None` if there is a diagnostic instead.
    pub(crate) answers: Vec<Vec<Option<Analysis>>>,
    /// The schema files of the database.
    pub(crate) schema: Vec<SchemaFile>,
    /// Whether a database was used, so that the lock file can be updated.
    pub(crate) is_fresh: bool,
}

/// Checks the queries of `files`, and adds their errors to `diagnostics`.
///
/// # Errors
///
/// When there is no database, no schema and no lock file, or when a setting is not valid.
pub(crate) fn check_queries(
    config: &Config,
    files: &[InputFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Checked, Failure> {
    settings::check_rust(&config.settings)?;
    let checked = ask(config, files, diagnostics)?;
    if checked.is_fresh {
        settings::check_names(&config.settings, &checked.catalog)?;
    }
    Ok(checked)
}

fn ask(
    config: &Config,
    files: &[InputFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Checked, Failure> {
    if config.source == Source::Lock {
        return from_lock(config, files, diagnostics);
    }
    let has_schema = config.has_schema();
    if config.database_url.is_some() && has_schema {
        let failure = Failure::options("a database and schema files are given");
        return Err(failure.help("the schema can come from one of them only".to_owned()));
    }
    if let Some(url) = config.url() {
        let server = Connector::parse(&url).map_err(Failure::database)?;
        let schema = schema_files(config).unwrap_or_default();
        let checked = from_database(config, &server, files, diagnostics)?;
        return Ok(Checked { schema, ..checked });
    }
    if has_schema {
        return from_schema(config, files, diagnostics);
    }
    if config.may_use_lock() && config.lock_path().exists() {
        return from_lock(config, files, diagnostics);
    }
    let help = "give --database-url or set DATABASE_URL, or name --schema files or a --migrations folder; or use what the \
                lock file remembers with --offline";
    let failure = Failure::options("there is no schema to check the queries against");
    Err(failure.help(help.to_owned()))
}

fn questions(files: &[InputFile]) -> Vec<Question<'_>> {
    let queries = files.iter().flat_map(|input| &input.file.queries);
    queries
        .map(|query| Question {
            sql: &query.sql,
            nullable_params: query.nullable_params(),
        })
        .collect()
}

fn from_database(
    config: &Config,
    server: &Connector,
    files: &[InputFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Checked, Failure> {
    let mut found = inspect_questions(server, &questions(files)).map_err(Failure::database)?;
    let warned = found.unplannable.into_iter().zip(found.doubts);
    let mut all = found.answers.into_iter().zip(warned);
    let mut answers = Vec::new();
    let mut refusals = Vec::new();
    for InputFile { file, .. } in files {
        let of_file = file.queries.iter().zip(all.by_ref());
        let of_file = of_file.map(|(query, (answer, (unplannable, doubts)))| match answer {
            Ok(analysis) => {
                let warning = unplannable.map(|error| never_planned(file, query, &error));
                diagnostics.extend(warning);
                diagnostics.extend(doubts.iter().map(|doubt| doubtful(file, query, doubt)));
                Some(analysis)
            }
            Err(error) => {
                refusals.push((file, query, error));
                None
            }
        });
        answers.push(of_file.collect());
    }
    diagnostics.extend(explained(server, &refusals, &mut found.catalog)?);
    if found.trees_withheld {
        let warning = Diagnostic::general_warning(
            "the server withholds what it understood of the queries, so that more is nullable than need be",
        );
        let help = "connect to the server itself: poolers and proxies may keep its notices; or have a throw-away server \
                    check the queries, with --schema or --migrations";
        diagnostics.push(warning.help(help));
    }
    let analyses = || answers.iter().flatten().flatten();
    let tables = model::chosen_relations(&found.catalog, analyses(), &config.settings.tables);
    let violations = analyze::table_violations(&found.catalog, &tables);
    let unclear = promised::unclear(&tables);
    promised::promise_columns(server, &mut found.catalog, &unclear)?;
    Ok(Checked {
        violations,
        catalog: found.catalog,
        answers,
        schema: Vec::new(),
        is_fresh: true,
    })
}

/// The diagnostics of the queries that the server rejected.
fn explained(
    server: &Connector,
    refusals: &[(&SourceFile, &Query, ServerError)],
    catalog: &mut Catalog,
) -> Result<Vec<Diagnostic>, Failure> {
    let apart: Vec<Option<Apart>> = refusals
        .iter()
        .map(|(_, query, _)| Apart::of(query))
        .collect();
    let again: Vec<&str> = apart.iter().flatten().map(|a| a.sql.as_str()).collect();
    let mut again = match again.is_empty() {
        true => Vec::new(),
        false => inspect_more(server, catalog, &again).map_err(Failure::database)?,
    }
    .into_iter();
    let explain = |((file, query, error), apart): (&(&SourceFile, &Query, _), Option<Apart>)| {
        let disagreement = apart.and_then(|apart| {
            let analysis = again.next()?.ok()?;
            apart.diagnostic(file, query, &analysis, catalog)
        });
        disagreement.unwrap_or_else(|| refused(file, query, error, catalog))
    };
    Ok(refusals.iter().zip(apart).map(explain).collect())
}

/// The schema files or migrations to load.
fn schema(config: &Config) -> Result<SchemaSource, Failure> {
    let read = match &config.migrations {
        Some(_) if !config.schema.is_empty() => {
            let failure = Failure::options("schema files and migrations are given");
            return Err(failure.help("the schema can come from one of them only".to_owned()));
        }
        Some(folder) => read_migrations(folder),
        None => read_schema_files(&config.schema),
    };
    read.map_err(|error| Failure::options(error.message()).help(error.help()))
}

/// The schema files as the lock file knows them: those that are loaded, or that describe the database in their place. `None`
/// if there are none, or none that can be read.
fn schema_files(config: &Config) -> Option<Vec<SchemaFile>> {
    let mut config = config.clone();
    if let Some((schema, migrations)) = config.replaced.take().filter(|_| !config.has_schema()) {
        (config.schema, config.migrations) = (schema, migrations);
    }
    let source = config.has_schema().then(|| schema(&config).ok())??;
    Some(locked(&config, &source))
}

fn locked(config: &Config, schema: &SchemaSource) -> Vec<SchemaFile> {
    let files = schema.files().iter();
    let files = files.map(|file| {
        let path = with_slashes(&shown(config, &file.path));
        SchemaFile::new(path, &file.sql)
    });
    files.collect()
}

/// A warning if the schema files are there, and are not those that the lock file was made from.
fn stale_schema(config: &Config, lock: &Lock) -> Option<Diagnostic> {
    if lock.schema.is_empty() {
        return None;
    }
    let difference = SchemaFile::difference(&lock.schema, &schema_files(config)?)?;
    let what = match config.migrations {
        Some(_) => "migrations",
        None => "schema files",
    };
    let warning = Diagnostic::general_warning(format!(
        "the {what} are not those that the lock file was made from: {difference}"
    ));
    Some(warning.help("run `howdah generate`"))
}

fn from_schema(
    config: &Config,
    files: &[InputFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Checked, Failure> {
    let schema = schema(config)?;
    let database = Server::shared()
        .and_then(|server| server.template_of(schema.files()))
        .and_then(|template| template.database())
        .map_err(|error| schema_failure(config, &schema, &error))?;
    // What the environment says is about the user's own servers.
    let server = Connector::parse_alone(database.url()).map_err(Failure::database)?;
    let checked = from_database(config, &server, files, diagnostics)?;
    Ok(Checked {
        schema: locked(config, &schema),
        ..checked
    })
}

/// The failure of a statement of the schema, with its position in the file.
fn schema_failure(config: &Config, schema: &SchemaSource, error: &ScratchError) -> Failure {
    let Some(found) = error.schema_error() else {
        return Failure::database(error.message()).help(error.help());
    };
    let mut sources = Sources::default();
    let path = shown(config, &found.file);
    let mut end = found.offset + 1;
    if let Some(file) = schema.files().iter().find(|file| file.path == found.file) {
        sources.add(&path, &file.sql);
        end = match found.offset == found.statement.start {
            true => found.statement.end,
            false => name_at(&file.sql, found.offset, found.statement.end).end,
        };
    }
    let mut diagnostic = Diagnostic::error(&found.message, path, found.offset..end, "");
    diagnostic.notes.extend(found.detail.clone());
    diagnostic.help.clone_from(&found.hint);
    Failure::queries(vec![diagnostic], sources)
}

fn from_lock(
    config: &Config,
    files: &[InputFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Checked, Failure> {
    let path = config.lock_path();
    let lock = Lock::read(&path).map_err(|error| {
        let message = format!("cannot read the lock file {}: {error}", path.display());
        Failure::options(message).help(error.help())
    })?;
    if lock.tables != config.settings.tables {
        let path = path.display();
        let message = format!("the lock file {path} was made for another choice of tables");
        let help = "run `howdah generate`".to_owned();
        return Err(Failure::options(message).help(help));
    }
    diagnostics.extend(stale_schema(config, &lock));
    let known = lock.by_name();
    let mut answers = Vec::new();
    for InputFile { file, .. } in files {
        let name = with_slashes(&file.path);
        let of_file = file.queries.iter().map(|query| {
            let known = known
                .get(&(name.as_str(), query.name.value.as_str()))
                .copied();
            if let Some(known) = known.filter(|known| known.is_about(query)) {
                return Some(known.analysis.clone());
            }
            let (message, label) = match known {
                Some(_) => (
                    "has changed since it was checked",
                    "its SQL is not what the lock file holds",
                ),
                None => ("has never been checked", "the lock file does not hold it"),
            };
            let message = format!("the query `{}` {message}", query.name.value);
            let span = query.name.span.clone();
            let error = Diagnostic::error(message, &file.path, span, label);
            diagnostics.push(error.help("run `howdah generate`"));
            None
        });
        answers.push(of_file.collect());
    }
    Ok(Checked {
        catalog: lock.catalog,
        violations: lock.violations,
        answers,
        schema: lock.schema,
        is_fresh: false,
    })
}

/// The files that the schema is read from.
pub(super) fn watched(config: &Config) -> Vec<PathBuf> {
    if !config.has_schema() {
        return Vec::new();
    }
    match schema(config) {
        Ok(schema) => schema.watched().to_vec(),
        Err(_) => config
            .schema
            .iter()
            .chain(&config.migrations)
            .cloned()
            .collect(),
    }
}
