//! Anonymous records, such as `row(1, 'a')`, as tuples. The value itself says of which types its fields are, by
//! numbers. Those of PostgreSQL's own types are the same in all databases, and are compared with the Rust types; of
//! others only this much is known, that they are not PostgreSQL's own.

use postgres_types::Type;

use super::{natural::user_type, take, take_value};
use crate::{Accepts, Decode, DecodeError, decode::decode_nullable};

/// An anonymous record as a tuple of one to sixteen fields.
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
    let ty = Type::from_oid(oid)
        .or_else(|| user_type(T::ACCEPTS, oid))
        .ok_or_else(|| DecodeError::unsupported("the SQL type is not one of PostgreSQL's own"))?;
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
    9: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9";
    10: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9" J "10";
    11: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9" J "10" K "11";
    12: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9" J "10" K "11" L "12";
    13: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9" J "10" K "11" L "12" M "13";
    14: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9" J "10" K "11" L "12" M "13" N "14";
    15: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9" J "10" K "11" L "12" M "13" N "14" O "15";
    16: A "1" B "2" C "3" D "4" E "5" F "6" G "7" H "8" I "9" J "10" K "11" L "12" M "13" N "14" O "15" P "16";
}
