//! Multiranges: ranges in order. The server drops empty ranges and joins ranges that touch, so it can return fewer ranges
//! than were sent.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Kind, Type};

use super::{Range, read, write};
use crate::codec::{base_type, put_value, room, take, take_value};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// A multirange. In those that the server sends, the ranges are in ascending order with gaps between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Multirange<T>(pub Vec<Range<T>>);

impl<T> Default for Multirange<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<Range<T>>> for Multirange<T> {
    fn from(ranges: Vec<Range<T>>) -> Self {
        Self(ranges)
    }
}

impl<T, R: Into<Range<T>>> FromIterator<R> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = R>>(ranges: I) -> Self {
        Self(ranges.into_iter().map(Into::into).collect())
    }
}

impl<T> IntoIterator for Multirange<T> {
    type Item = Range<T>;
    type IntoIter = std::vec::IntoIter<Range<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// As PostgreSQL prints it, such as `{[1,3),[5,6)}`.
impl<T: fmt::Display> fmt::Display for Multirange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (i, range) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{range}")?;
        }
        f.write_str("}")
    }
}

/// The type of the bounds.
fn bound(ty: &Type) -> Option<&Type> {
    match base_type(ty).kind() {
        Kind::Multirange(bound) => Some(bound),
        _ => None,
    }
}

impl<'r, T: Decode<'r>> Decode<'r> for Multirange<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Multirange(T::ACCEPTS);

    fn decode(ty: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let bound =
            bound(ty).ok_or_else(|| DecodeError::invalid("the value is not a multirange"))?;
        let count = u32::from_be_bytes(take(&mut raw)?) as usize;
        // Each range has a length of four bytes.
        let mut ranges = Vec::with_capacity(room::<Range<T>>(count, 4, raw));
        for index in 0..count {
            let range = take_value(&mut raw)?
                .ok_or_else(|| DecodeError::invalid("a range of the multirange is null"))?;
            ranges.push(read(bound, range).map_err(|error| error.in_element(index))?);
        }
        match raw {
            [] => Ok(Self(ranges)),
            _ => Err(DecodeError::invalid("bytes follow the multirange")),
        }
    }
}

impl<T: Encode> Encode for Multirange<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Multirange(T::ACCEPTS);

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let bound =
            bound(ty).ok_or_else(|| EncodeError::new("the parameter is not a multirange"))?;
        out.put_u32(
            u32::try_from(self.0.len())
                .map_err(|_| EncodeError::new("the multirange has too many ranges"))?,
        );
        for range in &self.0 {
            put_value(out, |out| write(range, bound, out))?;
        }
        Ok(IsNull::No)
    }
}
