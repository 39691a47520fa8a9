//! What messages say of types and columns that do not fit.

use postgres_types::Type;

use crate::Accepts;

/// What is wrong with a column of type `ty` for a Rust type.
pub(crate) fn unfit(ty: &Type, rust_type: &str, accepts: &Accepts) -> String {
    if let Some(changed) = changed_fields(accepts, ty) {
        let ty = type_name(ty);
        return format!("`{rust_type}` was made for another {ty}: {changed}");
    }
    let way_out = accepts
        .cast_from(ty)
        .map(|cast| format!("; in SQL of your own, `::{cast}` has the server convert it"));
    let ty = type_name(ty);
    let way_out = way_out.unwrap_or_default();
    format!("the column is {ty}, but `{rust_type}` holds {accepts}{way_out}")
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
