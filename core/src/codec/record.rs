//! Records: anonymous ones such as `row(1, 'a')`, values of composite types, and whole rows of tables, read into any
//! row type. The fields of a composite have names, and are found by them like columns; those of an anonymous record
//! have none, and are read by position. An anonymous record holds the OIDs of its fields' types. Those of built-in
//! types are the same in all databases, and are compared with the Rust types; of others it is only known that they are
//! not built-in.

use postgres_types::{Kind, Type};

use super::{
    base_type, composite::changed, decode::decode_nullable, natural::user_type, take, take_value,
};
use crate::{Accepts, ColumnField, Decode, DecodeError, Field, PgRow, Row, row::field::count};

/// A record as a tuple or as a struct that derives [`PgRow`].
///
/// For a composite value or a table's row, a struct finds the fields by their names. Tuples take the fields in order, and
/// so do structs if the record is anonymous, such as `row(1, 'a')`; then there must be the same number of fields. A field
/// with `#[pg(record)]` is read in the same way.
///
/// An anonymous record tells the types of its fields only by numbers, which for types that are not PostgreSQL's own differ from
/// one database to the next. A value of such a type is read as the Rust type says: a `String` takes it for text, such as
/// `citext` or an enum's label. Cast what has another form, such as `hstore`: `row(1, tags::text)`.
///
/// ```
/// # async fn example(pool: &howdah::Pool) -> Result<(), howdah::Error> {
/// use howdah::{Record, Value, query};
///
/// let pairs: Vec<Record<(i32, Option<String>)>> = query("select array[row(1, 'a'::text), row(2, null::text)]")
///     .fetch_one::<Value<_>>(pool)
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Record<T>(pub T);

impl<'r, T: PgRow<'r>> Decode<'r> for Record<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Row(T::FIELDS);

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let cells = match base_type(ty).kind() {
            Kind::Composite(fields) => by_name(T::FIELDS, fields, raw)?,
            _ => by_place(T::FIELDS, raw)?,
        };
        T::from_row(&mut Row::of_record(cells))
            .map(Record)
            .map_err(|error| error.into_decode_error())
    }
}

/// The value of one field. The cells are in the order in which a row type reads them.
pub(crate) struct RecordCell<'r> {
    /// Its name in messages.
    pub(crate) name: &'static str,
    ty: CellType,
    value: Option<&'r [u8]>,
}

/// What is known about the type of a value.
enum CellType {
    /// The type of a composite's field, which was checked with the statement.
    Known(Type),
    /// The OID that an anonymous record holds.
    Number(u32),
    /// The composite has no such field.
    Absent,
}

impl<'r> RecordCell<'r> {
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.ty, CellType::Absent)
    }

    /// The value as a `T`. `None` if the composite has no such field.
    pub(crate) fn decode<T: Decode<'r>>(&self) -> Option<Result<T, DecodeError>> {
        let ty = match &self.ty {
            CellType::Known(ty) => ty.clone(),
            CellType::Number(number) => match numbered(T::ACCEPTS, *number) {
                Ok(ty) => ty,
                Err(error) => return Some(Err(error)),
            },
            CellType::Absent => return None,
        };
        Some(decode_nullable(&ty, self.value))
    }

    /// Whether there is a value that is not null.
    pub(crate) fn is_there(&self) -> bool {
        self.value.is_some()
    }
}

/// The type with this OID, if it is accepted.
pub(super) fn numbered(accepts: &'static Accepts, number: u32) -> Result<Type, DecodeError> {
    let ty = Type::from_oid(number)
        .or_else(|| user_type(accepts, number))
        .ok_or_else(|| DecodeError::unsupported("the SQL type is not one of PostgreSQL's own"))?;
    if accepts.accepts_type(&ty) {
        Ok(ty)
    } else {
        Err(DecodeError::unsupported(format!("the SQL type is {ty}")))
    }
}

