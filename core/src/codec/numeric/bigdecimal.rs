//! `numeric` as `bigdecimal::BigDecimal`, which holds all values except `NaN` and the infinities, and keeps the scale.

use std::{error::Error as StdError, fmt};

use bigdecimal::{
    BigDecimal,
    num_bigint::{BigInt, Sign},
};
use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{Digits, MAX_SCALE, Numeric, Repr, wire::NUMERIC};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// The error of a conversion between `Numeric` and `BigDecimal`: the other type cannot hold the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADecimal(&'static str);

impl fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for NotADecimal {}

/// The most digits that PostgreSQL allows before the point.
const MAX_WHOLE_DIGITS: i64 = 131_072;

const NOT_FINITE: NotADecimal = NotADecimal("the value is not finite");
const TOO_LARGE: NotADecimal = NotADecimal("the number has more digits than PostgreSQL's numeric");

/// `NaN` and the infinities are errors.
impl TryFrom<&Numeric> for BigDecimal {
    type Error = NotADecimal;

    fn try_from(numeric: &Numeric) -> Result<Self, NotADecimal> {
        let Repr::Finite(digits) = &numeric.0 else {
            return Err(NOT_FINITE);
        };
        let pairs = digits.groups.iter();
        // A group is two digits of base 100.
        let pairs: Vec<u8> = pairs
            .flat_map(|group| [(group / 100) as u8, (group % 100) as u8])
            .collect();
        let sign = match digits.negative {
            true => Sign::Minus,
            false => Sign::Plus,
        };
        let whole = BigInt::from_radix_be(sign, &pairs, 100).unwrap_or_default();
        // The number of digits after the point that the groups hold.
        let scale = (digits.groups.len() as i64 - i64::from(digits.weight) - 1) * 4;
        let value = BigDecimal::new(whole, scale);
        Ok(value.with_scale(digits.scale.into()))
    }
}

/// More digits than PostgreSQL allows are an error.
impl TryFrom<&BigDecimal> for Numeric {
    type Error = NotADecimal;

    fn try_from(decimal: &BigDecimal) -> Result<Self, NotADecimal> {
        let (whole, scale) = decimal.as_bigint_and_scale();
        if scale > MAX_SCALE.into() || scale < -MAX_WHOLE_DIGITS && whole.sign() != Sign::NoSign {
            return Err(TOO_LARGE);
        }
        let scale = scale.max(-MAX_WHOLE_DIGITS);
        // Extended to a multiple of four digits after the point.
        let fraction_groups = (scale.max(0) + 3) / 4;
        let padding = u32::try_from(fraction_groups * 4 - scale).map_err(|_| TOO_LARGE)?;
        let (sign, pairs) = (whole.as_ref() * BigInt::from(10).pow(padding)).to_radix_be(100);
        let odd = pairs.len() % 2;
        let first = pairs[..odd].iter().map(|pair| u16::from(*pair));
        let rest = pairs[odd..].chunks_exact(2);
        let rest = rest.map(|pair| u16::from(pair[0]) * 100 + u16::from(pair[1]));
        let groups: Vec<u16> = first.chain(rest).collect();
        let weight = groups.len() as i64 - fraction_groups - 1;
        if weight >= MAX_WHOLE_DIGITS / 4 {
            return Err(TOO_LARGE);
        }
        // Both were compared with their limits.
        let digits = Digits::new(
            sign == Sign::Minus,
            weight as i32,
            scale.max(0) as u16,
            groups,
        );
        digits
            .map(|digits| Self(Repr::Finite(digits)))
            .ok_or(TOO_LARGE)
    }
}

impl<'r> Decode<'r> for BigDecimal {
    const ACCEPTS: &'static Accepts = &NUMERIC;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Self::try_from(&Numeric::decode(ty, raw)?)
            .map_err(|error| DecodeError::out_of_range(error.0).held_by("howdah::Numeric"))
    }
}

impl Encode for BigDecimal {
    const ACCEPTS: &'static Accepts = &NUMERIC;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        Numeric::try_from(self)
            .map_err(|error| EncodeError::new(error.0))?
            .encode(ty, out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_decimal_survives(text in "-?[0-9]{1,60}(\\.[0-9]{1,60})?") {
            let decimal: BigDecimal = text.parse().unwrap();
            let numeric = Numeric::try_from(&decimal).unwrap();
            prop_assert_eq!(&numeric, &text.parse().unwrap());
            prop_assert_eq!(numeric.scale(), text.parse::<Numeric>().unwrap().scale());
            let back = BigDecimal::try_from(&numeric).unwrap();
            prop_assert_eq!(back.as_bigint_and_scale(), decimal.as_bigint_and_scale());
        }
    }

    #[test]
    fn the_limits_are_those_of_postgresql() {
        let largest = BigDecimal::new(9.into(), -131_071);
        let text = Numeric::try_from(&largest).unwrap().to_string();
        assert_eq!(text.len(), 131_072);
        let error = |decimal| Numeric::try_from(&decimal).err();
        assert_eq!(error(BigDecimal::new(1.into(), -131_072)), Some(TOO_LARGE));
        assert_eq!(error(BigDecimal::new(1.into(), 16_384)), Some(TOO_LARGE));
        assert_eq!(
            error(BigDecimal::new(1.into(), i64::MIN + 1)),
            Some(TOO_LARGE)
        );
        assert_eq!(BigDecimal::try_from(&Numeric::NAN), Err(NOT_FINITE));
    }
}
