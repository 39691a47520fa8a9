//! What messages say of types and columns that do not fit.

use postgres_types::Type;

use crate::{Accepts, check::usual_type_of};

/// What messages advise where the types of SQL and Rust do not fit.
#[derive(Clone, Copy)]
pub(crate) enum Advice {
    /// Another type, or a cast.
    Types,
    /// To generate the query again.
    Generate,
}

/// The advice where the schema has changed.
pub(crate) const GENERATE: &str =
    "; the schema is not the one that the query was generated for: run `howdah generate`";

/// What is wrong with a column of type `ty` for a Rust type.
pub(crate) fn unfit(ty: &Type, rust_type: &str, accepts: &Accepts, advice: Advice) -> String {
    if let Some(changed) = changed_fields(accepts, ty) {
        let ty = type_name(ty);
        return format!("`{rust_type}` was made for another {ty}: {changed}");
    }
    let way_out = match advice {
        Advice::Types => way_out(ty, rust_type, accepts),
        Advice::Generate => GENERATE.to_owned(),
    };
    let ty = type_name(ty);
    format!("the column is {ty}, but `{rust_type}` holds {accepts}{way_out}")
}

/// The Rust type that usually holds such a column, and the cast that makes it fit this one.
fn way_out(ty: &Type, rust_type: &str, accepts: &Accepts) -> String {
    let mut way_out = String::new();
    if let Some(usual) = usual_type_of(ty) {
        way_out = match rust_type.starts_with("Option<") {
            true => format!(": read it as `Option<{usual}>`"),
            false => format!(": read it as `{usual}`"),
        };
    }
    if let Some(cast) = accepts.cast_from(ty) {
        way_out += &format!("; in SQL of your own, `::{cast}` has the server convert it");
    }
    way_out
}

/// How the fields of a composite type differ from those that the Rust type expects, if the names of the types are the
/// same.
pub(crate) fn changed_fields(accepts: &Accepts, ty: &Type) -> Option<String> {
    use postgres_types::Kind;
    match (accepts, ty.kind()) {
        (Accepts::Array(element), Kind::Array(ty)) => changed_fields(element, ty),
        (Accepts::Domain { base, .. }, _) => changed_fields(base, ty),
        (_, Kind::Domain(base)) => changed_fields(accepts, base),
        (
            Accepts::Composite {
                schema,
                name,
                fields,
            },
            Kind::Composite(actual),
        ) if (*schema, *name) == (ty.schema(), ty.name()) => {
            let mut pairs = fields.iter().zip(actual);
            let same_names = pairs
                .clone()
                .all(|((name, _), field)| *name == field.name());
            if fields.len() > actual.len() || !same_names {
                let wanted: Vec<_> = fields.iter().map(|(name, _)| format!("`{name}`")).collect();
                let found: Vec<_> = actual.iter().map(|f| format!("`{}`", f.name())).collect();
                return Some(format!(
                    "the fields {} were expected; there are {}",
                    wanted.join(", "),
                    found.join(", ")
                ));
            }
            let ((name, accepts), field) =
                pairs.find(|((_, accepts), field)| !accepts.accepts_type(field.type_()))?;
            Some(changed_fields(accepts, field.type_()).unwrap_or_else(|| {
                let ty = type_name(field.type_());
                format!("its field `{name}` is {ty}, where {accepts} was expected")
            }))
        }
        _ => None,
    }
}

/// The type as PostgreSQL prints it.
pub(crate) fn type_name(ty: &Type) -> String {
    use postgres_types::Kind;
    match (ty.kind(), ty.schema()) {
        (Kind::Array(element), _) => format!("{}[]", type_name(element)),
        (_, "pg_catalog") => crate::sql_type::standard_name(ty.name()).to_owned(),
        (_, schema) => format!("{schema}.{}", ty.name()),
    }
}

/// What is wrong with a value for a column of type `ty`.
pub(crate) fn unfit_value(ty: &Type, accepts: &Accepts) -> String {
    let ty = type_name(ty);
    format!("the column is {ty}, but the value can be sent as {accepts}")
}

/// The names of the columns of a result.
pub(crate) fn listed<'c>(names: impl Iterator<Item = &'c str>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "no columns".to_owned(),
        names => names.join(", "),
    }
}
