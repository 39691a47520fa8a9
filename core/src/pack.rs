//! Rows that came together. To the driver they are one row of one value, which is all of their messages: it then has nothing to do
//! for each of them. Their values are read where they arrived.

use postgres_types::{FromSql, Type};

use crate::connect::{Column, HEADER, columns, length};

/// Rows that came together.
pub(crate) struct Pack(tokio_postgres::Row);

impl Pack {
    pub(crate) fn new(row: tokio_postgres::Row) -> Self {
        Self(row)
    }

    /// The columns of its rows.
    pub(crate) fn columns(&self) -> Vec<Column> {
        columns(self.0.columns())
    }

    /// Each row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let mut at = 0;
        std::iter::from_fn(move || self.row(&mut at))
    }

    /// The row whose message begins at `at`, which is then where the next begins. There is none at the end.
    #[inline]
    pub(crate) fn row(&self, at: &mut usize) -> Option<&[u8]> {
        let rest = self.messages().get(*at..)?;
        let length = length(rest.first_chunk::<HEADER>()?);
        *at = at.saturating_add(length);
        // Of one that is malformed nothing is left, which is no row to whoever reads it.
        Some(rest.get(HEADER..length).unwrap_or_default())
    }

    #[inline]
    fn messages(&self) -> &[u8] {
        // The driver has made sure that there is one value.
        self.0.try_get(0).map_or(&[], |Raw(messages)| messages)
    }
}

/// A value as it was sent. `FromSql` is the only way that tokio-postgres hands it out.
struct Raw<'r>(&'r [u8]);

impl<'r> FromSql<'r> for Raw<'r> {
    #[inline]
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    #[inline]
    fn accepts(_: &Type) -> bool {
        true
    }
}
