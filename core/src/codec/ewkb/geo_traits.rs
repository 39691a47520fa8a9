//! From any type that implements `geo-traits` to EWKB. For the other direction, convert to a `wkt::Wkt`, which
//! implements `geo-traits` in all dimensions: `Ewkb` cannot implement the traits without `unsafe`.

use geo_traits::{
    CoordTrait, Dimensions as Coordinates, GeometryCollectionTrait, GeometryTrait, GeometryType,
    LineStringTrait, LineTrait, MultiLineStringTrait, MultiPointTrait, MultiPolygonTrait,
    PointTrait, PolygonTrait, RectTrait, TriangleTrait,
};

use super::{
    Ewkb,
    shape::{Dimensions, Line, Position, Shape},
};
use crate::EncodeError;

impl Ewkb {
    /// Converts a shape to EWKB with this SRID. 0 means no SRID.
    ///
    /// ```
    /// use howdah::Ewkb;
    ///
    /// let shape = Ewkb::from_geometry(&geo_types::Point::new(85.3, 27.7), 4326).unwrap();
    /// assert_eq!((shape.kind(), shape.srid()), ("Point", 4326));
    /// ```
    ///
    /// # Errors
    ///
    /// When the coordinates are not XY, XYZ, XYM or XYZM, or not the same in all parts of the shape; or when X and Y of
    /// a point are `NaN`, because PostGIS reads an empty point then.
    pub fn from_geometry<G: GeometryTrait<T = f64>>(
        geometry: &G,
        srid: i32,
    ) -> Result<Self, EncodeError> {
        let (z, m) = match geometry.dim() {
            Coordinates::Xy | Coordinates::Unknown(2) => (false, false),
            Coordinates::Xyz => (true, false),
            Coordinates::Xym => (false, true),
            Coordinates::Xyzm => (true, true),
            Coordinates::Unknown(_) => {
                return Err(EncodeError::new(
                    "the shape does not say which coordinates it has",
                ));
            }
        };
        let dimensions = Dimensions { z, m };
        shape(geometry, dimensions)?.into_ewkb(dimensions, srid)
    }
}

fn shape<G: GeometryTrait<T = f64>>(
    geometry: &G,
    dimensions: Dimensions,
) -> Result<Shape, EncodeError> {
    Ok(match geometry.as_type() {
        GeometryType::Point(shape) => Shape::Point(point(shape, dimensions)?),
        GeometryType::LineString(shape) => Shape::LineString(line(shape, dimensions)?),
        GeometryType::Polygon(shape) => Shape::Polygon(rings(shape, dimensions)?),
        GeometryType::MultiPoint(shape) => {
            Shape::MultiPoint(all(shape.points(), |shape| point(&shape, dimensions))?)
        }
        GeometryType::MultiLineString(shape) => {
            Shape::MultiLineString(all(shape.line_strings(), |shape| line(&shape, dimensions))?)
        }
        GeometryType::MultiPolygon(shape) => {
            Shape::MultiPolygon(all(shape.polygons(), |shape| rings(&shape, dimensions))?)
        }
        GeometryType::GeometryCollection(collection) => {
            Shape::GeometryCollection(collected(collection, dimensions)?)
        }
        // PostGIS has no separate kinds for these.
        GeometryType::Line(shape) => Shape::LineString(all(shape.coords().into_iter(), |coord| {
            position(&coord, dimensions)
        })?),
        GeometryType::Triangle(shape) => {
            let corners = shape.coords();
            let closed = corners.into_iter().chain([shape.first()]);
            Shape::Polygon(vec![all(closed, |coord| position(&coord, dimensions))?])
        }
        GeometryType::Rect(_) if dimensions.count() > 2 => {
            return Err(EncodeError::new("a box of three dimensions is no polygon"));
        }
        GeometryType::Rect(shape) => {
            let (min, max) = (shape.min(), shape.max());
            let corners = [
                (min.x(), min.y()),
                (max.x(), min.y()),
                (max.x(), max.y()),
                (min.x(), max.y()),
                (min.x(), min.y()),
            ];
            let ring = corners.map(|(x, y)| [x, y, 0.0, 0.0]);
            Shape::Polygon(vec![ring.to_vec()])
        }
    })
}

/// A function of its own, so that the compiler instantiates [`shape`] once for each collection's type of parts.
fn collected<G: GeometryCollectionTrait<T = f64>>(
    collection: &G,
    dimensions: Dimensions,
) -> Result<Vec<Shape>, EncodeError> {
    all(collection.geometries(), |part| shape(&part, dimensions))
}

fn all<T, U>(
    parts: impl Iterator<Item = T>,
    part: impl Fn(T) -> Result<U, EncodeError>,
) -> Result<Vec<U>, EncodeError> {
    parts.map(part).collect()
}

fn point(
    point: &impl PointTrait<T = f64>,
    dimensions: Dimensions,
) -> Result<Option<Position>, EncodeError> {
    let coord = point.coord();
    coord.map(|coord| position(&coord, dimensions)).transpose()
}

fn line(line: &impl LineStringTrait<T = f64>, dimensions: Dimensions) -> Result<Line, EncodeError> {
    all(line.coords(), |coord| position(&coord, dimensions))
}

fn rings(
    polygon: &impl PolygonTrait<T = f64>,
    dimensions: Dimensions,
) -> Result<Vec<Line>, EncodeError> {
    let exterior = polygon.exterior().map(|ring| line(&ring, dimensions));
    let interiors = polygon.interiors().map(|ring| line(&ring, dimensions));
    exterior.into_iter().chain(interiors).collect()
}

fn position(
    coord: &impl CoordTrait<T = f64>,
    dimensions: Dimensions,
) -> Result<Position, EncodeError> {
    let count = dimensions.count();
    if coord.dim().size() != count {
        return Err(EncodeError::new("the shape has parts of other dimensions"));
    }
    let mut position = [0.0; 4];
    for (n, number) in position[..count].iter_mut().enumerate() {
        *number = coord.nth(n).unwrap_or_default();
    }
    Ok(position)
}
