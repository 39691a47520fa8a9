//! Types as they are hidden from the driver, and seen again by the session.

use std::ops::Range;

use postgres_types::{Oid, Type};
use tokio_postgres::Column;

use super::HEADER;

/// The number of a column's type.
pub(crate) fn type_oid(column: &Column) -> Oid {
    match (column.type_(), column.type_modifier()) {
        // What is no number of a type is -1.
        (&Type::UNKNOWN, number) if number != -1 => number.cast_unsigned(),
        (ty, _) => ty.oid(),
    }
}

/// Hides the types in a description of columns or parameters. What is malformed is the driver's matter.
pub(super) fn hide(description: &mut [u8]) {
    if let Some((header, body)) = description.split_first_chunk_mut::<HEADER>() {
        match header[0] {
            b'T' => drop(hide_columns(body)),
            _ => drop(hide_parameters(body)),
        }
    }
}

/// Hides the types in the body of a RowDescription.
fn hide_columns(mut body: &mut [u8]) -> Option<()> {
    body = body.get_mut(2..)?;
    while !body.is_empty() {
        let name = body.iter().position(|byte| *byte == 0)?;
        // Behind the numbers of table and column: those of the type, its size, its modifier and its format.
        let column = body.get_mut(name + 1..)?;
        let oid = column.get(6..10)?.try_into().ok()?;
        if !is_known(oid) {
            put(column, 6..10, Type::UNKNOWN.oid())?;
            put(column, 12..16, Oid::from_be_bytes(oid))?;
        }
        body = column.get_mut(18..)?;
    }
    Some(())
}

/// Hides the types in the body of a ParameterDescription.
fn hide_parameters(body: &mut [u8]) -> Option<()> {
    let parameters = body.get_mut(2..)?;
    for parameter in parameters.chunks_exact_mut(4) {
        if !is_known((&*parameter).try_into().ok()?) {
            put(parameter, 0..4, Type::UNKNOWN.oid())?;
        }
    }
    Some(())
}

fn put(bytes: &mut [u8], place: Range<usize>, number: Oid) -> Option<()> {
    bytes.get_mut(place)?.copy_from_slice(&number.to_be_bytes());
    Some(())
}

/// Whether the driver need not ask about this type.
fn is_known(oid: [u8; 4]) -> bool {
    Type::from_oid(Oid::from_be_bytes(oid)).is_some()
}
