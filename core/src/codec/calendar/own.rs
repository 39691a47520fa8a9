//! Dates, times and timestamps as PostgreSQL stores them: counts from 2000-01-01, with its whole calendar and the
//! infinities. They have no arithmetic and no time zones; the calendar crates have those.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{DATE, DAY_MICROS, INFINITY, NEG_INFINITY, OtherCalendar, TIME, civil};
use crate::{
    Accepts, Decode, DecodeError, Encode, EncodeError,
    codec::{debug_as_displayed, exactly},
};

/// Every value of `date`: 4714-11-24 BC to 5874897-12-31, and both infinities.
///
/// ```
/// use howdah::Date;
///
/// let last = Date::from_ymd(5_874_897, 12, 31).unwrap();
/// assert_eq!(last.to_string(), "5874897-12-31");
/// assert!(last < Date::INFINITY);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// Every value of `time`: 00:00:00 to 24:00:00, both included.
///
/// ```
/// use howdah::Time;
///
/// assert_eq!(Time::from_microseconds(86_400_000_000).unwrap().to_string(), "24:00:00");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// Every value of `timestamp` and, in UTC, of `timestamptz`: 4714-11-24 BC to the end of the year 294276, and both
/// infinities.
///
/// ```
/// use howdah::Timestamp;
///
/// assert_eq!(Timestamp::from_microseconds(500_000).to_string(), "2000-01-01 00:00:00.5");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

debug_as_displayed! { Date Time Timestamp }

impl Date {
    /// `-infinity`, which is before every other date.
    pub const NEG_INFINITY: Self = Self(i32::MIN);
    /// `infinity`, which is after every other date.
    pub const INFINITY: Self = Self(i32::MAX);

    /// The date this many days after 2000-01-01. The server refuses dates outside of its calendar.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// The date with this year, month and day. The year 0 is 1 BC. `None` if there is no such date.
    #[must_use]
    pub const fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        match civil::to_days(year as i64, month, day) {
            Some(days) if days > i32::MIN as i64 && days < i32::MAX as i64 => {
                Some(Self(days as i32))
            }
            _ => None,
        }
    }

    /// The number of days after 2000-01-01. `None` if it is infinite.
    #[must_use]
    pub const fn days(self) -> Option<i32> {
        match self {
            Self(i32::MIN | i32::MAX) => None,
            Self(days) => Some(days),
        }
    }

    /// The year, month and day. The year 0 is 1 BC. `None` if it is infinite.
    #[must_use]
    pub const fn ymd(self) -> Option<(i32, u8, u8)> {
        match self.days() {
            Some(days) => {
                let (year, month, day) = civil::from_days(days as i64);
                Some((year as i32, month, day))
            }
            None => None,
        }
    }

    pub(super) fn finite(self) -> Result<i32, OtherCalendar> {
        match self {
            Self::INFINITY => Err(INFINITY),
            Self::NEG_INFINITY => Err(NEG_INFINITY),
            Self(days) => Ok(days),
        }
    }
}

impl Time {
    /// The time this many microseconds after midnight. `None` if it is more than a whole day.
    #[must_use]
    pub const fn from_microseconds(microseconds: i64) -> Option<Self> {
        match microseconds {
            0..=DAY_MICROS => Some(Self(microseconds)),
            _ => None,
        }
    }

    /// The number of microseconds after midnight, at most those of a whole day.
    #[must_use]
    pub const fn microseconds(self) -> i64 {
        self.0
    }
}

impl Timestamp {
    /// `-infinity`, which is before every other timestamp.
    pub const NEG_INFINITY: Self = Self(i64::MIN);
    /// `infinity`, which is after every other timestamp.
    pub const INFINITY: Self = Self(i64::MAX);

    /// The timestamp this many microseconds after 2000-01-01 00:00:00. The server refuses timestamps outside of its
    /// calendar.
    #[must_use]
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// The number of microseconds after 2000-01-01 00:00:00. `None` if it is infinite.
    #[must_use]
    pub const fn microseconds(self) -> Option<i64> {
        match self {
            Self(i64::MIN | i64::MAX) => None,
            Self(microseconds) => Some(microseconds),
        }
    }

    pub(super) fn finite(self) -> Result<i64, OtherCalendar> {
        match self {
            Self::INFINITY => Err(INFINITY),
            Self::NEG_INFINITY => Err(NEG_INFINITY),
            Self(microseconds) => Ok(microseconds),
        }
    }
}

/// The date without its era, and the era: nothing, or ` BC`.
fn date(days: i64) -> (String, &'static str) {
    let (year, month, day) = civil::from_days(days);
    let (year, era) = match year {
        1.. => (year, ""),
        _ => (1 - year, " BC"),
    };
    (format!("{year:04}-{month:02}-{day:02}"), era)
}

/// As PostgreSQL prints it in the ISO style, such as `0044-03-15 BC`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.finite() {
            Err(NEG_INFINITY) => f.write_str("-infinity"),
            Err(_) => f.write_str("infinity"),
            Ok(days) => {
                let (date, era) = date(days.into());
                write!(f, "{date}{era}")
            }
        }
    }
}

/// As PostgreSQL prints it, such as `12:30:00.5`.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, fraction) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}", seconds % 60)?;
        if fraction == 0 {
            return Ok(());
        }
        let fraction = format!("{fraction:06}");
        write!(f, ".{}", fraction.trim_end_matches('0'))
    }
}

/// As PostgreSQL prints a `timestamp` in the ISO style, such as `2024-02-29 12:30:00.5`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.finite() {
            Err(NEG_INFINITY) => f.write_str("-infinity"),
            Err(_) => f.write_str("infinity"),
            Ok(microseconds) => {
                let (date, era) = date(microseconds.div_euclid(DAY_MICROS));
                write!(
                    f,
                    "{date} {}{era}",
                    Time(microseconds.rem_euclid(DAY_MICROS))
                )
            }
        }
    }
}

impl<'r> Decode<'r> for Date {
    const ACCEPTS: &'static Accepts = &DATE;

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        exactly(raw).map(i32::from_be_bytes).map(Self)
    }
}

impl Encode for Date {
    const ACCEPTS: &'static Accepts = &DATE;

    #[inline]
    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_i32(self.0);
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r> for Time {
    const ACCEPTS: &'static Accepts = &TIME;

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Self::from_microseconds(i64::from_be_bytes(exactly(raw)?))
            .ok_or_else(|| DecodeError::invalid("the time is not within a day"))
    }
}

impl Encode for Time {
    const ACCEPTS: &'static Accepts = &TIME;

    #[inline]
    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_i64(self.0);
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r> for Timestamp {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["timestamp", "timestamptz"]);

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        exactly(raw).map(i64::from_be_bytes).map(Self)
    }
}

impl Encode for Timestamp {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    #[inline]
    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_i64(self.0);
        Ok(IsNull::No)
    }
}
