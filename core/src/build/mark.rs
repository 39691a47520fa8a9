//! How an upsert tells updated rows from new ones: the update writes a mark to a setting, which lasts until the end of
//! the transaction, and `returning` compares the setting with the row's own mark. Unlike the usual trick with the
//! system column `xmax`, this also works for partitioned tables and views.
//!
//! A mark is an SQL expression of type text. Its value is different for each statement of a transaction and, in bulk
//! statements, for each row, because a trigger can skip a row after its mark was written.

/// The mark of a statement about one row.
pub(crate) const OF_STATEMENT: &str = "statement_timestamp()::text";

/// The mark of the row with these values of its key.
pub(crate) fn of_row(key: &[String]) -> String {
    format!("row(statement_timestamp(), {})::text", key.join(", "))
}

/// A condition that is always true, and writes the mark.
pub(crate) fn leave(mark: &str) -> String {
    format!("set_config('howdah.updated', {mark}, true) is not null")
}

/// Whether the last mark differs from this one.
pub(crate) fn is_other(mark: &str) -> String {
    format!("current_setting('howdah.updated', true) is distinct from {mark}")
}
