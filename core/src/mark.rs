//! How an insert tells the rows that it found and updated from those that are new: the update leaves a mark in a setting,
//! which lasts no longer than the transaction, and what is returned of a row looks whether the mark is its own. That is so
//! of partitioned tables and views as well, which do not have at hand the system column `xmax` of the usual trick.
//!
//! A mark is an SQL expression of type text. It is another one for each statement of a transaction and, where rows may
//! follow each other, for each row: a trigger may leave out a row that was marked to be updated.

/// The mark of a statement about one row.
pub(crate) const OF_STATEMENT: &str = "statement_timestamp()::text";

/// The mark of the row with these values of its key.
pub(crate) fn of_row(key: &[String]) -> String {
    format!("row(statement_timestamp(), {})::text", key.join(", "))
}

/// True, and leaves the mark.
pub(crate) fn leave(mark: &str) -> String {
    format!("set_config('howdah.updated', {mark}, true) is not null")
}

/// Whether the last mark is another one than this.
pub(crate) fn is_other(mark: &str) -> String {
    format!("current_setting('howdah.updated', true) is distinct from {mark}")
}
