//! The types of `chrono`, whose calendar reaches from 262,144 BC to the year 262,142. PostgreSQL stores no offset, so a
//! `timestamptz` is read in UTC.

use bytes::BytesMut;
use chrono::{
    DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
};
use postgres_types::{IsNull, Type};

use super::{
    BEYOND, DAY_MICROS, MIDNIGHT, OtherCalendar, TIMESTAMPTZ, by_way_of,
    own::{Date, Time, Timestamp},
    time_of_day,
};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

const FAR_DATE: OtherCalendar = OtherCalendar("the date is beyond chrono's range");
const FAR_TIMESTAMP: OtherCalendar = OtherCalendar("the timestamp is beyond chrono's range");

/// PostgreSQL counts from 2000-01-01.
const EPOCH: NaiveDateTime = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(date) => date.and_time(NaiveTime::MIN),
    None => NaiveDateTime::MIN,
};

impl TryFrom<Date> for NaiveDate {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(date: Date) -> Result<Self, OtherCalendar> {
        EPOCH
            .date()
            .checked_add_signed(TimeDelta::days(date.finite()?.into()))
            .ok_or(FAR_DATE)
    }
}

impl TryFrom<NaiveDate> for Date {
    type Error = OtherCalendar;

    fn try_from(date: NaiveDate) -> Result<Self, OtherCalendar> {
        let days = date.signed_duration_since(EPOCH.date()).num_days();
        i32::try_from(days).map(Self::from_days).map_err(|_| BEYOND)
    }
}

impl TryFrom<Time> for NaiveTime {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(time: Time) -> Result<Self, OtherCalendar> {
        match time.microseconds() {
            DAY_MICROS => Err(MIDNIGHT),
            microseconds => Ok(NaiveTime::MIN + TimeDelta::microseconds(microseconds)),
        }
    }
}

/// A leap second counts as the one after it.
impl TryFrom<NaiveTime> for Time {
    type Error = OtherCalendar;

    fn try_from(time: NaiveTime) -> Result<Self, OtherCalendar> {
        let seconds = i128::from(time.num_seconds_from_midnight());
        let nanoseconds = seconds * 1_000_000_000 + i128::from(time.nanosecond());
        // A leap second at the end of the day is the next day's first.
        time_of_day(nanoseconds)
    }
}

impl TryFrom<Timestamp> for NaiveDateTime {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OtherCalendar> {
        EPOCH
            .checked_add_signed(TimeDelta::microseconds(timestamp.finite()?))
            .ok_or(FAR_TIMESTAMP)
    }
}

impl TryFrom<NaiveDateTime> for Timestamp {
    type Error = OtherCalendar;

    fn try_from(timestamp: NaiveDateTime) -> Result<Self, OtherCalendar> {
        let delta = timestamp.signed_duration_since(EPOCH);
        let nanoseconds =
            i128::from(delta.num_seconds()) * 1_000_000_000 + i128::from(delta.subsec_nanos());
        super::timestamp(nanoseconds)
    }
}

impl TryFrom<Timestamp> for DateTime<Utc> {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OtherCalendar> {
        NaiveDateTime::try_from(timestamp).map(|naive| naive.and_utc())
    }
}

impl<Zone: TimeZone> TryFrom<DateTime<Zone>> for Timestamp {
    type Error = OtherCalendar;

    fn try_from(timestamp: DateTime<Zone>) -> Result<Self, OtherCalendar> {
        timestamp.naive_utc().try_into()
    }
}

by_way_of! {
    NaiveDate => Date DATE;
    NaiveTime => Time TIME;
    NaiveDateTime => Timestamp TIMESTAMP;
}

impl<'r> Decode<'r> for DateTime<Utc> {
    const ACCEPTS: &'static Accepts = &TIMESTAMPTZ;

    #[inline]
    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let own = Timestamp::decode(ty, raw)?;
        own.try_into()
            .map_err(|error: OtherCalendar| error.held_by("howdah::Timestamp"))
    }
}

/// PostgreSQL stores no offset, so values are read in UTC.
impl<'r> Decode<'r> for DateTime<FixedOffset> {
    const ACCEPTS: &'static Accepts = &TIMESTAMPTZ;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        DateTime::<Utc>::decode(ty, raw).map(|utc| utc.fixed_offset())
    }
}

impl<Zone: TimeZone<Offset: Send + Sync> + Send + Sync> Encode for DateTime<Zone> {
    const ACCEPTS: &'static Accepts = &TIMESTAMPTZ;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        Timestamp::try_from(self.naive_utc())?.encode(ty, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &impl Encode) -> Vec<u8> {
        let mut out = BytesMut::new();
        value.encode(&Type::UNKNOWN, &mut out).unwrap();
        out.to_vec()
    }

    #[test]
    fn nanoseconds_are_rounded_as_the_server_rounds_literals() {
        let before = EPOCH - TimeDelta::nanoseconds(1_600);
        assert_eq!(sent(&before), (-2_i64).to_be_bytes());
        assert_eq!(
            sent(&(EPOCH + TimeDelta::nanoseconds(1_499))),
            1_i64.to_be_bytes()
        );
        assert_eq!(
            sent(&(NaiveTime::MIN + TimeDelta::nanoseconds(1_500))),
            2_i64.to_be_bytes()
        );
    }

    #[test]
    fn infinity_and_far_dates_are_errors() {
        let message = |raw: &[u8]| {
            NaiveDateTime::decode(&Type::TIMESTAMP, raw)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(message(&i64::MAX.to_be_bytes()), "the value is infinity");
        assert_eq!(message(&i64::MIN.to_be_bytes()), "the value is -infinity");
        assert_eq!(
            NaiveDate::decode(&Type::DATE, &(i32::MAX - 1).to_be_bytes())
                .unwrap_err()
                .to_string(),
            "the date is beyond chrono's range"
        );
        assert_eq!(
            NaiveTime::decode(&Type::TIME, &DAY_MICROS.to_be_bytes())
                .unwrap_err()
                .to_string(),
            "the time is 24:00:00"
        );
    }
}
