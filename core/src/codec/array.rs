//! Arrays as `Vec`s, with as many dimensions as there are `Vec`s in `Vec`s. An array of more or fewer is an error, since a
//! `Vec` cannot tell `{{1,2},{3,4}}` from `{1,2,3,4}`. Lower bounds are not kept: a `Vec` counts from 0.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{dimensions::MAX_DIMENSIONS, element_type, put_value, room, take, take_value};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, decode::decode_nullable};

impl<'r, T: Decode<'r>> Decode<'r> for Vec<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Array(T::ACCEPTS);
    const DIMENSIONS: usize = T::DIMENSIONS + 1;

    fn decode(ty: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let Some(element) = element_type(ty) else {
            return Err(DecodeError::invalid("the value is not an array"));
        };
        let (dimensions, lengths) = header(&mut raw)?;
        let lengths = &lengths[..dimensions];
        let is_inner = element_type(element).is_some();
        if dimensions > Self::DIMENSIONS
            || dimensions < Self::DIMENSIONS && dimensions > 0 && !is_inner
        {
            return Err(DecodeError::unsupported(match dimensions {
                1 => "the array has 1 dimension".to_owned(),
                n => format!("the array has {n} dimensions"),
            }));
        }
        let elements = match lengths.contains(&0) {
            true => Vec::new(),
            false => elements(element, lengths, &mut raw)?,
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
        lengths: &[usize],
        raw: &mut &'r [u8],
    ) -> Result<Self, DecodeError> {
        match lengths {
            // The element is a domain, of which the base is an array.
            [] => take_value(raw).and_then(|raw| decode_nullable(element, raw)),
            _ => elements(element, lengths, raw),
        }
    }
}

/// The elements of an array of these dimensions, none of which is empty.
fn elements<'r, T: Decode<'r>>(
    element: &Type,
    lengths: &[usize],
    raw: &mut &'r [u8],
) -> Result<Vec<T>, DecodeError> {
    let Some((length, inner)) = lengths.split_first() else {
        return Ok(Vec::new());
    };
    // Each element has a length of four bytes.
    let mut elements = Vec::with_capacity(room::<T>(*length, 4, raw));
    for index in 0..*length {
        match T::decode_in_array(element, inner, raw) {
            Ok(value) => elements.push(value),
            Err(error) => return Err(error.in_element(index)),
        }
    }
    Ok(elements)
}

/// How many dimensions there are, and their lengths. The bytes after the header remain.
fn header(raw: &mut &[u8]) -> Result<(usize, [usize; MAX_DIMENSIONS]), DecodeError> {
    let dimensions = u32::from_be_bytes(take(raw)?) as usize;
    let [_has_null, _element_oid]: [[u8; 4]; 2] = [take(raw)?, take(raw)?];
    let mut lengths = [0; MAX_DIMENSIONS];
    let Some(known) = lengths.get_mut(..dimensions) else {
        return Err(DecodeError::invalid(
            "the array has more than six dimensions",
        ));
    };
    for length in known {
        *length = usize::try_from(i32::from_be_bytes(take(raw)?))
            .map_err(|_| DecodeError::invalid("the array has a negative length"))?;
        let _lower_bound: [u8; 4] = take(raw)?;
    }
    Ok((dimensions, lengths))
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
        // As the server does, an array without elements has no dimensions either.
        lengths.clear();
    }
    if lengths.len() > MAX_DIMENSIONS {
        return Err(EncodeError::new("the array has more than six dimensions"));
    }
    // At most six.
    out.put_u32(lengths.len() as u32);
    out.put_i32(0);
    out.put_u32(element.oid());
    for length in &lengths {
        let length = i32::try_from(*length)
            .map_err(|_| EncodeError::new("the array has too many elements"))?;
        out.put_i32(length);
        out.put_i32(1);
    }
    values.encode_in_array(srid, element, out)?;
    Ok(IsNull::No)
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
