//! The binary form of `numeric`, which both of its Rust types read: the number of groups, the weight of the first, the
//! sign (or a code for `NaN` or an infinity), the scale, then the groups.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{Digits, MAX_SCALE, Numeric, Repr};
use crate::codec::take;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

pub(in crate::codec) const POSITIVE: u16 = 0x0000;
pub(in crate::codec) const NEGATIVE: u16 = 0x4000;
pub(in crate::codec) const NAN: u16 = 0xC000;
pub(in crate::codec) const INFINITY: u16 = 0xD000;
pub(in crate::codec) const NEGATIVE_INFINITY: u16 = 0xF000;

pub(in crate::codec) static NUMERIC: Accepts = Accepts::Builtin(&["numeric"]);

/// The header before the groups.
pub(in crate::codec) struct Header {
    pub(in crate::codec) weight: i16,
    pub(in crate::codec) sign: u16,
    pub(in crate::codec) scale: u16,
}

/// Takes the header from `raw`, and checks that its number of groups follows.
pub(in crate::codec) fn header(raw: &mut &[u8]) -> Result<Header, DecodeError> {
    let groups = usize::from(u16::from_be_bytes(take(raw)?));
    let header = Header {
        weight: i16::from_be_bytes(take(raw)?),
        sign: u16::from_be_bytes(take(raw)?),
        scale: u16::from_be_bytes(take(raw)?),
    };
    if raw.len() != groups * 2 {
        return Err(DecodeError::wrong_length(groups * 2 + 8, raw.len() + 8));
    }
    Ok(header)
}

/// The groups, each checked to be below 10,000.
pub(in crate::codec) fn groups(raw: &[u8]) -> impl Iterator<Item = Result<u16, DecodeError>> {
    raw.chunks_exact(2).map(|group| {
        let group = u16::from_be_bytes([group[0], group[1]]);
        match group {
            0..10_000 => Ok(group),
            _ => Err(DecodeError::invalid(
                "the numeric has a digit beyond its base",
            )),
        }
    })
}

/// The error for a sign that is none of the five known ones.
pub(in crate::codec) fn unknown_sign() -> DecodeError {
    DecodeError::invalid("the numeric has an unknown sign")
}

impl<'r> Decode<'r> for Numeric {
    const ACCEPTS: &'static Accepts = &NUMERIC;

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let header = header(&mut raw)?;
        let negative = match header.sign {
            POSITIVE => false,
            NEGATIVE => true,
            NAN => return Ok(Self::NAN),
            INFINITY => return Ok(Self::INFINITY),
            NEGATIVE_INFINITY => return Ok(Self::NEG_INFINITY),
            _ => return Err(unknown_sign()),
        };
        let groups = groups(raw).collect::<Result<Vec<_>, _>>()?;
        let invalid = || DecodeError::invalid("the numeric has digits beyond its scale");
        let digits = Digits::new(negative, i32::from(header.weight), header.scale, groups)
            .ok_or_else(invalid)?;
        if header.scale > MAX_SCALE || digits.needed_scale() > i32::from(digits.scale) {
            return Err(invalid());
        }
        Ok(Self(Repr::Finite(digits)))
    }
}

impl Encode for Numeric {
    const ACCEPTS: &'static Accepts = &NUMERIC;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let special = |sign: u16| [0, 0, sign, 0];
        let header = match &self.0 {
            Repr::NaN => special(NAN),
            Repr::Infinity => special(INFINITY),
            Repr::NegInfinity => special(NEGATIVE_INFINITY),
            // No number has more than 36,864 groups, and the server reads the weight as signed.
            Repr::Finite(digits) => [
                digits.groups.len() as u16,
                digits.weight as u16,
                if digits.negative { NEGATIVE } else { POSITIVE },
                digits.scale,
            ],
        };
        header.into_iter().for_each(|part| out.put_u16(part));
        if let Repr::Finite(digits) = &self.0 {
            digits.groups.iter().for_each(|group| out.put_u16(*group));
        }
        Ok(IsNull::No)
    }
}
