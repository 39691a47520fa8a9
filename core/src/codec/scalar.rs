//! Numbers, booleans and the one-byte `"char"`: fixed-size values in network byte order.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::exactly;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, Param};

macro_rules! numbers {
    ($($ty:ident $put:ident [$($name:literal),+] $($param:ident)?;)*) => {$(
        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &Accepts::Builtin(&[$($name),+]);

            #[inline]
            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                exactly(raw).map($ty::from_be_bytes)
            }
        }

        impl Encode for $ty {
            const ACCEPTS: &'static Accepts = <$ty as Decode<'static>>::ACCEPTS;

            #[inline]
            fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                out.$put(*self);
                Ok(IsNull::No)
            }

            $(
                fn into_param<'a>(self) -> Param<'a> {
                    Param::$param(self)
                }

                fn as_param<'a>(&'a self) -> Param<'a> {
                    Param::$param(*self)
                }
            )?
        }
    )*};
}

numbers! {
    i8 put_i8 ["char"];
    i16 put_i16 ["int2"] i16;
    i32 put_i32 ["int4"] i32;
    i64 put_i64 ["int8"] i64;
    f32 put_f32 ["float4"] f32;
    f64 put_f64 ["float8"] f64;
    u32 put_u32 [
        "oid", "xid", "cid", "regclass", "regcollation", "regconfig", "regdictionary",
        "regnamespace", "regoper", "regoperator", "regproc", "regprocedure", "regrole", "regtype"
    ];
}

impl<'r> Decode<'r> for bool {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["bool"]);

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        exactly(raw).map(|[byte]| byte != 0)
    }
}

impl Encode for bool {
    const ACCEPTS: &'static Accepts = <bool as Decode<'static>>::ACCEPTS;

    #[inline]
    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.put_u8(u8::from(*self));
        Ok(IsNull::No)
    }

    fn into_param<'a>(self) -> Param<'a> {
        Param::bool(self)
    }

    fn as_param<'a>(&'a self) -> Param<'a> {
        Param::bool(*self)
    }
}
