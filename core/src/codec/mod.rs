//! How values are read and sent: the traits, and the binary format of each SQL type that has a Rust type, one file per
//! kind of type. No codec trusts a length that it reads, and none knows about rows, queries or connections.

mod array;
#[cfg(feature = "bit-vec")]
mod bit_vec;
pub(crate) mod bits;
pub(crate) mod bridge;
mod bytes;
pub(crate) mod calendar;
pub(crate) mod carrier;
pub(crate) mod composite;
pub(crate) mod cube;
#[cfg(feature = "decimal")]
mod decimal;
pub(crate) mod decode;
pub(crate) mod dimensions;
pub(crate) mod encode;
pub(crate) mod ewkb;
pub(crate) mod expressions;
pub mod geometric;
pub(crate) mod hstore;
pub(crate) mod interval;
#[cfg(feature = "json")]
pub(crate) mod json;
#[cfg(feature = "json")]
pub(crate) mod lazy_json;
mod natural;
pub(crate) mod network;
pub(crate) mod numeric;
pub(crate) mod opaque;
pub(crate) mod parse_error;
pub(crate) mod range;
pub(crate) mod record;
mod scalar;
#[cfg(feature = "serde")]
mod serde_forms;
#[cfg(feature = "geo")]
mod spatial;
pub(crate) mod srid;
pub(crate) mod system;
mod text;
pub(crate) mod text_search;
pub(crate) mod timetz;
#[cfg(feature = "uuid")]
mod uuid;
#[cfg(feature = "pgvector")]
mod vectors;

use crate::DecodeError;

/// Formats a value for `{:?}` like for `{}`, after the name of its type. Its internal form is not readable.
macro_rules! debug_as_displayed {
    ($($ty:ident)+) => {$(
        impl std::fmt::Debug for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($ty), "({})"), self)
            }
        }
    )+};
}

pub(crate) use debug_as_displayed;

/// A number as PostgreSQL prints it, except that it never has an exponent.
pub(crate) fn number_text(number: f64) -> String {
    match number.is_infinite() {
        true if number > 0.0 => "Infinity".to_owned(),
        true => "-Infinity".to_owned(),
        false => number.to_string(),
    }
}

/// The whole value as an array of `N` bytes.
#[inline]
pub(crate) fn exactly<const N: usize>(raw: &[u8]) -> Result<[u8; N], DecodeError> {
    raw.try_into()
        .map_err(|_| DecodeError::wrong_length(N, raw.len()))
}

/// Takes the first `N` bytes from `raw`.
#[inline]
pub(crate) fn take<const N: usize>(raw: &mut &[u8]) -> Result<[u8; N], DecodeError> {
    let (head, tail) = raw.split_first_chunk().ok_or_else(DecodeError::truncated)?;
    *raw = tail;
    Ok(*head)
}

/// The number of items to allocate for, if `raw` claims that `count` of them follow, each of at least `size` bytes. A
/// wrong count allocates at most twice the bytes received, however large a `T` is.
#[inline]
pub(crate) fn room<T>(count: usize, size: usize, raw: &[u8]) -> usize {
    count
        .min(raw.len() / size)
        .min(raw.len() * 2 / size_of::<T>().max(1))
}

/// Takes a length and that many bytes from `raw`. A length of -1 is null.
#[inline]
pub(crate) fn take_value<'r>(raw: &mut &'r [u8]) -> Result<Option<&'r [u8]>, DecodeError> {
    match i32::from_be_bytes(take(raw)?) {
        -1 => Ok(None),
        length => {
            let length = usize::try_from(length).map_err(|_| DecodeError::truncated())?;
            let (value, rest) = raw
                .split_at_checked(length)
                .ok_or_else(DecodeError::truncated)?;
            *raw = rest;
            Ok(Some(value))
        }
    }
}

/// Appends a length and then the value that `write` appends, or -1 for null.
#[inline]
pub(crate) fn put_value(
    out: &mut ::bytes::BytesMut,
    write: impl FnOnce(&mut ::bytes::BytesMut) -> Result<postgres_types::IsNull, crate::EncodeError>,
) -> Result<(), crate::EncodeError> {
    let start = out.len();
    out.extend_from_slice(&(-1_i32).to_be_bytes());
    if let postgres_types::IsNull::No = write(out)? {
        let length = i32::try_from(out.len() - start - 4)
            .map_err(|_| crate::EncodeError::new("the value is larger than 2 GB"))?;
        out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

/// The base type of a domain, or the type itself.
#[inline]
pub(crate) fn base_type(ty: &postgres_types::Type) -> &postgres_types::Type {
    let mut ty = ty;
    while let postgres_types::Kind::Domain(base) = ty.kind() {
        ty = base;
    }
    ty
}

static RECORD: postgres_types::Type = postgres_types::Type::RECORD;

/// The type of the elements of an array type. postgres-types does not recognize `record[]` as an array.
#[inline]
pub(crate) fn element_type(ty: &postgres_types::Type) -> Option<&postgres_types::Type> {
    match base_type(ty) {
        ty if *ty == postgres_types::Type::RECORD_ARRAY => Some(&RECORD),
        ty => match ty.kind() {
            postgres_types::Kind::Array(element) => Some(element),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests;
