//! Rows, and how a struct is read from a row: column by column in a fixed order. Names and types were compared when the
//! statement was prepared, so reading a row does not compare them again.

pub(crate) mod any_row;
pub(crate) mod field;
pub(crate) mod mismatch;
pub(crate) mod plan;
pub(crate) mod row_set;
pub(crate) mod row_type;
mod values;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use postgres_types::Type;

use values::Values;

use self::{field::count, plan::Plan};
use crate::{
    Decode, DecodeError, Error, ErrorKind, Field,
    codec::{decode::decode_nullable, record::RecordCell},
};

/// A type that a row of a result can be read into. `#[derive(PgRow)]` implements it for structs.
///
/// ```
/// use howdah::{Error, Field, PgRow, Row};
///
/// struct Place {
///     id: i64,
///     note: Option<String>,
/// }
///
/// impl<'r> PgRow<'r> for Place {
///     const FIELDS: &'static [Field] =
///         &[Field::column::<i64>("id"), Field::column::<Option<String>>("note")];
///
///     fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
///         Ok(Self { id: row.get()?, note: row.get()? })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a row cannot be read into `{Self}`",
    label = "not a row type",
    note = "derive `howdah::PgRow` on a struct",
    note = "for a result of one column, use `howdah::Value<{Self}>`"
)]
pub trait PgRow<'r>: Sized {
    /// The columns that [`from_row`](Self::from_row) reads, in the same order. They are matched with the columns of a
    /// statement by name, once per prepared statement.
    const FIELDS: &'static [Field];

    /// The number of columns.
    #[doc(hidden)]
    const COLUMNS: usize = count(Self::FIELDS);

    /// Reads the fields. It must read all of them, in the order of [`FIELDS`](Self::FIELDS).
    ///
    /// # Errors
    ///
    /// When a value does not fit its field.
    fn from_row(row: &mut Row<'r>) -> Result<Self, Error>;
}

/// A row while it is read. Each `get` reads the next field.
pub struct Row<'r> {
    cells: Cells<'r>,
    plan: &'r Plan,
    next: usize,
}

