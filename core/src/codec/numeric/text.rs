//! `numeric` as text, digit for digit as PostgreSQL prints it, and from what PostgreSQL reads: a point, an
//! exponent, `NaN`, `Infinity`.

use std::{fmt, str::FromStr};

use super::{Digits, MAX_SCALE, Numeric, Repr};
use crate::ParseError;

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::NegInfinity => f.write_str("-Infinity"),
            Repr::Infinity => f.write_str("Infinity"),
            Repr::NaN => f.write_str("NaN"),
            Repr::Finite(digits) => f.write_str(&digits.text()),
        }
    }
}

impl Digits {
    fn text(&self) -> String {
        let mut text = String::from(if self.negative { "-" } else { "" });
        let group = |power: i32| {
            // A group before the first or after the last is 0.
            usize::try_from(i32::from(self.weight) - power)
                .ok()
                .and_then(|index| self.groups.get(index))
                .copied()
                .unwrap_or(0)
        };
        let weight = i32::from(self.weight).max(0);
        text.push_str(&group(weight).to_string());
        for power in (0..weight).rev() {
            text.push_str(&format!("{:04}", group(power)));
        }
        let scale = usize::from(self.scale);
        if scale > 0 {
            text.push('.');
            let end = text.len() + scale;
            let mut power = -1;
            while text.len() < end {
                text.push_str(&format!("{:04}", group(power)));
                power -= 1;
            }
            text.truncate(end);
        }
        text
    }
}

const MALFORMED: ParseError = ParseError::new("the text is not a number");
const TOO_LARGE: ParseError = ParseError::new("the number is beyond PostgreSQL's range");

/// A number with a larger exponent is out of range whatever its digits are.
const MAX_EXPONENT: i32 = 200_000;

impl FromStr for Numeric {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let (negative, number) = match text.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        match number.to_ascii_lowercase().as_str() {
            "nan" if number.len() == text.len() => return Ok(Self::NAN),
            "infinity" | "inf" if negative => return Ok(Self::NEG_INFINITY),
            "infinity" | "inf" => return Ok(Self::INFINITY),
            _ => {}
        }
        let (mantissa, exponent) = match number.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (number, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return Err(MALFORMED);
        }
        let length = |text: &str| i32::try_from(text.len()).map_err(|_| TOO_LARGE);
        let scale = (length(fraction)? - exponent).max(0);
        let scale = u16::try_from(scale).map_err(|_| TOO_LARGE)?;
        if scale > MAX_SCALE {
            return Err(TOO_LARGE);
        }
        // The position of the point in `digits`, which can be before or after all of them.
        let point = length(whole)?.checked_add(exponent).ok_or(TOO_LARGE)?;
        let (weight, groups) = groups(&digits, point);
        Digits::new(negative, weight, scale, groups)
            .map(|digits| Self(Repr::Finite(digits)))
            .ok_or(TOO_LARGE)
    }
}

fn parse_exponent(text: &str) -> Result<i32, ParseError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MALFORMED);
    }
    text.parse()
        .ok()
        .filter(|exponent: &i32| exponent.abs() <= MAX_EXPONENT)
        .ok_or(TOO_LARGE)
}

/// Splits decimal digits into groups of four on either side of the point. Returns the weight of the first group, too.
fn groups(digits: &[u8], point: i32) -> (i32, Vec<u16>) {
    let weight = (point + 3).div_euclid(4) - 1;
    // The number of zeros in the first group before the first digit.
    let padding = ((weight + 1) * 4 - point) as usize;
    let padded = std::iter::repeat_n(&b'0', padding).chain(digits);
    let mut groups = Vec::with_capacity((padding + digits.len()).div_ceil(4));
    for (i, digit) in padded.enumerate() {
        let value = u16::from(digit - b'0') * [1_000, 100, 10, 1][i % 4];
        match groups.last_mut() {
            Some(group) if i % 4 != 0 => *group += value,
            _ => groups.push(value),
        }
    }
    (weight, groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, ParseError> {
        text.parse::<Numeric>().map(|numeric| numeric.to_string())
    }

    #[test]
    fn debug_output_is_what_people_read() {
        let values: [Numeric; 2] = ["-12.50", "NaN"].map(|text| text.parse().unwrap());
        assert_eq!(format!("{values:?}"), "[Numeric(-12.50), Numeric(NaN)]");
        let date = crate::Date::from_ymd(2024, 2, 29);
        assert_eq!(format!("{date:?}"), "Some(Date(2024-02-29))");
        let address = crate::MacAddr([8, 0, 43, 1, 2, 3]);
        assert_eq!(format!("{address:?}"), "MacAddr(08:00:2b:01:02:03)");
    }

    #[test]
    fn digits_and_scale_are_kept() {
        for text in [
            "0",
            "0.000",
            "-12.50",
            "10000",
            "0.00000001",
            "123456789012345678901234567890.10",
            "NaN",
            "-Infinity",
        ] {
            assert_eq!(shown(text).as_deref(), Ok(text));
        }
        assert_eq!(shown("+1.5e3").as_deref(), Ok("1500"));
        assert_eq!(shown("1.5E-3").as_deref(), Ok("0.0015"));
        assert_eq!(shown(".5").as_deref(), Ok("0.5"));
        assert_eq!(shown("-0.0").as_deref(), Ok("0.0"));
        assert_eq!(shown("1e131071").map(|text| text.len()), Ok(131_072));
    }

    #[test]
    fn other_texts_are_errors() {
        for text in [
            "", ".", "-", "1e", "1e+", "1 ", "0x1", "--1", "1.2.3", "-NaN",
        ] {
            assert_eq!(shown(text), Err(MALFORMED), "{text}");
        }
        for text in ["1e200000", "1e-16384", "1e131072", "1e99999999999"] {
            assert_eq!(shown(text), Err(TOO_LARGE), "{text}");
        }
    }

    #[test]
    fn values_compare_as_in_postgresql() {
        let ascending = [
            "-Infinity",
            "-10000",
            "-9999.5",
            "-0.1",
            "0",
            "0.00001",
            "0.1",
            "0.10001",
            "9",
            "10000",
            "10000.5",
            "Infinity",
            "NaN",
        ];
        let numbers = ascending.map(|text| text.parse::<Numeric>().unwrap());
        assert!(numbers.is_sorted_by(|a, b| a < b));
        assert_eq!("1.0".parse::<Numeric>(), "1.00".parse());
    }
}
