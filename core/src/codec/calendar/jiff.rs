//! The types of `jiff`, whose calendar reaches 9,999 years in both directions. PostgreSQL stores no zone, so a
//! `timestamptz` is a `jiff::Timestamp`; `Zoned::timestamp` returns one.

use jiff::{Timestamp as Instant, civil};

use super::{
    BEYOND, DAY_MICROS, MIDNIGHT, OtherCalendar, by_way_of,
    own::{Date, Time, Timestamp},
    time_of_day,
};

const FAR_DATE: OtherCalendar = OtherCalendar("the date is beyond jiff's range");
const FAR_TIMESTAMP: OtherCalendar = OtherCalendar("the timestamp is beyond jiff's range");

/// From 1970-01-01 to 2000-01-01.
const EPOCH_UNIX_MICROS: i64 = 946_684_800_000_000;

impl TryFrom<Date> for civil::Date {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(date: Date) -> Result<Self, OtherCalendar> {
        date.finite()?;
        let (year, month, day) = date.ymd().ok_or(FAR_DATE)?;
        let year = i16::try_from(year).map_err(|_| FAR_DATE)?;
        // Months and days are small.
        civil::Date::new(year, month as i8, day as i8).map_err(|_| FAR_DATE)
    }
}

impl TryFrom<civil::Date> for Date {
    type Error = OtherCalendar;

    fn try_from(date: civil::Date) -> Result<Self, OtherCalendar> {
        let (month, day) = (date.month() as u8, date.day() as u8);
        Self::from_ymd(date.year().into(), month, day).ok_or(BEYOND)
    }
}

impl TryFrom<Time> for civil::Time {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(time: Time) -> Result<Self, OtherCalendar> {
        let (seconds, fraction) = match time.microseconds() {
            DAY_MICROS => return Err(MIDNIGHT),
            microseconds => (microseconds / 1_000_000, microseconds % 1_000_000),
        };
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        // Within a day, all parts are small.
        civil::Time::new(
            hours as i8,
            minutes as i8,
            (seconds % 60) as i8,
            fraction as i32 * 1_000,
        )
        .map_err(|_| MIDNIGHT)
    }
}

impl TryFrom<civil::Time> for Time {
    type Error = OtherCalendar;

    fn try_from(time: civil::Time) -> Result<Self, OtherCalendar> {
        let (hour, minute, second) = (
            i64::from(time.hour()),
            i64::from(time.minute()),
            i64::from(time.second()),
        );
        let seconds = hour * 3_600 + minute * 60 + second;
        time_of_day(i128::from(seconds) * 1_000_000_000 + i128::from(time.subsec_nanosecond()))
    }
}

impl TryFrom<Timestamp> for civil::DateTime {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OtherCalendar> {
        let microseconds = timestamp.finite()?;
        let days = i32::try_from(microseconds.div_euclid(DAY_MICROS)).map_err(|_| FAR_TIMESTAMP)?;
        let date = civil::Date::try_from(Date::from_days(days)).map_err(|_| FAR_TIMESTAMP)?;
        let time = Time::from_microseconds(microseconds.rem_euclid(DAY_MICROS));
        Ok(date.to_datetime(time.unwrap_or_default().try_into()?))
    }
}

impl TryFrom<civil::DateTime> for Timestamp {
    type Error = OtherCalendar;

    fn try_from(timestamp: civil::DateTime) -> Result<Self, OtherCalendar> {
        let days = Date::try_from(timestamp.date())?.finite()?;
        // At most a whole day, if the time was rounded up.
        let time = Time::try_from(timestamp.time())?.microseconds();
        Ok(Self::from_microseconds(i64::from(days) * DAY_MICROS + time))
    }
}

impl TryFrom<Timestamp> for Instant {
    type Error = OtherCalendar;

    #[inline]
    fn try_from(timestamp: Timestamp) -> Result<Self, OtherCalendar> {
        let unix = timestamp.finite()?.checked_add(EPOCH_UNIX_MICROS);
        Instant::from_microsecond(unix.ok_or(FAR_TIMESTAMP)?).map_err(|_| FAR_TIMESTAMP)
    }
}

impl TryFrom<Instant> for Timestamp {
    type Error = OtherCalendar;

    fn try_from(timestamp: Instant) -> Result<Self, OtherCalendar> {
        // Rounded as the distance to PostgreSQL's epoch, as the server does.
        super::timestamp(timestamp.as_nanosecond() - i128::from(EPOCH_UNIX_MICROS) * 1_000)
    }
}

by_way_of! {
    civil::Date => Date DATE;
    civil::Time => Time TIME;
    civil::DateTime => Timestamp TIMESTAMP;
    Instant => Timestamp TIMESTAMPTZ;
}
