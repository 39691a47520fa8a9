//! Parameters on their way through tokio-postgres, which knows less about types than the statement does, and whose errors do
//! not say which of them could not be encoded.

use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, ToSql, Type};

use crate::{EncodeError, Error, ErrorKind, Param, plan::type_name, statements::Prepared};

/// The parameters in the form that tokio-postgres sends.
pub(crate) fn bound<'p>(
    params: &'p [Param<'p>],
    types: &'p [Type],
) -> impl ExactSizeIterator<Item = Bound<'p>> {
    let params = params.iter().zip(types).enumerate();
    params.map(|(index, (param, ty))| Bound { index, param, ty })
}

/// A parameter in the form that tokio-postgres sends; its type was checked before.
pub(crate) struct Bound<'p> {
    index: usize,
    param: &'p Param<'p>,
    /// Which may say more than the driver does.
    ty: &'p Type,
}

impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.param.fmt(f)
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let index = self.index;
        self.param
            .encode(self.ty, out)
            .map_err(|error| Box::new(Unsent { index, error }) as _)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql(ty, out)
    }
}

/// Which parameter could not be encoded, on its way through tokio-postgres.
#[derive(Debug)]
struct Unsent {
    index: usize,
    error: EncodeError,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Unsent {}

/// Which parameter could not be sent, if that is what the error is about.
pub(crate) fn unsent(error: &tokio_postgres::Error, prepared: &Prepared) -> Option<Error> {
    let Unsent { index, error } = std::error::Error::source(error)?.downcast_ref()?;
    let ty = prepared
        .params()
        .get(*index)
        .map(type_name)
        .unwrap_or_default();
    let message = format!("the value cannot be sent as {ty}: {error}");
    Some(Error::new(ErrorKind::Encode, message).in_param(*index))
}
