//! `uuid`: sixteen bytes.

use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use uuid::Uuid;

use super::exactly;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

impl<'r> Decode<'r> for Uuid {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["uuid"]);

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        exactly(raw).map(Uuid::from_bytes)
    }
}

impl Encode for Uuid {
    const ACCEPTS: &'static Accepts = <Uuid as Decode<'static>>::ACCEPTS;

    #[inline]
    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.extend_from_slice(self.as_bytes());
        Ok(IsNull::No)
    }
}
