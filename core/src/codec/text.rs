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

/// Whether one of the bytes is zero. The standard library's search goes byte by byte over short texts, as most are.
#[inline]
fn has_zero(bytes: &[u8]) -> bool {
    const LOWEST: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHEST: u64 = LOWEST << 7;
    let (words, rest) = bytes.as_chunks();
    // Only of a byte that is zero does taking one away set a highest bit that was not set; borrowing begins at such a byte.
    let in_word = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        word.wrapping_sub(LOWEST) & !word & HIGHEST != 0
    };
    words.iter().any(in_word) || rest.contains(&0)
}

impl Encode for str {
    const ACCEPTS: &'static Accepts = &TEXT;

    #[inline]
    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        if has_zero(self.as_bytes()) {
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

#[cfg(test)]
mod tests {
    use super::has_zero;

    #[test]
    fn a_zero_is_found_wherever_it_is() {
        for filler in [1, 0x7f, 0x80, 0xff] {
            for length in 0..40 {
                let mut bytes = vec![filler; length];
                assert!(!has_zero(&bytes));
                for place in 0..length {
                    bytes[place] = 0;
                    assert!(has_zero(&bytes), "{filler} {length} {place}");
                    bytes[place] = filler;
                }
            }
        }
    }
}
