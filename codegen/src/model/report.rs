//! The report of `howdah describe` on a query: SQL types and Rust types, with the reason for each verdict.

use serde::Serialize;

use super::function::Functions;
use super::overrides::{self, SAID_SO};
use super::resolve::{Resolver, display};
use super::row::column_type;
use super::rust_type::RustType;
use super::settings::Settings;
use crate::analyze::{Analysis, FieldVerdict, Reason};
use crate::cardinality::Cardinality;
use crate::catalog::Catalog;
use crate::diagnostics::Diagnostic;
use crate::portable::with_slashes;
use crate::source::{Lines, Query, SourceFile};

/// A described query. `howdah describe --format json` prints it as one JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueryReport {
    /// The `.sql` file.
    pub file: String,
    /// The query's name. Empty if the errors are outside of any query.
    pub query: String,
    /// The number of rows that it returns. `None` if the query has errors and does not state it.
    pub cardinality: Option<Cardinality>,
    /// The reason for the number of rows.
    #[serde(skip)]
    pub cardinality_reason: String,
    /// The line of its name, counted from 1.
    #[serde(skip)]
    pub line: usize,
    /// The parameters, in the order of their numbers.
    pub params: Vec<ReportedParam>,
    /// The columns, in order.
    pub columns: Vec<ReportedColumn>,
    /// The errors.
    pub errors: Vec<ReportedError>,
}

/// A parameter of a described query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedParam {
    /// The name. For a parameter that is written as a number, that number, such as `$1`.
    pub name: String,
    /// The SQL type, as PostgreSQL's `format_type(oid, null)` writes it.
    pub sql_type: String,
    /// Whether null has a meaning here, so that the parameter is an `Option`.
    pub nullable: bool,
    /// The Rust type of the value.
    pub rust_type: String,
    /// Why it can be null, or why not.
    pub reason: String,
}

/// A column of a described query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedColumn {
    /// The name, without `!` and `?`.
    pub name: String,
    /// The SQL type, as PostgreSQL's `format_type(oid, null)` writes it.
    pub sql_type: String,
    /// Whether it can be null.
    pub nullable: bool,
    /// The Rust type.
    pub rust_type: String,
    /// Why it can be null, or why not.
    pub reason: String,
    /// The fields of a composite value or of an array of them, if more is known about them than their types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ReportedField>,
}

/// A field of a composite value in a described query's column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedField {
    /// The name.
    pub name: String,
    /// The SQL type, as PostgreSQL's `format_type(oid, null)` writes it.
    pub sql_type: String,
    /// Whether it can be null.
    pub nullable: bool,
    /// Why it can be null, or why not.
    pub reason: String,
    /// The fields of a composite value inside a composite value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ReportedField>,
}

/// An error of a described query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedError {
    /// The message.
    pub message: String,
    /// The line in the file, counted from 1.
    pub line: usize,
    /// The column in the line, in characters, counted from 1.
    pub column: usize,
    /// What else is known, such as the server's detail, or its hint, which begins with `hint: `.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// How to fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// Describes the queries of `file`. `answers` has one entry for each, `None` for a query with errors. `to_rust` writes
/// types.
pub(crate) fn report(
    catalog: &Catalog,
    settings: &Settings,
    file: &SourceFile,
    answers: &[Option<Analysis>],
    to_rust: fn(&RustType) -> String,
) -> (Vec<QueryReport>, Vec<Diagnostic>) {
    let (resolver, mut rows) = Resolver::new(catalog, settings, answers.iter().flatten(), &[]);
    let lines = Lines::of(&file.text);
    let mut diagnostics = Vec::new();
    let reports = file
        .queries
        .iter()
        .zip(answers)
        .map(|(query, answer)| {
            let mut report = QueryReport {
                file: with_slashes(&file.path),
                query: query.name.value.clone(),
                cardinality: query.cardinality.as_ref().map(|stated| stated.value),
                cardinality_reason: String::new(),
                line: lines.line(query.name.span.start),
                params: Vec::new(),
                columns: Vec::new(),
                errors: Vec::new(),
            };
            if let Some(analysis) = answer {
                let mut functions = Functions::new(&resolver, file, &[], &mut rows);
                functions.add(query, analysis, &mut diagnostics);
                let asked = Asked {
                    file,
                    lines: &lines,
                    query,
                    to_rust,
                };
                fill(&mut report, &resolver, &asked, analysis);
                let params = functions
                    .finish()
                    .into_iter()
                    .flat_map(|function| function.params);
                for (reported, param) in report.params.iter_mut().zip(params) {
                    reported.rust_type = to_rust(&param.ty);
                }
            }
            report
        })
        .collect();
    (reports, diagnostics)
}

/// A query of the report, with its file.
struct Asked<'q> {
    file: &'q SourceFile,
    lines: &'q Lines<'q>,
    query: &'q Query,
    to_rust: fn(&RustType) -> String,
}

impl Asked<'_> {
    /// A reason with the line of the file that it points to.
    fn reason(&self, reason: &Reason) -> String {
        reason.with_line(|at| self.lines.line(self.query.file_offset(at)))
    }
}

fn fill(report: &mut QueryReport, resolver: &Resolver<'_>, asked: &Asked<'_>, analysis: &Analysis) {
    let query = asked.query;
    report.cardinality_reason = match report.cardinality {
        Some(stated) if stated != analysis.cardinality => SAID_SO.to_owned(),
        _ => asked.reason(&analysis.cardinality_reason),
    };
    report.cardinality = report.cardinality.or(Some(analysis.cardinality));
    let written = |index: usize| query.params.get(index);
    report.params = analysis
        .params
        .iter()
        .enumerate()
        .map(|(index, verdict)| ReportedParam {
            name: match written(index).and_then(|param| param.name.clone()) {
                Some(name) => name,
                None => format!("${}", index + 1),
            },
            sql_type: display(resolver.catalog, &verdict.ty),
            nullable: written(index)
                .and_then(|p| p.nullable)
                .unwrap_or(verdict.nullable),
            rust_type: String::new(),
            reason: match written(index).and_then(|p| p.nullable) {
                Some(stated) if stated != verdict.nullable => SAID_SO.to_owned(),
                _ => asked.reason(&verdict.reason),
            },
        })
        .collect();
    // `Functions::add` has already reported the diagnostics.
    report.columns = overrides::columns(asked.file, query, &analysis.columns, &mut Vec::new())
        .iter()
        .map(|column| ReportedColumn {
            name: column.name.to_owned(),
            sql_type: display(resolver.catalog, &column.verdict.ty),
            nullable: column.nullable,
            rust_type: (asked.to_rust)(&column_type(resolver, column)),
            reason: match column.overridden {
                true => SAID_SO.to_owned(),
                false => asked.reason(&column.verdict.reason),
            },
            fields: fields(&column.verdict.fields, resolver.catalog, asked),
        })
        .collect();
}

fn fields(verdicts: &[FieldVerdict], catalog: &Catalog, asked: &Asked<'_>) -> Vec<ReportedField> {
    let field = |verdict: &FieldVerdict| ReportedField {
        name: verdict.name.clone(),
        sql_type: display(catalog, &verdict.ty),
        nullable: verdict.nullable,
        reason: asked.reason(&verdict.reason),
        fields: fields(&verdict.fields, catalog, asked),
    };
    verdicts.iter().map(field).collect()
}
