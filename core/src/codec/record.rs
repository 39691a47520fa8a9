//! Anonymous records, such as `row(1, 'a')`, as tuples. The value itself says of which types its fields are, by
//! numbers that only PostgreSQL's own types share between databases: others are an error.

use postgres_types::Type;

use super::{take, take_value};
use crate::{Accepts, Decode, DecodeError, decode::decode_nullable};

/// An anonymous record as a tuple of one to eight fields.
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
pub struct Record<T>(pub T);

/// The number of fields, which must be `wanted`.
fn count(raw: &mut &[u8], wanted: u32) -> Result<(), DecodeError> {
    match u32::from_be_bytes(take(raw)?) {
        found if found == wanted => Ok(()),
        found => Err(DecodeError::unsupported(format!(
            "the record has {found} fields instead of {wanted}"
        ))),
    }
}

fn field<'r, T: Decode<'r>>(raw: &mut &'r [u8]) -> Result<T, DecodeError> {
    let oid = u32::from_be_bytes(take(raw)?);
    let value = take_value(raw)?;
    let ty = Type::from_oid(oid).ok_or_else(|| {
        DecodeError::unsupported(
            "the type is not one of PostgreSQL's own: cast the record to a composite type",
        )
    })?;
    if !T::ACCEPTS.accepts_type(&ty) {
        return Err(DecodeError::unsupported(format!("the SQL type is {ty}")));
    }
    decode_nullable(&ty, value)
}

macro_rules! tuples {
    ($($count:literal: $($ty:ident $name:literal)*;)*) => {$(
        impl<'r, $($ty: Decode<'r>),*> Decode<'r> for Record<($($ty,)*)> {
            const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["record"]);

            fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
                count(&mut raw, $count)?;
                let record = ($(field::<$ty>(&mut raw).map_err(|error| error.in_field($name))?,)*);
                match raw {
                    [] => Ok(Self(record)),
                    _ => Err(DecodeError::invalid("bytes follow the record")),
                }
            }
        }
    )*};
}

tuples! {
    1: A "1";
    2: A "1" B "2";
    3: A "1" B "2" C "3";
    4: A "1" B "2" C "3" D "4";
    5: A "1" B "2" C "3" D "4" E "5";
    6: A "1" B "2" C "3" D "4" E "5" F "6";
    7: A "1" B "2" C "3" D "4" E "5" F "6" G "7";
    8: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8";
}
