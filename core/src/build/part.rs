//! The pieces of conditions and orders. Each writes its SQL.

use super::filter::composite;
use super::sql::Sql;
use crate::{Carrier, Column, Param, SqlType};

/// A piece of a test.
pub(crate) enum Part<'a> {
    Words(&'static str),
    Column(&'static str),
    /// A function in the schema of a type.
    #[cfg(feature = "geo")]
    Function(&'static str, &'static str),
    /// An operator in the schema of a type.
    #[cfg(feature = "geo")]
    Operator(&'static str, &'static str),
    /// A value, with a cast to this type.
    Cast(Param<'a>, &'static SqlType),
    /// A list of values, with a cast to the array of this type.
    CastList(Param<'a>, &'static SqlType),
    Param(Param<'a>),
    /// A value for a column with this carrier.
    Carried(Param<'a>, &'static Carrier),
    /// A list of values for such a column, as a subquery.
    CarriedList(Param<'a>, &'static Carrier),
    /// A column with this carrier, cast for the way to the client.
    Leaving(&'static str, &'static Carrier),
}

impl<'a> Part<'a> {
    /// The same piece with borrowed parameters.
    pub(crate) fn by_ref(&self) -> Part<'_> {
        match self {
            Part::Words(words) => Part::Words(words),
            Part::Column(name) => Part::Column(name),
            #[cfg(feature = "geo")]
            Part::Function(schema, name) => Part::Function(schema, name),
            #[cfg(feature = "geo")]
            Part::Operator(schema, operator) => Part::Operator(schema, operator),
            Part::Cast(param, ty) => Part::Cast(param.by_ref(), ty),
            Part::CastList(param, ty) => Part::CastList(param.by_ref(), ty),
            Part::Param(param) => Part::Param(param.by_ref()),
            Part::Carried(param, carrier) => Part::Carried(param.by_ref(), carrier),
            Part::CarriedList(param, carrier) => Part::CarriedList(param.by_ref(), carrier),
            Part::Leaving(name, carrier) => Part::Leaving(name, carrier),
        }
    }

    pub(crate) fn write(self, sql: &mut Sql<'a>) {
        match self {
            Part::Words(words) => sql.push(words),
            Part::Column(name) => sql.column(name),
            #[cfg(feature = "geo")]
            Part::Function(schema, name) => sql.function(schema, name),
            #[cfg(feature = "geo")]
            Part::Operator(schema, operator) => sql.operator(schema, operator),
            Part::Param(param) => sql.param(param),
            Part::Cast(param, ty) => sql.param(param).push("::").ty(ty),
            Part::CastList(param, ty) => sql.param(param).push("::").ty(ty).push("[]"),
            Part::Carried(param, carrier) => sql.value(param, Some(carrier)),
            Part::CarriedList(param, carrier) => {
                let number = sql.bind(param);
                sql.push("select ").coming(Some(carrier), |sql| {
                    sql.push("unnest(").number(number).push("::");
                    sql.ty(&carrier.ty).push("[])");
                })
            }
            Part::Leaving(name, carrier) => sql.leaving(carrier, name),
        };
    }

    /// A value that a column is compared with.
    pub(crate) fn compared(column: &'static Column, param: Param<'a>) -> Self {
        match (column.carrier(), composite(column)) {
            (Some(carrier), _) => Part::Carried(param, carrier),
            (None, Some(ty)) => Part::Cast(param, ty),
            (None, None) => Part::Param(param),
        }
    }
}
