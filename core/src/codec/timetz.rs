//! `timetz`: a time of day with an offset from UTC. Format: `src/backend/utils/adt/date.c`, `timetz_send`.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{calendar::own::Time, take};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// PostgreSQL's offsets are less than sixteen hours.
const MAX_OFFSET: i32 = 16 * 3_600;

/// `time with time zone`: a time of day from `00:00:00` to `24:00:00`, with an offset from UTC of less than 16 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TimeTz {
    time: Time,
    offset: i32,
}

impl TimeTz {
    /// The time this many microseconds after midnight, in an offset of this many seconds ahead of UTC. `None` if PostgreSQL
    /// has no such value.
    #[must_use]
    pub const fn new(microseconds: i64, offset: i32) -> Option<Self> {
        match Time::from_microseconds(microseconds) {
            Some(time) if -MAX_OFFSET < offset && offset < MAX_OFFSET => {
                Some(Self { time, offset })
            }
            _ => None,
        }
    }

    /// The number of microseconds since midnight, at most those of a whole day.
    #[must_use]
    pub const fn microseconds(&self) -> i64 {
        self.time.microseconds()
    }

    /// The offset in seconds ahead of UTC: 3,600 for `+01`.
    #[must_use]
    pub const fn offset(&self) -> i32 {
        self.offset
    }

    /// The time of day.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }
}

/// As PostgreSQL prints it, such as `12:30:00.5+05:30`.
impl fmt::Display for TimeTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.time.fmt(f)?;
        let sign = if self.offset < 0 { '-' } else { '+' };
        let offset = self.offset.abs();
        write!(f, "{sign}{:02}", offset / 3_600)?;
        match (offset / 60 % 60, offset % 60) {
            (0, 0) => Ok(()),
            (minutes, 0) => write!(f, ":{minutes:02}"),
            (minutes, seconds) => write!(f, ":{minutes:02}:{seconds:02}"),
        }
    }
}

impl<'r> Decode<'r> for TimeTz {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["timetz"]);

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let length = raw.len();
        let microseconds = i64::from_be_bytes(take(&mut raw)?);
        let west = i32::from_be_bytes(take(&mut raw)?);
        if !raw.is_empty() {
            return Err(DecodeError::wrong_length(12, length));
        }
        // PostgreSQL stores the offset as seconds behind UTC.
        west.checked_neg()
            .and_then(|offset| Self::new(microseconds, offset))
            .ok_or_else(|| {
                DecodeError::invalid("the time is not within a day, or its offset too large")
            })
    }
}

impl Encode for TimeTz {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_i64(self.time.microseconds());
        out.put_i32(-self.offset);
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::calendar::DAY_MICROS;

    #[test]
    fn times_print_with_their_offset() {
        let text =
            |microseconds, offset| TimeTz::new(microseconds, offset).map(|time| time.to_string());
        assert_eq!(
            text(45_000_500_000, 19_800).as_deref(),
            Some("12:30:00.5+05:30")
        );
        assert_eq!(text(DAY_MICROS, -1).as_deref(), Some("24:00:00-00:00:01"));
        assert_eq!(text(DAY_MICROS + 1, 0), None);
        assert_eq!(text(0, MAX_OFFSET), None);
    }
}
