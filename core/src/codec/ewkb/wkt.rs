//! EWKB from and to `wkt::Wkt`: all seven kinds in all dimensions, empty ones included. It has no SRID; the column or
//! the `Ewkb` has it.

use bytes::BytesMut;
use postgres_types::{IsNull, Type};
use wkt::{
    Wkt,
    types::{
        Coord, Dimension, GeometryCollection, LineString, MultiLineString, MultiPoint,
        MultiPolygon, Point, Polygon,
    },
};

use super::{
    Ewkb,
    shape::{Dimensions, Line, Position, Shape},
};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, EncodeSpatial};

/// Curves and surfaces are errors. The result implements `geo-traits`.
impl TryFrom<&Ewkb> for Wkt<f64> {
    type Error = DecodeError;

    fn try_from(ewkb: &Ewkb) -> Result<Self, DecodeError> {
        let (shape, dimensions) = Shape::of(ewkb)?;
        Ok(Builder(dimensions).shape(shape))
    }
}

struct Builder(Dimensions);

impl Builder {
    fn dimension(&self) -> Dimension {
        match (self.0.z, self.0.m) {
            (false, false) => Dimension::XY,
            (true, false) => Dimension::XYZ,
            (false, true) => Dimension::XYM,
            (true, true) => Dimension::XYZM,
        }
    }

    fn shape(&self, shape: Shape) -> Wkt<f64> {
        let dimension = self.dimension();
        match shape {
            Shape::Point(point) => Wkt::Point(self.point(point)),
            Shape::LineString(line) => Wkt::LineString(self.line(line)),
            Shape::Polygon(rings) => Wkt::Polygon(self.polygon(rings)),
            Shape::MultiPoint(points) => {
                let points = points.into_iter().map(|point| self.point(point));
                Wkt::MultiPoint(MultiPoint::new(points.collect(), dimension))
            }
            Shape::MultiLineString(lines) => {
                let lines = lines.into_iter().map(|line| self.line(line));
                Wkt::MultiLineString(MultiLineString::new(lines.collect(), dimension))
            }
            Shape::MultiPolygon(polygons) => {
                let polygons = polygons.into_iter().map(|rings| self.polygon(rings));
                Wkt::MultiPolygon(MultiPolygon::new(polygons.collect(), dimension))
            }
            Shape::GeometryCollection(shapes) => {
                let shapes = shapes.into_iter().map(|shape| self.shape(shape));
                Wkt::GeometryCollection(GeometryCollection::new(shapes.collect(), dimension))
            }
        }
    }

    fn point(&self, point: Option<Position>) -> Point<f64> {
        Point::new(point.map(|point| self.coord(point)), self.dimension())
    }

    fn line(&self, line: Line) -> LineString<f64> {
        let coords = line.into_iter().map(|position| self.coord(position));
        LineString::new(coords.collect(), self.dimension())
    }

    fn polygon(&self, rings: Vec<Line>) -> Polygon<f64> {
        let rings = rings.into_iter().map(|ring| self.line(ring));
        Polygon::new(rings.collect(), self.dimension())
    }

    fn coord(&self, [x, y, third, fourth]: Position) -> Coord<f64> {
        let (z, m) = match (self.0.z, self.0.m) {
            (false, false) => (None, None),
            (true, false) => (Some(third), None),
            (false, true) => (None, Some(third)),
            (true, true) => (Some(third), Some(fourth)),
        };
        Coord { x, y, z, m }
    }
}

/// Curves and surfaces are errors. The SRID is ignored.
impl<'r> Decode<'r> for Wkt<f64> {
    const ACCEPTS: &'static Accepts = <Ewkb as Decode<'r>>::ACCEPTS;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Self::try_from(&Ewkb::decode(ty, raw)?).map_err(|error| error.held_by("howdah::Ewkb"))
    }
}

/// Without an SRID, which for `geography` means WGS 84.
impl Encode for Wkt<f64> {
    const ACCEPTS: &'static Accepts = <Ewkb as Encode>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.encode_at(0, ty, out)
    }

    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.encode_with_srid(srid, ty, out)
    }
}

impl EncodeSpatial for Wkt<f64> {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        Ewkb::from_geometry(self, srid)?.encode(ty, out)
    }
}
