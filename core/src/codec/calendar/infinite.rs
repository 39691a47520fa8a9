//! `date`, `timestamp` and `timestamptz` with their two infinities, which no calendar type of Rust holds.

use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// A date or timestamp that can also be `-infinity` or `infinity`. Values are ordered as in PostgreSQL.
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
    /// `-infinity`: before all other values.
    NegInfinity,
    /// A date or timestamp.
    Finite(T),
    /// `infinity`: after all other values.
    Infinity,
}

impl<T> Infinite<T> {
    /// The date or timestamp. `None` if it is infinite.
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

/// A date or timestamp type without infinities: those of `chrono`, `time` and `jiff`.
#[doc(hidden)]
pub trait Endless {
    /// howdah's own type, which holds the infinities.
    type Own: for<'r> Decode<'r> + Encode + Copy + PartialEq;
    const INFINITY: Self::Own;
    const NEG_INFINITY: Self::Own;
}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
macro_rules! endless {
    ($([$($generics:tt)*] $ty:ty => $own:ident;)*) => {$(
        impl<$($generics)*> Endless for $ty {
            type Own = super::own::$own;
            const INFINITY: Self::Own = super::own::$own::INFINITY;
            const NEG_INFINITY: Self::Own = super::own::$own::NEG_INFINITY;
        }
    )*};
}

#[cfg(feature = "chrono")]
endless! {
    [] chrono::NaiveDate => Date;
    [] chrono::NaiveDateTime => Timestamp;
    [Zone: chrono::TimeZone] chrono::DateTime<Zone> => Timestamp;
}

#[cfg(feature = "time")]
endless! {
    [] time::Date => Date;
    [] time::PrimitiveDateTime => Timestamp;
    [] time::OffsetDateTime => Timestamp;
    [] time::UtcDateTime => Timestamp;
}

#[cfg(feature = "jiff")]
endless! {
    [] jiff::civil::Date => Date;
    [] jiff::civil::DateTime => Timestamp;
    [] jiff::Timestamp => Timestamp;
}

impl<'r, T: Decode<'r> + Endless> Decode<'r> for Infinite<T> {
    const ACCEPTS: &'static Accepts = T::ACCEPTS;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        match T::Own::decode(ty, raw)? {
            own if own == T::INFINITY => Ok(Self::Infinity),
            own if own == T::NEG_INFINITY => Ok(Self::NegInfinity),
            _ => T::decode(ty, raw).map(Self::Finite),
        }
    }
}

impl<T: Encode + Endless> Encode for Infinite<T> {
    const ACCEPTS: &'static Accepts = T::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match self {
            Self::NegInfinity => T::NEG_INFINITY.encode(ty, out),
            Self::Finite(value) => value.encode(ty, out),
            Self::Infinity => T::INFINITY.encode(ty, out),
        }
    }
}

#[cfg(all(test, feature = "chrono"))]
mod tests {
    use chrono::{NaiveDate, NaiveDateTime};

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
