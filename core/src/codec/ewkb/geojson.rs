//! EWKB from and to `geojson::Geometry`, whose positions are longitude, latitude and perhaps altitude in WGS 84.
//! GeoJSON cannot hold another spatial reference system, M coordinates or empty points.

use bytes::BytesMut;
use geojson::{Geometry, GeometryValue, Position as Coordinates};
use postgres_types::{IsNull, Type};

use super::{
    Ewkb,
    shape::{Dimensions, Line, Position, Shape},
};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, EncodeSpatial};

const WGS84: i32 = 4326;

/// Spatial reference systems other than WGS 84 (4326) or none, M coordinates, empty points, curves and surfaces are
/// errors.
impl TryFrom<&Ewkb> for Geometry {
    type Error = DecodeError;

    fn try_from(ewkb: &Ewkb) -> Result<Self, DecodeError> {
        let srid = ewkb.srid();
        if ![0, WGS84].contains(&srid) {
            return Err(DecodeError::unsupported(format!(
                "the value has SRID {srid}, and GeoJSON none but {WGS84}"
            )));
        }
        if ewkb.has_m() {
            return Err(DecodeError::unsupported("the shape has M coordinates"));
        }
        let (shape, dimensions) = Shape::of(ewkb)?;
        value(shape, dimensions).map(Self::new)
    }
}

fn value(shape: Shape, dimensions: Dimensions) -> Result<GeometryValue, DecodeError> {
    let position = |position: Position| Coordinates::from(position[..dimensions.count()].to_vec());
    let line = |line: Line| line.into_iter().map(position).collect::<Vec<_>>();
    let lines = |lines: Vec<Line>| lines.into_iter().map(line).collect::<Vec<_>>();
    let point = |point: Option<Position>| {
        let point = point.ok_or_else(|| DecodeError::unsupported("the point is empty"));
        point.map(position)
    };
    Ok(match shape {
        Shape::Point(place) => GeometryValue::Point {
            coordinates: point(place)?,
        },
        Shape::LineString(positions) => GeometryValue::LineString {
            coordinates: line(positions),
        },
        Shape::Polygon(rings) => GeometryValue::Polygon {
            coordinates: lines(rings),
        },
        Shape::MultiPoint(points) => GeometryValue::MultiPoint {
            coordinates: points.into_iter().map(point).collect::<Result<_, _>>()?,
        },
        Shape::MultiLineString(parts) => GeometryValue::MultiLineString {
            coordinates: lines(parts),
        },
        Shape::MultiPolygon(polygons) => GeometryValue::MultiPolygon {
            coordinates: polygons.into_iter().map(lines).collect(),
        },
        Shape::GeometryCollection(shapes) => {
            let shapes = shapes.into_iter();
            let geometries = shapes.map(|shape| value(shape, dimensions).map(Geometry::new));
            GeometryValue::GeometryCollection {
                geometries: geometries.collect::<Result<_, _>>()?,
            }
        }
    })
}

/// In WGS 84, as GeoJSON is. Positions of different lengths, or without two or three numbers, are errors. Bounding
/// boxes and foreign members are dropped, because they are not part of the shape.
impl TryFrom<&Geometry> for Ewkb {
    type Error = EncodeError;

    fn try_from(geometry: &Geometry) -> Result<Self, EncodeError> {
        to_ewkb(geometry, WGS84)
    }
}

fn to_ewkb(geometry: &Geometry, srid: i32) -> Result<Ewkb, EncodeError> {
    let dimensions = Dimensions {
        z: first_position(&geometry.value).is_some_and(|position| position.len() == 3),
        m: false,
    };
    shape(&geometry.value, dimensions)?.into_ewkb(dimensions, srid)
}

/// The first position, which tells the dimensions of all.
fn first_position(value: &GeometryValue) -> Option<&Coordinates> {
    match value {
        GeometryValue::Point { coordinates } => Some(coordinates),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            coordinates.first()
        }
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            coordinates.iter().flatten().next()
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().flatten().next()
        }
        GeometryValue::GeometryCollection { geometries } => {
            let mut values = geometries.iter().map(|geometry| &geometry.value);
            values.find_map(first_position)
        }
    }
}

fn shape(value: &GeometryValue, dimensions: Dimensions) -> Result<Shape, EncodeError> {
    let position = |coordinates: &Coordinates| -> Result<Position, EncodeError> {
        let (numbers, count) = (coordinates.as_slice(), dimensions.count());
        let mut position = [0.0; 4];
        if numbers.len() != count {
            return Err(EncodeError::new(
                "the positions of the GeoJSON differ in length, or have not two or three numbers",
            ));
        }
        position[..count].copy_from_slice(numbers);
        Ok(position)
    };
    let line = |line: &Vec<Coordinates>| line.iter().map(position).collect::<Result<Line, _>>();
    let lines = |lines: &Vec<Vec<Coordinates>>| {
        let lines = lines.iter().map(line);
        lines.collect::<Result<Vec<_>, _>>()
    };
    Ok(match value {
        GeometryValue::Point { coordinates } => Shape::Point(Some(position(coordinates)?)),
        GeometryValue::LineString { coordinates } => Shape::LineString(line(coordinates)?),
        GeometryValue::Polygon { coordinates } => Shape::Polygon(lines(coordinates)?),
        GeometryValue::MultiPoint { coordinates } => {
            let points = line(coordinates)?.into_iter().map(Some);
            Shape::MultiPoint(points.collect())
        }
        GeometryValue::MultiLineString { coordinates } => {
            Shape::MultiLineString(lines(coordinates)?)
        }
        GeometryValue::MultiPolygon { coordinates } => {
            let polygons = coordinates.iter().map(lines);
            Shape::MultiPolygon(polygons.collect::<Result<_, _>>()?)
        }
        GeometryValue::GeometryCollection { geometries } => {
            let shapes = geometries.iter();
            let shapes = shapes.map(|geometry| shape(&geometry.value, dimensions));
            Shape::GeometryCollection(shapes.collect::<Result<_, _>>()?)
        }
    })
}

/// A shape that GeoJSON cannot hold is an error.
impl<'r> Decode<'r> for Geometry {
    const ACCEPTS: &'static Accepts = <Ewkb as Decode<'r>>::ACCEPTS;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Self::try_from(&Ewkb::decode(ty, raw)?).map_err(|error| error.held_by("howdah::Ewkb"))
    }
}

/// In WGS 84 (4326), which is GeoJSON's.
impl Encode for Geometry {
    const ACCEPTS: &'static Accepts = <Ewkb as Encode>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        Ewkb::try_from(self)?.encode(ty, out)
    }
}

/// A spatial reference system other than WGS 84 (4326) or none is an error.
impl EncodeSpatial for Geometry {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        match srid {
            0 | WGS84 => to_ewkb(self, srid)?.encode(ty, out),
            other => Err(EncodeError::new(format!(
                "GeoJSON has SRID {WGS84}, not {other}"
            ))),
        }
    }
}
