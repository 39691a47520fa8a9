//! The function of each query: its name, its parameters, what it returns.

use super::carrier;
use super::homes::Homes;
use super::names::{Scope, identifier, pascal, snake};
use super::overrides::{self, Column, SAID_SO, parse_type};
use super::param::{self, Param};
use super::record::{Record, name_records};
use super::resolve::Resolver;
use super::row::{self, Field, Row, Struct, TableRows};
use super::rust_type::RustType;
use super::settings::Errors;
use super::type_item::RESERVED;
use super::violations::{ViolationEnum, ViolationVariant, Violations, variants};
use crate::analyze::{Analysis, ColumnRef, Reason};
use crate::cardinality::Cardinality;
use crate::catalog::QualifiedName;
use crate::diagnostics::Diagnostic;
use crate::source::{Lines, Query, SourceFile};

/// The deepest type that clippy's `type_complexity` allows in a signature.
const SIMPLE_DEPTH: usize = 2;

/// The function of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name as Rust source.
    pub name: String,
    /// The name that messages use: `places::find_place`.
    pub statement: String,
    /// The query's own documentation.
    pub docs: Vec<String>,
    /// The SQL that is sent.
    pub sql: String,
    /// Whether it is known that it only reads.
    pub only_reads: bool,
    /// The number of rows that it returns.
    pub cardinality: Cardinality,
    /// The reason for the number of rows. Empty if there is nothing to say.
    pub cardinality_reason: String,
    /// Its parameters, `$1` first.
    pub params: Vec<Param>,
    /// The struct that holds the parameters, if there are many.
    pub params_struct: Option<String>,
    /// The Rust type of its rows.
    pub row: Row,
    /// The anonymous records in its rows.
    pub records: Vec<Record>,
    /// The constraints that it can violate, if there are any.
    pub violations: Option<Violations>,
}

/// The functions of one module, under construction.
#[derive(Debug)]
pub(crate) struct Functions<'a, 'c> {
    resolver: &'a Resolver<'c>,
    file: &'a SourceFile,
    module: &'a [String],
    table_rows: &'a mut TableRows,
    names: Scope,
    types: Scope,
    shapes: Vec<(Vec<ColumnRef>, Vec<Field>, String)>,
    violations: Vec<(Vec<ViolationVariant>, String)>,
    /// The records of the query that is being added.
    records: Vec<Record>,
    functions: Vec<Function>,
}

impl<'a, 'c> Functions<'a, 'c> {
    pub(crate) fn new(
        resolver: &'a Resolver<'c>,
        file: &'a SourceFile,
        module: &'a [String],
        table_rows: &'a mut TableRows,
    ) -> Self {
        Self {
            resolver,
            file,
            module,
            table_rows,
            names: Scope::default(),
            types: Scope::with(RESERVED),
            shapes: Vec::new(),
            violations: Vec::new(),
            records: Vec::new(),
            functions: Vec::new(),
        }
    }

    pub(crate) fn finish(self) -> Vec<Function> {
        self.functions
    }

    /// Adds the function of `query`.
    pub(crate) fn add(
        &mut self,
        query: &Query,
        analysis: &Analysis,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let name = snake(&query.name.value, "query");
        let name = self.names.claim(&name, "_");
        let columns = overrides::columns(self.file, query, &analysis.columns, diagnostics);
        let columns = without_void(columns);
        let cardinality = self.cardinality(query, analysis, columns.len(), diagnostics);
        let params = param::params(self.resolver, self.file, query, analysis, diagnostics);
        let row = match cardinality {
            Cardinality::Exec => {
                diagnostics.extend(self.row_of_nothing(query));
                Row::None
            }
            _ => self.row(&name, query, &columns, analysis.columns.len(), diagnostics),
        };
        let homes = Homes {
            resolver: self.resolver,
            file: self.file,
            query,
            analysis,
        };
        homes.report(&columns, &params, diagnostics);
        let is_inferred = cardinality == analysis.cardinality;
        let params_struct = (params.len() > self.resolver.settings.max_arguments).then(|| {
            self.types
                .claim(&format!("{}Params", pascal(&name, "Query")), "")
        });
        let violations = self.violations(&name, analysis);
        let mut path = self.module.to_vec();
        path.push(name.clone());
        self.functions.push(Function {
            name: identifier(&name),
            statement: path.join("::"),
            docs: query.docs.clone(),
            sql: carrier::sql(self.resolver, query, &params, analysis),
            only_reads: analysis.only_reads,
            cardinality,
            cardinality_reason: match is_inferred {
                true => reason(&analysis.cardinality_reason, &query.sql),
                false => SAID_SO.to_owned(),
            },
            params,
            params_struct,
            row,
            records: std::mem::take(&mut self.records),
            violations,
        });
    }

