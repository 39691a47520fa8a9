//! Columns and parameters as they are hidden from the driver, and seen again by the session.

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::{Message, RowDescriptionBody};
use postgres_types::{Oid, Type};

use super::HEADER;

/// A column of a result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) type_oid: Oid,
}

/// The columns behind the one that the driver sees, if there are any.
pub(crate) fn columns(seen: &[tokio_postgres::Column]) -> Vec<Column> {
    seen.first()
        .map_or_else(Vec::new, |column| behind(column.name()))
}

/// The columns that are hidden in a name.
pub(super) fn behind(name: &str) -> Vec<Column> {
    let bytes = name.chars().map(|c| u32::from(c).wrapping_sub(FIRST) as u8);
    let description: Vec<u8> = bytes.collect();
    let Some(body) = described(&description) else {
        return Vec::new();
    };
    let fields = body.fields().map(|field| {
        Ok(Column {
            name: field.name().to_owned(),
            type_oid: field.type_oid(),
        })
    });
    fields.collect().unwrap_or_default()
}

/// A description of a statement's parameters or columns, as the driver is to see it.
pub(super) fn hidden(description: &[u8]) -> Vec<u8> {
    match description.first() {
        Some(b't') => hide_parameters(description),
        _ => hide_columns(description),
    }
}

/// A RowDescription of one column, in whose name this one is hidden. What is malformed is the driver's to refuse.
fn hide_columns(description: &[u8]) -> Vec<u8> {
    if described(description).is_none_or(|body| body.fields().count().is_err()) {
        return description.to_vec();
    }
    let name: String = description
        .iter()
        .map(|byte| char::from_u32(FIRST + u32::from(*byte)).unwrap_or_default())
        .collect();
    // The length counts itself; how many columns there are, and of the one its name and what follows that.
    let length = 4 + 2 + name.len() + 1 + BEHIND_NAME;
    let mut seen = Vec::with_capacity(1 + length);
    seen.push(b'T');
    // A name is at most twice as long as a message, which is never so long.
    seen.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    seen.extend_from_slice(&1_i16.to_be_bytes());
    seen.extend_from_slice(name.as_bytes());
    seen.push(0);
    // Of no table, of any length, in text as all descriptions of statements say.
    seen.extend_from_slice(&[0; 6]);
    seen.extend_from_slice(&Type::BYTEA.oid().to_be_bytes());
    seen.extend_from_slice(&(-1_i16).to_be_bytes());
    seen.extend_from_slice(&(-1_i32).to_be_bytes());
    seen.extend_from_slice(&[0; 2]);
    seen
}

/// How long the description of a column is behind its name.
const BEHIND_NAME: usize = 18;

/// The character that stands for a zero byte, which a name cannot have; others follow it.
const FIRST: u32 = 0x100;

fn described(description: &[u8]) -> Option<RowDescriptionBody> {
    match Message::parse(&mut BytesMut::from(description)) {
        Ok(Some(Message::RowDescription(body))) => Some(body),
        _ => None,
    }
}

/// Hides the types in a ParameterDescription that the driver does not know.
fn hide_parameters(description: &[u8]) -> Vec<u8> {
    let mut seen = description.to_vec();
    let parameters = seen.get_mut(HEADER + 2..).unwrap_or_default();
    for parameter in parameters.chunks_exact_mut(4) {
        let oid: [u8; 4] = std::array::from_fn(|i| parameter[i]);
        if Type::from_oid(Oid::from_be_bytes(oid)).is_none() {
            parameter.copy_from_slice(&Type::UNKNOWN.oid().to_be_bytes());
        }
    }
    seen
}
