//! Text: `text`, `varchar`, `char(n)`, `name`, `xml`, `citext` and untyped literals, all of them
//! UTF-8 on the wire. A zero byte, which PostgreSQL cannot store, is refused before it is sent.

use std::{borrow::Cow, sync::Arc};

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, Param};

static TEXT: Accepts = Accepts::OneOf(&[
    Accepts::Builtin(&[
        "text",
        "varchar",
        "bpchar",
        "name",
        "xml",
        "refcursor",
        "unknown",
    ]),
    Accepts::Extension(&["citext"]),
]);

impl<'r> Decode<'r> for &'r str {
    const ACCEPTS: &'static Accepts = &TEXT;

    #[inline]
    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        std::str::from_utf8(raw)
            .map_err(|error| DecodeError::invalid("the text is not UTF-8").caused_by(error))
    }
}

macro_rules! owned {
    ($($ty:ty)*) => {$(
        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &TEXT;

            #[inline]
            fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                <&str>::decode(ty, raw).map(Self::from)
            }
        }
    )*};
}

owned! { String Cow<'r, str> Box<str> Arc<str> }

impl Encode for str {
    const ACCEPTS: &'static Accepts = &TEXT;

    #[inline]
    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        if self.as_bytes().contains(&0) {
            return Err(EncodeError::new(
                "text in PostgreSQL cannot hold a zero byte",
            ));
        }
        out.extend_from_slice(self.as_bytes());
        Ok(IsNull::No)
    }

    fn as_param<'a>(&'a self) -> Param<'a> {
        Param::str(self)
    }
}

impl Encode for String {
    const ACCEPTS: &'static Accepts = &TEXT;

    #[inline]
    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.as_str().encode(ty, out)
    }

    fn into_param<'a>(self) -> Param<'a> {
        Param::string(self)
    }

    fn as_param<'a>(&'a self) -> Param<'a> {
        Param::str(self)
    }
}

impl Encode for Cow<'_, str> {
    const ACCEPTS: &'static Accepts = &TEXT;

    #[inline]
    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        str::encode(self, ty, out)
    }

    fn as_param<'a>(&'a self) -> Param<'a> {
        Param::str(self)
    }
}
