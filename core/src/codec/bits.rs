//! `bit` and `varbit`: strings of bits. Format: `src/backend/utils/adt/varbit.c`, `varbit_send`.

use std::{fmt, str::FromStr};

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::take;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, ParseError};

/// A string of bits: `bit(n)` or `varbit`. The first bit is the leftmost one when PostgreSQL prints it.
///
/// ```
/// use howdah::BitString;
///
/// let bits: BitString = [true, false, true].into_iter().collect();
/// assert_eq!(bits.to_string(), "101");
/// assert_eq!(bits.get(1), Some(false));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BitString {
    len: usize,
    /// Eight bits each, the first is the highest. Unused bits of the last byte are 0.
    bytes: Vec<u8>,
}

impl BitString {
    /// The number of bits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit at `index`, counted from 0 on the left. `None` if there are not as many.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<bool> {
        let byte = self.bytes.get(index / 8)?;
        (index < self.len).then_some(byte & (0x80 >> (index % 8)) != 0)
    }

    /// The bits from left to right.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.len).map_while(|index| self.get(index))
    }

    /// The bits as bytes, eight bits in each, from the highest bit down. Unused bits of the last byte are 0.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(byte) = self.bytes.last_mut() {
            *byte |= u8::from(bit) << (7 - self.len % 8);
        }
        self.len += 1;
    }
}

impl FromIterator<bool> for BitString {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut string = Self::default();
        bits.into_iter().for_each(|bit| string.push(bit));
        string
    }
}

/// As PostgreSQL prints it, such as `101`.
impl fmt::Display for BitString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits: String = self.iter().map(|bit| if bit { '1' } else { '0' }).collect();
        f.write_str(&bits)
    }
}

impl FromStr for BitString {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let bit = |c| match c {
            '0' => Ok(false),
            '1' => Ok(true),
            _ => Err(ParseError::new("the text is not of 0 and 1")),
        };
        text.chars().map(bit).collect()
    }
}

impl<'r> Decode<'r> for BitString {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["bit", "varbit"]);

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let len = i32::from_be_bytes(take(&mut raw)?);
        let len = usize::try_from(len)
            .map_err(|_| DecodeError::invalid("the bits have a negative length"))?;
        if raw.len() != len.div_ceil(8) {
            return Err(DecodeError::wrong_length(
                4 + len.div_ceil(8),
                4 + raw.len(),
            ));
        }
        let mut bytes = raw.to_vec();
        if let Some(last) = bytes.last_mut() {
            *last &= 0xFF_u8 << (len.div_ceil(8) * 8 - len);
        }
        Ok(Self { len, bytes })
    }
}

/// A column of `bit(n)` takes exactly `n` bits, as the server checks.
impl Encode for BitString {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_i32(
            i32::try_from(self.len).map_err(|_| EncodeError::new("there are too many bits"))?,
        );
        out.put_slice(&self.bytes);
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_read_written_and_compared() {
        let bits: BitString = "1010000001".parse().unwrap();
        assert_eq!(
            (bits.len(), bits.as_bytes()),
            (10, &[0b1010_0000, 0b0100_0000][..])
        );
        assert_eq!(bits.to_string(), "1010000001");
        assert_eq!(bits.get(10), None);
        assert!("102".parse::<BitString>().is_err());
        // Bits after the last one are ignored.
        let one = BitString::decode(&Type::VARBIT, &[0, 0, 0, 1, 0xFF]).unwrap();
        assert_eq!(one.to_string(), "1");
        assert_eq!(one, [true].into_iter().collect());
    }
}
