//! The types of the crate `time`, whose calendar reaches 9,999 years in both directions unless its feature
//! `large-dates` is on. PostgreSQL stores no offset, so a `timestamptz` is read in UTC.

use time::{Date as CivilDate, OffsetDateTime, PrimitiveDateTime, Time as CivilTime, UtcDateTime};

use super::{
    DAY_MICROS, MIDNIGHT, OtherCalendar, by_way_of,
    own::{Date, Time, Timestamp},
    time_of_day,
};

const FAR_DATE: OtherCalendar = OtherCalendar("the date is beyond the range of the crate `time`");
const FAR_TIMESTAMP: OtherCalendar =
    OtherCalendar("the timestamp is beyond the range of the crate `time`");

/// The Julian day of 2000-01-01.
const EPOCH_JULIAN: i32 = 2_451_545;
/// From 1970-01-01 to 2000-01-01.
const EPOCH_UNIX_NANOS: i128 = 946_684_800_000_000_000;

impl TryFrom<Date> for CivilDate {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(date: Date) -> Result<Self, OtherCalendar> {
        let julian = date.finite()?.checked_add(EPOCH_JULIAN).ok_or(FAR_DATE)?;
        CivilDate::from_julian_day(julian).map_err(|_| FAR_DATE)
    }
}

impl TryFrom<CivilDate> for Date {
    type Error = OtherCalendar;

    fn try_from(date: CivilDate) -> Result<Self, OtherCalendar> {
        Ok(Self::from_days(date.to_julian_day() - EPOCH_JULIAN))
    }
}

impl TryFrom<Time> for CivilTime {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(time: Time) -> Result<Self, OtherCalendar> {
        if time.microseconds() == DAY_MICROS {
            return Err(MIDNIGHT);
        }
        let midnight = CivilTime::MIDNIGHT;
        Ok(midnight + time::Duration::microseconds(time.microseconds()))
    }
}

impl TryFrom<CivilTime> for Time {
    type Error = OtherCalendar;

    fn try_from(time: CivilTime) -> Result<Self, OtherCalendar> {
        time_of_day((time - CivilTime::MIDNIGHT).whole_nanoseconds())
    }
}

impl TryFrom<Timestamp> for UtcDateTime {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OtherCalendar> {
        let nanoseconds = i128::from(timestamp.finite()?) * 1_000 + EPOCH_UNIX_NANOS;
        UtcDateTime::from_unix_timestamp_nanos(nanoseconds).map_err(|_| FAR_TIMESTAMP)
    }
}

impl TryFrom<UtcDateTime> for Timestamp {
    type Error = OtherCalendar;

    fn try_from(timestamp: UtcDateTime) -> Result<Self, OtherCalendar> {
        super::timestamp(timestamp.unix_timestamp_nanos() - EPOCH_UNIX_NANOS)
    }
}

impl TryFrom<Timestamp> for PrimitiveDateTime {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OtherCalendar> {
        let utc = UtcDateTime::try_from(timestamp)?;
        Ok(Self::new(utc.date(), utc.time()))
    }
}

impl TryFrom<PrimitiveDateTime> for Timestamp {
    type Error = OtherCalendar;

    fn try_from(timestamp: PrimitiveDateTime) -> Result<Self, OtherCalendar> {
        timestamp.as_utc().try_into()
    }
}

impl TryFrom<Timestamp> for OffsetDateTime {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OtherCalendar> {
        UtcDateTime::try_from(timestamp).map(Self::from)
    }
}

impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = OtherCalendar;

    fn try_from(timestamp: OffsetDateTime) -> Result<Self, OtherCalendar> {
        super::timestamp(timestamp.unix_timestamp_nanos() - EPOCH_UNIX_NANOS)
    }
}

by_way_of! {
    CivilDate => Date DATE;
    CivilTime => Time TIME;
    PrimitiveDateTime => Timestamp TIMESTAMP;
    OffsetDateTime => Timestamp TIMESTAMPTZ;
    UtcDateTime => Timestamp TIMESTAMPTZ;
}
