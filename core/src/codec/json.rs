//! `json` and `jsonb`: a `serde_json::Value`, any serde type as [`Json`], or the unparsed text. On the wire both are
//! JSON text; `jsonb` has a version byte before it.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::base_type;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

pub(super) static JSON: Accepts = Accepts::Builtin(&["json", "jsonb"]);

/// A JSON document, read into and written from any serde type.
///
/// If a document does not fit the type, the error says where. Serde's reason can quote the document, so it is not part of the
/// message, but the error's [`source`](std::error::Error::source).
///
/// ```
/// use howdah::Json;
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Address {
///     street: String,
/// }
///
/// let address = Json(Address { street: "Hill Road".to_owned() });
/// assert_eq!(address.0.street, "Hill Road");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Json<T>(pub T);

/// The JSON text, without `jsonb`'s version byte.
pub(super) fn text<'r>(ty: &Type, raw: &'r [u8]) -> Result<&'r [u8], DecodeError> {
    if *base_type(ty) != Type::JSONB {
        return Ok(raw);
    }
    match raw {
        [1, text @ ..] => Ok(text),
        _ => Err(DecodeError::invalid("the jsonb has an unknown version")),
    }
}

fn read<'r, T: Deserialize<'r>>(ty: &Type, raw: &'r [u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(text(ty, raw)?).map_err(unfit)
}

/// Serde's reason can quote the document; the position does not.
#[cold]
fn unfit(error: serde_json::Error) -> DecodeError {
    let (line, column) = (error.line(), error.column());
    let message = format!("the JSON does not fit at line {line}, column {column}");
    DecodeError::invalid(message).caused_by(error)
}

fn write<T: Serialize + ?Sized>(
    value: &T,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, EncodeError> {
    if *base_type(ty) == Type::JSONB {
        out.put_u8(1);
    }
    serde_json::to_writer(out.writer(), value)
        .map_err(|error| EncodeError::new("the value does not become JSON").caused_by(error))?;
    Ok(IsNull::No)
}

impl<'r, T: Deserialize<'r>> Decode<'r> for Json<T> {
    const ACCEPTS: &'static Accepts = &JSON;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        read(ty, raw).map(Json)
    }
}

impl<T: Serialize + Send + Sync> Encode for Json<T> {
    const ACCEPTS: &'static Accepts = &JSON;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        write(&self.0, ty, out)
    }
}

macro_rules! documents {
    ($($ty:ty)*) => {$(
        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &JSON;

            fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                read(ty, raw)
            }
        }
    )*};
}

// A `RawValue` is the text itself, checked to be JSON but not parsed further.
documents! { serde_json::Value Box<RawValue> &'r RawValue }

impl Encode for serde_json::Value {
    const ACCEPTS: &'static Accepts = &JSON;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        write(self, ty, out)
    }
}

impl Encode for RawValue {
    const ACCEPTS: &'static Accepts = &JSON;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        write(self, ty, out)
    }
}
