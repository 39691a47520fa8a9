//! Runs the stages one after the other: read, check, model, emit, compare.
//!
//! Everything is kept in memory, and [`crate::write`] writes the result. A run reports all errors, and with an error it
//! changes nothing.

mod checked;
mod disagreement;
mod failure;
mod files;
mod promised;
mod report;
mod run;
mod settings;
mod structs;

pub(crate) use checked::{Checked, check_queries};
pub use failure::Failure;
pub(crate) use files::{Inputs, read_inputs};
pub use report::{Report, describe};
pub use structs::structs;

use std::path::PathBuf;

use crate::analyze::Analysis;
use crate::config::Config;
use crate::diagnostics::{Diagnostic, Severity, Sources, Style, render};
use crate::emit;
use crate::lock::{Lock, LockedQuery};
use crate::model::{self, CheckedFile};
use crate::portable::with_slashes;
use crate::write::{Changes, Obstacle};

/// The result of a run: the files that changed, the warnings, and the number of queries.
#[derive(Debug)]
pub struct Outcome {
    pub(crate) changes: Changes,
    pub(crate) warnings: Vec<Diagnostic>,
    pub(crate) sources: Sources,
    queries: usize,
}

impl Outcome {
    /// Whether no file had to change.
    pub fn is_up_to_date(&self) -> bool {
        self.changes.is_empty()
    }

    /// The files that were written or removed. After [`Config::check`], those that `generate` would write or remove.
    pub fn changed(&self) -> Vec<PathBuf> {
        self.changes.paths().map(PathBuf::from).collect()
    }

    /// Those of [`changed`](Self::changed) that were removed, or would be, because their queries are gone.
    pub fn removed(&self) -> Vec<PathBuf> {
        self.changes.removed().map(PathBuf::from).collect()
    }

    /// The changes as a unified diff.
    pub fn diff(&self) -> String {
        self.changes.diff()
    }

    /// The warnings as text for the terminal. Empty if there are none.
    pub fn render_warnings(&self, style: Style) -> String {
        render(&self.warnings, &self.sources, style)
    }

    /// The number of queries that were checked.
    pub fn query_count(&self) -> usize {
        self.queries
    }
}

/// All stages, up to the comparison with the existing files.
fn plan(config: &Config) -> Result<Outcome, Failure> {
    let Inputs {
        files,
        sources,
        mut diagnostics,
    } = read_inputs(config)?;
    let checked = check_queries(config, &files, &mut diagnostics)?;
    diagnostics.extend(other_server(config, &checked));
    if has_errors(&diagnostics) {
        sort(&mut diagnostics);
        return Err(Failure::queries(diagnostics, sources));
    }
    let analyses: Vec<Vec<&Analysis>> = checked
        .answers
        .iter()
        .map(|answers| answers.iter().flatten().collect())
        .collect();
    let inputs: Vec<CheckedFile<'_>> = files
        .iter()
        .zip(&analyses)
        .map(|(input, analyses)| CheckedFile {
            module: &input.module,
            file: &input.file,
            analyses,
        })
        .collect();
    let lock = checked.is_fresh.then(|| lock(config, &inputs, &checked));
    // Uses only what the lock file contains, so that the modules are the same without the database.
    let catalog = lock.as_ref().map_or(&checked.catalog, |lock| &lock.catalog);
    let (model, found) = model::build(catalog, &checked.violations, &inputs, &config.settings);
    diagnostics.extend(found);
    sort(&mut diagnostics);
    if has_errors(&diagnostics) {
        return Err(Failure::queries(diagnostics, sources));
    }
    let mut changes = Changes::default();
    if config.writes_modules() {
        let generated = emit::files(&model, config.target_form());
        let help = "move it away, or have the modules in another `out_dir`";
        let target = Changes::against(&config.target(), &generated);
        changes = target.map_err(|obstacle| in_the_way(obstacle, help))?;
    }
    if let Some(lock) = lock.filter(|_| config.writes_lock()) {
        let text = lock.to_text().map_err(Failure::io)?;
        let help = "move it away, or have the lock file elsewhere, with `lock`";
        let added = changes.add(config.lock_path(), &text, Lock::is_one);
        added.map_err(|obstacle| in_the_way(obstacle, help))?;
    }
    Ok(Outcome {
        changes,
        warnings: diagnostics,
        sources,
        queries: files.iter().map(|input| input.file.queries.len()).sum(),
    })
}

/// The failure, with the `help` for a file of the user's own.
fn in_the_way(obstacle: Obstacle, help: &str) -> Failure {
    match obstacle {
        Obstacle::Unreadable(error) => Failure::io(error),
        Obstacle::NotGenerated(_) => Failure::options(obstacle).help(help.to_owned()),
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// Errors first, and both in the order of the files.
fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.severity, d.path.clone(), d.span.start);
        key(a).cmp(&key(b))
    });
}

fn lock(config: &Config, inputs: &[CheckedFile<'_>], checked: &Checked) -> Lock {
    let queries = inputs.iter().flat_map(|input| {
        let file = with_slashes(&input.file.path);
        let answered = input.file.queries.iter().zip(input.analyses);
        answered.map(move |(query, analysis)| LockedQuery::new(&file, query, analysis))
    });
    Lock::new(
        &checked.schema,
        &checked.catalog,
        &config.settings.tables,
        &checked.violations,
        queries.collect(),
    )
}

/// The warning that the lock file is from another major version of PostgreSQL, which may understand the same schema and queries
/// differently.
fn other_server(config: &Config, checked: &Checked) -> Option<Diagnostic> {
    if !checked.is_fresh {
        // The lock file itself gave the answers.
        return None;
    }
    let old = Lock::server_major_of(&config.lock_path())?;
    let new = checked.catalog.server_major();
    let message = format!(
        "the lock file was made with PostgreSQL {old}, and the queries were checked with PostgreSQL {new} now"
    );
    let help = format!(
        "use PostgreSQL {old} here, too (HOWDAH_PG_BIN names one of several that are installed); or run `howdah generate` with \
         PostgreSQL {new}, and use that everywhere, such as in CI"
    );
    (old != new).then(|| Diagnostic::general_warning(message).help(help))
}

/// The files whose changes make cargo run a build script again.
fn watched(config: &Config) -> Vec<PathBuf> {
    let mut paths = files::watched(config);
    paths.extend(checked::watched(config));
    paths.extend(config.file.clone());
    // Cargo treats a missing file as changed.
    paths.extend(Some(config.lock_path()).filter(|path| path.exists()));
    paths
}
