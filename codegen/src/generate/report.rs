//! `howdah describe`: a report on each query, including those with errors.

use super::{Failure, Inputs, check_queries, read_inputs};
use crate::config::Config;
use crate::diagnostics::{Diagnostic, Severity, Sources, Style, render};
use crate::emit;
use crate::model::{self, QueryReport, ReportedError};
use crate::portable::with_slashes;
use crate::source::{Lines, SourceFile};

/// The queries with their parameters and columns, and the errors and warnings. Made by [`describe`].
#[derive(Debug)]
pub struct Report {
    /// The queries, in the order of the files.
    pub queries: Vec<QueryReport>,
    diagnostics: Vec<Diagnostic>,
    sources: Sources,
}

impl Report {
    /// Whether there is an error in any file.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }

    /// The errors and warnings as text for the terminal.
    pub fn render(&self, style: Style) -> String {
        render(&self.diagnostics, &self.sources, style)
    }

    /// Only the warnings, as text for the terminal. Useful if you show each query's errors yourself. Empty if there are none.
    pub fn render_warnings(&self, style: Style) -> String {
        let warnings = self.diagnostics.iter();
        let warnings = warnings.filter(|d| d.severity == Severity::Warning);
        render(&warnings.cloned().collect::<Vec<_>>(), &self.sources, style)
    }
}

/// Describes the queries of `config`: their parameters and columns, with reasons. Writes nothing.
///
/// # Errors
///
/// The `.sql` files or the schema cannot be read. An error in a query is not a failure; it is part of the report.
pub fn describe(config: &Config) -> Result<Report, Failure> {
    let Inputs {
        files,
        sources,
        mut diagnostics,
    } = read_inputs(config)?;
    let checked = check_queries(config, &files, &mut diagnostics)?;
    let mut queries = Vec::new();
    for (input, answers) in files.iter().zip(&checked.answers) {
        let (reports, found) = model::report(
            &checked.catalog,
            &config.settings,
            &input.file,
            answers,
            emit::owned_type,
        );
        diagnostics.extend(found);
        queries.extend(with_errors(&input.file, reports, &diagnostics));
    }
    super::sort(&mut diagnostics);
    Ok(Report {
        queries,
        diagnostics,
        sources,
    })
}

/// The reports with the errors in their queries, and another one for errors outside of queries.
fn with_errors(
    file: &SourceFile,
    mut reports: Vec<QueryReport>,
    diagnostics: &[Diagnostic],
) -> Vec<QueryReport> {
    let lines = Lines::of(&file.text);
    let mut homeless = Vec::new();
    for diagnostic in diagnostics {
        if diagnostic.severity != Severity::Error || diagnostic.path.as_deref() != Some(&file.path)
        {
            continue;
        }
        let (line, column) = lines.line_column(diagnostic.span.start);
        let error = ReportedError {
            message: diagnostic.message.clone(),
            line,
            column,
            notes: diagnostic.notes.clone(),
            help: diagnostic.help.clone(),
        };
        let holds = |span: &std::ops::Range<usize>| {
            span.contains(&diagnostic.span.start) || span.end == diagnostic.span.start
        };
        match file.queries.iter().position(|query| holds(&query.span)) {
            Some(index) => reports[index].errors.push(error),
            None => homeless.push(error),
        }
    }
    if let Some(first) = homeless.first() {
        reports.push(QueryReport {
            file: with_slashes(&file.path),
            query: String::new(),
            cardinality: None,
            cardinality_reason: String::new(),
            line: first.line,
            params: Vec::new(),
            columns: Vec::new(),
            errors: homeless,
        });
    }
    reports
}
