//! From PostgreSQL's binary format to Rust: the trait, and the error of its implementations. An implementation checks every
//! length that it reads, and does not panic, whatever the bytes are.

use std::{borrow::Cow, error::Error as StdError, fmt};

use postgres_types::Type;

use super::{composite::CompositeReader, take_value};
use crate::{Accepts, Dimension, Error, ErrorKind, Field, Row, error::Cause};

/// A Rust type that a column can be read into.
///
/// howdah compares the SQL type with [`ACCEPTS`](Self::ACCEPTS) once per statement, so [`decode`](Self::decode) does not
/// have to check `ty` again.
///
/// ```
/// use howdah::{Accepts, Decode, DecodeError, Type};
///
/// struct Celsius(f64);
///
/// impl<'r> Decode<'r> for Celsius {
///     const ACCEPTS: &'static Accepts = <f64 as Decode<'r>>::ACCEPTS;
///
///     fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
///         f64::decode(ty, raw).map(Celsius)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a column cannot be read into `{Self}`",
    label = "not a type that howdah can decode",
    note = "for a nested struct of columns, write `#[pg(flatten)]` on the field",
    note = "for a record, a composite or a whole row of a table, write `#[pg(record)]` on the field",
    note = "for a JSON document, write `#[pg(json)]` on the field or use `howdah::Json<T>`",
    note = "for a conversion from another type, write `#[pg(try_from = OtherType)]` on the field",
    note = "types of optional crates (chrono, uuid, rust_decimal, geo-types, serde_json) are features of howdah"
)]
#[doc(alias = "FromSql")]
pub trait Decode<'r>: Sized {
    /// The SQL types whose values this type can hold.
    const ACCEPTS: &'static Accepts;

    /// Whether this type can hold null.
    const NULLABLE: bool = false;

    /// Reads a value that is not null.
    ///
    /// # Errors
    ///
    /// When the bytes are malformed, or contain a value that this type cannot hold.
    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError>;

    /// Reads null.
    ///
    /// # Errors
    ///
    /// Unless the type is [`NULLABLE`](Self::NULLABLE).
    fn decode_null() -> Result<Self, DecodeError> {
        Err(DecodeError::null())
    }

    /// A field of this type, without a column's name yet. Derives use this path and [`get`](Self::get), so that the
    /// compiler's error about a type that cannot be decoded is the same at each use, and is printed once.
    #[doc(hidden)]
    const FIELD: Field = Field::column::<Self>("");

    /// Reads the next field of a row.
    #[doc(hidden)]
    #[inline]
    fn get(row: &mut Row<'r>) -> Result<Self, Error> {
        row.get()
    }

    /// Reads the next field of a composite.
    #[doc(hidden)]
    #[inline]
    fn get_field(
        fields: &mut CompositeReader<'_, 'r>,
        name: &'static str,
    ) -> Result<Self, DecodeError> {
        fields.field(name)
    }

    /// The number of array dimensions that it holds.
    #[doc(hidden)]
    const DIMENSIONS: usize = 0;

    /// Reads the part of an array that belongs to one value of this type: one element, or all elements of these inner
    /// dimensions.
    #[doc(hidden)]
    #[inline]
    fn decode_in_array(
        element: &Type,
        dimensions: &[Dimension],
        raw: &mut &'r [u8],
    ) -> Result<Self, DecodeError> {
        let _ = dimensions;
        take_nullable(element, raw)
    }
}

impl<'r, T: Decode<'r>> Decode<'r> for Option<T> {
    const ACCEPTS: &'static Accepts = T::ACCEPTS;
    const NULLABLE: bool = true;

    #[inline]
    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        T::decode(ty, raw).map(Some)
    }

    #[inline]
    fn decode_null() -> Result<Self, DecodeError> {
        Ok(None)
    }
}

