//! PostgreSQL's own numbers: `money`, `pg_lsn`, `xid8`, `tid` and the snapshots. They are types of their own, so that
//! none is mistaken for a plain integer.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{exactly, take};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

macro_rules! eight_bytes {
    ($($(#[$doc:meta])* $ty:ident($inner:ty) $name:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        pub struct $ty(pub $inner);

        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &Accepts::Builtin(&[$name]);

            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                exactly(raw).map(<$inner>::from_be_bytes).map(Self)
            }
        }

        impl Encode for $ty {
            const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

            fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                out.put_slice(&self.0.to_be_bytes());
                Ok(IsNull::No)
            }
        }
    )*};
}

eight_bytes! {
    /// `money`: an amount in the smallest unit of the currency, such as cents. The currency and its number of digits come
    /// from the setting `lc_monetary`; they are not part of the value.
    Money(i64) "money";
    /// `pg_lsn`: a position in the write-ahead log.
    PgLsn(u64) "pg_lsn";
    /// `xid8`: the number of a transaction. It does not wrap around.
    Xid8(u64) "xid8";
}

/// As PostgreSQL prints it, such as `16/B374D848`.
impl fmt::Display for PgLsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & 0xFFFF_FFFF)
    }
}

impl fmt::Display for Xid8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `tid`: the position of a row version in its table, such as `ctid`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tid {
    /// The number of the page, counted from 0.
    pub block: u32,
    /// The number of the item in the page, counted from 1.
    pub item: u16,
}

/// As PostgreSQL prints it, such as `(0,1)`.
impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{})", self.block, self.item)
    }
}

impl<'r> Decode<'r> for Tid {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["tid"]);

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let [b0, b1, b2, b3, i0, i1] = exactly(raw)?;
        Ok(Self {
            block: u32::from_be_bytes([b0, b1, b2, b3]),
            item: u16::from_be_bytes([i0, i1]),
        })
    }
}

impl Encode for Tid {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_u32(self.block);
        out.put_u16(self.item);
        Ok(IsNull::No)
    }
}

/// `pg_snapshot` or `txid_snapshot`: which transactions are visible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PgSnapshot {
    /// The oldest transaction that is still active.
    pub xmin: u64,
    /// One past the newest transaction that has ended.
    pub xmax: u64,
    /// The active transactions between the two, in ascending order.
    pub in_progress: Vec<u64>,
}

/// As PostgreSQL prints it, such as `10:20:10,14,15`.
impl fmt::Display for PgSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.xmin, self.xmax)?;
        for (i, xid) in self.in_progress.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{xid}")?;
        }
        Ok(())
    }
}

impl<'r> Decode<'r> for PgSnapshot {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["pg_snapshot", "txid_snapshot"]);

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let count = u32::from_be_bytes(take(&mut raw)?) as usize;
        let xmin = u64::from_be_bytes(take(&mut raw)?);
        let xmax = u64::from_be_bytes(take(&mut raw)?);
        if Some(raw.len()) != count.checked_mul(8) {
            return Err(DecodeError::invalid(
                "the snapshot has another number of transactions than it says",
            ));
        }
        let in_progress = raw
            .chunks_exact(8)
            .map(|xid| exactly(xid).map(u64::from_be_bytes));
        Ok(Self {
            xmin,
            xmax,
            in_progress: in_progress.collect::<Result<_, _>>()?,
        })
    }
}

impl Encode for PgSnapshot {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_u32(
            u32::try_from(self.in_progress.len())
                .map_err(|_| EncodeError::new("the snapshot has too many transactions"))?,
        );
        out.put_u64(self.xmin);
        out.put_u64(self.xmax);
        self.in_progress.iter().for_each(|xid| out.put_u64(*xid));
        Ok(IsNull::No)
    }
}
