//! PostGIS `geometry` and `geography` as `geo_types` shapes, through EWKB. A Z or M coordinate, an
//! empty point and a curve are errors, never dropped. The SRID is part of the column's contract,
//! not of these shapes: `Srid` holds and checks it, and `Param::spatial` sends it.

mod ewkb;
mod shapes;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use self::{ewkb::Reader, shapes::Shape};
use super::base_type;
use crate::{Accepts, Decode, DecodeError, DecodeErrorKind, Encode, EncodeError, EncodeSpatial};

macro_rules! shapes {
    ($($ty:ident)*) => {$(
        impl<'r> Decode<'r> for geo_types::$ty<f64> {
            const ACCEPTS: &'static Accepts = &Accepts::Spatial { subtype: Self::SUBTYPE };

            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                decode_shape(raw)
            }
        }

        /// Without an SRID for `geometry`, and in WGS 84 (4326) for `geography`.
        impl Encode for geo_types::$ty<f64> {
            const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

            fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                let srid = if base_type(ty).name() == "geography" { 4326 } else { 0 };
                self.encode_with_srid(srid, ty, out)
            }

            fn encode_at(
                &self,
                srid: i32,
                ty: &Type,
                out: &mut BytesMut,
            ) -> Result<IsNull, EncodeError> {
                match srid {
                    0 => self.encode(ty, out),
                    srid => self.encode_with_srid(srid, ty, out),
                }
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

fn decode_shape<T: Shape>(raw: &[u8]) -> Result<T, DecodeError> {
    read_shape(raw).map_err(|error| match error.kind() {
        DecodeErrorKind::Unsupported => error.held_by("howdah::Ewkb"),
        _ => error,
    })
}

fn read_shape<T: Shape>(raw: &[u8]) -> Result<T, DecodeError> {
    let mut reader = Reader::new(raw);
    let header = reader.header()?;
    let shape = T::read(&mut reader, header)?;
    reader.finish()?;
    Ok(shape)
}
