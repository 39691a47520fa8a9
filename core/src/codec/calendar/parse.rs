//! Reads dates, times and timestamps from the text that they are displayed as.

use std::str::FromStr;

use super::{
    DAY_MICROS, civil,
    own::{Date, Time, Timestamp},
};
use crate::{ParseError, TimeTz};

const DATE: ParseError =
    ParseError::new("not a date such as `2024-02-29`, `0044-03-15 BC` or `infinity`");
const TIME: ParseError = ParseError::new("not a time such as `12:30:00.5`");
const TIMESTAMP: ParseError = ParseError::new(
    "not a timestamp such as `2024-02-29 12:30:00.5`, `0044-03-15 12:30:00 BC` or `infinity`",
);
const TIMETZ: ParseError = ParseError::new("not a time with an offset such as `12:30:00.5+05:30`");

/// From the text that it is displayed as.
impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "infinity" => Ok(Self::INFINITY),
            "-infinity" => Ok(Self::NEG_INFINITY),
            _ => days(text)
                .and_then(|days| i32::try_from(days).ok())
                .map(Self::from_days)
                .filter(|date| date.days().is_some())
                .ok_or(DATE),
        }
    }
}

/// From the text that it is displayed as. The seconds can be left out.
impl FromStr for Time {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        microseconds(text)
            .and_then(Self::from_microseconds)
            .ok_or(TIME)
    }
}

/// From the text that it is displayed as, or with a `T` between date and time.
impl FromStr for Timestamp {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let finite = || {
            let (text, era) = match text.strip_suffix(" BC") {
                Some(text) => (text, " BC"),
                None => (text, ""),
            };
            let (date, time) = text.split_once([' ', 'T'])?;
            let days = days(&format!("{date}{era}"))?;
            let time = time.parse::<Time>().ok()?.microseconds();
            let at = i128::from(days) * i128::from(DAY_MICROS) + i128::from(time);
            let at = Self::from_microseconds(i64::try_from(at).ok()?);
            at.microseconds().map(|_| at)
        };
        match text {
            "infinity" => Ok(Self::INFINITY),
            "-infinity" => Ok(Self::NEG_INFINITY),
            _ => finite().ok_or(TIMESTAMP),
        }
    }
}

/// From the text that it is displayed as.
impl FromStr for TimeTz {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let parsed = || {
            let (time, offset) = text.split_at_checked(text.rfind(['+', '-'])?)?;
            let time = time.parse::<Time>().ok()?.microseconds();
            let mut parts = offset[1..].split(':');
            let hours = part(parts.next()?)?;
            let minutes = parts.next().map_or(Some(0), part)?;
            let seconds = parts.next().map_or(Some(0), part)?;
            let is_whole = parts.next().is_none() && minutes < 60 && seconds < 60;
            let offset_seconds = i32::try_from(hours * 3_600 + minutes * 60 + seconds).ok()?;
            let offset = match offset.starts_with('-') {
                true => -offset_seconds,
                false => offset_seconds,
            };
            Self::new(time, offset).filter(|_| is_whole)
        };
        parsed().ok_or(TIMETZ)
    }
}

/// The number of days after 2000-01-01.
fn days(text: &str) -> Option<i64> {
    let (text, is_before) = match text.strip_suffix(" BC") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let mut parts = text.split('-');
    let year = number(parts.next()?)?;
    let (month, day) = (part(parts.next()?)?, part(parts.next()?)?);
    let year = match is_before {
        true => 1 - year,
        false => year,
    };
    // There is no year 0 in either era.
    let is_date = parts.next().is_none() && (year > 0) != is_before;
    let days = civil::to_days(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    days.filter(|_| is_date)
}

/// The number of microseconds after midnight.
fn microseconds(text: &str) -> Option<i64> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = text.split(':');
    let (hours, minutes) = (part(parts.next()?)?, part(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), part)?;
    let is_time = parts.next().is_none() && minutes < 60 && seconds < 60 && fraction.len() <= 6;
    let scale = 10_i64.pow(6_u32.checked_sub(u32::try_from(fraction.len()).ok()?)?);
    let fraction = number(fraction)? * scale;
    let whole = (hours * 60 + minutes) * 60 + seconds;
    is_time.then_some(whole * 1_000_000 + fraction)
}

/// A number of two digits.
fn part(text: &str) -> Option<i64> {
    number(text).filter(|_| text.len() == 2)
}

/// A number of digits only, small enough to be multiplied.
fn number(text: &str) -> Option<i64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i32>().ok().filter(|_| is_number)?;
    Some(number.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_displayed_is_read(days: i32, microseconds: i64, time in 0..=DAY_MICROS, offset in -57_599..=57_599) {
            let date = Date::from_days(days);
            prop_assert_eq!(date.to_string().parse(), Ok(date));
            let timestamp = Timestamp::from_microseconds(microseconds);
            prop_assert_eq!(timestamp.to_string().parse(), Ok(timestamp));
            let timetz = TimeTz::new(time, offset).unwrap();
            prop_assert_eq!(timetz.to_string().parse(), Ok(timetz));
            prop_assert_eq!(timetz.time().to_string().parse(), Ok(timetz.time()));
        }
    }

    #[test]
    fn the_ends_are_read() {
        for date in [
            Date::INFINITY,
            Date::NEG_INFINITY,
            Date::from_days(i32::MIN + 1),
        ] {
            assert_eq!(date.to_string().parse(), Ok(date));
        }
        for microseconds in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX] {
            let timestamp = Timestamp::from_microseconds(microseconds);
            assert_eq!(timestamp.to_string().parse(), Ok(timestamp));
        }
        let iso: Timestamp = "2024-02-29T12:30".parse().unwrap();
        assert_eq!(iso.to_string(), "2024-02-29 12:30:00");
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "2023-02-29",
            "2024-2-29",
            "2024-02-29-1",
            "+2024-02-29",
            "0000-01-01",
            "2024-02-29 AD",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DATE), "{text}");
        }
        for text in [
            "24:00:01",
            "12",
            "12:60:00",
            "12:00:00.1234567",
            "12:00:00.",
            "1:00:00",
            "12:00:00.-1",
        ] {
            assert_eq!(text.parse::<Time>(), Err(TIME), "{text}");
        }
        for text in [
            "2024-02-29",
            "2024-02-29 25:00:00",
            "2024-02-29 12:00:00+00",
            "9999999-01-01 00:00:00",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(TIMESTAMP), "{text}");
        }
        for text in [
            "12:00:00",
            "12:00:00+16",
            "12:00:00+1",
            "12:00:00+01:60",
            "é+01",
        ] {
            assert_eq!(text.parse::<TimeTz>(), Err(TIMETZ), "{text}");
        }
    }
}
