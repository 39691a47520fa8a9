//! Arrays of one dimension. An array of more dimensions is an error, since a `Vec` cannot tell
//! `{{1,2},{3,4}}` from `{1,2,3,4}`. Lower bounds are not kept: a `Vec` counts from 0.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{element_type, put_value, room, take, take_value};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, decode::decode_nullable};

impl<'r, T: Decode<'r>> Decode<'r> for Vec<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Array(T::ACCEPTS);

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let Some(element) = element_type(ty) else {
            return Err(DecodeError::invalid("the value is not an array"));
        };
        let (length, mut raw) = header(raw)?;
        // Each element has a length of four bytes.
        let mut elements = Vec::with_capacity(room::<T>(length, 4, raw));
        for index in 0..length {
            let value = take_value(&mut raw)?;
            match decode_nullable(element, value) {
                Ok(value) => elements.push(value),
                Err(error) => return Err(error.in_element(index)),
            }
        }
        match raw {
            [] => Ok(elements),
            _ => Err(DecodeError::invalid(
                "the array has bytes after its last element",
            )),
        }
    }
}

/// The number of elements, and the bytes after the header.
fn header(mut raw: &[u8]) -> Result<(usize, &[u8]), DecodeError> {
    let dimensions = i32::from_be_bytes(take(&mut raw)?);
    let [_has_null, _element_oid]: [[u8; 4]; 2] = [take(&mut raw)?, take(&mut raw)?];
    match dimensions {
        0 => Ok((0, raw)),
        1 => {
            let length = i32::from_be_bytes(take(&mut raw)?);
            let _lower_bound: [u8; 4] = take(&mut raw)?;
            let length = usize::try_from(length)
                .map_err(|_| DecodeError::invalid("the array has a negative length"))?;
            Ok((length, raw))
        }
        n => Err(DecodeError::unsupported(format!(
            "the array has {n} dimensions"
        ))),
    }
}

impl<T: Encode> Encode for [T] {
    const ACCEPTS: &'static Accepts = &Accepts::Array(T::ACCEPTS);

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        encode_array(self, ty, out, T::encode)
    }

    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        encode_array(self, ty, out, |value, ty, out| {
            value.encode_at(srid, ty, out)
        })
    }
}

/// Writes an array of one dimension, each element by `encode`.
pub(super) fn encode_array<T>(
    values: &[T],
    ty: &Type,
    out: &mut BytesMut,
    encode: impl Fn(&T, &Type, &mut BytesMut) -> Result<IsNull, EncodeError>,
) -> Result<IsNull, EncodeError> {
    let Some(element) = element_type(ty) else {
        return Err(EncodeError::new("the parameter is not an array"));
    };
    let length = i32::try_from(values.len())
        .map_err(|_| EncodeError::new("the array has too many elements"))?;
    out.put_i32(i32::from(length > 0));
    // Whether there are nulls is for the server to see; it ignores the flag.
    out.put_i32(0);
    out.put_u32(element.oid());
    if length > 0 {
        out.put_i32(length);
        out.put_i32(1);
    }
    for value in values {
        put_value(out, |out| encode(value, element, out))?;
    }
    Ok(IsNull::No)
}

macro_rules! like_slices {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<T: Encode, $($generics)*> Encode for $ty {
            const ACCEPTS: &'static Accepts = <[T] as Encode>::ACCEPTS;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                self.as_slice().encode(ty, out)
            }

            fn encode_at(
                &self,
                srid: i32,
                ty: &Type,
                out: &mut BytesMut,
            ) -> Result<IsNull, EncodeError> {
                self.as_slice().encode_at(srid, ty, out)
            }
        }
    )*};
}

like_slices! {
    [] Vec<T>;
    [const N: usize] [T; N];
}
