//! `inet` as `cidr::IpInet` and, if no bit is set after the prefix, `inet` and `cidr` as `cidr::IpCidr`.

use bytes::BytesMut;
use cidr::{IpCidr, IpInet};
use postgres_types::{IsNull, Type};

use super::{Inet, NETWORK};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, ParseError};

impl From<IpInet> for Inet {
    fn from(inet: IpInet) -> Self {
        Self {
            addr: inet.address(),
            prefix: inet.network_length(),
        }
    }
}

impl From<IpCidr> for Inet {
    fn from(cidr: IpCidr) -> Self {
        Self {
            addr: cidr.first_address(),
            prefix: cidr.network_length(),
        }
    }
}

impl TryFrom<Inet> for IpInet {
    type Error = ParseError;

    fn try_from(inet: Inet) -> Result<Self, ParseError> {
        Self::new(inet.addr, inet.prefix)
            .map_err(|_| ParseError::new("the prefix is longer than the address"))
    }
}

impl TryFrom<Inet> for IpCidr {
    type Error = ParseError;

    fn try_from(inet: Inet) -> Result<Self, ParseError> {
        Self::new(inet.addr, inet.prefix)
            .map_err(|_| ParseError::new("the address has bits set behind its prefix"))
    }
}

macro_rules! by_way_of_inet {
    ($($ty:ty)*) => {$(
        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &NETWORK;

            fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                let inet = Inet::decode(ty, raw)?;
                Self::try_from(inet).map_err(|error| {
                    DecodeError::unsupported(error.to_string()).held_by("howdah::Inet")
                })
            }
        }

        impl Encode for $ty {
            const ACCEPTS: &'static Accepts = &NETWORK;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                Inet::from(*self).encode(ty, out)
            }
        }
    )*};
}

by_way_of_inet! { IpInet IpCidr }