    fn violations(&mut self, name: &str, analysis: &Analysis) -> Option<Violations> {
        if analysis.violations.is_empty() || self.resolver.settings.errors == Errors::Consts {
            return None;
        }
        let variants = variants(&analysis.violations);
        let name = format!("{}Violation", pascal(name, "Query"));
        let name = self.types.claim(&name, "");
        let known = self.violations.iter().find(|(known, _)| *known == variants);
        if let Some((_, of)) = known {
            let of = of.clone();
            return Some(Violations::Alias { name, of });
        }
        self.violations.push((variants.clone(), name.clone()));
        Some(Violations::Own(ViolationEnum { name, variants }))
    }

    fn cardinality(
        &self,
        query: &Query,
        analysis: &Analysis,
        columns: usize,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Cardinality {
        let stated = query.cardinality.as_ref();
        if let Some(stated) = stated
            && columns == 0
            && stated.value != Cardinality::Exec
        {
            let message = format!("`:{}` on a query without result columns", stated.value);
            let label = "nothing is returned";
            diagnostics.push(
                Diagnostic::error(message, &self.file.path, stated.span.clone(), label)
                    .help("write `:exec`, or leave it out; or add a `returning` clause"),
            );
        }
        match stated {
            _ if columns == 0 => Cardinality::Exec,
            Some(stated) => stated.value,
            None => analysis.cardinality,
        }
    }

    /// The error of a struct for a query without rows.
    fn row_of_nothing(&self, query: &Query) -> Option<Diagnostic> {
        let row = query.row.as_ref()?;
        let message = format!("`-> {}` on a query that returns no rows", row.value);
        let label = "nothing is read into it";
        let error = Diagnostic::error(message, &self.file.path, row.span.clone(), label);
        Some(error.help("leave it out, or add a `returning` clause"))
    }

    fn row(
        &mut self,
        name: &str,
        query: &Query,
        columns: &[Column<'_>],
        all_columns: usize,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Row {
        let sql = &query.sql;
        if let Some(written) = &query.row
            && let Some(RustType::Custom { text, .. }) = parse_type(self.file, written, diagnostics)
        {
            let columns = row::contract(self.resolver, columns, sql);
            return Row::App { ty: text, columns };
        }
        if let Some(repeated) = row::repeated(columns) {
            let message = format!("the query returns more than one column named `{repeated}`");
            let label = match repeated {
                "?column?" => "their fields are called after their places",
                _ => "the second one's field gets `_2` behind its name",
            };
            let span = query.name.span.clone();
            let warning = Diagnostic::warning(message, &self.file.path, span, label);
            diagnostics.push(warning.help("give the columns aliases with `as`"));
        }
        let mut fields = row::fields(self.resolver, columns, sql);
        self.records = name_records(name, &mut fields, &mut self.types);
        if let ([field], 1) = (fields.as_slice(), all_columns) {
            let alias = (field.ty.depth() > SIMPLE_DEPTH).then(|| self.type_name(name));
            let field = field.clone();
            return Row::Value { field, alias };
        }
        let shared = row::whole_relation(self.resolver, columns)
            .and_then(|relation| self.table_rows.claim(self.resolver, relation, &fields));
        if let Some(shared) = shared {
            return Row::Table(shared);
        }
        let name = self.type_name(name);
        let origins: Option<Vec<ColumnRef>> =
            columns.iter().map(|c| c.verdict.column.clone()).collect();
        let Some(origins) = origins else {
            return own(name, fields);
        };
        let same = |(known, known_fields, _): &&(Vec<ColumnRef>, Vec<Field>, String)| {
            *known == origins
                && known_fields
                    .iter()
                    .zip(&fields)
                    .all(|(a, b)| a.name == b.name && a.ty == b.ty && a.column == b.column)
        };
        if let Some((_, _, of)) = self.shapes.iter().find(same) {
            return Row::Alias {
                name,
                of: of.clone(),
            };
        }
        self.shapes.push((origins, fields.clone(), name.clone()));
        own(name, fields)
    }

    /// A free name for the row struct of the query `name`.
    fn type_name(&mut self, name: &str) -> String {
        let plain = pascal(name, "Query");
        if self.types.has(&plain) {
            return self.types.claim(&format!("{plain}Row"), "");
        }
        self.types.claim(&plain, "")
    }
}

/// A struct for the rows of this query alone.
fn own(name: String, fields: Vec<Field>) -> Row {
    Row::Own(Struct {
        name,
        about: String::new(),
        composite: None,
        fields,
    })
}

/// The columns without those of type `void`, which are dropped if the others are found by name.
fn without_void(columns: Vec<Column<'_>>) -> Vec<Column<'_>> {
    let void = QualifiedName::builtin("void");
    if columns.iter().any(|column| column.verdict.ty != void) && row::repeated(&columns).is_some() {
        return columns;
    }
    columns
        .into_iter()
        .filter(|column| column.verdict.ty != void)
        .collect()
}

/// A reason with the line of the SQL that it points to, if the SQL has several lines.
pub(crate) fn reason(reason: &Reason, sql: &str) -> String {
    match sql.contains('\n') {
        true => reason.with_line(|at| Lines::of(sql).line(at)),
        false => reason.text.clone(),
    }
}
