//! A batch of received rows, as the messages of the server. Values are read from these bytes without a copy.

use bytes::Bytes;

use crate::{
    Error, Row,
    connect::{HEADER, length},
    row::plan::Plan,
};

/// A batch of received rows.
pub(crate) struct Pack(Bytes);

impl Pack {
    /// The batch in these messages, which are all rows.
    pub(crate) fn new(messages: Bytes) -> Self {
        Self(messages)
    }

    /// Passes each row to `sink`, until one is rejected. Later rows are skipped, but were read nevertheless, so that
    /// the connection is free for the next statement.
    pub(crate) fn give(
        &self,
        plan: &Plan,
        sink: &mut (dyn FnMut(&mut Row<'_>) -> Result<(), Error> + Send),
        rejected: &mut Option<Error>,
    ) {
        for row in self.rows() {
            if rejected.is_none() {
                *rejected = Row::new(row, plan).and_then(|mut row| sink(&mut row)).err();
            }
        }
    }

    /// The rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let mut at = 0;
        std::iter::from_fn(move || self.row(&mut at))
    }

    /// The row whose message begins at `at`, which is moved to the next one. `None` at the end.
    #[inline]
    pub(crate) fn row(&self, at: &mut usize) -> Option<&[u8]> {
        let rest = self.0.get(*at..)?;
        let length = length(rest.first_chunk::<HEADER>()?);
        *at = at.saturating_add(length);
        // A malformed message yields an empty slice, which is an error when it is read as a row.
        Some(rest.get(HEADER..length).unwrap_or_default())
    }
}