/// The fields of an anonymous record, in order.
fn by_place<'r>(
    fields: &'static [Field],
    mut raw: &'r [u8],
) -> Result<Vec<RecordCell<'r>>, DecodeError> {
    let wanted = count(fields);
    let found = u32::from_be_bytes(take(&mut raw)?);
    if usize::try_from(found) != Ok(wanted) {
        return Err(DecodeError::unsupported(format!(
            "the record has {found} fields instead of {wanted}"
        )));
    }
    let mut cells = Vec::with_capacity(wanted);
    each_column(fields, "", &mut |_, field| {
        let number = u32::from_be_bytes(take(&mut raw)?);
        let name = match field.name {
            "" => PLACES.get(cells.len()).copied().unwrap_or("a later one"),
            name => name,
        };
        let value = take_value(&mut raw).map_err(|error| error.in_field(name))?;
        let ty = CellType::Number(number);
        cells.push(RecordCell { name, ty, value });
        Ok(())
    })?;
    end(raw, cells)
}

/// The names of a tuple's fields in messages.
const PLACES: [&str; 16] = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
];

/// The fields of a composite, as a row type reads them.
fn by_name<'r>(
    fields: &'static [Field],
    composite: &[postgres_types::Field],
    mut raw: &'r [u8],
) -> Result<Vec<RecordCell<'r>>, DecodeError> {
    let found = u32::from_be_bytes(take(&mut raw)?) as usize;
    if found < composite.len() {
        return Err(DecodeError::invalid(format!(
            "the composite has {found} fields instead of {}",
            composite.len()
        )));
    }
    let mut values = Vec::with_capacity(composite.len());
    for field in composite {
        let number = u32::from_be_bytes(take(&mut raw)?);
        values.push((number == field.type_().oid(), take_value(&mut raw)?));
    }
    let mut cells = Vec::with_capacity(values.len());
    each_column(fields, "", &mut |prefix, field| {
        // Most structs have the fields in the order of the composite.
        let next = cells.len();
        let here = composite
            .get(next)
            .is_some_and(|f| is_named(f, prefix, field.name));
        let place = match here || field.name.is_empty() {
            true => Some(next).filter(|place| *place < composite.len()),
            false => composite
                .iter()
                .position(|f| is_named(f, prefix, field.name)),
        };
        let name = field.name;
        let (ty, value) = match place {
            Some(place) => match values[place] {
                (true, value) => (CellType::Known(composite[place].type_().clone()), value),
                (false, _) => return Err(changed().in_field(name)),
            },
            None => (CellType::Absent, None),
        };
        cells.push(RecordCell { name, ty, value });
        Ok(())
    })?;
    match found > composite.len() {
        // Those that are left were added since the fields were asked for.
        true => Ok(cells),
        false => end(raw, cells),
    }
}

fn end<'r>(raw: &[u8], cells: Vec<RecordCell<'r>>) -> Result<Vec<RecordCell<'r>>, DecodeError> {
    match raw {
        [] => Ok(cells),
        _ => Err(DecodeError::invalid("bytes follow the record")),
    }
}

fn is_named(field: &postgres_types::Field, prefix: &str, name: &str) -> bool {
    field.name().strip_prefix(prefix) == Some(name)
}

/// Calls `each` for every column that is read, including nested ones, with the prefix of its name.
fn each_column(
    fields: &'static [Field],
    prefix: &str,
    each: &mut dyn FnMut(&str, &'static ColumnField) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    for field in fields {
        match field {
            Field::Column(column) => each(prefix, column)?,
            Field::Nested(nested) => {
                each_column(nested.fields, &format!("{prefix}{}", nested.prefix), each)?;
            }
        }
    }
    Ok(())
}

/// Whether a row type can read a composite with these fields: it has all that are read, and their types fit.
pub(crate) fn accepts_composite(
    fields: &'static [Field],
    composite: &[postgres_types::Field],
) -> bool {
    let mut place = 0;
    let checked = each_column(fields, "", &mut |prefix, field| {
        let found = match field.name {
            "" => composite.get(place),
            name => composite.iter().find(|f| is_named(f, prefix, name)),
        };
        place += 1;
        let fits = match found {
            Some(found) => field.accepts.accepts_type(found.type_()),
            None => field.optional_column,
        };
        if fits {
            Ok(())
        } else {
            Err(DecodeError::invalid("the composite does not fit"))
        }
    });
    let by_place = matches!(fields.first(), Some(Field::Column(field)) if field.name.is_empty());
    checked.is_ok() && (!by_place || place == composite.len())
}
