//! `bit` and `varbit` as `bit_vec::BitVec`.

use bit_vec::BitVec;
use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::bits::BitString;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

impl From<&BitString> for BitVec {
    fn from(bits: &BitString) -> Self {
        let mut vec = Self::from_bytes(bits.as_bytes());
        vec.truncate(bits.len());
        vec
    }
}

impl From<&BitVec> for BitString {
    fn from(bits: &BitVec) -> Self {
        bits.iter().collect()
    }
}

impl<'r> Decode<'r> for BitVec {
    const ACCEPTS: &'static Accepts = <BitString as Decode<'r>>::ACCEPTS;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        BitString::decode(ty, raw).map(|bits| Self::from(&bits))
    }
}

impl Encode for BitVec {
    const ACCEPTS: &'static Accepts = <BitString as Encode>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        BitString::from(self).encode(ty, out)
    }
}
