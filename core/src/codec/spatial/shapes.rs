//! Each kind of shape of `geo_types`, from and to its EWKB body.

use bytes::BytesMut;
use geo_types::{
    Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

use super::ewkb::{Header, Kind, Reader, put_coord, put_coords, put_count, put_header};
use crate::{DecodeError, EncodeError};

pub(super) trait Shape: Sized {
    /// The subtype that a column of such shapes declares; empty for any.
    const SUBTYPE: &'static str;

    fn read(reader: &mut Reader<'_>, header: Header) -> Result<Self, DecodeError>;

    fn write(&self, srid: i32, out: &mut BytesMut) -> Result<(), EncodeError>;
}

fn expect(kind: Kind, header: Header) -> Result<(), DecodeError> {
    match header.kind == kind {
        true => Ok(()),
        false => Err(DecodeError::unsupported(format!(
            "the shape is a {:?}",
            header.kind
        ))),
    }
}

impl Shape for Point {
    const SUBTYPE: &'static str = "Point";

    fn read(reader: &mut Reader<'_>, header: Header) -> Result<Self, DecodeError> {
        expect(Kind::Point, header)?;
        let coord = reader.coord(header)?;
        // EWKB writes POINT EMPTY in this way.
        if coord.x.is_nan() && coord.y.is_nan() {
            return Err(DecodeError::unsupported("the point is empty"));
        }
        Ok(Self(coord))
    }

    fn write(&self, srid: i32, out: &mut BytesMut) -> Result<(), EncodeError> {
        if self.x().is_nan() && self.y().is_nan() {
            return Err(EncodeError::new(
                "a point of NaN coordinates would become POINT EMPTY",
            ));
        }
        put_header(Kind::Point, srid, out);
        put_coord(self.0, out);
        Ok(())
    }
}

impl Shape for LineString {
    const SUBTYPE: &'static str = "LineString";

    fn read(reader: &mut Reader<'_>, header: Header) -> Result<Self, DecodeError> {
        expect(Kind::LineString, header)?;
        reader.coords(header).map(Self)
    }

    fn write(&self, srid: i32, out: &mut BytesMut) -> Result<(), EncodeError> {
        put_header(Kind::LineString, srid, out);
        put_coords(&self.0, out)
    }
}

impl Shape for Polygon {
    const SUBTYPE: &'static str = "Polygon";

    fn read(reader: &mut Reader<'_>, header: Header) -> Result<Self, DecodeError> {
        expect(Kind::Polygon, header)?;
        let rings = reader.many(header, 4, |reader| {
            let ring = LineString(reader.coords(header)?);
            // A polygon of `geo_types` would add the missing end. PostGIS sends a ring that is not closed only if it
            // contains NaN.
            match ring.is_closed() {
                true => Ok(ring),
                false => Err(DecodeError::unsupported(
                    "a ring of the polygon does not end where it begins",
                )),
            }
        })?;
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Self::new(exterior, rings.collect()))
    }

    fn write(&self, srid: i32, out: &mut BytesMut) -> Result<(), EncodeError> {
        put_header(Kind::Polygon, srid, out);
        if self.exterior().0.is_empty() && self.interiors().is_empty() {
            return put_count(0, out);
        }
        put_count(1 + self.interiors().len(), out)?;
        put_coords(&self.exterior().0, out)?;
        self.interiors()
            .iter()
            .try_for_each(|ring| put_coords(&ring.0, out))
    }
}

macro_rules! collections {
    ($($ty:ident of $part:ident;)*) => {$(
        impl Shape for $ty {
            const SUBTYPE: &'static str = stringify!($ty);

            fn read(reader: &mut Reader<'_>, header: Header) -> Result<Self, DecodeError> {
                expect(Kind::$ty, header)?;
                reader.shapes(header, $part::read).map(Self)
            }

            fn write(&self, srid: i32, out: &mut BytesMut) -> Result<(), EncodeError> {
                put_header(Kind::$ty, srid, out);
                put_count(self.0.len(), out)?;
                // The parts have the SRID of the whole.
                self.0.iter().try_for_each(|part| part.write(0, out))
            }
        }
    )*};
}

collections! {
    MultiPoint of Point;
    MultiLineString of LineString;
    MultiPolygon of Polygon;
    GeometryCollection of Geometry;
}

impl Shape for Geometry {
    const SUBTYPE: &'static str = "";

    fn read(reader: &mut Reader<'_>, header: Header) -> Result<Self, DecodeError> {
        Ok(match header.kind {
            Kind::Point => Point::read(reader, header)?.into(),
            Kind::LineString => LineString::read(reader, header)?.into(),
            Kind::Polygon => Polygon::read(reader, header)?.into(),
            Kind::MultiPoint => MultiPoint::read(reader, header)?.into(),
            Kind::MultiLineString => MultiLineString::read(reader, header)?.into(),
            Kind::MultiPolygon => MultiPolygon::read(reader, header)?.into(),
            Kind::GeometryCollection => {
                Self::GeometryCollection(GeometryCollection::read(reader, header)?)
            }
        })
    }

    fn write(&self, srid: i32, out: &mut BytesMut) -> Result<(), EncodeError> {
        match self {
            Self::Point(shape) => shape.write(srid, out),
            Self::LineString(shape) => shape.write(srid, out),
            Self::Polygon(shape) => shape.write(srid, out),
            Self::MultiPoint(shape) => shape.write(srid, out),
            Self::MultiLineString(shape) => shape.write(srid, out),
            Self::MultiPolygon(shape) => shape.write(srid, out),
            Self::GeometryCollection(shape) => shape.write(srid, out),
            // PostGIS has no separate kinds for these.
            Self::Line(line) => LineString::from(*line).write(srid, out),
            Self::Rect(rect) => rect.to_polygon().write(srid, out),
            Self::Triangle(triangle) => triangle.to_polygon().write(srid, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, point, polygon};
    use postgres_types::Type;
    use proptest::prelude::*;

    use crate::{Decode, Encode, Srid};

    use super::*;

    fn sent(value: &impl Encode) -> Vec<u8> {
        let mut out = BytesMut::new();
        value.encode(&Type::UNKNOWN, &mut out).unwrap();
        out.to_vec()
    }

    fn message<T: for<'r> Decode<'r>>(raw: &[u8]) -> String {
        T::decode(&Type::UNKNOWN, raw)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn shapes_survive() {
        let area = polygon!(exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.)],
            interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.)]]);
        let all = GeometryCollection::new_from(vec![
            point!(x: 1.5, y: -2.).into(),
            line_string![(x: 0., y: 0.), (x: 1., y: 1.)].into(),
            area.clone().into(),
            MultiPolygon::new(vec![area]).into(),
            Geometry::GeometryCollection(GeometryCollection::default()),
            MultiPoint::new(vec![point!(x: 3., y: 4.)]).into(),
        ]);
        let whole = Geometry::GeometryCollection(all);
        assert_eq!(
            Geometry::decode(&Type::UNKNOWN, &sent(&whole)).unwrap(),
            whole
        );
    }

    #[test]
    fn both_byte_orders_are_read() {
        let mut raw = vec![0, 0, 0, 0, 1];
        raw.extend_from_slice(&1.0_f64.to_be_bytes());
        raw.extend_from_slice(&2.0_f64.to_be_bytes());
        assert_eq!(
            Point::decode(&Type::UNKNOWN, &raw).unwrap(),
            point!(x: 1., y: 2.)
        );
    }

    #[test]
    fn what_a_shape_cannot_hold_is_an_error() {
        let mut raw = sent(&point!(x: 1., y: 2.));
        assert_eq!(message::<LineString>(&raw), "the shape is a Point");
        raw[4] = 0x80;
        assert_eq!(message::<Point>(&raw), "the shape has Z coordinates");
        let mut empty = vec![1, 1, 0, 0, 0];
        empty.extend_from_slice(&[f64::NAN.to_le_bytes(), f64::NAN.to_le_bytes()].concat());
        assert_eq!(message::<Point>(&empty), "the point is empty");
        assert_eq!(
            message::<Geometry>(&[1, 8, 0, 0, 0]),
            "the shape is of a kind with curves or surfaces (8)"
        );
    }

    #[test]
    fn another_srid_is_an_error() {
        let raw = sent(&Srid::<3857, _>(point!(x: 1., y: 2.)));
        assert!(Srid::<3857, Point>::decode(&Type::UNKNOWN, &raw).is_ok());
        assert_eq!(
            message::<Srid<4326, Point>>(&raw),
            "the value has SRID 3857 instead of 4326"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_cause_a_panic(raw in proptest::collection::vec(0_u8..9, 0..200)) {
            let _ = Geometry::decode(&Type::UNKNOWN, &raw);
        }
    }
}
