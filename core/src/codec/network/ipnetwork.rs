//! `inet` and `cidr` as `ipnetwork::IpNetwork`, which is an address with a prefix: bits can be set after the prefix.

use bytes::BytesMut;
use ipnetwork::IpNetwork;
use postgres_types::{IsNull, Type};

use super::{Inet, NETWORK};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, ParseError};

impl From<IpNetwork> for Inet {
    fn from(network: IpNetwork) -> Self {
        Self {
            addr: network.ip(),
            prefix: network.prefix(),
        }
    }
}

impl TryFrom<Inet> for IpNetwork {
    type Error = ParseError;

    fn try_from(inet: Inet) -> Result<Self, ParseError> {
        Self::new(inet.addr, inet.prefix)
            .map_err(|_| ParseError::new("the prefix is longer than the address"))
    }
}

impl<'r> Decode<'r> for IpNetwork {
    const ACCEPTS: &'static Accepts = &NETWORK;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let inet = Inet::decode(ty, raw)?;
        Self::try_from(inet).map_err(|error| DecodeError::invalid(error.to_string()))
    }
}

impl Encode for IpNetwork {
    const ACCEPTS: &'static Accepts = &NETWORK;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        Inet::from(*self).encode(ty, out)
    }
}
