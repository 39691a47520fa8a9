//! Types whose values are text in a special language: `jsonpath`, `ltree` and its queries. Their binary form has a version
//! number before the text. The server refuses text that is not valid in the language.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

macro_rules! expressions {
    ($($(#[$doc:meta])* $ty:ident $accepts:ident $name:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        pub struct $ty(pub String);

        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $ty {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $ty {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &Accepts::$accepts(&[$name]);

            fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                match raw {
                    [1, text @ ..] => String::decode(ty, text).map(Self),
                    _ => Err(DecodeError::invalid(concat!("the ", $name, " has an unknown version"))),
                }
            }
        }

        impl Encode for $ty {
            const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                out.put_u8(1);
                self.0.encode(ty, out)
            }
        }
    )*};
}

expressions! {
    /// `jsonpath`: a path into a JSON document, such as `$.tags[*]`.
    JsonPath Builtin "jsonpath";
    /// `ltree`: a path of labels, such as `Top.Science.Astronomy`.
    LTree Extension "ltree";
    /// `lquery`: a pattern for paths, such as `*.Astronomy.*`.
    LQuery Extension "lquery";
    /// `ltxtquery`: words that a path must have, such as `Science & !Hobbies`.
    LTxtQuery Extension "ltxtquery";
}
