//! `interval` from and to `jiff::Span`, which also keeps months and days apart. A span has one sign for all of its
//! units, and a maximum for each unit.

use bytes::BytesMut;
use jiff::Span;
use postgres_types::{IsNull, Type};

use super::{INTERVAL, InexactInterval, Interval};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

const TOO_FINE: InexactInterval = InexactInterval("the span is finer than a microsecond");
const TOO_LONG: InexactInterval = InexactInterval("the span is beyond PostgreSQL's range");
const MIXED: InexactInterval = InexactInterval("the interval has parts of both signs");
const FAR: InexactInterval = InexactInterval("the interval is beyond jiff's range");
const INFINITE: InexactInterval = InexactInterval("the interval is infinite");

/// Years become twelve months, weeks seven days, and all units below a day microseconds.
impl TryFrom<Span> for Interval {
    type Error = InexactInterval;

    fn try_from(span: Span) -> Result<Self, InexactInterval> {
        let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
        let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
        let seconds = i128::from(span.get_hours()) * 3_600
            + i128::from(span.get_minutes()) * 60
            + i128::from(span.get_seconds());
        let nanoseconds = seconds * 1_000_000_000
            + i128::from(span.get_milliseconds()) * 1_000_000
            + i128::from(span.get_microseconds()) * 1_000
            + i128::from(span.get_nanoseconds());
        if nanoseconds % 1_000 != 0 {
            return Err(TOO_FINE);
        }
        Ok(Self {
            months: months.try_into().map_err(|_| TOO_LONG)?,
            days: days.try_into().map_err(|_| TOO_LONG)?,
            microseconds: (nanoseconds / 1_000).try_into().map_err(|_| TOO_LONG)?,
        })
    }
}

impl TryFrom<Interval> for Span {
    type Error = InexactInterval;

    fn try_from(interval: Interval) -> Result<Self, InexactInterval> {
        if !interval.is_finite() {
            return Err(INFINITE);
        }
        let Interval {
            months,
            days,
            microseconds,
        } = interval;
        let signs = [months.into(), days.into(), microseconds].map(i64::signum);
        if signs.contains(&1) && signs.contains(&-1) {
            return Err(MIXED);
        }
        Span::new()
            .try_months(months)
            .and_then(|span| span.try_days(days))
            .and_then(|span| span.try_microseconds(microseconds))
            .map_err(|_| FAR)
    }
}

impl<'r> Decode<'r> for Span {
    const ACCEPTS: &'static Accepts = &INTERVAL;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let interval = Interval::decode(ty, raw)?;
        interval.try_into().map_err(InexactInterval::in_decoding)
    }
}

impl Encode for Span {
    const ACCEPTS: &'static Accepts = &INTERVAL;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        Interval::try_from(*self)
            .map_err(|error| EncodeError::new(error.0))?
            .encode(ty, out)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn spans_are_intervals_where_nothing_is_lost() {
        let interval = Interval {
            months: -14,
            days: -10,
            microseconds: -3_600_000_001,
        };
        let span = (-1).year().months(-2).weeks(-1).days(-3).hours(-1);
        let span = span.microseconds(-1);
        assert_eq!(Interval::try_from(span), Ok(interval));
        let back = Span::try_from(interval).unwrap();
        assert_eq!(Interval::try_from(back), Ok(interval));
        assert_eq!(Interval::try_from(1.nanosecond()), Err(TOO_FINE));
        let mixed = Interval {
            months: 1,
            ..interval
        };
        assert_eq!(Span::try_from(mixed).map(|_| ()), Err(MIXED));
        let far = Interval::from_months(i32::MAX);
        assert_eq!(Span::try_from(far).map(|_| ()), Err(FAR));
    }
}
