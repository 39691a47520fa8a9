//! `numeric` as `rust_decimal::Decimal`, without loss: a value that does not fit is an error. The scale stays as
//! PostgreSQL shows it, or is reduced by trailing zeros if the value does not fit otherwise. Format:
//! `src/backend/utils/adt/numeric.c`, `numeric_send`; digits are in base 10,000.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};
use rust_decimal::Decimal;

use super::numeric::wire::{
    INFINITY, NAN, NEGATIVE, NEGATIVE_INFINITY, NUMERIC, POSITIVE, groups, header, unknown_sign,
};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// Decimal holds 96 bits and at most 28 fractional digits.
const MAX_MANTISSA: u128 = (1 << 96) - 1;
const MAX_SCALE: i32 = 28;

impl<'r> Decode<'r> for Decimal {
    const ACCEPTS: &'static Accepts = &NUMERIC;

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let header = header(&mut raw)?;
        match header.sign {
            POSITIVE | NEGATIVE => {}
            NAN => return Err(beyond("the value is NaN")),
            INFINITY => return Err(beyond("the value is infinity")),
            NEGATIVE_INFINITY => return Err(beyond("the value is -infinity")),
            _ => return Err(unknown_sign()),
        }
        let mantissa = mantissa(raw)?;
        // The value is mantissa × 10^exponent, and is to be shown with `scale` fractional digits.
        let exponent = (i32::from(header.weight) + 1 - raw.len() as i32 / 2) * 4;
        let (mantissa, scale) = rescale(mantissa, exponent, i32::from(header.scale))?;
        // Rescaling made sure that the mantissa has 96 bits and the scale is small.
        let mut value = Decimal::try_from_i128_with_scale(mantissa as i128, scale as u32)
            .map_err(|_| too_large())?;
        value.set_sign_negative(header.sign == NEGATIVE && mantissa != 0);
        Ok(value)
    }
}

#[cold]
fn beyond(message: &'static str) -> DecodeError {
    DecodeError::out_of_range(message).held_by("howdah::Numeric")
}

fn too_large() -> DecodeError {
    beyond("the value needs more than 96 bits")
}

fn mantissa(raw: &[u8]) -> Result<u128, DecodeError> {
    groups(raw).try_fold(0_u128, |mantissa, group| {
        let mantissa = mantissa.checked_mul(10_000).ok_or_else(too_large)?;
        mantissa
            .checked_add(u128::from(group?))
            .ok_or_else(too_large)
    })
}

/// `mantissa × 10^exponent` as a 96-bit mantissa and a scale: the wanted one, or the largest smaller one that drops
/// only trailing zeros.
fn rescale(mut mantissa: u128, exponent: i32, wanted: i32) -> Result<(u128, i32), DecodeError> {
    if mantissa == 0 {
        return Ok((0, wanted.min(MAX_SCALE)));
    }
    let mut scale = -exponent;
    while scale > wanted.min(MAX_SCALE) || mantissa > MAX_MANTISSA {
        if !mantissa.is_multiple_of(10) {
            return Err(match scale > MAX_SCALE {
                true => beyond("the value has more than 28 fractional digits"),
                false => too_large(),
            });
        }
        mantissa /= 10;
        scale -= 1;
    }
    while scale < wanted.min(MAX_SCALE) && mantissa <= MAX_MANTISSA / 10 {
        mantissa *= 10;
        scale += 1;
    }
    match scale {
        0.. => Ok((mantissa, scale)),
        _ => Err(too_large()),
    }
}

impl Encode for Decimal {
    const ACCEPTS: &'static Accepts = <Decimal as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let scale = self.scale() as u16;
        // There are groups of four digits on either side of the point.
        let fraction_groups = scale.div_ceil(4);
        let padding = u32::from(fraction_groups * 4 - scale);
        let mut rest = self.mantissa().unsigned_abs() * 10_u128.pow(padding);
        let mut groups = [0_u16; 10];
        let mut count = 0;
        while rest > 0 {
            // A remainder of a division by 10,000 fits; 96 bits and three more digits are at most nine groups.
            groups[count] = (rest % 10_000) as u16;
            rest /= 10_000;
            count += 1;
        }
        let skipped = groups[..count]
            .iter()
            .take_while(|group| **group == 0)
            .count();
        out.put_u16((count - skipped) as u16);
        out.put_i16(count as i16 - fraction_groups as i16 - 1);
        out.put_u16(if self.is_sign_negative() && count > 0 {
            NEGATIVE
        } else {
            POSITIVE
        });
        out.put_u16(scale);
        for group in groups[skipped..count].iter().rev() {
            out.put_u16(*group);
        }
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numeric(weight: i16, sign: u16, scale: u16, digits: &[u16]) -> Result<String, String> {
        let mut raw = BytesMut::new();
        raw.put_u16(digits.len() as u16);
        raw.put_i16(weight);
        raw.put_u16(sign);
        raw.put_u16(scale);
        digits.iter().for_each(|digit| raw.put_u16(*digit));
        Decimal::decode(&Type::NUMERIC, &raw)
            .map(|d| d.to_string())
            .map_err(|e| e.to_string())
    }

    #[test]
    fn the_scale_is_kept() {
        assert_eq!(numeric(0, POSITIVE, 2, &[12, 5000]).as_deref(), Ok("12.50"));
        assert_eq!(numeric(0, NEGATIVE, 0, &[7]).as_deref(), Ok("-7"));
        assert_eq!(numeric(0, POSITIVE, 3, &[]).as_deref(), Ok("0.000"));
        assert_eq!(numeric(-2, POSITIVE, 8, &[1]).as_deref(), Ok("0.00000001"));
        assert_eq!(numeric(1, POSITIVE, 0, &[1]).as_deref(), Ok("10000"));
    }

    #[test]
    fn what_a_decimal_cannot_hold_is_an_error() {
        assert_eq!(numeric(0, NAN, 0, &[]), Err("the value is NaN".into()));
        assert_eq!(
            numeric(0, INFINITY, 0, &[]),
            Err("the value is infinity".into())
        );
        assert_eq!(
            numeric(7, POSITIVE, 0, &[8]),
            Err("the value needs more than 96 bits".into())
        );
        assert_eq!(
            numeric(-8, POSITIVE, 32, &[1]),
            Err("the value has more than 28 fractional digits".into())
        );
    }

    #[test]
    fn trailing_zeros_alone_do_not_stand_in_the_way() {
        assert_eq!(
            numeric(0, POSITIVE, 40, &[1]).as_deref(),
            Ok("1.0000000000000000000000000000")
        );
    }

    proptest! {
        #[test]
        fn every_decimal_survives(mantissa in -(MAX_MANTISSA as i128)..=MAX_MANTISSA as i128, scale in 0..=28_u32) {
            let value = Decimal::from_i128_with_scale(mantissa, scale);
            let mut raw = BytesMut::new();
            value.encode(&Type::NUMERIC, &mut raw).unwrap();
            let back = Decimal::decode(&Type::NUMERIC, &raw).unwrap();
            prop_assert_eq!(back.to_string(), value.to_string());
        }
    }
}
