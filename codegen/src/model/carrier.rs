//! Types that PostgreSQL has no binary form of, which is all that drivers read and send. A query casts them to a type that has
//! one where they leave the server, and from it where they come in; all else of it stays as it was written.

use std::collections::BTreeSet;

use super::resolve::{Resolver, array_element};
use super::sql_type::SqlTypeRef;
use super::used::parts;
use crate::analyze::{Analysis, ColumnVerdict};
use crate::catalog::{Catalog, QualifiedName, TypeKind, always_quoted};
use crate::source::{Query, first_word, map_params};

/// How values of a type without a binary form travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carrier {
    /// The type that they are of: the base type, an array of it, or a domain.
    own: QualifiedName,
    /// The type that they are cast to, or that of the elements of an array.
    sent: QualifiedName,
    is_array: bool,
}

impl Carrier {
    /// How values of type `ty` travel, if they cannot as they are. PostGIS' boxes are cast to `geometry` and its rasters to
    /// `bytea`, which lose nothing, and all others to `text`.
    fn of(catalog: &Catalog, ty: &QualifiedName) -> Option<Self> {
        let (base, is_array) = text_only(catalog, ty)?;
        let sent = match base.name.as_str() {
            "box2d" | "box3d" => QualifiedName::new(&base.schema, "geometry"),
            "raster" => QualifiedName::builtin("bytea"),
            _ => QualifiedName::builtin("text"),
        };
        Some(Self {
            own: ty.clone(),
            sent,
            is_array,
        })
    }

    /// As a result column.
    pub(crate) fn of_column(resolver: &Resolver<'_>, column: &ColumnVerdict) -> Option<Self> {
        Self::of(resolver.catalog, column.declared())
    }

    /// As a parameter. No cast leads to an array of rasters.
    pub(crate) fn of_param(resolver: &Resolver<'_>, ty: &QualifiedName) -> Option<Self> {
        let carrier = Self::of(resolver.catalog, ty)?;
        (!carrier.is_raster() || !carrier.is_array).then_some(carrier)
    }

    /// The type that a row's reader sees.
    pub(crate) fn contract(&self) -> SqlTypeRef {
        let sent = self.sent.clone();
        match (sent.name.as_str(), self.is_array) {
            ("geometry", false) => SqlTypeRef::Spatial(sent, None),
            ("geometry", true) => {
                let array = QualifiedName::new(&sent.schema, "_geometry");
                SqlTypeRef::Array(array, Box::new(SqlTypeRef::Spatial(sent, None)))
            }
            (sent, false) => SqlTypeRef::Constant(sent.to_uppercase()),
            (sent, true) => SqlTypeRef::Constant(format!("{}_ARRAY", sent.to_uppercase())),
        }
    }

    fn is_raster(&self) -> bool {
        self.sent.name == "bytea"
    }

    fn leaving(&self, value: &str) -> String {
        let brackets = if self.is_array { "[]" } else { "" };
        format!("{value}::{}{brackets}", in_sql(&self.sent))
    }

    /// A raster is read from text, which is the hexadecimal form of its bytes.
    fn coming(&self, value: &str) -> String {
        let sent = self.leaving(value);
        let own = in_sql(&self.own);
        match self.is_raster() {
            true => format!("(pg_catalog.encode({sent}, 'hex')::{own})"),
            false => format!("({sent}::{own})"),
        }
    }
}

/// The type for a cast; those of PostgreSQL itself need no schema and no quotes.
fn in_sql(ty: &QualifiedName) -> String {
    match ty.is_builtin() {
        true => ty.name.clone(),
        false => ty.to_sql(),
    }
}

/// PostgreSQL's own types without a binary form; the catalog knows the others.
const BUILTIN: [&str; 2] = ["aclitem", "gtsvector"];

/// The base type without a binary form that `ty` is or is a domain over, and whether it is one of arrays of that.
fn text_only(catalog: &Catalog, ty: &QualifiedName) -> Option<(QualifiedName, bool)> {
    if let Some(element) = array_element(catalog, ty) {
        // Not an array in a domain in an array.
        let (base, is_array) = text_only(catalog, &element)?;
        return (!is_array).then_some((base, true));
    }
    if ty.is_builtin() {
        let is_known = BUILTIN.contains(&ty.name.as_str());
        return is_known.then(|| (ty.clone(), false));
    }
    let known = catalog.type_(ty)?;
    match &known.kind {
        TypeKind::Base if known.text_only => Some((ty.clone(), false)),
        TypeKind::Domain { base, .. } => text_only(catalog, base),
        _ => None,
    }
}

/// Whether there is a type without a binary form somewhere in values of type `ty`.
pub(crate) fn holds_text_only(catalog: &Catalog, ty: &QualifiedName) -> bool {
    fn search(catalog: &Catalog, ty: &QualifiedName, seen: &mut BTreeSet<QualifiedName>) -> bool {
        text_only(catalog, ty).is_some()
            || (seen.insert(ty.clone())
                && parts(catalog, ty)
                    .iter()
                    .any(|part| search(catalog, part, seen)))
    }
    search(catalog, ty, &mut BTreeSet::new())
}

/// Whether the columns of a statement can be cast: whether it can stand in a WITH. A statement that writes in a WITH of its
/// own cannot.
pub(crate) fn casts_columns(query: &Query, analysis: &Analysis) -> bool {
    match first_word(&query.sql).as_str() {
        "select" | "values" | "table" | "insert" | "update" | "delete" | "merge" => true,
        "with" => analysis.writes.is_empty(),
        _ => false,
    }
}

/// The SQL of `query` with the casts that its parameters and columns need.
pub(crate) fn sql(resolver: &Resolver<'_>, query: &Query, analysis: &Analysis) -> String {
    let params = analysis.params.iter();
    let params: Vec<Option<Carrier>> = params
        .map(|param| Carrier::of_param(resolver, &param.ty))
        .collect();
    let columns = analysis.columns.iter();
    let carriers: Vec<Option<Carrier>> = columns
        .map(|column| Carrier::of_column(resolver, column))
        .collect();
    let sql = match params.iter().all(Option::is_none) {
        true => query.sql.clone(),
        false => map_params(&query.sql, |number| {
            let param = params.get(usize::from(number).checked_sub(1)?)?;
            Some(param.as_ref()?.coming(&format!("${number}")))
        }),
    };
    if carriers.iter().all(Option::is_none) || !casts_columns(query, analysis) {
        return sql;
    }
    let names: Vec<String> = (1..=carriers.len())
        .map(|number| format!("c{number}"))
        .collect();
    let columns = analysis.columns.iter().zip(&carriers).zip(&names);
    let columns = columns.map(|((column, carrier), name)| {
        let value = match carrier {
            Some(carrier) => carrier.leaving(name),
            None => name.clone(),
        };
        format!("{value} as {}", always_quoted(&column.name))
    });
    // MATERIALIZED keeps the rows in their order, and computes them as if nothing stood around them.
    format!(
        "with sent ({}) as materialized (\n{sql}\n)\nselect {}\nfrom sent",
        names.join(", "),
        columns.collect::<Vec<_>>().join(", "),
    )
}
