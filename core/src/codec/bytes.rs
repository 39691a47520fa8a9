//! `bytea`: bytes, unchanged.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use postgres_types::{IsNull, Type};

use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

static BYTEA: Accepts = Accepts::Builtin(&["bytea"]);

impl<'r> Decode<'r> for &'r [u8] {
    const ACCEPTS: &'static Accepts = &BYTEA;

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Ok(raw)
    }
}

macro_rules! owned {
    ($($ty:ty: $from:expr;)*) => {$(
        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &BYTEA;

            #[inline]
            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                Ok($from(raw))
            }
        }
    )*};
}

owned! {
    Vec<u8>: <[u8]>::to_vec;
    Box<[u8]>: Box::from;
    Cow<'r, [u8]>: Cow::Borrowed;
    Bytes: Bytes::copy_from_slice;
}

impl<'r, const N: usize> Decode<'r> for [u8; N] {
    const ACCEPTS: &'static Accepts = &BYTEA;

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        super::exactly(raw)
    }
}

macro_rules! sent {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<$($generics)*> Encode for $ty {
            const ACCEPTS: &'static Accepts = &BYTEA;

            #[inline]
            fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                out.extend_from_slice(self);
                Ok(IsNull::No)
            }
        }
    )*};
}

sent! {
    [] [u8];
    [] Vec<u8>;
    [] Cow<'_, [u8]>;
    [] Bytes;
    [const N: usize] [u8; N];
}
