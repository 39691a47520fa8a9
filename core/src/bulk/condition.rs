//! The conditions on the rows that a bulk statement finds by their keys.

use crate::build::{filter::Filter, sql::Sql};

/// Conditions on the existing rows, which the statement calls `t`. All must be true.
pub(crate) struct Conditions<'a> {
    filter: Filter<'a, ()>,
    /// Conditions in SQL, which can refer to more than the columns of these rows.
    sql: Vec<&'static str>,
}

impl Default for Conditions<'_> {
    fn default() -> Self {
        Self {
            filter: Filter::every(),
            sql: Vec::new(),
        }
    }
}

impl<'a> Conditions<'a> {
    pub(crate) fn and<R>(&mut self, filter: Filter<'a, R>) {
        let before = std::mem::replace(&mut self.filter, Filter::every());
        self.filter = before.and(filter.erased());
    }

    pub(crate) fn and_sql(&mut self, sql: &'static str) {
        self.sql.push(sql);
    }

    /// Whether there are conditions in SQL, which can refer to anything.
    pub(crate) fn has_sql(&self) -> bool {
        !self.sql.is_empty()
    }

    /// The conditions as SQL, with their parameters as the next ones of `sql`.
    pub(crate) fn write<'s>(&'s self, sql: &mut Sql<'s>) -> Vec<String> {
        let filter = self.filter.by_ref();
        let filter = sql.fragment(|sql| sql.qualified("t", |sql| filter.write(sql)));
        let filter = (!filter.is_empty()).then_some(filter);
        let written = self.sql.iter().map(|sql| format!("({sql})"));
        filter.into_iter().chain(written).collect()
    }
}
