//! `json` and `jsonb` kept as text, for documents that are only passed on or not always read. They are not parsed when
//! a row is read.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};
use serde::Deserialize;

use super::{
    base_type,
    json::{JSON, text},
};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// A JSON document as the text that the server sent. It is parsed only when you call [`parse`](Self::parse).
///
/// `S` is the type that holds the text: `Box<str>`, `String`, `Arc<str>` or another type that can be made from `&str`, or
/// `&str` itself in a row that borrows. The server checks documents that are sent to it.
///
/// ```
/// use howdah::LazyJson;
///
/// let document: LazyJson = LazyJson::new(r#"{"colour": "red", "size": 3}"#.into());
/// #[derive(serde::Deserialize)]
/// struct Thing<'a> {
///     colour: &'a str, // borrowed from the document
/// }
/// assert_eq!(document.parse::<Thing<'_>>()?.colour, "red");
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LazyJson<S = Box<str>>(S);

impl<S: AsRef<str>> LazyJson<S> {
    /// A document from its text. The text is not checked here, only by the server.
    pub const fn new(text: S) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// Returns the value that holds the text.
    pub fn into_inner(self) -> S {
        self.0
    }

    /// Parses the document.
    ///
    /// # Errors
    ///
    /// When the text is not valid JSON, or does not fit `T`.
    pub fn parse<'d, T: Deserialize<'d>>(&'d self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_str())
    }
}

impl<'r, S: From<&'r str>> Decode<'r> for LazyJson<S> {
    const ACCEPTS: &'static Accepts = &JSON;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let text = std::str::from_utf8(text(ty, raw)?)
            .map_err(|error| DecodeError::invalid("the text is not UTF-8").caused_by(error))?;
        Ok(Self(text.into()))
    }
}

impl<S: AsRef<str> + Send + Sync> Encode for LazyJson<S> {
    const ACCEPTS: &'static Accepts = &JSON;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        if *base_type(ty) == Type::JSONB {
            out.put_u8(1);
        }
        out.put_slice(self.as_str().as_bytes());
        Ok(IsNull::No)
    }
}

impl<S: AsRef<str>> fmt::Debug for LazyJson<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LazyJson").field(&self.as_str()).finish()
    }
}

impl<S: AsRef<str>> fmt::Display for LazyJson<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
