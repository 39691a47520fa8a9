//! Values of types without a Rust type. They are kept as the bytes that PostgreSQL sent, so that they can be sent back.

use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, row::mismatch::type_name};

/// A value in PostgreSQL's binary format, with its type. Generated code uses it for columns whose type has no Rust type. As
/// a parameter, it fits only the type that it came from.
#[derive(Clone, PartialEq, Eq)]
pub struct Opaque {
    ty: Type,
    bytes: Vec<u8>,
}

impl Opaque {
    /// A value of type `ty`, in the format of its `typreceive` function.
    #[must_use]
    pub fn new(ty: Type, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { ty, bytes }
    }

    /// The name of the type, as PostgreSQL prints it.
    #[must_use]
    pub fn type_name(&self) -> String {
        type_name(&self.ty)
    }

    /// The value, in the format of the type's `typsend` function.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Shows the type and the number of bytes, never the value.
impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Opaque({}, {} bytes)",
            self.type_name(),
            self.bytes.len()
        )
    }
}

impl<'r> Decode<'r> for Opaque {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Ok(Self::new(ty.clone(), raw))
    }
}

impl Encode for Opaque {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        if self.ty != *ty {
            let (own, wanted) = (self.type_name(), type_name(ty));
            return Err(EncodeError::new(format!(
                "the value is of type {own}, not {wanted}"
            )));
        }
        out.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_back_to_its_own_type_only() {
        let value = Opaque::decode(&Type::INTERVAL, &[1, 2]).unwrap();
        assert_eq!(format!("{value:?}"), "Opaque(interval, 2 bytes)");
        let mut out = BytesMut::new();
        assert!(value.encode(&Type::INTERVAL, &mut out).is_ok());
        assert_eq!(out[..], [1, 2]);
        let message = value
            .encode(&Type::POINT, &mut out)
            .err()
            .map(|e| e.to_string());
        assert_eq!(
            message.as_deref(),
            Some("the value is of type interval, not point")
        );
    }
}