/// The values of a row.
enum Cells<'r> {
    /// In a message of the server.
    Message(Values<'r>),
    /// The fields of a record, in the order in which they are read.
    Record(Vec<RecordCell<'r>>),
}

/// The plan for values that are already in order.
static IN_ORDER: LazyLock<Plan> = LazyLock::new(|| Plan::in_order(&[]));

impl<'r> Row<'r> {
    /// A row as the server sends it: the number of values, and the values, each with its length before it.
    ///
    /// # Errors
    ///
    /// When the number of values differs from that of the plan's columns.
    #[inline]
    pub(crate) fn new(row: &'r [u8], plan: &'r Plan) -> Result<Self, Error> {
        match row.split_first_chunk() {
            Some((count, values)) if plan.fits(u16::from_be_bytes(*count).into()) => {
                Ok(Self::of_values(values, plan))
            }
            _ => Err(malformed()),
        }
    }

    /// A row with these values, each with its length before it, for the columns of the plan.
    #[inline]
    pub(crate) fn of_values(values: &'r [u8], plan: &'r Plan) -> Self {
        Self {
            cells: Cells::Message(Values::new(values)),
            plan,
            next: 0,
        }
    }

    /// A record inside a row.
    pub(crate) fn of_record(cells: Vec<RecordCell<'r>>) -> Self {
        Self {
            cells: Cells::Record(cells),
            plan: &IN_ORDER,
            next: 0,
        }
    }

    /// Reads the next field.
    ///
    /// # Errors
    ///
    /// When the value does not fit `T`. The message names the column and the type.
    #[inline]
    pub fn get<T: Decode<'r>>(&mut self) -> Result<T, Error> {
        let field = self.advance();
        match self.cell(field) {
            Some(value) => value.map_err(|error| self.fault(field, error)),
            None => Err(self.beyond(field)),
        }
    }

    /// Reads the next field. If the result does not have the column, returns the default.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    #[inline]
    pub fn get_or_default<T: Decode<'r> + Default>(&mut self) -> Result<T, Error> {
        if self.skip_absent() {
            Ok(T::default())
        } else {
            self.get()
        }
    }

    /// Whether the result has no column for the next field. Then the field is skipped; see [`Field::or_default`].
    #[inline]
    pub fn skip_absent(&mut self) -> bool {
        let absent = match &self.cells {
            Cells::Record(cells) => cells.get(self.next).is_some_and(RecordCell::is_absent),
            _ => self.plan.slot(self.next).is_none(),
        };
        self.next += usize::from(absent);
        absent
    }

    /// Reads the next field as `S` and converts it.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get), or when the conversion fails.
    pub fn get_try_from<S, T>(&mut self) -> Result<T, Error>
    where
        S: Decode<'r>,
        T: TryFrom<S>,
        T::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let value = self.get()?;
        self.converted(value)
    }

    /// Reads the next field as `S`, unless it is null, and converts it.
    ///
    /// # Errors
    ///
    /// Those of [`get_try_from`](Self::get_try_from).
    pub fn get_try_from_optional<S, T>(&mut self) -> Result<Option<T>, Error>
    where
        S: Decode<'r>,
        T: TryFrom<S>,
        T::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let value: Option<S> = self.get()?;
        value.map(|value| self.converted(value)).transpose()
    }

    /// Converts the field that was read last.
    #[doc(hidden)]
    pub fn converted<S, T>(&self, value: S) -> Result<T, Error>
    where
        T: TryFrom<S>,
        T::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        T::try_from(value)
            .map_err(|error| self.fault(self.next - 1, DecodeError::unconverted(error.into())))
    }

    /// Reads the next fields into a nested row.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    #[inline]
    pub fn nested<T: PgRow<'r>>(&mut self) -> Result<T, Error> {
        T::from_row(self)
    }

    /// Reads the next fields into a nested row. `None` if all of them are null.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    pub fn nested_optional<T: PgRow<'r>>(&mut self) -> Result<Option<T>, Error> {
        if self.skip_null(T::COLUMNS) {
            return Ok(None);
        }
        T::from_row(self).map(Some)
    }

    /// All columns, and the bytes of their values.
    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    pub(crate) fn everything(
        &self,
    ) -> Result<(&'r Arc<[(String, Type)]>, Vec<Option<&'r [u8]>>), Error> {
        let (Cells::Message(values), Some(columns)) = (&self.cells, self.plan.all()) else {
            let message =
                "an `AnyRow` has all columns of a result, and cannot be part of another row";
            return Err(Error::new(ErrorKind::Mapping, message));
        };
        let mut values = *values;
        let all = (0..columns.len()).map(|i| values.get(i).ok_or_else(malformed));
        Ok((columns, all.collect::<Result<_, _>>()?))
    }

    /// Whether the next `columns` fields are all null. Then they are skipped.
    #[doc(hidden)]
    pub fn skip_null(&mut self, columns: usize) -> bool {
        let fields = self.next..self.next + columns;
        let absent = fields.clone().all(|field| self.is_null(field));
        if absent {
            self.next = fields.end;
        }
        absent
    }

    /// Whether a field is null, or has no column.
    fn is_null(&self, field: usize) -> bool {
        match &self.cells {
            Cells::Record(cells) => !cells.get(field).is_some_and(RecordCell::is_there),
            Cells::Message(values) => {
                let mut values = *values;
                // A row that ends too early is not the same as one with a null.
                let slot = self.plan.slot(field);
                slot.is_none_or(|slot| values.get(slot) == Some(None))
            }
        }
    }

    #[inline]
    fn advance(&mut self) -> usize {
        let field = self.next;
        self.next += 1;
        field
    }

    /// The value of a field. `None` if the result has no column for it.
    #[inline]
    fn cell<T: Decode<'r>>(&mut self, field: usize) -> Option<Result<T, DecodeError>> {
        let slot = self.plan.slot(field)?;
        match &mut self.cells {
            Cells::Message(values) => {
                let raw = values.get(slot)?;
                Some(decode_nullable(self.plan.ty(field), raw))
            }
            Cells::Record(cells) => cells.get(field)?.decode(),
        }
    }

    #[cold]
    fn fault(&self, field: usize, error: DecodeError) -> Error {
        if let Cells::Record(cells) = &self.cells {
            // The outer row adds the rest of the message.
            let name = cells.get(field).map_or("", |cell| cell.name);
            return Error::of_decode(error.in_field(name));
        }
        let (column, rust_type) = self.plan.describe(field).unwrap_or_default();
        error.into_error(&rust_type, column)
    }

    #[cold]
    fn beyond(&self, field: usize) -> Error {
        if let Cells::Record(cells) = &self.cells
            && let Some(cell) = cells.get(field)
        {
            let error = DecodeError::unsupported("the composite has no such field");
            return Error::of_decode(error.in_field(cell.name));
        }
        match self.plan.describe(field) {
            Some((column, _)) if self.plan.slot(field).is_some() => malformed().in_column(column),
            Some((column, _)) => {
                let message = "the column may be absent: read it with `Row::get_or_default`";
                Error::new(ErrorKind::Mapping, message).in_column(column)
            }
            None => Error::new(
                ErrorKind::Mapping,
                "`from_row` reads more columns than `FIELDS` names",
            ),
        }
    }
}

#[cold]
fn malformed() -> Error {
    let message =
        "the server sent a row that is malformed, or has not the columns that were described";
    Error::new(ErrorKind::Decode, message)
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
