//! Which columns of a row that is there already an insert updates, be it an insert of one row or of many.

use crate::{Constraint, Error, ErrorKind};

/// The columns that are updated where a row with the key is there.
#[derive(Clone, Debug)]
pub(crate) struct UpdatedColumns {
    pub(crate) key: &'static Constraint,
    /// All that are written but those of the key, unless given.
    pub(crate) given: Option<Vec<&'static str>>,
    /// The column that counts the changes of its row, to be raised by one.
    pub(crate) version: Option<&'static str>,
}

impl UpdatedColumns {
    /// Those that get the values of an insert that writes these. Where nothing else is updated, the key is put in its own
    /// place, so that the row counts as updated and is returned.
    ///
    /// A column that is not written would get its default, and what it holds would be lost: that is an error.
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
