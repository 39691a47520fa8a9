//! `interval` as ISO 8601 text, digit for digit as PostgreSQL prints it. It reads what it writes, and also weeks. Only
//! seconds can have a fraction, because a fraction of a day or a month has no fixed length.

use std::{fmt, str::FromStr};

use super::Interval;
use crate::ParseError;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// As ISO 8601, such as `P1Y2M3DT4H5M6.5S`, or `infinity` or `-infinity`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::INFINITY => return f.write_str("infinity"),
            Self::NEG_INFINITY => return f.write_str("-infinity"),
            _ if *self == Self::default() => return f.write_str("PT0S"),
            _ => {}
        }
        f.write_str("P")?;
        let micros = self.microseconds;
        let date = [
            (i64::from(self.months / 12), 'Y'),
            (i64::from(self.months % 12), 'M'),
            (i64::from(self.days), 'D'),
        ];
        let time = [(micros / HOUR, 'H'), (micros % HOUR / MINUTE, 'M')];
        for (number, unit) in date {
            part(f, number, unit)?;
        }
        if micros == 0 {
            return Ok(());
        }
        f.write_str("T")?;
        for (number, unit) in time {
            part(f, number, unit)?;
        }
        let seconds = micros % MINUTE;
        if seconds == 0 {
            return Ok(());
        }
        let sign = if seconds < 0 { "-" } else { "" };
        let seconds = seconds.abs();
        write!(f, "{sign}{}", seconds / SECOND)?;
        if seconds % SECOND != 0 {
            let fraction = format!("{:06}", seconds % SECOND);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str("S")
    }
}

fn part(f: &mut fmt::Formatter<'_>, number: i64, unit: char) -> fmt::Result {
    match number {
        0 => Ok(()),
        _ => write!(f, "{number}{unit}"),
    }
}

const MALFORMED: ParseError = ParseError::new("the interval is not of the form P1Y2M3DT4H5M6S");
const TOO_LARGE: ParseError = ParseError::new("the interval is beyond PostgreSQL's range");

impl FromStr for Interval {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "infinity" => return Ok(Self::INFINITY),
            "-infinity" => return Ok(Self::NEG_INFINITY),
            _ => {}
        }
        let rest = text.strip_prefix('P').ok_or(MALFORMED)?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return Err(MALFORMED),
            Some((date, time)) => (date, time),
            None if rest.is_empty() => return Err(MALFORMED),
            None => (rest, ""),
        };
        let (mut months, mut days, mut micros) = (0_i64, 0_i64, 0_i64);
        for part in parts(date) {
            let (number, unit) = part?;
            let (sum, size) = match unit {
                'Y' => (&mut months, 12),
                'M' => (&mut months, 1),
                'W' => (&mut days, 7),
                'D' => (&mut days, 1),
                _ => return Err(MALFORMED),
            };
            add(sum, whole(number)?, size)?;
        }
        for part in parts(time) {
            match part? {
                (number, 'H') => add(&mut micros, whole(number)?, HOUR)?,
                (number, 'M') => add(&mut micros, whole(number)?, MINUTE)?,
                (number, 'S') => add(&mut micros, seconds(number)?, 1)?,
                _ => return Err(MALFORMED),
            }
        }
        Ok(Self {
            months: i32::try_from(months).map_err(|_| TOO_LARGE)?,
            days: i32::try_from(days).map_err(|_| TOO_LARGE)?,
            microseconds: micros,
        })
    }
}

/// The numbers, each with the letter after it.
fn parts(mut text: &str) -> impl Iterator<Item = Result<(&str, char), ParseError>> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let Some(end) = text.find(|c: char| c.is_ascii_uppercase()) else {
            text = "";
            return Some(Err(MALFORMED));
        };
        let unit = text.as_bytes()[end] as char;
        let number = &text[..end];
        text = &text[end + 1..];
        Some(Ok((number, unit)))
    })
}

fn add(sum: &mut i64, number: i64, size: i64) -> Result<(), ParseError> {
    *sum = number
        .checked_mul(size)
        .and_then(|value| sum.checked_add(value))
        .ok_or(TOO_LARGE)?;
    Ok(())
}

fn whole(number: &str) -> Result<i64, ParseError> {
    let digits = number.strip_prefix('-').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MALFORMED);
    }
    number.parse().map_err(|_| TOO_LARGE)
}

/// Seconds with at most six fractional digits, in microseconds.
fn seconds(number: &str) -> Result<i64, ParseError> {
    let Some((whole_part, fraction)) = number.split_once('.') else {
        return whole(number)?.checked_mul(SECOND).ok_or(TOO_LARGE);
    };
    let valid = 1..=6;
    if !valid.contains(&fraction.len()) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MALFORMED);
    }
    // Parsed as one number, so that the sign applies to both parts and the smallest value parses as well.
    whole(&format!("{whole_part}{fraction:0<6}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_as_postgresql_prints_it() {
        let text = |months, days, microseconds| {
            let interval = Interval {
                months,
                days,
                microseconds,
            };
            interval.to_string()
        };
        assert_eq!(text(0, 0, 0), "PT0S");
        assert_eq!(text(-13, 1, -1), "P-1Y-1M1DT-0.000001S");
        assert_eq!(text(0, 0, 3 * HOUR + SECOND / 2), "PT3H0.5S");
    }

    #[test]
    fn other_texts_are_errors() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "P1.5D",
            "PT1.0000001S",
            "P--1D",
            "P1H",
            "PTé",
            "Pé1D",
        ] {
            assert_eq!(text.parse::<Interval>(), Err(MALFORMED), "{text}");
        }
        assert_eq!("P2147483648D".parse::<Interval>(), Err(TOO_LARGE));
        assert_eq!("P2W".parse(), Ok(Interval::from_days(14)));
    }

    proptest! {
        #[test]
        fn text_loses_nothing(months: i32, days: i32, microseconds: i64) {
            let interval = Interval { months, days, microseconds };
            prop_assert_eq!(interval.to_string().parse(), Ok(interval));
        }
    }
}
