//! PostGIS `geometry` and `geography` as `geo_types` shapes, through EWKB. A Z or M coordinate, an
//! empty point and a curve are errors, never dropped. The SRID is part of the column's contract,
//! not of these shapes: [`Srid`] carries and checks it, [`Param::spatial`] sends it.

mod ewkb;
mod shapes;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use self::{ewkb::Reader, shapes::Shape};
use super::{array::encode_array, base_type};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, Param};

/// A shape together with its SRID: another SRID in a value is an error, and this one is sent.
///
/// ```
/// use howdah::Srid;
///
/// let web_mercator: Srid<3857, geo_types::Point> = Srid(geo_types::Point::new(9.5e6, 3.2e6));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Srid<const SRID: i32, T>(pub T);

/// A spatial value whose SRID is said when it is sent; see [`Param::spatial`].
pub trait EncodeSpatial: Encode {
    /// As [`Encode::encode`], with this SRID.
    ///
    /// # Errors
    ///
    /// When PostGIS has no place for the value.
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;
}

impl<'a> Param<'a> {
    /// A spatial parameter with the SRID that the server's column or function wants; 0 for none.
    #[must_use]
    pub fn spatial<T: EncodeSpatial + 'a>(value: T, srid: i32) -> Self {
        Param::boxed(WithSrid { value, srid })
    }
}

struct WithSrid<T> {
    value: T,
    srid: i32,
}

impl<T: EncodeSpatial> Encode for WithSrid<T> {
    const ACCEPTS: &'static Accepts = T::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.value.encode_with_srid(self.srid, ty, out)
    }
}

macro_rules! shapes {
    ($($ty:ident)*) => {$(
        impl<'r> Decode<'r> for geo_types::$ty<f64> {
            const ACCEPTS: &'static Accepts = &Accepts::Spatial { subtype: Self::SUBTYPE };

            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                decode_shape(raw).map(|(shape, _)| shape)
            }
        }

        impl<'r, const SRID: i32> Decode<'r> for Srid<SRID, geo_types::$ty<f64>> {
            const ACCEPTS: &'static Accepts = <geo_types::$ty<f64> as Decode<'r>>::ACCEPTS;

            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                match decode_shape(raw)? {
                    (shape, srid) if srid == SRID => Ok(Srid(shape)),
                    (_, srid) => Err(DecodeError::unsupported(
                        format!("the value has SRID {srid} instead of {SRID}"),
                    )),
                }
            }
        }

        /// Without an SRID for `geometry`, and in WGS 84 (4326) for `geography`.
        impl Encode for geo_types::$ty<f64> {
            const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                let srid = if base_type(ty).name() == "geography" { 4326 } else { 0 };
                self.encode_with_srid(srid, ty, out)
            }
        }

        impl<const SRID: i32> Encode for Srid<SRID, geo_types::$ty<f64>> {
            const ACCEPTS: &'static Accepts = <geo_types::$ty<f64> as Encode>::ACCEPTS;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                self.0.encode_with_srid(SRID, ty, out)
            }
        }

        impl EncodeSpatial for geo_types::$ty<f64> {
            fn encode_with_srid(
                &self,
                srid: i32,
                _: &Type,
                out: &mut BytesMut,
            ) -> Result<IsNull, EncodeError> {
                self.write(srid, out)?;
                Ok(IsNull::No)
            }
        }
    )*};
}

shapes! {
    Point LineString Polygon MultiPoint MultiLineString MultiPolygon GeometryCollection Geometry
}

/// The shape and its SRID, 0 for none.
fn decode_shape<T: Shape>(raw: &[u8]) -> Result<(T, i32), DecodeError> {
    let mut reader = Reader::new(raw);
    let header = reader.header()?;
    let shape = T::read(&mut reader, header)?;
    reader.finish()?;
    Ok((shape, header.srid))
}

impl<T: EncodeSpatial + ?Sized> EncodeSpatial for &T {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        T::encode_with_srid(self, srid, ty, out)
    }
}

impl<T: EncodeSpatial> EncodeSpatial for Option<T> {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        match self {
            Some(value) => value.encode_with_srid(srid, ty, out),
            None => Ok(IsNull::Yes),
        }
    }
}

impl<T: EncodeSpatial> EncodeSpatial for [T] {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        encode_array(self, ty, out, |value, ty, out| {
            value.encode_with_srid(srid, ty, out)
        })
    }
}

impl<T: EncodeSpatial> EncodeSpatial for Vec<T> {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        self.as_slice().encode_with_srid(srid, ty, out)
    }
}
