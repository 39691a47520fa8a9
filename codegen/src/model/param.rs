//! The parameters of a function: names, types, and the overrides of the `.sql` file.

use super::function::reason;
use super::names::{Scope, identifier, snake};
use super::overrides::{Known, SAID_SO, needless, parse_type};
use super::parts::Parts;
use super::resolve::{Place, Resolver, display};
use super::rust_type::RustType;
use crate::analyze::{Analysis, ParamVerdict};
use crate::diagnostics::Diagnostic;
use crate::source::{self, Query, SourceFile, first_word};

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name as Rust source.
    pub name: String,
    /// Its owned type. [`crate::emit`] writes the borrowed form.
    pub ty: RustType,
    /// Its documentation.
    pub note: String,
    /// The parts that it is sent in, if it cannot be sent as a whole.
    pub(crate) parts: Option<Parts>,
    /// The SRID that shapes without one are sent with; 0 for none.
    pub(crate) srid: i32,
}

/// The parameters of `query`, `$1` first. A parameter without a name gets that of its column.
pub(crate) fn params(
    resolver: &Resolver<'_>,
    file: &SourceFile,
    query: &Query,
    analysis: &Analysis,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Param> {
    let mut names = Scope::default();
    let mut written = query.params.iter().map(Some).collect::<Vec<_>>();
    written.resize(analysis.params.len(), None);
    analysis
        .params
        .iter()
        .zip(written)
        .enumerate()
        .map(|(index, (verdict, written))| {
            let stated = written.and_then(|param| param.name.as_deref());
            let from_column = verdict.column.as_ref().map(|column| column.column.as_str());
            let positional = format!("param{}", index + 1);
            let known = stated.or(verdict.name.as_deref()).or(from_column);
            let name = snake(known.unwrap_or(&positional), &positional);
            let name = names.claim(&name, "_");
            let stated = Stated {
                file,
                written,
                sql: &query.sql,
            };
            param(resolver, &name, verdict, stated, diagnostics)
        })
        .collect()
}

/// The overrides of a parameter in the file.
#[derive(Clone, Copy, Debug)]
struct Stated<'a> {
    file: &'a SourceFile,
    written: Option<&'a source::Param>,
    sql: &'a str,
}

fn param(
    resolver: &Resolver<'_>,
    name: &str,
    verdict: &ParamVerdict,
    Stated { file, written, sql }: Stated<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Param {
    let stated = written.and_then(|param| param.nullable);
    if let Some((nullable, span)) = stated.zip(written.and_then(|p| p.directive.clone())) {
        let subject = format!("parameter `{name}`");
        let known = Known::of(verdict.nullable, &verdict.reason.text);
        // Whether a parameter can be null is the author's decision, so only needless overrides are reported.
        if nullable == verdict.nullable {
            diagnostics.extend(needless(&file.path, span, &subject, nullable, known));
        }
    }
    let nullable = stated.unwrap_or(verdict.nullable);
    let chosen = written
        .and_then(|param| param.rust_type.as_ref())
        .and_then(|text| parse_type(file, text, diagnostics));
    let ty = chosen.unwrap_or_else(|| {
        resolver.rust_type(Place {
            ty: &verdict.ty,
            modifier: modifier(resolver, verdict),
            element_nullable: verdict.element_nullable,
            column: verdict.column.as_ref(),
            fields: &[],
        })
    });
    let shown = display(resolver.catalog, &verdict.ty);
    let note = match (nullable, stated.is_some(), reason(&verdict.reason, sql)) {
        (true, true, _) => format!("`{shown}`, may be null: {SAID_SO}."),
        (true, false, why) if !why.is_empty() => format!("`{shown}`, may be null: {why}."),
        (true, false, _) => format!("`{shown}`, may be null."),
        (false, ..) => format!("`{shown}`."),
    };
    // CALL does not accept subqueries.
    let is_call = first_word(sql) == "call";
    let parts =
        Parts::of_param(resolver, &verdict.ty, &ty).filter(|parts| !is_call || !parts.has_arrays());
    Param {
        name: identifier(name),
        parts,
        srid: verdict.srid,
        ty: ty.nullable(nullable),
        note,
    }
}

/// The modifier of the column that a parameter is stored in or compared with.
fn modifier(resolver: &Resolver<'_>, verdict: &ParamVerdict) -> i32 {
    let Some(column) = &verdict.column else {
        return -1;
    };
    resolver
        .catalog
        .relation(&column.relation)
        .and_then(|relation| relation.column(&column.column))
        .filter(|there| there.ty == verdict.ty)
        .map_or(-1, |there| there.modifier)
}
