//! `macaddr` as `eui48::MacAddress`: six bytes. That crate's `Eui64` is a plain array of bytes, which is a `bytea`
//! here, so only [`MacAddr8`](super::MacAddr8) reads `macaddr8`.

use bytes::BytesMut;
use eui48::MacAddress;
use postgres_types::{IsNull, Type};

use super::MacAddr;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

impl From<MacAddress> for MacAddr {
    fn from(address: MacAddress) -> Self {
        Self(address.to_array())
    }
}

impl From<MacAddr> for MacAddress {
    fn from(address: MacAddr) -> Self {
        Self::new(address.0)
    }
}

impl<'r> Decode<'r> for MacAddress {
    const ACCEPTS: &'static Accepts = <MacAddr as Decode<'static>>::ACCEPTS;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        MacAddr::decode(ty, raw).map(Self::from)
    }
}

impl Encode for MacAddress {
    const ACCEPTS: &'static Accepts = <MacAddr as Decode<'static>>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        MacAddr::from(*self).encode(ty, out)
    }
}
