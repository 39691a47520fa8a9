//! Types without a binary form in PostgreSQL. howdah reads and sends only binary values, so a query casts such values
//! to a type that has a binary form on the way out, and back on the way in. The rest of the query stays as it was
//! written.

use std::collections::BTreeSet;

use super::param::Param;
use super::resolve::{Resolver, array_element};
use super::sql_type::{SqlTypeRef, sql_type};
use crate::analyze::{Analysis, ColumnVerdict};
use crate::catalog::{Catalog, QualifiedName, TypeKind, always_quoted};
use crate::source::{Query, first_word, map_params};

/// How values are sent whose type has no binary form, or contains such values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Cast to another type.
    Cast(QualifiedName),
    /// Arrays, each element cast to another type.
    CastArray(QualifiedName),
    /// A composite as an anonymous record of its fields, with casts for those that need them.
    Record(Vec<(String, Option<Carrier>)>),
    /// An array of composites as one of records.
    Records(Box<Carrier>),
}

impl Carrier {
    /// The carrier of a result column.
    pub(crate) fn of_column(resolver: &Resolver<'_>, column: &ColumnVerdict) -> Option<Self> {
        Self::of(resolver.catalog, column.declared())
    }

    /// The carrier of a parameter. The server cannot read records, so composites are sent in parts.
    pub(crate) fn of_param(catalog: &Catalog, ty: &QualifiedName) -> Option<Self> {
        let carrier = Self::of(catalog, ty)?;
        match carrier {
            Self::Cast(_) | Self::CastArray(_) => Some(carrier),
            Self::Record(_) | Self::Records(_) => None,
        }
    }

