//! `interval` from and to durations of a fixed length, only if nothing has to be rounded or assumed.

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{INTERVAL, Interval};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// The error of a conversion between an interval and a duration that are not exactly the same span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InexactInterval(pub(super) &'static str);

impl fmt::Display for InexactInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for InexactInterval {}

impl InexactInterval {
    /// The error of reading an interval that only [`Interval`] holds.
    #[cold]
    pub(super) fn in_decoding(self) -> DecodeError {
        DecodeError::unsupported(self.0).held_by("howdah::Interval")
    }
}

/// The microseconds, if there are no months and days.
fn fixed(interval: Interval) -> Result<i64, InexactInterval> {
    match interval {
        _ if !interval.is_finite() => Err(InexactInterval("the interval is infinite")),
        Interval {
            months: 0,
            days: 0,
            microseconds,
        } => Ok(microseconds),
        Interval { months: 0, .. } => Err(InexactInterval(
            "the interval has days, which are not always 24 hours",
        )),
        _ => Err(InexactInterval(
            "the interval has months, which differ in length",
        )),
    }
}

const TOO_FINE: InexactInterval = InexactInterval("the duration is finer than a microsecond");
const TOO_LONG: InexactInterval = InexactInterval("the duration is beyond PostgreSQL's range");

impl TryFrom<Duration> for Interval {
    type Error = InexactInterval;

    fn try_from(duration: Duration) -> Result<Self, InexactInterval> {
        if !duration.subsec_nanos().is_multiple_of(1_000) {
            return Err(TOO_FINE);
        }
        i64::try_from(duration.as_micros())
            .map(Self::from_microseconds)
            .map_err(|_| TOO_LONG)
    }
}

impl TryFrom<Interval> for Duration {
    type Error = InexactInterval;

    fn try_from(interval: Interval) -> Result<Self, InexactInterval> {
        u64::try_from(fixed(interval)?)
            .map(Duration::from_micros)
            .map_err(|_| InexactInterval("the interval is negative"))
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<chrono::TimeDelta> for Interval {
    type Error = InexactInterval;

    fn try_from(delta: chrono::TimeDelta) -> Result<Self, InexactInterval> {
        if delta.subsec_nanos() % 1_000 != 0 {
            return Err(TOO_FINE);
        }
        delta
            .num_microseconds()
            .map(Self::from_microseconds)
            .ok_or(TOO_LONG)
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<Interval> for chrono::TimeDelta {
    type Error = InexactInterval;

    fn try_from(interval: Interval) -> Result<Self, InexactInterval> {
        fixed(interval).map(chrono::TimeDelta::microseconds)
    }
}

#[cfg(feature = "time")]
impl TryFrom<time::Duration> for Interval {
    type Error = InexactInterval;

    fn try_from(duration: time::Duration) -> Result<Self, InexactInterval> {
        if duration.subsec_nanoseconds() % 1_000 != 0 {
            return Err(TOO_FINE);
        }
        i64::try_from(duration.whole_microseconds())
            .map(Self::from_microseconds)
            .map_err(|_| TOO_LONG)
    }
}

#[cfg(feature = "time")]
impl TryFrom<Interval> for time::Duration {
    type Error = InexactInterval;

    fn try_from(interval: Interval) -> Result<Self, InexactInterval> {
        fixed(interval).map(time::Duration::microseconds)
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<jiff::SignedDuration> for Interval {
    type Error = InexactInterval;

    fn try_from(duration: jiff::SignedDuration) -> Result<Self, InexactInterval> {
        if duration.subsec_nanos() % 1_000 != 0 {
            return Err(TOO_FINE);
        }
        i64::try_from(duration.as_micros())
            .map(Self::from_microseconds)
            .map_err(|_| TOO_LONG)
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<Interval> for jiff::SignedDuration {
    type Error = InexactInterval;

    fn try_from(interval: Interval) -> Result<Self, InexactInterval> {
        fixed(interval).map(jiff::SignedDuration::from_micros)
    }
}

macro_rules! as_interval {
    ($($(#[$feature:meta])? $ty:ty;)*) => {$(
        /// An interval with months or days is an error, since these have no fixed length.
        $(#[$feature])?
        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &INTERVAL;

            fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                let interval = Interval::decode(ty, raw)?;
                interval.try_into().map_err(InexactInterval::in_decoding)
            }
        }

        /// A fraction of a microsecond is an error.
        $(#[$feature])?
        impl Encode for $ty {
            const ACCEPTS: &'static Accepts = &INTERVAL;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                let interval = Interval::try_from(*self);
                interval.map_err(|error| EncodeError::new(error.0))?.encode(ty, out)
            }
        }
    )*};
}

as_interval! {
    Duration;
    #[cfg(feature = "chrono")] chrono::TimeDelta;
    #[cfg(feature = "time")] time::Duration;
    #[cfg(feature = "jiff")] jiff::SignedDuration;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_exact_converts() {
        let second = Interval::from_microseconds(1_000_000);
        assert_eq!(Duration::try_from(second), Ok(Duration::from_secs(1)));
        assert_eq!(Interval::try_from(Duration::from_secs(1)), Ok(second));
        assert_eq!(Interval::try_from(Duration::from_nanos(1)), Err(TOO_FINE));
        assert_eq!(
            Interval::try_from(Duration::from_secs(u64::MAX)),
            Err(TOO_LONG)
        );
        let message = |interval| {
            Duration::try_from(interval)
                .err()
                .map(|error: InexactInterval| error.to_string())
        };
        for (interval, expected) in [
            (
                Interval::from_days(1),
                "the interval has days, which are not always 24 hours",
            ),
            (
                Interval::from_months(1),
                "the interval has months, which differ in length",
            ),
            (Interval::INFINITY, "the interval is infinite"),
            (Interval::from_microseconds(-1), "the interval is negative"),
        ] {
            assert_eq!(message(interval).as_deref(), Some(expected));
        }
    }
}
