//! The types of tables' columns in contracts. For types without a binary form, these include the casts of the carrier,
//! for derived statements.

use super::carrier::{Carrier, holds_text_only};
use super::resolve::Resolver;
use super::sql_type::{Carried, SqlTypeRef, sql_type};
use crate::catalog::{Catalog, QualifiedName};

/// The type in contracts of a table's column of type `ty`, with its casts, which derived statements need.
pub(crate) fn column_type(
    resolver: &Resolver<'_>,
    ty: &QualifiedName,
    modifier: i32,
) -> SqlTypeRef {
    let Some(carrier) = Carrier::of(resolver.catalog, ty) else {
        return sql_type(resolver, ty, modifier);
    };
    let sent = Carrier::of_param(resolver.catalog, ty);
    let carried = Carried {
        ty: carrier.contract(resolver, ty),
        leaving: around(|value| carrier.leaving(value)),
        coming: sent.map(|carrier| around(|value| carrier.back(value, ty))),
    };
    SqlTypeRef::Carried(ty.clone(), Box::new(carried))
}

/// Whether values of a table's column of type `ty` can be sent.
pub(crate) fn is_sent(catalog: &Catalog, ty: &QualifiedName) -> bool {
    !holds_text_only(catalog, ty) || Carrier::of_param(catalog, ty).is_some()
}

/// The SQL before and after a value in the result of `write`. If the SQL uses the value more than once, it does so
/// through a subquery.
fn around(write: impl Fn(&str) -> String) -> (String, String) {
    // SQL never contains this character.
    const VALUE: &str = "\0";
    let mut sql = write(VALUE);
    if sql.matches(VALUE).count() != 1 {
        sql = format!(
            "(select {} from (select {VALUE} as v) as carried)",
            write("v")
        );
    }
    let (before, after) = sql.split_once(VALUE).unwrap_or_default();
    (before.to_owned(), after.to_owned())
}
