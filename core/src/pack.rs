//! Rows that came together, as the messages that they came in. Their values are read where they arrived.

use bytes::Bytes;

use crate::{
    Error, Row,
    connect::{HEADER, length},
    plan::Plan,
};

/// Rows that came together.
pub(crate) struct Pack(Bytes);

impl Pack {
    /// Of the messages of rows.
    pub(crate) fn new(messages: Bytes) -> Self {
        Self(messages)
    }

    /// Gives each row to `sink`, unless one was rejected. What comes behind that is passed over: it is read all the same, so that
    /// the connection is free for what comes next.
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

    /// Each row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let mut at = 0;
        std::iter::from_fn(move || self.row(&mut at))
    }

    /// The row whose message begins at `at`, which is then where the next begins. There is none at the end.
    #[inline]
    pub(crate) fn row(&self, at: &mut usize) -> Option<&[u8]> {
        let rest = self.0.get(*at..)?;
        let length = length(rest.first_chunk::<HEADER>()?);
        *at = at.saturating_add(length);
        // Of one that is malformed nothing is left, which is no row to whoever reads it.
        Some(rest.get(HEADER..length).unwrap_or_default())
    }
}
