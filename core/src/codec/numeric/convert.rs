//! `Numeric` from and to Rust's integers and `Decimal`, without loss in either direction.

use super::{Digits, Numeric, Repr};

/// The whole number with this absolute value.
fn whole(negative: bool, mut rest: u128) -> Numeric {
    let mut groups = Vec::new();
    while rest > 0 {
        // A remainder of a division by 10,000 fits.
        groups.push((rest % 10_000) as u16);
        rest /= 10_000;
    }
    groups.reverse();
    let weight = groups.len() as i32 - 1;
    // At most ten groups.
    Numeric(Repr::Finite(
        Digits::new(negative, weight, 0, groups).unwrap_or_default(),
    ))
}

macro_rules! integers {
    ($($ty:ty: $value:ident => $negative:expr, $abs:expr;)*) => {$(
        impl From<$ty> for Numeric {
            fn from($value: $ty) -> Self {
                whole($negative, $abs.into())
            }
        }

        /// A fraction, `NaN`, an infinity or a number out of range is an error.
        impl TryFrom<Numeric> for $ty {
            type Error = NotAnInteger;

            fn try_from(numeric: Numeric) -> Result<Self, NotAnInteger> {
                numeric.to_i128().and_then(|value| value.try_into().ok()).ok_or(NotAnInteger(()))
            }
        }
    )*};
}

integers! {
    i32: value => value < 0, value.unsigned_abs();
    i64: value => value < 0, value.unsigned_abs();
    u32: value => false, value;
    u64: value => false, value;
}

impl From<i128> for Numeric {
    fn from(value: i128) -> Self {
        whole(value < 0, value.unsigned_abs())
    }
}

/// The error of a conversion: the `Numeric` has a fraction, is not finite, or is out of the integer's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnInteger(());

impl std::fmt::Display for NotAnInteger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the number is not an integer of this range")
    }
}

impl std::error::Error for NotAnInteger {}

impl Numeric {
    /// The value, if it is a whole number in this range.
    fn to_i128(&self) -> Option<i128> {
        let Repr::Finite(digits) = &self.0 else {
            return None;
        };
        if digits.needed_scale() > 0 {
            return None;
        }
        if digits.groups.is_empty() {
            return Some(0);
        }
        let zeros =
            u32::try_from(i32::from(digits.weight) + 1 - digits.groups.len() as i32).ok()?;
        let value = digits.groups.iter().try_fold(0_i128, |value, group| {
            value.checked_mul(10_000)?.checked_add(i128::from(*group))
        })?;
        let value = value.checked_mul(10_000_i128.checked_pow(zeros)?)?;
        Some(if digits.negative { -value } else { value })
    }
}

#[cfg(feature = "decimal")]
mod decimal {
    use bytes::BytesMut;
    use postgres_types::Type;
    use rust_decimal::Decimal;

    use super::super::Numeric;
    use crate::{Decode, DecodeError, Encode};

    // Both have the same binary form, and the same code reads and writes it.

    impl From<Decimal> for Numeric {
        fn from(decimal: Decimal) -> Self {
            let mut bytes = BytesMut::new();
            // Every decimal can be encoded, and the bytes are a valid numeric.
            match decimal.encode(&Type::NUMERIC, &mut bytes) {
                Ok(_) => Self::decode(&Type::NUMERIC, &bytes).unwrap_or_default(),
                Err(_) => Self::default(),
            }
        }
    }

    /// `NaN`, infinities, and numbers of more than 96 bits or 28 fractional digits are errors.
    impl TryFrom<&Numeric> for Decimal {
        type Error = DecodeError;

        fn try_from(numeric: &Numeric) -> Result<Self, DecodeError> {
            let mut bytes = BytesMut::new();
            match numeric.encode(&Type::NUMERIC, &mut bytes) {
                Ok(_) => Self::decode(&Type::NUMERIC, &bytes),
                Err(error) => {
                    Err(DecodeError::invalid("the number cannot be written").caused_by(error))
                }
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn decimals_convert_without_loss() {
            for text in [
                "0",
                "-12.50",
                "79228162514264337593543950335",
                "0.0000000000000000000000000001",
            ] {
                let decimal: Decimal = text.parse().unwrap();
                let numeric = Numeric::from(decimal);
                assert_eq!(numeric.to_string(), text);
                assert_eq!(Decimal::try_from(&numeric).unwrap(), decimal);
            }
            assert!(Decimal::try_from(&Numeric::NAN).is_err());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_convert_without_loss() {
        for value in [0, 1, -1, 9_999, 10_000, -100_000_000, i64::MAX, i64::MIN] {
            let numeric = Numeric::from(value);
            assert_eq!(numeric.to_string(), value.to_string());
            assert_eq!(i64::try_from(numeric), Ok(value));
        }
        assert_eq!(Numeric::from(i128::MIN).to_string(), i128::MIN.to_string());
        for text in ["0.5", "NaN", "9223372036854775808", "1e131000"] {
            assert_eq!(
                i64::try_from(text.parse::<Numeric>().unwrap()),
                Err(NotAnInteger(())),
                "{text}"
            );
        }
    }
}
