//! Ranges and multiranges over any type of bound. Ranges are not converted to a canonical form here; the server does
//! that, for example from `[1,5]` to `[1,6)` for integers. Format: `src/backend/utils/adt/rangetypes.c`, `range_send`;
//! `multirangetypes.c`, `multirange_send`.

mod bounds;
mod multirange;

use std::ops::Bound;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Kind, Type};

pub use self::{bounds::OtherBounds, multirange::Multirange};
use super::{base_type, put_value, take, take_value};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

const EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_UNBOUNDED: u8 = 0x08;
const UPPER_UNBOUNDED: u8 = 0x10;

/// A range: either empty, or all values between two bounds.
///
/// ```
/// use howdah::Range;
///
/// let opening_hours: Range<i32> = (9..17).into();
/// assert_eq!(opening_hours.to_string(), "[9,17)");
/// assert_eq!(std::ops::Range::try_from(opening_hours), Ok(9..17));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range<T> {
    /// The empty range.
    Empty,
    /// The values from the first bound to the second. `Unbounded` is not the same as a bound of `infinity`.
    Between(Bound<T>, Bound<T>),
}

impl<T> Range<T> {
    /// The lower bound. `None` if the range is empty.
    pub fn lower(&self) -> Option<Bound<&T>> {
        match self {
            Self::Empty => None,
            Self::Between(lower, _) => Some(lower.as_ref()),
        }
    }

    /// The upper bound. `None` if the range is empty.
    pub fn upper(&self) -> Option<Bound<&T>> {
        match self {
            Self::Empty => None,
            Self::Between(_, upper) => Some(upper.as_ref()),
        }
    }

    /// Whether it is [`Empty`](Self::Empty). If there is no value between the bounds, the server makes the range empty.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Applies `change` to the values of both bounds.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Range<U> {
        match self {
            Self::Empty => Range::Empty,
            Self::Between(lower, upper) => {
                Range::Between(lower.map(&mut change), upper.map(change))
            }
        }
    }
}

impl<T: PartialOrd> Range<T> {
    /// Whether the range contains `value`.
    pub fn contains(&self, value: &T) -> bool {
        use std::ops::RangeBounds;
        match self {
            Self::Empty => false,
            Self::Between(lower, upper) => (lower.as_ref(), upper.as_ref()).contains(value),
        }
    }
}

impl<'r, T: Decode<'r>> Decode<'r> for Range<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Range(T::ACCEPTS);

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let Kind::Range(bound) = base_type(ty).kind() else {
            return Err(DecodeError::invalid("the value is not a range"));
        };
        read(bound, raw)
    }
}

impl<T: Encode> Encode for Range<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Range(T::ACCEPTS);

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let Kind::Range(bound) = base_type(ty).kind() else {
            return Err(EncodeError::new("the parameter is not a range"));
        };
        write(self, bound, out)
    }
}

/// Reads a range whose bounds are of type `bound`.
fn read<'r, T: Decode<'r>>(bound: &Type, mut raw: &'r [u8]) -> Result<Range<T>, DecodeError> {
    let [flags] = take(&mut raw)?;
    let range = if flags & EMPTY != 0 {
        Range::Empty
    } else {
        let mut next = |unbounded, inclusive, name| -> Result<_, DecodeError> {
            if flags & unbounded != 0 {
                return Ok(Bound::Unbounded);
            }
            let value = take_value(&mut raw)?
                .ok_or_else(|| DecodeError::invalid("a bound of the range is null"))?;
            let value = T::decode(bound, value).map_err(|error| error.in_field(name))?;
            Ok(match flags & inclusive {
                0 => Bound::Excluded(value),
                _ => Bound::Included(value),
            })
        };
        let lower = next(LOWER_UNBOUNDED, LOWER_INCLUSIVE, "lower")?;
        Range::Between(lower, next(UPPER_UNBOUNDED, UPPER_INCLUSIVE, "upper")?)
    };
    match raw {
        [] => Ok(range),
        _ => Err(DecodeError::invalid("bytes follow the range")),
    }
}

/// Writes a range whose bounds are of type `bound`.
fn write<T: Encode>(
    range: &Range<T>,
    bound: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, EncodeError> {
    let Range::Between(lower, upper) = range else {
        out.put_u8(EMPTY);
        return Ok(IsNull::No);
    };
    let flag = |bound: &Bound<T>, unbounded, inclusive| match bound {
        Bound::Unbounded => unbounded,
        Bound::Included(_) => inclusive,
        Bound::Excluded(_) => 0,
    };
    out.put_u8(
        flag(lower, LOWER_UNBOUNDED, LOWER_INCLUSIVE)
            | flag(upper, UPPER_UNBOUNDED, UPPER_INCLUSIVE),
    );
    for value in [lower, upper] {
        let (Bound::Included(value) | Bound::Excluded(value)) = value else {
            continue;
        };
        put_value(out, |out| match value.encode(bound, out)? {
            IsNull::No => Ok(IsNull::No),
            IsNull::Yes => Err(EncodeError::new("a bound of a range cannot be null")),
        })?;
    }
    Ok(IsNull::No)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_range_is_an_error() {
        let message = |raw: &[u8]| {
            Range::<i32>::decode(&Type::INT4_RANGE, raw).map_err(|error| error.to_string())
        };
        assert_eq!(message(&[EMPTY]), Ok(Range::Empty));
        assert_eq!(message(&[EMPTY, 0]), Err("bytes follow the range".into()));
        assert_eq!(message(&[]), Err("the value ends too early".into()));
        let null = [UPPER_UNBOUNDED, 255, 255, 255, 255];
        assert_eq!(message(&null), Err("a bound of the range is null".into()));
        let short = [UPPER_UNBOUNDED, 0, 0, 0, 1, 7];
        assert_eq!(
            message(&short),
            Err("the value has 1 bytes instead of 4 in field `lower`".into())
        );
    }

    #[test]
    fn a_bound_is_not_null() {
        let range: Range<Option<i32>> = Range::Between(Bound::Included(None), Bound::Unbounded);
        let error = range.encode(&Type::INT4_RANGE, &mut BytesMut::new()).err();
        assert_eq!(
            error.map(|error| error.to_string()).as_deref(),
            Some("a bound of a range cannot be null")
        );
    }
}
