//! Arrays as `Vec`s, with as many dimensions as there are `Vec`s in `Vec`s. An array of more or fewer is an error, since a
//! `Vec` cannot tell `{{1,2},{3,4}}` from `{1,2,3,4}`. Lower bounds are not kept: a `Vec` counts from 0.

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{
    decode::take_nullable,
    dimensions::{MAX_DIMENSIONS, put_header, take_header},
    element_type, put_value, room,
};
use crate::{Accepts, Decode, DecodeError, Dimension, Encode, EncodeError};

impl<'r, T: Decode<'r>> Decode<'r> for Vec<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Array(T::ACCEPTS);
    const DIMENSIONS: usize = T::DIMENSIONS + 1;

    fn decode(ty: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let Some(element) = element_type(ty) else {
            return Err(DecodeError::invalid("the value is not an array"));
        };
        let (count, dimensions) = take_header(&mut raw)?;
        let dimensions = &dimensions[..count];
        if dimensions.iter().any(|d| i32::try_from(d.length).is_err()) {
            return Err(DecodeError::invalid("the array has a negative length"));
        }
        let is_inner = element_type(element).is_some();
        if count > Self::DIMENSIONS || count < Self::DIMENSIONS && count > 0 && !is_inner {
            let message = match count {
                1 => "the array has 1 dimension".to_owned(),
                n => format!("the array has {n} dimensions"),
            };
            return Err(DecodeError::unsupported(message).held_by("howdah::Array"));
        }
        let elements = match dimensions.iter().any(|d| d.length == 0) {
            true => Vec::new(),
            false => elements(element, dimensions, &mut raw)?,
        };
        match raw {
            [] => Ok(elements),
            _ => Err(DecodeError::invalid(
                "the array has bytes after its last element",
            )),
        }
    }

    fn decode_in_array(
        element: &Type,
        dimensions: &[Dimension],
        raw: &mut &'r [u8],
    ) -> Result<Self, DecodeError> {
        match dimensions {
            // The element is a domain over an array type.
            [] => take_nullable(element, raw),
            _ => elements(element, dimensions, raw),
        }
    }
}

/// The elements of an array of these dimensions, none of which is empty.
fn elements<'r, T: Decode<'r>>(
    element: &Type,
    dimensions: &[Dimension],
    raw: &mut &'r [u8],
) -> Result<Vec<T>, DecodeError> {
    let Some((outer, inner)) = dimensions.split_first() else {
        return Ok(Vec::new());
    };
    let length = outer.length as usize;
    // Each element has a length of four bytes.
    let mut elements = Vec::with_capacity(room::<T>(length, 4, raw));
    for index in 0..length {
        match T::decode_in_array(element, inner, raw) {
            Ok(value) => elements.push(value),
            Err(error) => return Err(error.in_element(index)),
        }
    }
    Ok(elements)
}

impl<T: Encode> Encode for [T] {
    const ACCEPTS: &'static Accepts = &Accepts::Array(T::ACCEPTS);

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match is_nested::<T>(ty) {
            true => encode_nested(self, 0, ty, out),
            false => encode_array(self, ty, out, T::encode),
        }
    }

    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match is_nested::<T>(ty) {
            true => encode_nested(self, srid, ty, out),
            false => encode_array(self, ty, out, |value, ty, out| {
                value.encode_at(srid, ty, out)
            }),
        }
    }

    fn array_lengths(&self) -> Result<Vec<usize>, EncodeError> {
        let mut inner = self.iter().map(T::array_lengths);
        let first = inner.next().transpose()?.unwrap_or_default();
        for lengths in inner {
            if lengths? != first {
                let message =
                    "the parts of an array differ in length, which PostgreSQL's arrays cannot";
                return Err(EncodeError::new(message));
            }
        }
        Ok([vec![self.len()], first].concat())
    }

    fn encode_in_array(
        &self,
        srid: i32,
        element: &Type,
        out: &mut BytesMut,
    ) -> Result<(), EncodeError> {
        self.iter()
            .try_for_each(|value| value.encode_in_array(srid, element, out))
    }
}

/// Whether the elements are the parts of an array of more dimensions, and not arrays in domains.
fn is_nested<T: Encode>(ty: &Type) -> bool {
    T::ACCEPTS.is_array() && element_type(ty).is_some_and(|element| element_type(element).is_none())
}

/// Writes an array of as many dimensions as there are slices in slices.
fn encode_nested<T: Encode>(
    values: &[T],
    srid: i32,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, EncodeError> {
    let Some(element) = element_type(ty) else {
        return Err(EncodeError::new("the parameter is not an array"));
    };
    let mut lengths = values.array_lengths()?;
    if lengths.contains(&0) {
        // Like on the server, an array without elements has no dimensions.
        lengths.clear();
    }
    if lengths.len() > MAX_DIMENSIONS {
        return Err(EncodeError::new("the array has more than six dimensions"));
    }
    let dimensions = lengths.into_iter().map(dimension);
    let dimensions = dimensions.collect::<Result<Vec<_>, _>>()?;
    put_header(&dimensions, element, out);
    values.encode_in_array(srid, element, out)?;
    Ok(IsNull::No)
}

/// A dimension of this length.
fn dimension(length: usize) -> Result<Dimension, EncodeError> {
    match i32::try_from(length) {
        Ok(length) => Ok(Dimension::new(length.unsigned_abs())),
        Err(_) => Err(EncodeError::new("the array has too many elements")),
    }
}

/// Writes an array of one dimension, with `encode` for each element.
pub(super) fn encode_array<T>(
    values: &[T],
    ty: &Type,
    out: &mut BytesMut,
    encode: impl Fn(&T, &Type, &mut BytesMut) -> Result<IsNull, EncodeError>,
) -> Result<IsNull, EncodeError> {
    let Some(element) = element_type(ty) else {
        return Err(EncodeError::new("the parameter is not an array"));
    };
    let dimensions = [dimension(values.len())?];
    put_header(&dimensions[..usize::from(!values.is_empty())], element, out);
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

            fn array_lengths(&self) -> Result<Vec<usize>, EncodeError> {
                self.as_slice().array_lengths()
            }

            fn encode_in_array(
                &self,
                srid: i32,
                element: &Type,
                out: &mut BytesMut,
            ) -> Result<(), EncodeError> {
                self.as_slice().encode_in_array(srid, element, out)
            }
        }
    )*};
}

like_slices! {
    [] Vec<T>;
    [const N: usize] [T; N];
}
