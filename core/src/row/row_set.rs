//! The rows of a result as the server sent them, for row types that borrow text, bytes and JSON from them. Row types do the
//! decoding, not this module.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use postgres_types::Type;

use super::plan::Plan;
use crate::{
    Error, Field, PgRow, Row,
    query::Text,
    session::{pack::Pack, statements::Prepared},
};

/// The rows of a result as the server sent them.
///
/// [`read`](Self::read) turns them into any row type. The row type can be a struct with a lifetime: then text and bytes are
/// not copied, but borrowed from this value. Columns that are known only at run time are read into [`AnyRow`](crate::AnyRow).
///
/// ```no_run
/// use howdah::PgRow;
///
/// #[derive(PgRow)]
/// struct Label<'r> {
///     id: i64,
///     name: &'r str,
/// }
///
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// let rows = howdah::query("select id, name from places").fetch_rows(pool).await?;
/// let mut longest = 0;
/// for label in rows.read::<Label<'_>>()? {
///     longest = longest.max(label?.name.len());
/// }
/// # Ok(()) }
/// ```
pub struct RowSet {
    packs: Vec<Pack>,
    count: usize,
    prepared: Arc<Prepared>,
    text: Text,
    plans: OnceLock<Box<Planned>>,
}

/// A row type's plan, and those of row types that were read after it.
struct Planned {
    fields: &'static [Field],
    plan: Arc<Plan>,
    next: OnceLock<Box<Planned>>,
}

impl RowSet {
    pub(crate) fn new(packs: Vec<Pack>, prepared: Arc<Prepared>, text: Text) -> Self {
        Self {
            count: packs.iter().map(|pack| pack.rows().count()).sum(),
            packs,
            prepared,
            text,
            plans: OnceLock::new(),
        }
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The names and types of the columns, even if there are no rows.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (&str, &Type)> {
        self.prepared.columns().into_iter()
    }

    /// Reads the rows as `R`. Each row is read when the iterator reaches it.
    ///
    /// # Errors
    ///
    /// When the columns of the result do not fit `R`. If a value does not fit, the iterator returns an error for its row.
    pub fn read<'r, R: PgRow<'r>>(
        &'r self,
    ) -> Result<impl ExactSizeIterator<Item = Result<R, Error>> + use<'r, R>, Error> {
        let plan = self
            .plan(R::FIELDS)
            .map_err(|error| self.text.blame(error))?;
        let rows = Counted {
            rows: self.packs.iter().flat_map(Pack::rows),
            left: self.count,
        };
        Ok(rows.map(move |row| {
            let read = Row::new(row, plan).and_then(|mut row| R::from_row(&mut row));
            read.map_err(|error| self.text.blame(error))
        }))
    }

    fn plan(&self, fields: &'static [Field]) -> Result<&Plan, Error> {
        let mut place = &self.plans;
        loop {
            match place.get() {
                Some(planned) if std::ptr::eq(planned.fields, fields) => return Ok(&planned.plan),
                Some(planned) => place = &planned.next,
                None => {
                    // If another thread was faster, the next turn goes on behind its plan.
                    let _ = place.set(Box::new(Planned {
                        fields,
                        plan: self.prepared.plan(fields)?,
                        next: OnceLock::new(),
                    }));
                }
            }
        }
    }
}

/// An iterator over rows with a known length.
struct Counted<I> {
    rows: I,
    left: usize,
}

impl<I: Iterator> Iterator for Counted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        let row = self.rows.next()?;
        self.left -= 1;
        Some(row)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<I: Iterator> ExactSizeIterator for Counted<I> {}

impl fmt::Debug for RowSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowSet")
            .field("sql", &self.text.sql())
            .field("rows", &self.count)
            .finish_non_exhaustive()
    }
}
