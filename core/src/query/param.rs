//! A parameter of a query: a value whose type is no longer part of the query's own type, so that
//! all queries share one way to run. Its `Debug` never shows the value.

use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use crate::{Accepts, Column, Encode, EncodeError, UpdateRow, WriteRow};

/// The value of a parameter. It can have any type that implements [`Encode`](crate::Encode).
pub struct Param<'a>(Value<'a>);

/// Common scalars are stored inline; everything else is boxed.
enum Value<'a> {
    Null(&'static Accepts),
    Bool(bool),
    I16(i16),
    I32(i32),
    I64(i64),
    F32(f32),
    F64(f64),
    Str(&'a str),
    String(String),
    /// With the SRID of its column, or 0.
    Boxed(Box<dyn Erased + 'a>, i32),
    /// The value of another parameter.
    Ref(&'a Param<'a>),
}

trait Erased: Send + Sync {
    fn accepts_erased(&self) -> &'static Accepts;
    fn encode_erased(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;
}

impl<T: Encode> Erased for T {
    fn accepts_erased(&self) -> &'static Accepts {
        T::ACCEPTS
    }

    fn encode_erased(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        self.encode_at(srid, ty, out)
    }
}

/// A field of a struct that is written into a table.
struct FieldOf<'a, R> {
    row: &'a R,
    field: usize,
}

impl<R: WriteRow + Sync> Erased for FieldOf<'_, R> {
    fn accepts_erased(&self) -> &'static Accepts {
        R::FIELDS[self.field].accepts
    }

    // The field knows its column's SRID.
    fn encode_erased(&self, _: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.row.encode(self.field, ty, out)
    }
}

/// A field of a struct that updates a row.
struct UpdateFieldOf<'a, R> {
    row: &'a R,
    field: usize,
}

impl<R: UpdateRow + Sync> Erased for UpdateFieldOf<'_, R> {
    fn accepts_erased(&self) -> &'static Accepts {
        R::FIELDS[self.field].accepts
    }

    // The field knows its column's SRID.
    fn encode_erased(&self, _: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.row.encode(self.field, ty, out)
    }
}

impl<'a> Param<'a> {
    /// The field with this index in [`UpdateRow::FIELDS`].
    pub(crate) fn update_field<R: UpdateRow + Sync>(row: &'a R, field: usize) -> Self {
        Self(Value::Boxed(Box::new(UpdateFieldOf { row, field }), 0))
    }

    /// The field with this index in [`WriteRow::FIELDS`].
    pub(crate) fn field<R: WriteRow + Sync>(row: &'a R, field: usize) -> Self {
        Self(Value::Boxed(Box::new(FieldOf { row, field }), 0))
    }

    /// A parameter with this value.
    #[must_use]
    pub fn new<T: Encode + 'a>(value: T) -> Self {
        value.into_param()
    }

    /// A parameter with this value, where shapes without an SRID of their own, such as those of `geo_types`, are sent with
    /// this one. Generated queries do so where a column beside the parameter declares its SRID.
    ///
    /// [`Param::spatial`] also checks the SRID of shapes that have one.
    ///
    /// ```
    /// use howdah::{Many, Param, Query, Value};
    ///
    /// fn stations_at(here: geo_types::Point) -> Query<'static, Many<Value<i32>>> {
    ///     let sql = "select id from stations where location = $1";
    ///     Query::new("stations_at", sql, [Param::with_srid(here, 3857)])
    /// }
    /// ```
    #[must_use]
    pub fn with_srid<T: Encode + 'a>(value: T, srid: i32) -> Self {
        let mut param = Self::new(value);
        if let Value::Boxed(_, sent) = &mut param.0 {
            *sent = srid;
        }
        param
    }

    /// A parameter with this value, for a column: a shape without an SRID gets the column's.
    pub(crate) fn for_column<T: Encode + 'a>(value: T, column: Option<&Column>) -> Self {
        Self::new(value).in_column(column)
    }

    /// Sets the column of the parameter: a shape without an SRID gets the column's.
    pub(crate) fn in_column(mut self, column: Option<&Column>) -> Self {
        if let (Value::Boxed(_, srid), Some(column)) = (&mut self.0, column) {
            *srid = column.srid();
        }
        self
    }

    /// The same parameter, borrowed.
    pub(crate) fn by_ref(&self) -> Param<'_> {
        Param(Value::Ref(self))
    }

    pub(crate) fn boxed<T: Encode + 'a>(value: T) -> Self {
        Self(Value::Boxed(Box::new(value), 0))
    }

    pub(crate) fn null(accepts: &'static Accepts) -> Self {
        Self(Value::Null(accepts))
    }

    /// The SQL types that the value can be sent as.
    pub(crate) fn accepts(&self) -> &'static Accepts {
        match &self.0 {
            Value::Null(accepts) => accepts,
            Value::Bool(_) => <bool as Encode>::ACCEPTS,
            Value::I16(_) => <i16 as Encode>::ACCEPTS,
            Value::I32(_) => <i32 as Encode>::ACCEPTS,
            Value::I64(_) => <i64 as Encode>::ACCEPTS,
            Value::F32(_) => <f32 as Encode>::ACCEPTS,
            Value::F64(_) => <f64 as Encode>::ACCEPTS,
            Value::Str(_) | Value::String(_) => <str as Encode>::ACCEPTS,
            Value::Boxed(value, _) => value.accepts_erased(),
            Value::Ref(param) => param.accepts(),
        }
    }

    pub(crate) fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match &self.0 {
            Value::Null(_) => Ok(IsNull::Yes),
            Value::Bool(value) => value.encode(ty, out),
            Value::I16(value) => value.encode(ty, out),
            Value::I32(value) => value.encode(ty, out),
            Value::I64(value) => value.encode(ty, out),
            Value::F32(value) => value.encode(ty, out),
            Value::F64(value) => value.encode(ty, out),
            Value::Str(value) => value.encode(ty, out),
            Value::String(value) => value.encode(ty, out),
            Value::Boxed(value, srid) => value.encode_erased(*srid, ty, out),
            Value::Ref(param) => param.encode(ty, out),
        }
    }
}

macro_rules! inline {
    ($($variant:ident($ty:ty) $name:ident;)*) => {
        impl<'a> Param<'a> {$(
            pub(crate) fn $name(value: $ty) -> Self {
                Self(Value::$variant(value))
            }
        )*}
    };
}

inline! {
    Bool(bool) bool;
    I16(i16) i16;
    I32(i32) i32;
    I64(i64) i64;
    F32(f32) f32;
    F64(f64) f64;
    Str(&'a str) str;
    String(String) string;
}

/// Never shows the value.
impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Param(..)")
    }
}
