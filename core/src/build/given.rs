//! The columns that an insert or an update sets, and to what.

use super::fragment::SqlFragment;
use super::sql::Sql;
use crate::{Carrier, Column, Param, Table};

/// What a column is set to.
pub(super) enum Given<'a> {
    Value(Param<'a>, Option<&'static Carrier>),
    Default,
    /// SQL that the app wrote.
    Sql(SqlFragment<'a>),
}

impl<'a> Given<'a> {
    fn by_ref(&self) -> Given<'_> {
        match self {
            Self::Value(param, carrier) => Given::Value(param.by_ref(), *carrier),
            Self::Default => Given::Default,
            Self::Sql(given) => Given::Sql(given.by_ref()),
        }
    }

    pub(super) fn write(self, sql: &mut Sql<'a>) {
        match self {
            Self::Value(param, carrier) => {
                sql.value(param, carrier);
            }
            Self::Default => {
                sql.push("default");
            }
            Self::Sql(given) => given.write(sql),
        }
    }
}

/// Columns with what they are set to. Each occurs once, in the order in which they were first set.
#[derive(Default)]
pub(super) struct GivenColumns<'a>(pub(super) Vec<(&'static str, Given<'a>)>);

impl<'a> GivenColumns<'a> {
    /// The same columns with borrowed parameters.
    pub(super) fn by_ref(&self) -> GivenColumns<'_> {
        let columns = self.0.iter();
        GivenColumns(
            columns
                .map(|(name, given)| (*name, given.by_ref()))
                .collect(),
        )
    }

    /// Sets a column of `table` to this value. An earlier value is replaced.
    pub(super) fn set(&mut self, table: &'static Table, column: &'static str, value: Param<'a>) {
        let found = table.column(column);
        let carrier = found.and_then(Column::carrier);
        self.give(column, Given::Value(value.in_column(found), carrier));
    }

    /// Whether the column is given something.
    pub(super) fn has(&self, column: &str) -> bool {
        self.0.iter().any(|(name, _)| *name == column)
    }

    /// Sets a column. An earlier value is replaced.
    pub(super) fn give(&mut self, column: &'static str, given: Given<'a>) {
        match self.0.iter_mut().find(|(name, _)| *name == column) {
            Some((_, present)) => *present = given,
            None => self.0.push((column, given)),
        }
    }
}
