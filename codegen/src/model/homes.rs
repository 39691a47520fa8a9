//! Warns about columns and parameters whose types have no Rust type, or cannot be sent.

use super::carrier::{self, Carrier};
use super::overrides::Column;
use super::param::Param;
use super::resolve::{Resolver, display};
use super::row::column_type;
use super::rust_type::RustType;
use crate::analyze::Analysis;
use crate::catalog::{Catalog, QualifiedName, Type, TypeKind};
use crate::diagnostics::Diagnostic;
use crate::source::{Query, SourceFile, first_word};

/// A query whose types are checked.
pub(crate) struct Homes<'a, 'c> {
    pub(crate) resolver: &'a Resolver<'c>,
    pub(crate) file: &'a SourceFile,
    pub(crate) query: &'a Query,
    pub(crate) analysis: &'a Analysis,
}

/// The help for a value.
const CAST: &str =
    "cast it in SQL to `text`, a box of PostGIS to `geometry`, and a raster to `bytea`";

/// The help for a composite.
const SEND: &str = "only structs that howdah generates are sent in parts; else send each field as a parameter: \
    `row(:a, :b::geometry::box2d)::my_type`";

/// The help for a composite with arrays.
const SEND_TO_PROCEDURE: &str = "CALL takes no subqueries, by which howdah puts arrays together; send each element's fields \
    as parameters: `array[row(:a, :b::geometry::box2d)::my_type]`";

impl Homes<'_, '_> {
    /// Reports problems with the types of its columns and parameters.
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
            let problem = self.problem(what, column.ty(), is_cast, CAST, &rust);
            diagnostics.extend(problem);
        }
        for (param, verdict) in params.iter().zip(&self.analysis.params) {
            let catalog = self.resolver.catalog;
            let is_sent =
                param.parts.is_some() || Carrier::of_param(catalog, &verdict.ty).is_some();
            let help = match first_word(&self.query.sql).as_str() {
                _ if !holds_composite(catalog, &verdict.ty) => CAST,
                "call" => SEND_TO_PROCEDURE,
                _ => SEND,
            };
            let what = || format!("parameter `{}`", param.name);
            diagnostics.extend(self.problem(what, &verdict.ty, is_sent, help, &param.ty));
        }
    }

    fn problem(
        &self,
        what: impl Fn() -> String,
        ty: &QualifiedName,
        travels: bool,
        help: &str,
        rust: &RustType,
    ) -> Option<Diagnostic> {
        let catalog = self.resolver.catalog;
        let shown = || display(catalog, ty);
        let (message, label, help) = if !travels && carrier::holds_text_only(catalog, ty) {
            (
                format!("type `{}` has no binary form ({})", shown(), what()),
                "the server refuses to run this as it is",
                help.to_owned(),
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

fn holds_composite(catalog: &Catalog, ty: &QualifiedName) -> bool {
    let is_composite = |ty: &Type| matches!(ty.kind, TypeKind::Composite { .. });
    catalog.type_(ty).is_some_and(is_composite)
        || catalog
            .parts(ty)
            .iter()
            .any(|part| holds_composite(catalog, part))
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
