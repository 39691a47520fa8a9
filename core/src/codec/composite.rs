//! Composite types, enums and domains, for the code that is generated for them. Names and types of
//! the fields were checked with the statement (`Accepts::Composite`); here only lengths are, and that the types are still
//! those. Of an anonymous record the statement says nothing, so that the types of its fields are checked in each value.

use bytes::{BufMut, BytesMut};
use postgres_types::{Field, IsNull, Kind, Type};

use super::{
    base_type, decode::take_nullable, natural::is_made_up, put_value, record::numbered, take,
};
use crate::{Decode, DecodeError, Encode, EncodeError};

/// Reads the fields of a composite value in their order, or those of an anonymous record.
pub struct CompositeReader<'t, 'r> {
    /// The fields that are not read yet; empty for an anonymous record.
    fields: std::slice::Iter<'t, Field>,
    /// Whether the fields are made up, for a value in a record.
    made_up: bool,
    raw: &'r [u8],
}

impl<'t, 'r> CompositeReader<'t, 'r> {
    /// Begins to read a value of type `ty`, which has `wanted` fields. Fields behind those were added later, and are not
    /// read.
    ///
    /// # Errors
    ///
    /// When the value is not one of this type.
    pub fn new(ty: &'t Type, mut raw: &'r [u8], wanted: usize) -> Result<Self, DecodeError> {
        let is_record = *ty == Type::RECORD;
        let fields = composite(ty)
            .or(is_record.then_some(&[]))
            .ok_or_else(|| DecodeError::invalid("the value is not of a composite type"))?;
        let found = u32::from_be_bytes(take(&mut raw)?) as usize;
        if found < wanted || (is_record && found > wanted) {
            return Err(DecodeError::invalid(format!(
                "the composite has {found} fields instead of {wanted}"
            )));
        }
        Ok(Self {
            fields: fields.iter(),
            made_up: is_made_up(base_type(ty)),
            raw,
        })
    }

    /// Reads the next field, which messages call `name`.
    ///
    /// # Errors
    ///
    /// When its value does not fit into `T`.
    pub fn field<T: Decode<'r>>(&mut self, name: &'static str) -> Result<T, DecodeError> {
        let oid = u32::from_be_bytes(take(&mut self.raw)?);
        let own;
        let ty = match self.fields.next().map(Field::type_) {
            Some(ty) if ty.oid() == oid => ty,
            // The value knows better, as far as its number says which type it is.
            Some(ty) if self.made_up => {
                own = match Type::from_oid(oid) {
                    Some(_) => numbered(T::ACCEPTS, oid).map_err(|error| error.in_field(name))?,
                    None => ty.clone(),
                };
                &own
            }
            Some(_) => return Err(changed().in_field(name)),
            None => {
                own = numbered(T::ACCEPTS, oid).map_err(|error| error.in_field(name))?;
                &own
            }
        };
        take_nullable(ty, &mut self.raw).map_err(|error: DecodeError| error.in_field(name))
    }
}

/// The error for a field whose type is not the one that the connection has learnt.
#[cold]
pub(super) fn changed() -> DecodeError {
    DecodeError::unsupported("the field has another type than before: run the query again")
}

/// Writes the fields of a composite value in their order.
pub struct CompositeWriter<'t, 'o> {
    fields: std::slice::Iter<'t, Field>,
    out: &'o mut BytesMut,
}

impl<'t, 'o> CompositeWriter<'t, 'o> {
    /// Begins to write a value of type `ty`.
    ///
    /// # Errors
    ///
    /// When the parameter is not of a composite type.
    pub fn new(ty: &'t Type, out: &'o mut BytesMut) -> Result<Self, EncodeError> {
        let fields = composite(ty)
            .ok_or_else(|| EncodeError::new("the parameter is not of a composite type"))?;
        // A composite type has at most 1,600 fields.
        out.put_i32(fields.len() as i32);
        Ok(Self {
            fields: fields.iter(),
            out,
        })
    }

    /// Writes the next field.
    ///
    /// # Errors
    ///
    /// When the field's type cannot hold the value.
    pub fn field<T: Encode + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let Some(field) = self.fields.next() else {
            return Err(EncodeError::new("the composite has fewer fields"));
        };
        self.out.put_u32(field.type_().oid());
        put_value(self.out, |out| value.encode(field.type_(), out))
    }

    /// Ends the value.
    ///
    /// # Errors
    ///
    /// When fields are left.
    pub fn finish(mut self) -> Result<IsNull, EncodeError> {
        match self.fields.next() {
            None => Ok(IsNull::No),
            Some(field) => Err(EncodeError::new(format!(
                "the composite also has a field `{}`, which its Rust type lacks",
                field.name()
            ))),
        }
    }
}

fn composite(ty: &Type) -> Option<&[Field]> {
    match base_type(ty).kind() {
        Kind::Composite(fields) => Some(fields),
        _ => None,
    }
}

/// Reads the label of an enum.
///
/// # Errors
///
/// When `from_label` does not know the label: it was added to the type since.
#[inline]
pub fn decode_enum<'r, T>(
    raw: &'r [u8],
    from_label: impl FnOnce(&'r str) -> Option<T>,
) -> Result<T, DecodeError> {
    let label = std::str::from_utf8(raw)
        .map_err(|error| DecodeError::invalid("the label is not UTF-8").caused_by(error))?;
    from_label(label).ok_or_else(|| DecodeError::unsupported(format!("unknown label `{label}`")))
}

/// Writes the label of an enum.
#[inline]
pub fn encode_enum(label: &str, out: &mut BytesMut) -> IsNull {
    out.extend_from_slice(label.as_bytes());
    IsNull::No
}
