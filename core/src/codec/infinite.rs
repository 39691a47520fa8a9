//! `date`, `timestamp` and `timestamptz` with their two infinities, which no calendar type of Rust holds.

use std::fmt;

use bytes::{BufMut, BytesMut};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};
use postgres_types::{IsNull, Type};

use super::base_type;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// A date or timestamp that may be `-infinity` or `infinity`; they order as in PostgreSQL.
///
/// ```
/// use chrono::NaiveDate;
/// use howdah::Infinite;
///
/// let valid_until: Infinite<NaiveDate> = Infinite::Infinity;
/// assert!(valid_until > NaiveDate::MAX.into());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Infinite<T> {
    /// `-infinity`: before everything else.
    NegInfinity,
    /// A date or timestamp.
    Finite(T),
    /// `infinity`: after everything else.
    Infinity,
}

impl<T> Infinite<T> {
    /// The date or timestamp, unless it is infinite.
    pub fn finite(self) -> Option<T> {
        match self {
            Self::Finite(value) => Some(value),
            Self::NegInfinity | Self::Infinity => None,
        }
    }
}

impl<T> From<T> for Infinite<T> {
    fn from(value: T) -> Self {
        Self::Finite(value)
    }
}

impl<T: fmt::Display> fmt::Display for Infinite<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NegInfinity => f.write_str("-infinity"),
            Self::Finite(value) => value.fmt(f),
            Self::Infinity => f.write_str("infinity"),
        }
    }
}

/// A date is the least or greatest `i32` where it is infinite, a timestamp the least or greatest `i64`.
fn infinity(raw: &[u8]) -> Option<bool> {
    match raw.split_first()? {
        (0x7F, rest) if rest.iter().all(|byte| *byte == 0xFF) => Some(true),
        (0x80, rest) if rest.iter().all(|byte| *byte == 0) => Some(false),
        _ => None,
    }
}

fn put(positive: bool, ty: &Type, out: &mut BytesMut) -> IsNull {
    match (*base_type(ty) == Type::DATE, positive) {
        (true, true) => out.put_i32(i32::MAX),
        (true, false) => out.put_i32(i32::MIN),
        (false, true) => out.put_i64(i64::MAX),
        (false, false) => out.put_i64(i64::MIN),
    }
    IsNull::No
}

macro_rules! decoded {
    ($($ty:ty: $length:literal;)*) => {$(
        impl<'r> Decode<'r> for Infinite<$ty> {
            const ACCEPTS: &'static Accepts = <$ty as Decode<'static>>::ACCEPTS;

            fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                match infinity(raw).filter(|_| raw.len() == $length) {
                    Some(true) => Ok(Self::Infinity),
                    Some(false) => Ok(Self::NegInfinity),
                    None => <$ty>::decode(ty, raw).map(Self::Finite),
                }
            }
        }
    )*};
}

decoded! {
    NaiveDate: 4;
    NaiveDateTime: 8;
    DateTime<Utc>: 8;
    DateTime<FixedOffset>: 8;
}

macro_rules! encoded {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<$($generics)*> Encode for Infinite<$ty> {
            const ACCEPTS: &'static Accepts = <$ty as Encode>::ACCEPTS;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                match self {
                    Self::NegInfinity => Ok(put(false, ty, out)),
                    Self::Finite(value) => value.encode(ty, out),
                    Self::Infinity => Ok(put(true, ty, out)),
                }
            }
        }
    )*};
}

encoded! {
    [] NaiveDate;
    [] NaiveDateTime;
    [Zone: TimeZone<Offset: Send + Sync> + Send + Sync] DateTime<Zone>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_infinite_is_an_error() {
        let raw = i64::MAX.to_be_bytes();
        assert!(Infinite::<NaiveDate>::decode(&Type::DATE, &raw).is_err());
        assert!(Infinite::<NaiveDate>::decode(&Type::DATE, &[]).is_err());
        let far = (i32::MAX - 1).to_be_bytes();
        assert!(Infinite::<NaiveDate>::decode(&Type::DATE, &far).is_err());
        assert_eq!(
            Infinite::<NaiveDateTime>::decode(&Type::TIMESTAMP, &raw).unwrap(),
            Infinite::Infinity
        );
    }
}
