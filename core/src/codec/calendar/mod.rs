//! `date`, `time`, `timestamp` and `timestamptz`: as howdah's own types, which hold all values, and through them as the
//! types of calendar crates, which do not. Values that such a type cannot hold are errors: infinity, dates beyond its
//! calendar, and 24:00:00. Fractions of a microsecond are rounded, as the server does with literals.

#[cfg(feature = "chrono")]
mod chrono;
mod civil;
pub(crate) mod infinite;
#[cfg(feature = "jiff")]
mod jiff;
pub(crate) mod own;
mod parse;
#[cfg(feature = "time")]
mod time;

use std::{error::Error as StdError, fmt};

use crate::{Accepts, DecodeError, EncodeError};

pub(crate) const DAY_MICROS: i64 = 86_400_000_000;

static DATE: Accepts = Accepts::Builtin(&["date"]);
static TIME: Accepts = Accepts::Builtin(&["time"]);
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
static TIMESTAMP: Accepts = Accepts::Builtin(&["timestamp"]);
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
static TIMESTAMPTZ: Accepts = Accepts::Builtin(&["timestamptz"]);

/// The error of a conversion: the other type cannot hold this date, time or timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherCalendar(&'static str);

impl fmt::Display for OtherCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for OtherCalendar {}

impl From<OtherCalendar> for DecodeError {
    fn from(error: OtherCalendar) -> Self {
        Self::out_of_range(error.0)
    }
}

impl OtherCalendar {
    /// The error of reading a value that howdah's own type of this name holds.
    #[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
    #[cold]
    fn held_by(self, own: &'static str) -> DecodeError {
        DecodeError::from(self).held_by(own)
    }
}

impl From<OtherCalendar> for EncodeError {
    fn from(error: OtherCalendar) -> Self {
        Self::new(error.0)
    }
}

const INFINITY: OtherCalendar = OtherCalendar("the value is infinity");
const NEG_INFINITY: OtherCalendar = OtherCalendar("the value is -infinity");
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
const MIDNIGHT: OtherCalendar = OtherCalendar("the time is 24:00:00");
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
const BEYOND: OtherCalendar = OtherCalendar("the value is beyond PostgreSQL's range");

/// Nanoseconds as microseconds, rounded half to even like on the server.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
fn rounded(nanoseconds: i128) -> i128 {
    let (whole, rest) = (nanoseconds.div_euclid(1_000), nanoseconds.rem_euclid(1_000));
    match rest {
        501.. => whole + 1,
        500 => whole + whole.rem_euclid(2),
        _ => whole,
    }
}

/// The timestamp this many nanoseconds after 2000-01-01. The values of the infinities are out of range.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
fn timestamp(nanoseconds: i128) -> Result<own::Timestamp, OtherCalendar> {
    match i64::try_from(rounded(nanoseconds)) {
        Ok(i64::MIN | i64::MAX) | Err(_) => Err(BEYOND),
        Ok(microseconds) => Ok(own::Timestamp::from_microseconds(microseconds)),
    }
}

/// The time this many nanoseconds after midnight, about a day at most.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
fn time_of_day(nanoseconds: i128) -> Result<own::Time, OtherCalendar> {
    own::Time::from_microseconds(rounded(nanoseconds) as i64).ok_or(BEYOND)
}

/// Reads and writes the types of a calendar crate through howdah's own types.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
macro_rules! by_way_of {
    ($($ty:ty => $own:ident $accepts:ident;)*) => {$(
        impl<'r> crate::Decode<'r> for $ty {
            const ACCEPTS: &'static crate::Accepts = &super::$accepts;

            #[inline]
            fn decode(ty: &postgres_types::Type, raw: &'r [u8]) -> Result<Self, crate::DecodeError> {
                let own = <$own as crate::Decode>::decode(ty, raw)?;
                own.try_into().map_err(|error: super::OtherCalendar| {
                    error.held_by(concat!("howdah::", stringify!($own)))
                })
            }
        }

        impl crate::Encode for $ty {
            const ACCEPTS: &'static crate::Accepts = &super::$accepts;

            #[inline]
            fn encode(
                &self,
                ty: &postgres_types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<postgres_types::IsNull, crate::EncodeError> {
                crate::Encode::encode(&$own::try_from(*self)?, ty, out)
            }
        }
    )*};
}
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
use by_way_of;

#[cfg(test)]
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod tests {
    use super::*;

    #[test]
    fn no_time_of_a_calendar_is_infinite() {
        let of = |microseconds: i64| timestamp(i128::from(microseconds) * 1_000);
        assert_eq!(of(7), Ok(own::Timestamp::from_microseconds(7)));
        for microseconds in [i64::MIN, i64::MAX] {
            assert_eq!(of(microseconds), Err(BEYOND));
        }
        assert_eq!(timestamp(i128::MAX), Err(BEYOND));
    }
}
