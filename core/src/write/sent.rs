//! Fields that are converted before they are sent. A derive uses one trait for all code about such a field, so that the
//! compiler reports once what the field's type lacks.

use std::marker::PhantomData;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use crate::{Accepts, Encode, EncodeError, Param, WriteField};

/// A type that fields of type `T` with `#[pg(try_from = …)]` are sent as.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be sent as `{Self}`",
    label = "not a type that the field can be sent as",
    note = "a field with `#[pg(try_from = {Self})]` is cloned, and converted by `TryFrom<{T}>` into a type that howdah can encode"
)]
pub trait SentFor<T> {
    /// A field that is sent in this way, without a column's name yet.
    const FIELD: WriteField;

    /// Converts and encodes the field.
    ///
    /// # Errors
    ///
    /// When the conversion fails, or the column cannot hold the value.
    fn encode_at(
        value: Option<&T>,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;

    /// The value as a parameter; it is converted when it is sent.
    fn param<'a>(value: Option<T>) -> Param<'a>
    where
        Self: 'a,
        T: 'a;
}

impl<T, S> SentFor<T> for S
where
    T: Clone + Send + Sync,
    S: Encode + TryFrom<T>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    const FIELD: WriteField = <S as Encode>::FIELD;

    fn encode_at(
        value: Option<&T>,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        let Some(value) = value else {
            return Ok(IsNull::Yes);
        };
        S::try_from(value.clone())
            .map_err(|error| EncodeError::new("its conversion failed").caused_by(error))?
            .encode_at(srid, ty, out)
    }

    fn param<'a>(value: Option<T>) -> Param<'a>
    where
        S: 'a,
        T: 'a,
    {
        value.map(SentAs::<T, S>::new).into_param()
    }
}

/// A value that is converted to `S` when it is sent.
#[derive(Debug)]
pub struct SentAs<T, S>(T, PhantomData<fn() -> S>);

impl<T, S> SentAs<T, S> {
    /// The value.
    pub fn new(value: T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T: Send + Sync, S: SentFor<T>> Encode for SentAs<T, S> {
    const ACCEPTS: &'static Accepts = S::FIELD.accepts;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.encode_at(0, ty, out)
    }

    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        S::encode_at(Some(&self.0), srid, ty, out)
    }
}

/// A type whose fields are sent as JSON documents by `#[pg(json)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a JSON document",
    label = "not a type that serde can write",
    note = "derive `serde::Serialize` on it"
)]
#[cfg(feature = "json")]
pub trait JsonField {
    /// A field that is sent in this way, without a column's name yet.
    const FIELD: WriteField;

    /// Encodes the field.
    ///
    /// # Errors
    ///
    /// When the value cannot be serialized as JSON.
    fn encode_at(
        value: Option<&Self>,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;

    /// The value as a parameter.
    fn param(value: Option<&Self>) -> Param<'_>;
}

#[cfg(feature = "json")]
impl<T: serde::Serialize + Send + Sync> JsonField for T {
    const FIELD: WriteField = <crate::Json<T> as Encode>::FIELD;

    fn encode_at(
        value: Option<&Self>,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        value.map(crate::Json).encode_at(srid, ty, out)
    }

    fn param(value: Option<&Self>) -> Param<'_> {
        value.map(crate::Json).into_param()
    }
}
