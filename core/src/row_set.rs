//! The rows of a result kept as the server sent them, for row types that borrow: text, bytes and JSON
//! are then read where they lie. Nothing here decodes; that is the row type's matter.

use std::{
    fmt, slice,
    sync::{Arc, OnceLock},
};

use crate::{Error, Field, PgRow, Row, plan::Plan, query::Text, statements::Prepared};

/// The rows of a result, not yet read into anything.
///
/// [`read`](Self::read) takes any row type, structs with a lifetime among them, whose texts then
/// point into the bytes that came over the socket.
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
    rows: Vec<tokio_postgres::Row>,
    prepared: Arc<Prepared>,
    text: Text,
    plans: OnceLock<Box<Planned>>,
}

/// A row type's plan, and the plans of the row types that were asked for after it.
struct Planned {
    fields: &'static [Field],
    plan: Arc<Plan>,
    next: OnceLock<Box<Planned>>,
}

impl RowSet {
    pub(crate) fn new(rows: Vec<tokio_postgres::Row>, prepared: Arc<Prepared>, text: Text) -> Self {
        Self {
            rows,
            prepared,
            text,
            plans: OnceLock::new(),
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows as `R`, each read when the iterator comes to it.
    ///
    /// # Errors
    ///
    /// When the result's columns do not fit `R`. A value that does not fit is an item of the iterator.
    pub fn read<'r, R: PgRow<'r>>(
        &'r self,
    ) -> Result<impl ExactSizeIterator<Item = Result<R, Error>> + use<'r, R>, Error> {
        let plan = self
            .plan(R::FIELDS)
            .map_err(|error| self.text.blame(error))?;
        let rows: slice::Iter<'r, _> = self.rows.iter();
        Ok(rows.map(move |row| {
            R::from_row(&mut Row::new(row, plan)).map_err(|error| self.text.blame(error))
        }))
    }

    fn plan(&self, fields: &'static [Field]) -> Result<&Plan, Error> {
        let mut place = &self.plans;
        loop {
            match place.get() {
                Some(planned) if std::ptr::eq(planned.fields, fields) => return Ok(&planned.plan),
                Some(planned) => place = &planned.next,
                None => {
                    // Where another thread is faster, its plan is passed over in the next turn.
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

impl fmt::Debug for RowSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowSet")
            .field("sql", &self.text.sql())
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}
