//! `interval`: months, days and microseconds, which PostgreSQL keeps apart because neither months nor
//! days have a fixed length. Never turned into a plain duration unless that is exact.
//! Format: `src/backend/utils/adt/timestamp.c`, `interval_send`.

mod duration;
#[cfg(feature = "jiff")]
mod span;
mod text;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

pub use self::duration::InexactInterval;
use super::take;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// A span of time as PostgreSQL stores it: months, days and microseconds.
///
/// It is printed and parsed as ISO 8601, like the server does with `intervalstyle = iso_8601`. Two intervals are equal if
/// all three parts are equal. PostgreSQL's `=` is different: it takes a month for 30 days, and a day for 24 hours.
///
/// ```
/// use howdah::Interval;
///
/// let interval = Interval { months: 14, days: -3, microseconds: 90_500_000 };
/// assert_eq!(interval.to_string(), "P1Y2M-3DT1M30.5S");
/// assert_eq!("P1Y2M-3DT1M30.5S".parse(), Ok(interval));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Whole months. A year is twelve months.
    pub months: i32,
    /// Whole days.
    pub days: i32,
    /// The rest, in microseconds.
    pub microseconds: i64,
}

impl Interval {
    /// `infinity`, from PostgreSQL 17 on. An older server takes it for a very long, finite interval.
    pub const INFINITY: Self = Self {
        months: i32::MAX,
        days: i32::MAX,
        microseconds: i64::MAX,
    };

    /// `-infinity`, from PostgreSQL 17 on. An older server takes it for a very long, finite interval.
    pub const NEG_INFINITY: Self = Self {
        months: i32::MIN,
        days: i32::MIN,
        microseconds: i64::MIN,
    };

    /// An interval of whole months.
    #[must_use]
    pub const fn from_months(months: i32) -> Self {
        Self {
            months,
            days: 0,
            microseconds: 0,
        }
    }

    /// An interval of whole days.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self {
            months: 0,
            days,
            microseconds: 0,
        }
    }

    /// An interval of microseconds.
    #[must_use]
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self {
            months: 0,
            days: 0,
            microseconds,
        }
    }

    /// Whether it is neither [`INFINITY`](Self::INFINITY) nor [`NEG_INFINITY`](Self::NEG_INFINITY).
    #[must_use]
    pub fn is_finite(&self) -> bool {
        ![Self::INFINITY, Self::NEG_INFINITY].contains(self)
    }

    /// Adds each of the three parts, like PostgreSQL's `+`. `None` if a part overflows or an interval is infinite.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self {
            months: self.months.checked_add(other.months)?,
            days: self.days.checked_add(other.days)?,
            microseconds: self.microseconds.checked_add(other.microseconds)?,
        }
        .unless_infinite([self, other])
    }

    /// Subtracts each of the three parts, like PostgreSQL's `-`. `None` if a part overflows or an interval is infinite.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self {
            months: self.months.checked_sub(other.months)?,
            days: self.days.checked_sub(other.days)?,
            microseconds: self.microseconds.checked_sub(other.microseconds)?,
        }
        .unless_infinite([self, other])
    }

    fn unless_infinite(self, parts: [Self; 2]) -> Option<Self> {
        let finite = self.is_finite() && parts.iter().all(Self::is_finite);
        finite.then_some(self)
    }
}

pub(super) static INTERVAL: Accepts = Accepts::Builtin(&["interval"]);

impl<'r> Decode<'r> for Interval {
    const ACCEPTS: &'static Accepts = &INTERVAL;

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let length = raw.len();
        let microseconds = i64::from_be_bytes(take(&mut raw)?);
        let days = i32::from_be_bytes(take(&mut raw)?);
        let months = i32::from_be_bytes(take(&mut raw)?);
        match raw {
            [] => Ok(Self {
                months,
                days,
                microseconds,
            }),
            _ => Err(DecodeError::wrong_length(16, length)),
        }
    }
}

impl Encode for Interval {
    const ACCEPTS: &'static Accepts = &INTERVAL;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_i64(self.microseconds);
        out.put_i32(self.days);
        out.put_i32(self.months);
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stay_in_range_and_finite() {
        let day = Interval::from_days(1);
        assert_eq!(
            day.checked_add(Interval::from_months(2)),
            Some(Interval {
                months: 2,
                days: 1,
                microseconds: 0
            })
        );
        assert_eq!(Interval::from_days(i32::MAX).checked_add(day), None);
        assert_eq!(Interval::INFINITY.checked_sub(day), None);
    }
}
