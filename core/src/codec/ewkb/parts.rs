//! EWKB taken apart into a shape, for the crates that have no trait to be read by.

use super::shape::{Dimensions, Line, Position, Shape};
use super::{Ewkb, HAS_M, HAS_Z, Header, MAX_DEPTH, curves, too_deep};
use crate::DecodeError;

impl Shape {
    /// Takes a shape apart.
    pub(super) fn of(ewkb: &Ewkb) -> Result<(Self, Dimensions), DecodeError> {
        let header = ewkb.header();
        let dimensions = Dimensions {
            z: ewkb.has_z(),
            m: ewkb.has_m(),
        };
        let mut reader = Reader {
            raw: ewkb.as_bytes(),
            header,
            dimensions,
        };
        Ok((reader.shape(MAX_DEPTH)?, dimensions))
    }
}

struct Reader<'r> {
    raw: &'r [u8],
    header: Header,
    dimensions: Dimensions,
}

impl Reader<'_> {
    fn shape(&mut self, depth: u32) -> Result<Shape, DecodeError> {
        let kind = self.begin()?;
        Ok(match kind {
            1 => Shape::Point(self.point()?),
            2 => Shape::LineString(self.line()?),
            3 => Shape::Polygon(self.many(Self::line)?),
            4 => Shape::MultiPoint(self.parts(1, Self::point)?),
            5 => Shape::MultiLineString(self.parts(2, Self::line)?),
            6 => Shape::MultiPolygon(self.parts(3, |reader| reader.many(Self::line))?),
            7 if depth == 0 => return Err(too_deep()),
            7 => Shape::GeometryCollection(self.many(|reader| reader.shape(depth - 1))?),
            _ => return Err(curves(kind)),
        })
    }

    /// Takes a header, and returns the kind of its shape.
    fn begin(&mut self) -> Result<u32, DecodeError> {
        self.header = Header::take(&mut self.raw)?;
        let (z, m) = (self.header.code & HAS_Z != 0, self.header.code & HAS_M != 0);
        match self.dimensions == (Dimensions { z, m }) {
            true => Ok(self.header.kind()),
            false => Err(DecodeError::unsupported(
                "the shape has parts of other dimensions",
            )),
        }
    }

    /// Items as they come: their counts were checked with the whole.
    fn many<T>(
        &mut self,
        item: impl Fn(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.header.number(&mut self.raw)?;
        (0..count).map(|_| item(self)).collect()
    }

    /// Parts of a kind, each with a header of its own.
    fn parts<T>(
        &mut self,
        wanted: u32,
        item: impl Fn(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        self.many(|reader| match reader.begin()? {
            kind if kind == wanted => item(reader),
            kind => Err(curves(kind)),
        })
    }

    fn line(&mut self) -> Result<Line, DecodeError> {
        self.many(Self::position)
    }

    /// A point of nothing but NaN is how EWKB says POINT EMPTY.
    fn point(&mut self) -> Result<Option<Position>, DecodeError> {
        let position = self.position()?;
        let count = self.dimensions.count();
        let empty = position[..count].iter().all(|number| number.is_nan());
        Ok((!empty).then_some(position))
    }

    fn position(&mut self) -> Result<Position, DecodeError> {
        let mut position = [0.0; 4];
        for number in &mut position[..self.dimensions.count()] {
            *number = self.header.coordinate(&mut self.raw)?;
        }
        Ok(position)
    }
}
