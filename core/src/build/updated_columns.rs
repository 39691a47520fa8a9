//! The columns of an existing row that an insert of one or many rows updates.

use postgres_protocol::escape::escape_identifier;

use super::{
    fragment::SqlFragment,
    given::{Given, GivenColumns},
    sql::Sql,
};
use crate::{Constraint, ConstraintKind, Error, ErrorKind, names::column_list};

/// The columns that are updated if a row with the key exists.
pub(crate) struct UpdatedColumns<'a> {
    pub(crate) key: &'static Constraint,
    /// The given columns. `None` for all written columns except those of the key.
    given: Option<Vec<&'static str>>,
    /// The columns that are set to SQL instead of the values of the insert.
    computed: GivenColumns<'a>,
    /// The column that counts the changes of its row, which is raised by one.
    version: Option<&'static str>,
}

impl<'a> UpdatedColumns<'a> {
    pub(crate) fn new(key: &'static Constraint, version: Option<&'static str>) -> Self {
        Self {
            key,
            given: None,
            computed: GivenColumns::default(),
            version,
        }
    }

    /// Updates only these columns, and those that are computed.
    pub(crate) fn only(&mut self, columns: Vec<&'static str>) {
        self.given = Some(columns);
    }

    /// Sets a column to what this SQL computes.
    pub(crate) fn compute(&mut self, column: &'static str, sql: SqlFragment<'a>) {
        self.computed.give(column, Given::Sql(sql));
    }

    /// The same columns with borrowed parameters.
    pub(crate) fn by_ref(&self) -> UpdatedColumns<'_> {
        UpdatedColumns {
            given: self.given.clone(),
            computed: self.computed.by_ref(),
            ..*self
        }
    }

    /// The columns that get the values of an insert that writes `written`. If nothing else is updated, the key is set to
    /// itself, so that the row counts as updated and is returned.
    ///
    /// An updated column that is not written would lose its value to the default, so that is an error.
    pub(crate) fn of(&self, written: &[&'static str]) -> Result<Vec<&'static str>, Error> {
        let key = self.key.columns;
        let wrong =
            |column, message| Err(Error::new(ErrorKind::Mapping, message).in_column(column));
        for (column, _) in &self.computed.0 {
            if Some(*column) == self.version {
                return wrong(
                    *column,
                    "the version is raised by each update, and cannot be set by hand",
                );
            }
            if key.contains(column) {
                return wrong(*column, "a column of the key keeps its value");
            }
        }
        let others = || written.iter().copied().filter(|name| !key.contains(name));
        let given = self.given.clone();
        let mut columns = given.unwrap_or_else(|| others().collect());
        columns.retain(|column| Some(*column) != self.version && !self.computed.has(column));
        if let Some(missing) = columns.iter().find(|column| !written.contains(column)) {
            return wrong(
                *missing,
                "the column cannot be updated from the row, which does not write it",
            );
        }
        if columns.is_empty() && self.computed.0.is_empty() && self.version.is_none() {
            columns.extend(key);
        }
        Ok(columns)
    }

    /// Appends the assignments: these columns get the values of the insert, others what their SQL computes, and a version
    /// is raised by one. `there` is what the existing row is called.
    pub(crate) fn write(self, sql: &mut Sql<'a>, columns: &[&str], there: &str) {
        let taken = assignments(columns, "excluded", self.version, there);
        sql.push(&taken);
        for (i, (name, given)) in self.computed.0.into_iter().enumerate() {
            if i > 0 || !taken.is_empty() {
                sql.push(", ");
            }
            sql.name(name).push(" = ");
            given.write(sql);
        }
    }
}

/// `"name" = u."name", "version" = "t"."version" + 1`: columns get the values of the row `from`, and a version is raised by
/// one from that of the row `there`.
pub(crate) fn assignments(
    columns: &[&str],
    from: &str,
    version: Option<&str>,
    there: &str,
) -> String {
    let mut pairs: Vec<_> = columns
        .iter()
        .map(|column| {
            let column = escape_identifier(column);
            format!("{column} = {from}.{column}")
        })
        .collect();
    if let Some(version) = version {
        let version = escape_identifier(version);
        pairs.push(format!(
            "{version} = {}.{version} + 1",
            escape_identifier(there)
        ));
    }
    pairs.join(", ")
}

/// `("code") where …`: the columns that identify an existing row, and not the constraint's name, which is not found through
/// a view.
pub(crate) fn conflict_target(key: &Constraint) -> String {
    let columns = column_list(key.columns);
    match key.kind {
        ConstraintKind::UniqueIndex {
            predicate: Some(predicate),
        } => format!("({columns}) where {predicate}"),
        _ => format!("({columns})"),
    }
}
