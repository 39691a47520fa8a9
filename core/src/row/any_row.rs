//! Rows whose columns are not known before the statement runs, such as those of SQL that the user of an app wrote.
//! Other row types name the columns that they read, and are compared with a statement once; here each value is checked
//! when it is read.

use std::{any::type_name, fmt, sync::Arc};

use postgres_types::Type;

use super::{
    field::short_type_name,
    mismatch::{Advice, listed, type_name as sql_type_name, unfit},
    plan::is_named,
};
use crate::{Decode, Error, ErrorKind, Field, PgRow, Row, codec::decode::decode_nullable};

/// A row of any columns, for SQL that is not known before the program runs.
///
/// [`columns`](Self::columns) has the names and types, and [`get`](Self::get) reads a value. Each read compares the types,
/// so use a struct or a tuple where you know the columns.
///
/// ```no_run
/// use howdah::{AnyRow, Error, Opaque, Pool, Type, query};
///
/// async fn print(pool: &Pool, sql: String) -> Result<(), Error> {
///     for row in query(sql).fetch_all::<AnyRow>(pool).await? {
///         for (i, (name, ty)) in row.columns().enumerate() {
///             match *ty {
///                 _ if row.is_null(i)? => println!("{name}: null"),
///                 Type::INT4 => println!("{name}: {}", row.get::<i32>(i)?),
///                 Type::TEXT | Type::VARCHAR => println!("{name}: {}", row.get::<&str>(i)?),
///                 _ => println!("{name}: {:?}", row.get::<Opaque>(i)?), // any other type
///             }
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// For values of all types as text, let the server write them: as JSON by `select to_json(t) from (…) t`, read into
/// `Value<serde_json::Value>`, or as CSV by [`copy_out_query`](crate::copy_out_query).
///
/// It holds all columns of a result, so it cannot be part of another row.
#[derive(Clone)]
pub struct AnyRow {
    columns: Arc<[(String, Type)]>,
    /// The values, each with its length before it.
    bytes: Box<[u8]>,
    /// The offset at which each value begins.
    places: Box<[u32]>,
}

impl AnyRow {
    /// The names and types of the columns.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (&str, &Type)> {
        self.columns.iter().map(|(name, ty)| (name.as_str(), ty))
    }

    /// Reads the value of a column, which is given by its name, or by its place, counted from 0.
    ///
    /// # Errors
    ///
    /// When there is no such column or more than one of this name, its type is not one that `T` holds, or the value does not
    /// fit.
    #[doc(alias = "try_get")]
    pub fn get<'r, T: Decode<'r>>(&'r self, column: impl ColumnPlace) -> Result<T, Error> {
        let place = column.find(self)?;
        let (name, ty) = &self.columns[place];
        let rust_type = || short_type_name(type_name::<T>());
        if !T::ACCEPTS.accepts_type(ty) {
            let message = unfit(ty, &rust_type(), T::ACCEPTS, Advice::Types);
            return Err(Error::new(ErrorKind::Mapping, message).in_column(name));
        }
        decode_nullable(ty, self.raw(place)).map_err(|error| error.into_error(&rust_type(), name))
    }

    /// Whether the value of a column is null.
    ///
    /// # Errors
    ///
    /// When there is no such column, or more than one of this name.
    pub fn is_null(&self, column: impl ColumnPlace) -> Result<bool, Error> {
        Ok(self.raw(column.find(self)?).is_none())
    }

    /// The value at a place that exists.
    fn raw(&self, place: usize) -> Option<&[u8]> {
        let mut bytes = self.bytes.get(self.places[place] as usize..)?;
        let length = crate::codec::take(&mut bytes).ok()?;
        bytes.get(..usize::try_from(i32::from_be_bytes(length)).ok()?)
    }
}

impl<'r> PgRow<'r> for AnyRow {
    // A plan for a row type without fields has all columns.
    const FIELDS: &'static [Field] = &[];

    fn from_row(row: &mut Row<'r>) -> Result<Self, Error> {
        let (columns, values) = row.everything()?;
        let (mut bytes, mut places) = (Vec::new(), Vec::with_capacity(columns.len()));
        for value in values {
            // A message has at most 2³¹ bytes.
            places.push(bytes.len() as u32);
            let length = value.map_or(-1, |value| value.len() as i32);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(value.unwrap_or_default());
        }
        Ok(Self {
            columns: Arc::clone(columns),
            bytes: bytes.into(),
            places: places.into(),
        })
    }
}

/// Shows the names and types of the columns, never a value.
impl fmt::Debug for AnyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyRow ")?;
        f.debug_map()
            .entries(self.columns().map(|(name, ty)| (name, sql_type_name(ty))))
            .finish()
    }
}

/// How a column of an [`AnyRow`] is given: by its name, or by its place, counted from 0.
pub trait ColumnPlace: sealed::Sealed {
    #[doc(hidden)]
    fn find(&self, row: &AnyRow) -> Result<usize, Error>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for usize {}
    impl Sealed for &str {}
}

impl ColumnPlace for usize {
    fn find(&self, row: &AnyRow) -> Result<usize, Error> {
        let columns = row.columns.len();
        if *self < columns {
            return Ok(*self);
        }
        let message = format!("there is no column {self}, counted from 0; the row has {columns}");
        Err(Error::new(ErrorKind::Mapping, message))
    }
}

impl ColumnPlace for &str {
    fn find(&self, row: &AnyRow) -> Result<usize, Error> {
        let mut places = (0..row.columns.len()).filter(|i| is_named(&row.columns[*i].0, self));
        let message = match (places.next(), places.next()) {
            (Some(place), None) => return Ok(place),
            (Some(_), Some(_)) => {
                "the result has more than one column of this name: give its place instead"
            }
            (None, _) => &format!(
                "the result has no column of this name; it has {}",
                listed(row.columns().map(|(name, _)| name))
            ),
        };
        let message = message.to_owned();
        Err(Error::new(ErrorKind::Mapping, message).in_column(*self))
    }
}
