//! The columns of an existing row that an insert of one or many rows updates.

use postgres_protocol::escape::escape_identifier;

use crate::{Constraint, ConstraintKind, Error, ErrorKind, names::column_list};

/// The columns that are updated if a row with the key exists.
#[derive(Clone, Debug)]
pub(crate) struct UpdatedColumns {
    pub(crate) key: &'static Constraint,
    /// The given columns. `None` for all written columns except those of the key.
    pub(crate) given: Option<Vec<&'static str>>,
    /// The column that counts the changes of its row, which is raised by one.
    pub(crate) version: Option<&'static str>,
}

impl UpdatedColumns {
    /// The columns that get the values of an insert that writes `written`. If there would be none, the key is set to
    /// itself, so that the row counts as updated and is returned.
    ///
    /// An updated column that is not written would lose its value to the default, so that is an error.
    pub(crate) fn of(&self, written: &[&'static str]) -> Result<Vec<&'static str>, Error> {
        let key = self.key.columns;
        let others = || written.iter().copied().filter(|name| !key.contains(name));
        let given = self.given.clone();
        let mut columns = given.unwrap_or_else(|| others().collect());
        columns.retain(|column| Some(*column) != self.version);
        if let Some(missing) = columns.iter().find(|column| !written.contains(column)) {
            let message = "the column cannot be updated from the row, which does not write it";
            return Err(Error::new(ErrorKind::Mapping, message).in_column(*missing));
        }
        if columns.is_empty() && self.version.is_none() {
            columns.extend(key);
        }
        Ok(columns)
    }

    /// The assignments: these columns get the values of the insert, and a version is raised by one. `there` is what the
    /// existing row is called.
    pub(crate) fn assignments(&self, columns: &[&str], there: &str) -> String {
        assignments(columns, "excluded", self.version, there)
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
