//! `inet` and `cidr`, as an address with a prefix or as a plain `IpAddr`; `macaddr` and `macaddr8`.
//! Format: `src/backend/utils/adt/network.c`, `network_send`.

#[cfg(feature = "cidr")]
mod cidr;
#[cfg(feature = "eui48")]
mod eui48;
#[cfg(feature = "ipnetwork")]
mod ipnetwork;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{base_type, debug_as_displayed, exactly};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, ParseError};

const IPV4: u8 = 2;
/// PostgreSQL's number, which is the same on all platforms.
const IPV6: u8 = 3;

/// `inet` or `cidr`: an address with the length of its network prefix.
///
/// ```
/// use howdah::Inet;
///
/// let network: Inet = "10.1.0.0/16".parse().unwrap();
/// assert_eq!(network.prefix(), 16);
/// assert!(Inet::new("10.1.0.0".parse().unwrap(), 33).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Inet {
    addr: IpAddr,
    prefix: u8,
}

impl Inet {
    /// The address with a prefix of this many bits. `None` if the address has fewer bits.
    #[must_use]
    pub fn new(addr: IpAddr, prefix: u8) -> Option<Self> {
        (prefix <= bits(addr)).then_some(Self { addr, prefix })
    }

    /// The address.
    #[must_use]
    pub fn addr(&self) -> IpAddr {
        self.addr
    }

    /// The length of the network prefix in bits.
    #[must_use]
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether it is a single host, so that the prefix has all bits of the address.
    #[must_use]
    pub fn is_host(&self) -> bool {
        self.prefix == bits(self.addr)
    }

    /// Whether all bits after the prefix are 0, as `cidr` requires.
    #[must_use]
    pub fn is_network(&self) -> bool {
        let prefix = u32::from(self.prefix);
        // `checked_shl` is `None` for a shift by all bits, which leaves none.
        match self.addr {
            IpAddr::V4(addr) => addr.to_bits().checked_shl(prefix).unwrap_or(0) == 0,
            IpAddr::V6(addr) => addr.to_bits().checked_shl(prefix).unwrap_or(0) == 0,
        }
    }
}

fn bits(addr: IpAddr) -> u8 {
    match addr {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// A single host.
impl From<IpAddr> for Inet {
    fn from(addr: IpAddr) -> Self {
        let prefix = bits(addr);
        Self { addr, prefix }
    }
}

/// Always with the prefix, such as `10.0.0.1/32`, which `inet` and `cidr` both read.
impl fmt::Display for Inet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.addr, self.prefix)
    }
}

impl FromStr for Inet {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let invalid = ParseError::new("the text is not an address, or one with a prefix");
        let (addr, prefix) = match text.split_once('/') {
            Some((addr, prefix)) => (addr, Some(prefix)),
            None => (text, None),
        };
        let addr: IpAddr = addr.parse().map_err(|_| invalid.clone())?;
        match prefix {
            None => Ok(addr.into()),
            Some(prefix) => Some(prefix)
                .filter(|prefix| !prefix.starts_with('+'))
                .and_then(|prefix| prefix.parse().ok())
                .and_then(|prefix| Self::new(addr, prefix))
                .ok_or(invalid),
        }
    }
}

static NETWORK: Accepts = Accepts::Builtin(&["inet", "cidr"]);

impl<'r> Decode<'r> for Inet {
    const ACCEPTS: &'static Accepts = &NETWORK;

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let [family, prefix, _is_cidr, length, rest @ ..] = raw else {
            return Err(DecodeError::truncated());
        };
        if usize::from(*length) != rest.len() {
            return Err(DecodeError::wrong_length(
                4 + usize::from(*length),
                raw.len(),
            ));
        }
        let addr = match *family {
            IPV4 => IpAddr::V4(Ipv4Addr::from(exactly::<4>(rest)?)),
            IPV6 => IpAddr::V6(Ipv6Addr::from(exactly::<16>(rest)?)),
            _ => return Err(DecodeError::invalid("the address is of an unknown family")),
        };
        Self::new(addr, *prefix)
            .ok_or_else(|| DecodeError::invalid("the prefix is longer than the address"))
    }
}

