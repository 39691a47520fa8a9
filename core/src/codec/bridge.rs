//! The bridge to `postgres-types`: types that implement its traits can be columns and parameters. The wrapped type checks
//! the SQL type itself, for each value, so it is not checked while compiling.

use bytes::BytesMut;
use postgres_types::{FromSql, IsNull, ToSql, Type};

use super::base_type;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// Makes a type that implements `postgres_types::FromSql` or `ToSql` a column or parameter. Use `Option<Bridge<T>>` for a
/// column that can be null.
///
/// ```
/// use howdah::Bridge;
///
/// let seen_at = Bridge(std::time::SystemTime::now());
/// let query = howdah::query("insert into visits (seen_at) values ($1)").bind(seen_at);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bridge<T>(pub T);

/// The type itself if `accepts` takes it, or else the base type of a domain, since most types know nothing of domains.
fn taken(ty: &Type, accepts: fn(&Type) -> bool) -> Option<&Type> {
    [ty, base_type(ty)].into_iter().find(|ty| accepts(ty))
}

impl<'r, T: FromSql<'r>> Decode<'r> for Bridge<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        let Some(ty) = taken(ty, T::accepts) else {
            return Err(DecodeError::unsupported(format!("the SQL type is {ty}")));
        };
        T::from_sql(ty, raw)
            .map(Bridge)
            .map_err(|error| DecodeError::invalid("the value does not fit").caused_by(error))
    }
}

impl<T: ToSql + Send + Sync> Encode for Bridge<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Any;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        // For a type that is not accepted, `to_sql_checked` returns an error that names it.
        self.0
            .to_sql_checked(taken(ty, T::accepts).unwrap_or(ty), out)
            .map_err(|error| EncodeError::new("the value does not fit").caused_by(error))
    }
}