impl<'r, T: Decode<'r>> Decode<'r> for Box<T> {
    const ACCEPTS: &'static Accepts = T::ACCEPTS;
    const NULLABLE: bool = T::NULLABLE;

    #[inline]
    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        T::decode(ty, raw).map(Box::new)
    }

    fn decode_null() -> Result<Self, DecodeError> {
        T::decode_null().map(Box::new)
    }

    const DIMENSIONS: usize = T::DIMENSIONS;

    fn decode_in_array(
        element: &Type,
        dimensions: &[Dimension],
        raw: &mut &'r [u8],
    ) -> Result<Self, DecodeError> {
        T::decode_in_array(element, dimensions, raw).map(Box::new)
    }
}

/// Reads a value or null.
#[inline]
pub(crate) fn decode_nullable<'r, T: Decode<'r>>(
    ty: &Type,
    raw: Option<&'r [u8]>,
) -> Result<T, DecodeError> {
    match raw {
        Some(raw) => T::decode(ty, raw),
        None => T::decode_null(),
    }
}

/// Takes a value or null, with its length before it, from `raw`, and reads it.
#[inline]
pub(crate) fn take_nullable<'r, T: Decode<'r>>(
    ty: &Type,
    raw: &mut &'r [u8],
) -> Result<T, DecodeError> {
    take_value(raw).and_then(|raw| decode_nullable(ty, raw))
}

/// The kind of a [`DecodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The value is null, and the Rust type cannot hold null.
    Null,
    /// The value has too few or too many bytes for its type.
    WrongLength,
    /// The value is valid, but too large, too small or too precise for the Rust type.
    OutOfRange,
    /// The value is valid, but has a form that the Rust type cannot hold.
    Unsupported,
    /// The bytes are not a value of the SQL type, or the Rust type rejects them.
    Invalid,
}

/// The error of reading a value. It becomes an [`Error`](crate::Error) that names the query, the column and the Rust type,
/// so its own message names none of them.
pub struct DecodeError(Box<Fault>);

struct Fault {
    kind: DecodeErrorKind,
    message: Cow<'static, str>,
    /// The path inside the value, outermost last.
    path: Vec<Step>,
    /// The type of this crate that holds the value.
    held_by: Option<&'static str>,
    cause: Option<Cause>,
}

enum Step {
    Element(usize),
    Field(&'static str),
}

impl DecodeError {
    #[cold]
    fn new(kind: DecodeErrorKind, message: Cow<'static, str>) -> Self {
        Self(Box::new(Fault {
            kind,
            message,
            path: Vec::new(),
            held_by: None,
            cause: None,
        }))
    }

    /// The value is null, and the Rust type cannot hold null.
    #[must_use]
    #[cold]
    pub fn null() -> Self {
        Self::new(DecodeErrorKind::Null, "unexpected null".into())
    }

    /// The value has `found` bytes instead of `expected`.
    #[must_use]
    #[cold]
    pub fn wrong_length(expected: usize, found: usize) -> Self {
        let message = format!("the value has {found} bytes instead of {expected}");
        Self::new(DecodeErrorKind::WrongLength, message.into())
    }

    /// The bytes end before the end of the value.
    #[must_use]
    #[cold]
    pub fn truncated() -> Self {
        Self::new(
            DecodeErrorKind::WrongLength,
            "the value ends too early".into(),
        )
    }

    /// The value is valid, but too large, too small or too precise. The message says why, such as `the value is NaN`.
    #[must_use]
    #[cold]
    pub fn out_of_range(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(DecodeErrorKind::OutOfRange, message.into())
    }

    /// The value is valid, but has a form that the Rust type cannot hold. The message says which, such as
    /// `the array has 2 dimensions`.
    #[must_use]
    #[cold]
    pub fn unsupported(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(DecodeErrorKind::Unsupported, message.into())
    }

    /// The bytes are not a value of the SQL type, or the Rust type rejects them.
    #[must_use]
    #[cold]
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(DecodeErrorKind::Invalid, message.into())
    }

    /// Sets the cause of the error, of which the message should say nothing: it is the [`source`](StdError::source).
    #[must_use]
    #[cold]
    pub fn caused_by(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with_cause(Some(Cause::untold(source)))
    }

