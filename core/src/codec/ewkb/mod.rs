//! PostGIS shapes of every kind and dimension, as the EWKB bytes that PostGIS sends. The bytes are checked to be
//! complete, but not decoded into coordinates. `geo_types` or a reader of EWKB does that.

pub(crate) mod boxes;
#[cfg(feature = "geo-traits")]
mod geo_traits;
#[cfg(feature = "geojson")]
mod geojson;
#[cfg(any(feature = "geojson", feature = "wkt"))]
mod parts;
#[cfg(feature = "geo-traits")]
mod shape;
#[cfg(feature = "wkt")]
mod wkt;

use std::fmt;

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::take;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

pub(super) const HAS_Z: u32 = 0x8000_0000;
pub(super) const HAS_M: u32 = 0x4000_0000;
pub(super) const HAS_SRID: u32 = 0x2000_0000;

/// The deepest nesting of collections that is read; PostGIS itself stops at 200.
#[cfg(any(feature = "geo", feature = "geo-traits"))]
pub(super) const MAX_DEPTH: u32 = 100;

/// Subtypes by their code, as PostGIS names them; 13 and 14 are abstract.
const KINDS: [&str; 18] = [
    "",
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
    "CircularString",
    "CompoundCurve",
    "CurvePolygon",
    "MultiCurve",
    "MultiSurface",
    "",
    "",
    "PolyhedralSurface",
    "Tin",
    "Triangle",
];

/// Every value of `geometry` and `geography`, with or without Z and M, including curves, surfaces, empty shapes and `NaN`.
/// It is printed as the hexadecimal text that PostGIS prints.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ewkb(Vec<u8>);

/// The header of a shape.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) big_endian: bool,
    pub(super) code: u32,
    srid: i32,
}

impl Header {
    #[inline]
    pub(super) fn take(raw: &mut &[u8]) -> Result<Self, DecodeError> {
        let big_endian = match take(raw)? {
            [0] => true,
            [1] => false,
            _ => return Err(DecodeError::invalid("the shape has an unknown byte order")),
        };
        let mut header = Self {
            big_endian,
            code: 0,
            srid: 0,
        };
        header.code = header.number(raw)?;
        if header.code & HAS_SRID != 0 {
            // EWKB's SRIDs are small and positive.
            header.srid = header.number(raw)? as i32;
        }
        Ok(header)
    }

    #[inline]
    pub(super) fn number(self, raw: &mut &[u8]) -> Result<u32, DecodeError> {
        let bytes = take(raw)?;
        Ok(match self.big_endian {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        })
    }

    fn coordinate(self, raw: &mut &[u8]) -> Result<f64, DecodeError> {
        let bytes = take(raw)?;
        Ok(match self.big_endian {
            true => f64::from_be_bytes(bytes),
            false => f64::from_le_bytes(bytes),
        })
    }

    /// Takes a count of items, and checks that at least `size` bytes for each of them follow.
    fn count(self, raw: &mut &[u8], size: usize) -> Result<usize, DecodeError> {
        let count = self.number(raw)? as usize;
        match count <= raw.len() / size {
            true => Ok(count),
            false => Err(DecodeError::truncated()),
        }
    }

    #[inline]
    pub(super) fn kind(self) -> u32 {
        self.code & !(HAS_Z | HAS_M | HAS_SRID)
    }

    /// The number of bytes of a position.
    fn position_size(self) -> usize {
        let more = [HAS_Z, HAS_M]
            .iter()
            .filter(|flag| self.code & **flag != 0)
            .count();
        (2 + more) * 8
    }
}

#[cfg(any(feature = "geo", feature = "geo-traits"))]
#[cold]
pub(super) fn too_deep() -> DecodeError {
    DecodeError::unsupported("the collection is nested too deeply")
}

#[cfg(any(feature = "geo", feature = "geo-traits"))]
#[cold]
pub(super) fn curves(kind: u32) -> DecodeError {
    DecodeError::unsupported(format!(
        "the shape is of a kind with curves or surfaces ({kind})"
    ))
}

fn skip(raw: &mut &[u8], length: usize) -> Result<(), DecodeError> {
    *raw = raw.get(length..).ok_or_else(DecodeError::truncated)?;
    Ok(())
}

