//! The columns of an existing row that an insert of one or many rows updates.

use crate::{Constraint, Error, ErrorKind};

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
}