    /// The error of a conversion by the app, whose text is the message.
    #[cold]
    pub(crate) fn unconverted(error: Box<dyn StdError + Send + Sync>) -> Self {
        Self::invalid(error.to_string()).with_cause(Some(Cause::told(error)))
    }

    #[cold]
    pub(crate) fn with_cause(mut self, cause: Option<Cause>) -> Self {
        self.0.cause = cause;
        self
    }

    /// Adds that the error is in the element `index` of an array, counted from 0.
    #[must_use]
    #[cold]
    pub fn in_element(mut self, index: usize) -> Self {
        self.0.path.push(Step::Element(index));
        self
    }

    /// Adds that the error is in this field of a composite.
    #[must_use]
    #[cold]
    pub fn in_field(mut self, name: &'static str) -> Self {
        self.0.path.push(Step::Field(name));
        self
    }

    /// Adds the name of a Rust type that can hold the value, such as `howdah::Numeric`.
    #[must_use]
    #[cold]
    pub fn held_by(mut self, rust_type: &'static str) -> Self {
        self.0.held_by = Some(rust_type);
        self
    }

    /// The kind of error.
    #[must_use]
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// The whole sentence, for a value that was read into `rust_type`.
    fn describe(&self, rust_type: &str) -> String {
        if let Some(other) = self.0.held_by {
            return format!("{self}, `{rust_type}` cannot hold it: `{other}` can");
        }
        if self.0.kind != DecodeErrorKind::Null {
            return format!("{self}, `{rust_type}` cannot hold it");
        }
        let holds = match self.0.path.as_slice() {
            [] => Some(format!("Option<{rust_type}>")),
            [Step::Element(_)] => rust_type
                .split_once("Vec<")
                .and_then(|(head, tail)| Some((head, tail.split_once('>')?)))
                .map(|(head, (item, tail))| format!("{head}Vec<Option<{item}>>{tail}")),
            _ => None,
        };
        match holds {
            Some(holds) => format!("{self}, `{rust_type}` cannot hold it: use `{holds}`"),
            None => format!("{self}, `{rust_type}` cannot hold it"),
        }
    }

    /// The error of a value of this column, which was read into `rust_type`.
    #[cold]
    pub(crate) fn into_error(self, rust_type: &str, column: &str) -> Error {
        let message = self.describe(rust_type);
        Error::new(ErrorKind::Decode, message)
            .in_column(column)
            .with_cause(self.0.cause)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for (i, step) in self.0.path.iter().enumerate() {
            f.write_str(if i == 0 { " in " } else { " of " })?;
            match step {
                Step::Element(index) => write!(f, "element {index}")?,
                Step::Field(name) => write!(f, "field `{name}`")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({:?}: {self})", self.0.kind)
    }
}

impl StdError for DecodeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_ref()?.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_says_what_to_use() {
        let null = DecodeError::null();
        assert_eq!(
            null.describe("String"),
            "unexpected null, `String` cannot hold it: use `Option<String>`"
        );
        assert_eq!(
            null.in_element(2).describe("Vec<i64>"),
            "unexpected null in element 2, `Vec<i64>` cannot hold it: use `Vec<Option<i64>>`"
        );
    }

    #[test]
    fn the_type_that_holds_it_is_named() {
        let error = DecodeError::out_of_range("the value is NaN").held_by("howdah::Numeric");
        assert_eq!(
            error.in_element(1).describe("Vec<Decimal>"),
            "the value is NaN in element 1, `Vec<Decimal>` cannot hold it: `howdah::Numeric` can"
        );
    }

    #[test]
    fn a_place_inside_the_value_is_named_from_the_inside_out() {
        let error = DecodeError::out_of_range("the value is NaN")
            .in_field("price")
            .in_element(0);
        assert_eq!(
            error.to_string(),
            "the value is NaN in field `price` of element 0"
        );
    }
}