/// Walks over a whole shape. Nested shapes follow one another, so it is enough to count them.
fn check(mut raw: &[u8]) -> Result<(), DecodeError> {
    let mut shapes = 1_usize;
    while shapes > 0 {
        shapes -= 1;
        let header = Header::take(&mut raw)?;
        let size = header.position_size();
        match header.kind() {
            1 => skip(&mut raw, size)?,
            2 | 8 => {
                let positions = header.count(&mut raw, size)?;
                skip(&mut raw, positions * size)?;
            }
            3 | 17 => {
                for _ in 0..header.count(&mut raw, 4)? {
                    let positions = header.count(&mut raw, size)?;
                    skip(&mut raw, positions * size)?;
                }
            }
            4..=7 | 9..=12 | 15 | 16 => shapes += header.count(&mut raw, 5)?,
            code => {
                return Err(DecodeError::unsupported(format!(
                    "the shape is of an unknown kind ({code})"
                )));
            }
        }
    }
    match raw {
        [] => Ok(()),
        _ => Err(DecodeError::invalid("bytes follow the shape")),
    }
}

/// The SRID of a shape, 0 for none.
pub(super) fn srid(mut raw: &[u8]) -> Result<i32, DecodeError> {
    Header::take(&mut raw).map(|header| header.srid)
}

impl Ewkb {
    /// The shape in these bytes.
    ///
    /// # Errors
    ///
    /// When the bytes are not the EWKB of a complete shape.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, DecodeError> {
        let bytes = bytes.into();
        check(&bytes).map(|()| Self(bytes))
    }

    /// The bytes, in either byte order.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn header(&self) -> Header {
        // The bytes were checked, so there is a header.
        Header::take(&mut self.0.as_slice()).unwrap_or(Header {
            big_endian: false,
            code: 1,
            srid: 0,
        })
    }

    /// The kind of shape, such as `Point` or `CompoundCurve`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        KINDS
            .get(self.header().kind() as usize)
            .copied()
            .unwrap_or_default()
    }

    /// The SRID: the number of the spatial reference system. 0 means none.
    #[must_use]
    pub fn srid(&self) -> i32 {
        self.header().srid
    }

    /// Whether the positions have a Z coordinate.
    #[must_use]
    pub fn has_z(&self) -> bool {
        self.header().code & HAS_Z != 0
    }

    /// Whether the positions have an M coordinate.
    #[must_use]
    pub fn has_m(&self) -> bool {
        self.header().code & HAS_M != 0
    }

    /// The same shape with another SRID. The coordinates do not change.
    #[must_use]
    pub fn with_srid(&self, srid: i32) -> Self {
        let header = self.header();
        let code = match srid {
            0 => header.code & !HAS_SRID,
            _ => header.code | HAS_SRID,
        };
        let number = |number: u32| match header.big_endian {
            true => number.to_be_bytes(),
            false => number.to_le_bytes(),
        };
        let mut bytes = vec![u8::from(!header.big_endian)];
        bytes.extend(number(code));
        if srid != 0 {
            bytes.extend(number(srid as u32));
        }
        let body = if header.code & HAS_SRID == 0 { 5 } else { 9 };
        bytes.extend(self.0.iter().skip(body));
        Self(bytes)
    }
}

impl fmt::Display for Ewkb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl<'r> Decode<'r> for Ewkb {
    const ACCEPTS: &'static Accepts = &Accepts::Extension(&["geometry", "geography"]);

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Self::new(raw)
    }
}

impl Encode for Ewkb {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        match self.srid() {
            0 if srid != 0 => self.with_srid(srid).encode(ty, out),
            _ => self.encode(ty, out),
        }
    }
}

/// Sending it with an SRID other than its own is an error. A value without an SRID gets the SRID.
impl crate::EncodeSpatial for Ewkb {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        match self.srid() {
            0 => self.with_srid(srid).encode(ty, out),
            own if own == srid => self.encode(ty, out),
            own => Err(EncodeError::new(format!(
                "the value has SRID {own} instead of {srid}"
            ))),
        }
    }
}

/// Z and M coordinates, curves, surfaces and empty points are errors.
#[cfg(feature = "geo")]
impl TryFrom<&Ewkb> for geo_types::Geometry<f64> {
    type Error = DecodeError;

    fn try_from(shape: &Ewkb) -> Result<Self, DecodeError> {
        Self::decode(&Type::BYTEA, &shape.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_says_what_it_is() {
        let header = [1, 1, 0, 0, 0xE0, 0xE6, 0x10, 0, 0];
        let point = [&header[..], &[0; 32]].concat();
        let shape = Ewkb::new(point.clone()).unwrap();
        let seen = (shape.kind(), shape.srid(), shape.has_z(), shape.has_m());
        assert_eq!(seen, ("Point", 4326, true, true));
        let bare = shape.with_srid(0);
        assert_eq!((bare.srid(), bare.as_bytes().len()), (0, 37));
        assert_eq!(bare.with_srid(4326), shape);
        assert!(Ewkb::new(&point[..40]).is_err());
        assert!(Ewkb::new([point, vec![0]].concat()).is_err());
    }
}
