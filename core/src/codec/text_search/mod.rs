//! `tsvector` and `tsquery` as their parts. Nothing here knows a language: words are those that `to_tsvector` and
//! `to_tsquery` returned. Format: `src/backend/utils/adt/tsvector.c`, `tsvectorsend`; `tsquery.c`, `tsquerysend`.

mod query;
mod vector;

use bytes::{BufMut, BytesMut};
use postgres_types::Type;

pub use self::{
    query::{TsQuery, TsQueryItem},
    vector::{Lexeme, Position, TsVector, Weight},
};
use crate::{Decode, DecodeError, Encode, EncodeError};

/// Takes a text that ends with a zero byte from `raw`.
fn take_word(raw: &mut &[u8]) -> Result<String, DecodeError> {
    let length = raw
        .iter()
        .position(|byte| *byte == 0)
        .ok_or_else(DecodeError::truncated)?;
    let word = String::decode(&Type::TEXT, &raw[..length])?;
    *raw = &raw[length + 1..];
    Ok(word)
}

fn put_word(word: &str, out: &mut BytesMut) -> Result<(), EncodeError> {
    word.encode(&Type::TEXT, out)?;
    out.put_u8(0);
    Ok(())
}

/// The word in quotes, as PostgreSQL prints it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"))
}
