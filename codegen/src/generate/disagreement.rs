//! Explains why the server rejects a query that uses a parameter in several places with different types.
//!
//! The server gives a parameter the type of its first use, and reports another use as an error. So such a query is
//! described again, with a separate parameter for each use. If that succeeds, the types of the uses show the conflict.

use std::ops::Range;

use crate::analyze::Analysis;
use crate::catalog::Catalog;
use crate::diagnostics::Diagnostic;
use crate::source::{Query, SourceFile, map_params};

/// A query with a separate parameter for each use.
pub(super) struct Apart {
    pub(super) sql: String,
    /// The original parameter of each parameter here.
    uses: Vec<u16>,
}

impl Apart {
    /// The query in this form, if one of its parameters is used more than once.
    pub(super) fn of(query: &Query) -> Option<Self> {
        query.params.iter().find(|param| param.spans.len() > 1)?;
        let mut uses = Vec::new();
        let sql = map_params(&query.sql, |number| {
            uses.push(number);
            Some(format!("${}", uses.len()))
        });
        Some(Self { sql, uses })
    }

    /// The diagnostic for the query, from the description of its other form: about the first parameter with uses of
    /// different types.
    pub(super) fn diagnostic(
        &self,
        file: &SourceFile,
        query: &Query,
        analysis: &Analysis,
        catalog: &Catalog,
    ) -> Option<Diagnostic> {
        query.params.iter().find_map(|param| {
            let types = self.uses.iter().zip(&analysis.params);
            let types = types
                .filter(|(number, _)| **number == param.number)
                .map(|(_, verdict)| match catalog.type_(&verdict.ty) {
                    Some(ty) => ty.display.clone(),
                    None => verdict.ty.to_string(),
                });
            let mut uses = param.spans.iter().cloned().zip(types);
            let (first, wanted): (Range<usize>, String) = uses.next()?;
            let (other, differs) = uses.find(|(_, ty)| *ty != wanted)?;
            let name = match &param.name {
                Some(name) => format!(":{name}"),
                None => format!("${}", param.number),
            };
            let message = format!("the uses of `{name}` want different types");
            let mut error =
                Diagnostic::error(message, &file.path, other, format!("`{differs}` here"));
            error.also = Some((first, format!("`{wanted}` here")));
            let help = format!("cast one of them, `{name}::{wanted}`, or use two parameters");
            Some(error.help(help))
        })
    }
}
