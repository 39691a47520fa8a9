//! Warns of columns and parameters whose types have no home in Rust, or cannot travel.

use super::carrier::{self, Carrier};
use super::overrides::Column;
use super::param::Param;
use super::resolve::{Resolver, display};
use super::row::column_type;
use super::rust_type::RustType;
use crate::analyze::Analysis;
use crate::catalog::QualifiedName;
use crate::diagnostics::Diagnostic;
use crate::source::{Query, SourceFile};

/// A query whose types are looked at.
pub(crate) struct Homes<'a, 'c> {
    pub(crate) resolver: &'a Resolver<'c>,
    pub(crate) file: &'a SourceFile,
    pub(crate) query: &'a Query,
    pub(crate) analysis: &'a Analysis,
}

impl Homes<'_, '_> {
    /// Says what is wrong with the types of its columns and parameters.
    pub(crate) fn report(
        &self,
        columns: &[Column<'_>],
        params: &[Param],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let casts_columns = carrier::casts_columns(self.query, self.analysis);
        for column in columns {
            let carrier = Carrier::of_column(self.resolver, column.verdict);
            let is_cast = casts_columns && carrier.is_some();
            let rust = column_type(self.resolver, column);
            let what = || format!("column `{}`", column.name);
            diagnostics.extend(self.problem(what, column.ty(), is_cast, &rust));
        }
        for (param, verdict) in params.iter().zip(&self.analysis.params) {
            let is_cast = Carrier::of_param(self.resolver, &verdict.ty).is_some();
            let what = || format!("parameter `{}`", param.name);
            diagnostics.extend(self.problem(what, &verdict.ty, is_cast, &param.ty));
        }
    }

    fn problem(
        &self,
        what: impl Fn() -> String,
        ty: &QualifiedName,
        is_cast: bool,
        rust: &RustType,
    ) -> Option<Diagnostic> {
        let catalog = self.resolver.catalog;
        let shown = || display(catalog, ty);
        let (message, label, help) = if !is_cast && carrier::holds_text_only(catalog, ty) {
            (
                format!("type `{}` has no binary form ({})", shown(), what()),
                "the server refuses to run this as it is",
                "cast it in SQL to `text`, a box of PostGIS to `geometry`, and a raster to `bytea`"
                    .to_owned(),
            )
        } else if holds_opaque(rust) {
            (
                format!("not supported yet: type `{}` ({})", shown(), what()),
                "becomes `howdah::Opaque`, its bytes as PostgreSQL sends them",
                format!(
                    "cast it in SQL, or give `{}` a Rust type in howdah.toml under [types]",
                    shown()
                ),
            )
        } else {
            return None;
        };
        let span = self.query.name.span.clone();
        Some(Diagnostic::warning(message, &self.file.path, span, label).help(help))
    }
}

fn holds_opaque(ty: &RustType) -> bool {
    match ty {
        RustType::Opaque => true,
        RustType::Vec(inner)
        | RustType::Option(inner)
        | RustType::Range(inner)
        | RustType::Multirange(inner) => holds_opaque(inner),
        RustType::Record(fields) => fields.iter().any(holds_opaque),
        _ => false,
    }
}
