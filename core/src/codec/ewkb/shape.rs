//! A shape taken apart, and put together as EWKB: what the conversions from and to other crates' shapes share.
//! Curves and surfaces have no place here; each of their crates lacks them too.

use super::{Ewkb, HAS_M, HAS_SRID, HAS_Z};
use crate::EncodeError;

/// Which coordinates positions have besides X and Y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dimensions {
    pub(super) z: bool,
    pub(super) m: bool,
}

impl Dimensions {
    pub(super) fn count(self) -> usize {
        2 + usize::from(self.z) + usize::from(self.m)
    }
}

/// X, Y, then Z and M if the shape has them.
pub(super) type Position = [f64; 4];
pub(super) type Line = Vec<Position>;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Point(Option<Position>),
    LineString(Line),
    Polygon(Vec<Line>),
    MultiPoint(Vec<Option<Position>>),
    MultiLineString(Vec<Line>),
    MultiPolygon(Vec<Vec<Line>>),
    GeometryCollection(Vec<Shape>),
}

impl Shape {
    /// Encodes a shape. An SRID of 0 means none.
    pub(super) fn into_ewkb(self, dimensions: Dimensions, srid: i32) -> Result<Ewkb, EncodeError> {
        let mut writer = Writer {
            bytes: Vec::new(),
            dimensions,
        };
        writer.shape(&self, srid)?;
        Ok(Ewkb(writer.bytes))
    }

    fn kind(&self) -> u32 {
        match self {
            Self::Point(_) => 1,
            Self::LineString(_) => 2,
            Self::Polygon(_) => 3,
            Self::MultiPoint(_) => 4,
            Self::MultiLineString(_) => 5,
            Self::MultiPolygon(_) => 6,
            Self::GeometryCollection(_) => 7,
        }
    }
}

struct Writer {
    bytes: Vec<u8>,
    dimensions: Dimensions,
}

impl Writer {
    fn shape(&mut self, shape: &Shape, srid: i32) -> Result<(), EncodeError> {
        self.begin(shape.kind(), srid);
        // The parts have the SRID of the whole.
        match shape {
            Shape::Point(point) => self.point(point),
            Shape::LineString(line) => self.line(line),
            Shape::Polygon(rings) => self.many(rings, |writer, ring| writer.line(ring)),
            Shape::MultiPoint(points) => self.many(points, |writer, point| {
                writer.begin(1, 0);
                writer.point(point)
            }),
            Shape::MultiLineString(lines) => self.many(lines, |writer, line| {
                writer.begin(2, 0);
                writer.line(line)
            }),
            Shape::MultiPolygon(polygons) => self.many(polygons, |writer, rings| {
                writer.begin(3, 0);
                writer.many(rings, |writer, ring| writer.line(ring))
            }),
            Shape::GeometryCollection(shapes) => {
                self.many(shapes, |writer, shape| writer.shape(shape, 0))
            }
        }
    }

    fn begin(&mut self, kind: u32, srid: i32) {
        let flag = |set: bool, flag: u32| if set { flag } else { 0 };
        let flags = flag(self.dimensions.z, HAS_Z)
            | flag(self.dimensions.m, HAS_M)
            | flag(srid != 0, HAS_SRID);
        self.bytes.push(1);
        self.bytes.extend((kind | flags).to_le_bytes());
        if srid != 0 {
            self.bytes.extend(srid.to_le_bytes());
        }
    }

    fn many<T>(
        &mut self,
        items: &[T],
        item: impl Fn(&mut Self, &T) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let count = u32::try_from(items.len())
            .map_err(|_| EncodeError::new("the shape has too many parts"))?;
        self.bytes.extend(count.to_le_bytes());
        items.iter().try_for_each(|part| item(self, part))
    }

    fn line(&mut self, line: &Line) -> Result<(), EncodeError> {
        self.many(line, |writer, position| {
            writer.position(position);
            Ok(())
        })
    }

    fn point(&mut self, point: &Option<Position>) -> Result<(), EncodeError> {
        let numbers = |position: &Position| position[..2].iter().all(|number| number.is_nan());
        match point {
            Some(position) if numbers(position) => {
                return Err(EncodeError::new(
                    "a point of NaN coordinates would become POINT EMPTY",
                ));
            }
            Some(position) => self.position(position),
            None => self.position(&[f64::NAN; 4]),
        }
        Ok(())
    }

    fn position(&mut self, position: &Position) {
        for number in &position[..self.dimensions.count()] {
            self.bytes.extend(number.to_le_bytes());
        }
    }
}