impl Encode for Inet {
    const ACCEPTS: &'static Accepts = &NETWORK;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let is_cidr = *base_type(ty) == Type::CIDR;
        if is_cidr && !self.is_network() {
            return Err(EncodeError::new(
                "the address has bits set behind its prefix",
            ));
        }
        let mut put = |family, addr: &[u8]| {
            // At most sixteen bytes.
            out.extend_from_slice(&[family, self.prefix, u8::from(is_cidr), addr.len() as u8]);
            out.extend_from_slice(addr);
        };
        match self.addr {
            IpAddr::V4(addr) => put(IPV4, &addr.octets()),
            IpAddr::V6(addr) => put(IPV6, &addr.octets()),
        }
        Ok(IsNull::No)
    }
}

/// A network is an error, because an `IpAddr` cannot hold a prefix.
impl<'r> Decode<'r> for IpAddr {
    const ACCEPTS: &'static Accepts = &NETWORK;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let inet = Inet::decode(ty, raw)?;
        match inet.is_host() {
            true => Ok(inet.addr),
            false => {
                let message = format!("the address has a prefix of {} bits", inet.prefix);
                Err(DecodeError::unsupported(message).held_by("howdah::Inet"))
            }
        }
    }
}

/// A single host.
impl Encode for IpAddr {
    const ACCEPTS: &'static Accepts = &NETWORK;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        Inet::from(*self).encode(ty, out)
    }
}

macro_rules! hardware {
    ($($(#[$doc:meta])* $ty:ident $length:literal $name:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $ty(pub [u8; $length]);

        debug_as_displayed! { $ty }

        /// As PostgreSQL prints it, bytes in hexadecimal with colons between them.
        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for (i, byte) in self.0.iter().enumerate() {
                    let colon = if i == 0 { "" } else { ":" };
                    write!(f, "{colon}{byte:02x}")?;
                }
                Ok(())
            }
        }

        /// Reads bytes in hexadecimal with colons or hyphens between them.
        impl FromStr for $ty {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                let mut bytes = [0; $length];
                let mut parts = text.split([':', '-']);
                for byte in &mut bytes {
                    *byte = parts
                        .next()
                        .filter(|part| part.len() == 2 && !part.starts_with('+'))
                        .and_then(|part| u8::from_str_radix(part, 16).ok())
                        .ok_or(ParseError::new(concat!("the text is not a ", $name)))?;
                }
                match parts.next() {
                    None => Ok(Self(bytes)),
                    Some(_) => Err(ParseError::new(concat!("the text is not a ", $name))),
                }
            }
        }

        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &Accepts::Builtin(&[$name]);

            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                exactly(raw).map(Self)
            }
        }

        impl Encode for $ty {
            const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

            fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                out.put_slice(&self.0);
                Ok(IsNull::No)
            }
        }
    )*};
}

hardware! {
    /// A hardware address of six bytes: `macaddr`.
    MacAddr 6 "macaddr";
    /// A hardware address of eight bytes: `macaddr8`.
    MacAddr8 8 "macaddr8";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_and_refused() {
        for text in ["10.0.0.1/32", "::1/0", "fe80::/10"] {
            assert_eq!(text.parse::<Inet>().unwrap().to_string(), text);
        }
        assert!("10.0.0.1".parse::<Inet>().unwrap().is_host());
        for text in [
            "",
            "10.0.0.1/33",
            "10.0.0.1/",
            "10.0.0/8",
            "::/129",
            "::/+8",
        ] {
            assert!(text.parse::<Inet>().is_err(), "{text}");
        }
        assert_eq!(
            "08-00-2B-01-02-03".parse(),
            Ok(MacAddr([8, 0, 43, 1, 2, 3]))
        );
        for text in [
            "",
            "08:00:2b:01:02",
            "08:00:2b:01:02:03:04",
            "08:00:2b:01:02:+3",
        ] {
            assert!(text.parse::<MacAddr>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_cidr_has_no_bits_behind_its_prefix() {
        let is_network = |text: &str| text.parse::<Inet>().unwrap().is_network();
        assert!(is_network("10.1.0.0/16") && is_network("0.0.0.0/0") && is_network("1.2.3.4/32"));
        assert!(!is_network("10.1.0.1/16") && !is_network("::1/127"));
    }
}
