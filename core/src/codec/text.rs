//! Text: `text`, `varchar`, `char(n)`, `name`, `xml`, `citext` and untyped literals, all of them
//! UTF-8 on the wire. PostgreSQL cannot store a zero byte, so a text with one is an error before it is sent.

use std::{borrow::Cow, sync::Arc};

use bytes::BytesMut;
use postgres_types::{IsNull, Kind, Type};

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
        "cstring",
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

/// Whether one of the bytes is zero. Most texts are short, and the standard library searches these byte by byte.
#[inline]
fn has_zero(bytes: &[u8]) -> bool {
    const LOWEST: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHEST: u64 = LOWEST << 7;
    let (words, rest) = bytes.as_chunks();
    // Subtracting 1 from each byte sets a highest bit that was not set only in a zero byte, or after a borrow, which
    // starts at a zero byte.
    let in_word = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        word.wrapping_sub(LOWEST) & !word & HIGHEST != 0
    };
    words.iter().any(in_word) || rest.contains(&0)
}

/// Whether values of the type are XML.
fn is_xml(ty: &Type) -> bool {
    match ty.kind() {
        Kind::Domain(base) => is_xml(base),
        _ => *ty == Type::XML,
    }
}

/// Refuses a document that declares another encoding than UTF-8, in which it is sent: the server would believe it, and take
/// each byte of a character for one of its own.
#[cold]
fn check_encoding(document: &str) -> Result<(), EncodeError> {
    let Some(encoding) = declared_encoding(document) else {
        return Ok(());
    };
    let plain: String = encoding
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    if plain.eq_ignore_ascii_case("utf8") {
        return Ok(());
    }
    Err(EncodeError::new(format!(
        "the document declares the encoding {encoding:?}, but is sent as UTF-8: declare that, or leave the encoding out"
    )))
}

/// The encoding that `<?xml version="1.0" encoding="…"?>` at the beginning of a document names.
fn declared_encoding(document: &str) -> Option<&str> {
    let (declaration, _) = document.strip_prefix("<?xml")?.split_once("?>")?;
    if !declaration.starts_with([' ', '\t', '\r', '\n']) {
        return None;
    }
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (encoding, _) = value[1..].split_once(quote)?;
    Some(encoding)
}

impl Encode for str {
    const ACCEPTS: &'static Accepts = &TEXT;

    #[inline]
    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        if !matches!(*ty, Type::TEXT | Type::VARCHAR) && is_xml(ty) {
            check_encoding(self)?;
        }
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
    use super::{declared_encoding, has_zero};

    #[test]
    fn a_declared_encoding_is_found_where_a_declaration_can_stand() {
        for (document, encoding) in [
            (
                r#"<?xml version="1.0" encoding="ISO-8859-1"?><a/>"#,
                Some("ISO-8859-1"),
            ),
            (
                "<?xml version='1.0'\n encoding = 'utf-8' standalone='no' ?><a/>",
                Some("utf-8"),
            ),
            (r#"<?xml version="1.0"?><a encoding="x"/>"#, None),
            (r#"<?xml-stylesheet encoding="x"?><a/>"#, None),
            (r#" <?xml version="1.0" encoding="x"?><a/>"#, None),
            (r#"<?xml encoding=?>"#, None),
            (r#"<?xml encoding="#, None),
            ("<a/>", None),
            ("", None),
        ] {
            assert_eq!(declared_encoding(document), encoding, "{document}");
        }
    }

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
