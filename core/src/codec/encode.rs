//! From Rust to PostgreSQL's binary format: the trait, and the error of its implementations. An implementation only appends
//! to the buffer.

use std::{borrow::Cow, error::Error as StdError, fmt};

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{composite::CompositeWriter, put_value};
use crate::{
    Accepts, Column, Error, ErrorKind, Param, WriteField, build::select::Keys,
    row::mismatch::type_name,
};

/// A Rust type that can be sent as a parameter.
///
/// howdah compares the SQL type with [`ACCEPTS`](Self::ACCEPTS) once per statement.
///
/// ```
/// use howdah::{Accepts, BytesMut, Encode, EncodeError, IsNull, Type};
///
/// struct Celsius(f64);
///
/// impl Encode for Celsius {
///     const ACCEPTS: &'static Accepts = <f64 as Encode>::ACCEPTS;
///
///     fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
///         self.0.encode(ty, out)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a parameter",
    label = "not a type that howdah can encode",
    note = "for a JSON document, wrap the value in `howdah::Json`",
    note = "types of optional crates (chrono, uuid, rust_decimal, geo-types, serde_json) are features of howdah"
)]
#[doc(alias = "ToSql")]
pub trait Encode: Send + Sync {
    /// The SQL types that a value of this type can be sent as.
    const ACCEPTS: &'static Accepts;

    /// Whether a value of this type can be null.
    const NULLABLE: bool = false;

    /// Appends the value to `out`. For null, appends nothing and returns [`IsNull::Yes`].
    ///
    /// # Errors
    ///
    /// When the SQL type cannot hold the value.
    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError>;

    /// A field of this type, without a column's name yet. Derives use this path, also for the other functions here, so
    /// that the compiler's error about a type that cannot be encoded is the same at each use, and is printed once.
    #[doc(hidden)]
    const FIELD: WriteField = WriteField::column::<Self>("");

    /// Like [`encode`](Self::encode), for a column that declares this SRID. 0 means none. Only shapes without an SRID
    /// of their own use it.
    #[doc(hidden)]
    #[inline]
    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let _ = srid;
        self.encode(ty, out)
    }

    /// Writes the value as the next field of a composite.
    #[doc(hidden)]
    #[inline]
    fn put_field(&self, fields: &mut CompositeWriter<'_, '_>) -> Result<(), EncodeError> {
        fields.field(self)
    }

    /// The lengths of the dimensions that the value adds to an array: none, unless it is an array itself.
    #[doc(hidden)]
    #[inline]
    fn array_lengths(&self) -> Result<Vec<usize>, EncodeError> {
        Ok(Vec::new())
    }

    /// Appends the value as an element of an array, or its elements as those of the inner dimensions.
    #[doc(hidden)]
    #[inline]
    fn encode_in_array(
        &self,
        srid: i32,
        element: &Type,
        out: &mut BytesMut,
    ) -> Result<(), EncodeError> {
        put_value(out, |out| self.encode_at(srid, element, out))
    }

    /// The value as a parameter; scalars need no allocation.
    #[doc(hidden)]
    fn into_param<'a>(self) -> Param<'a>
    where
        Self: Sized + 'a,
    {
        Param::boxed(self)
    }

    /// Borrowed values as those of a column of keys.
    #[doc(hidden)]
    fn keys<'a>(column: Option<&'static Column>, list: &'a [Self]) -> Keys<'a>
    where
        Self: Sized,
    {
        Keys::lent(column, list)
    }

    /// The borrowed value as a parameter; scalars and strings need no allocation.
    #[doc(hidden)]
    fn as_param<'a>(&'a self) -> Param<'a> {
        Param::boxed(self)
    }
}

/// What a pointer does as its target `T` does.
macro_rules! forwarded {
    () => {
        const ACCEPTS: &'static Accepts = T::ACCEPTS;
        const NULLABLE: bool = T::NULLABLE;

        #[inline]
        fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
            T::encode(self, ty, out)
        }

        #[inline]
        fn encode_at(
            &self,
            srid: i32,
            ty: &Type,
            out: &mut BytesMut,
        ) -> Result<IsNull, EncodeError> {
            T::encode_at(self, srid, ty, out)
        }

        #[inline]
        fn array_lengths(&self) -> Result<Vec<usize>, EncodeError> {
            T::array_lengths(self)
        }

        #[inline]
        fn encode_in_array(
            &self,
            srid: i32,
            element: &Type,
            out: &mut BytesMut,
        ) -> Result<(), EncodeError> {
            T::encode_in_array(self, srid, element, out)
        }
    };
}

impl<T: Encode + ?Sized> Encode for &T {
    forwarded!();

    fn into_param<'a>(self) -> Param<'a>
    where
        Self: Sized + 'a,
    {
        T::as_param(self)
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    forwarded!();
}

impl<T: Encode + ?Sized> Encode for std::sync::Arc<T> {
    forwarded!();
}

impl<T: Encode> Encode for Option<T> {
    const ACCEPTS: &'static Accepts = T::ACCEPTS;
    const NULLABLE: bool = true;

    #[inline]
    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match self {
            Some(value) => value.encode(ty, out),
            None => Ok(IsNull::Yes),
        }
    }

    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match self {
            Some(value) => value.encode_at(srid, ty, out),
            None => Ok(IsNull::Yes),
        }
    }

    fn into_param<'a>(self) -> Param<'a>
    where
        Self: Sized + 'a,
    {
        match self {
            Some(value) => value.into_param(),
            None => Param::null(T::ACCEPTS),
        }
    }
}

/// The error of encoding a value. It becomes an [`Error`](crate::Error) that names the query and the parameter. The message
/// must not contain the value.
pub struct EncodeError {
    message: Cow<'static, str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl EncodeError {
    /// The SQL type cannot hold the value. The message says why.
    #[must_use]
    #[cold]
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// A [`WriteRow`](crate::WriteRow) was asked for a field that does not exist.
    #[must_use]
    #[cold]
    pub fn no_field(field: usize) -> Self {
        Self::new(format!("the struct has no field number {field}"))
    }

    /// The error of a value that cannot be sent as this type.
    #[cold]
    pub(crate) fn into_error(self, ty: &Type) -> Error {
        let message = format!("the value cannot be sent as {}: {self}", type_name(ty));
        let error = Error::new(ErrorKind::Encode, message);
        match self.source {
            Some(source) => error.caused_by(source),
            None => error,
        }
    }

    /// Sets the cause of the error, of which the message should say nothing: it is the [`source`](StdError::source).
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncodeError({self})")
    }
}

impl StdError for EncodeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}