    /// The carrier of values of type `ty`, if they need one and there is one.
    pub(super) fn of(catalog: &Catalog, ty: &QualifiedName) -> Option<Self> {
        if let Some(element) = array_element(catalog, ty) {
            return match Self::of(catalog, &element)? {
                Self::Cast(sent) => Some(Self::CastArray(sent)),
                record @ Self::Record(_) => Some(Self::Records(Box::new(record))),
                // An array inside a domain inside an array.
                Self::CastArray(_) | Self::Records(_) => None,
            };
        }
        if is_text_only(catalog, ty) {
            return Some(Self::Cast(sent(ty)));
        }
        match &catalog.type_(ty)?.kind {
            TypeKind::Domain { base, .. } => Self::of(catalog, base),
            TypeKind::Composite { fields } if holds_text_only(catalog, ty) => {
                let fields = fields.iter().map(|field| {
                    let carrier = Self::of(catalog, &field.ty);
                    (carrier.is_some() || !holds_text_only(catalog, &field.ty))
                        .then(|| (field.name.clone(), carrier))
                });
                Some(Self::Record(fields.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    /// The SQL for `value` on the way to the client.
    pub(super) fn leaving(&self, value: &str) -> String {
        match self {
            Self::Cast(sent) => format!("{value}::{}", in_sql(sent)),
            Self::CastArray(sent) => format!("{value}::{}[]", in_sql(sent)),
            Self::Record(fields) => {
                let fields = fields.iter().map(|(name, carrier)| {
                    let field = format!("({value}).{}", always_quoted(name));
                    leaving(carrier.as_ref(), field)
                });
                let fields: Vec<String> = fields.collect();
                // `is not null` would test whether all fields are not null.
                let fields = fields.join(", ");
                format!("case when {value} is distinct from null then row({fields}) end")
            }
            // An array with several dimensions has no Rust type, and must not look like one: it is an error that names
            // the dimensions.
            Self::Records(record) => format!(
                "case when array_ndims({value}) > 1 \
                 then array[row((array_dims({value}) || ' has more than one dimension')::int4)] \
                 when {value} is not null \
                 then array(select {} from (select unnest({value}) as e) as elements) end",
                record.leaving("e"),
            ),
        }
    }

    /// The SQL for the parameter `value`, converted to type `ty`.
    fn coming(&self, value: &str, ty: &QualifiedName) -> String {
        self.back(&self.leaving(value), ty)
    }

    /// The value `sent`, converted to type `ty`. A raster is read from text, the hexadecimal form of its bytes. There
    /// is no cast to an array of rasters, so each element is read; arrays with several dimensions would lose them, and
    /// are errors.
    pub(super) fn back(&self, sent: &str, ty: &QualifiedName) -> String {
        let own = in_sql(ty);
        match self {
            Self::Cast(bytes) if bytes.name == "bytea" => {
                format!("(pg_catalog.encode({sent}, 'hex')::{own})")
            }
            Self::CastArray(bytes) if bytes.name == "bytea" => format!(
                "(case when array_ndims({sent}) > 1 \
                 then array[(array_dims({sent}) || ' has more than one dimension')::int4]::text[]::{own} \
                 when {sent} is not null \
                 then array(select pg_catalog.encode(e, 'hex') from unnest({sent}) as e)::{own} end)"
            ),
            _ => format!("({sent}::{own})"),
        }
    }

    /// The type in contracts of a query's result column of type `ty`.
    pub(crate) fn contract(&self, resolver: &Resolver<'_>, ty: &QualifiedName) -> SqlTypeRef {
        match self {
            Self::Cast(sent) => sql_type(resolver, sent, -1),
            Self::CastArray(sent) => {
                let array = QualifiedName::new(&sent.schema, format!("_{}", sent.name));
                SqlTypeRef::Array(array, Box::new(sql_type(resolver, sent, -1)))
            }
            Self::Record(_) | Self::Records(_) => nameless(sql_type(resolver, ty, -1)),
        }
    }
}

/// `ty` with composites as types of which only the name is known. A record's fields have no names for structs that
/// derive `PgRow`, so only the composite's own Rust types can read it.
fn nameless(ty: SqlTypeRef) -> SqlTypeRef {
    match ty {
        SqlTypeRef::Composite(name) => SqlTypeRef::Base(name),
        SqlTypeRef::Array(name, inner) => SqlTypeRef::Array(name, Box::new(nameless(*inner))),
        SqlTypeRef::Domain(name, inner) => SqlTypeRef::Domain(name, Box::new(nameless(*inner))),
        ty => ty,
    }
}

/// The SQL for `value` on the way to the client, with the casts of `carrier` if there is one.
fn leaving(carrier: Option<&Carrier>, value: String) -> String {
    match carrier {
        Some(carrier) => carrier.leaving(&value),
        None => value,
    }
}

/// The type that values of `ty` are cast to. PostGIS' boxes are cast to `geometry` and its rasters to `bytea`, which lose
/// nothing, and all others to `text`.
fn sent(ty: &QualifiedName) -> QualifiedName {
    match ty.name.as_str() {
        "box2d" | "box3d" => QualifiedName::new(&ty.schema, "geometry"),
        "raster" => QualifiedName::builtin("bytea"),
        _ => QualifiedName::builtin("text"),
    }
}

/// The type's name for a cast. Built-in types need no schema and no quotes, except those whose unquoted name means a
/// single character or bit.
pub(super) fn in_sql(ty: &QualifiedName) -> String {
    match ty.is_builtin() && !["bit", "char"].contains(&ty.name.as_str()) {
        true => ty.name.clone(),
        false => ty.to_sql(),
    }
}

/// The built-in types without a binary form. The catalog tells the others.
const BUILTIN: [&str; 2] = ["aclitem", "gtsvector"];

/// Whether `ty` itself has no binary form: a base type, or a range over such a type.
pub(super) fn is_text_only(catalog: &Catalog, ty: &QualifiedName) -> bool {
    if ty.is_builtin() {
        return BUILTIN.contains(&ty.name.as_str());
    }
    catalog.type_(ty).is_some_and(|known| match &known.kind {
        TypeKind::Base => known.text_only,
        TypeKind::Range { subtype } => holds_text_only(catalog, subtype),
        TypeKind::Multirange { range } => is_text_only(catalog, range),
        _ => false,
    })
}

/// Whether values of type `ty` contain a value without a binary form.
pub(crate) fn holds_text_only(catalog: &Catalog, ty: &QualifiedName) -> bool {
    fn search(catalog: &Catalog, ty: &QualifiedName, seen: &mut BTreeSet<QualifiedName>) -> bool {
        let element = array_element(catalog, ty);
        is_text_only(catalog, element.as_ref().unwrap_or(ty))
            || (seen.insert(ty.clone())
                && catalog
                    .parts(ty)
                    .iter()
                    .any(|part| search(catalog, part, seen)))
    }
    search(catalog, ty, &mut BTreeSet::new())
}

/// Whether the columns of a statement can be cast, which needs a WITH around it. A statement that writes in its own
/// WITH cannot be inside another.
pub(crate) fn casts_columns(query: &Query, analysis: &Analysis) -> bool {
    match first_word(&query.sql).as_str() {
        "select" | "values" | "table" | "insert" | "update" | "delete" | "merge" => true,
        "with" => analysis.writes.is_empty(),
        _ => false,
    }
}

/// The SQL of `query` with the casts that its `params` and columns need.
pub(crate) fn sql(
    resolver: &Resolver<'_>,
    query: &Query,
    params: &[Param],
    analysis: &Analysis,
) -> String {
    let mut next = 1;
    let params = params.iter().zip(&analysis.params).zip(1..);
    let params: Vec<Option<String>> = params
        .map(|((param, verdict), number)| {
            if let Some(parts) = &param.parts {
                return Some(parts.sql(&mut next));
            }
            let sent = format!("${next}");
            let is_moved = next != number;
            next += 1;
            match Carrier::of_param(resolver.catalog, &verdict.ty) {
                Some(carrier) => Some(carrier.coming(&sent, &verdict.ty)),
                None => is_moved.then_some(sent),
            }
        })
        .collect();
    let columns = analysis.columns.iter();
    let carriers: Vec<Option<Carrier>> = columns
        .map(|column| Carrier::of_column(resolver, column))
        .collect();
    let sql = match params.iter().all(Option::is_none) {
        true => query.sql.clone(),
        false => map_params(&query.sql, |number| {
            params.get(usize::from(number).checked_sub(1)?)?.clone()
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
        let value = leaving(carrier.as_ref(), name.clone());
        format!("{value} as {}", always_quoted(&column.name))
    });
    // MATERIALIZED keeps the order of the rows, and computes them as without the outer query.
    format!(
        "with sent ({}) as materialized (\n{sql}\n)\nselect {}\nfrom sent",
        names.join(", "),
        columns.collect::<Vec<_>>().join(", "),
    )
}
