//! PostgreSQL's own geometric types, whose coordinates have no spatial reference system. For shapes on the earth there is
//! PostGIS. Format: `src/backend/utils/adt/geo_ops.c`.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{number_text, room, take};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// `point`
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Point {
    /// The first coordinate.
    pub x: f64,
    /// The second coordinate.
    pub y: f64,
}

/// `line`: the points where `a`·x + `b`·y + `c` is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Line {
    /// The factor of x. `a` and `b` cannot both be 0.
    pub a: f64,
    /// The factor of y.
    pub b: f64,
    /// The constant term.
    pub c: f64,
}

/// `lseg`: the part of a line between two points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LineSegment {
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// `box`: a rectangle along the axes. If you send the corners in another order, the server reorders them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Box {
    /// The corner with the greater coordinates.
    pub upper_right: Point,
    /// The corner with the smaller coordinates.
    pub lower_left: Point,
}

/// `path`: points joined by lines.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Path {
    /// Whether the last point is joined with the first.
    pub closed: bool,
    /// At least one point.
    pub points: Vec<Point>,
}

/// `polygon`: the area within a closed path.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Polygon {
    /// At least one point.
    pub points: Vec<Point>,
}

/// `circle`
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Circle {
    /// The centre.
    pub center: Point,
    /// The radius, which is not negative.
    pub radius: f64,
}

fn number(raw: &mut &[u8]) -> Result<f64, DecodeError> {
    take(raw).map(f64::from_be_bytes)
}

fn point(raw: &mut &[u8]) -> Result<Point, DecodeError> {
    Ok(Point {
        x: number(raw)?,
        y: number(raw)?,
    })
}

fn points(raw: &mut &[u8]) -> Result<Vec<Point>, DecodeError> {
    let count = u32::from_be_bytes(take(raw)?) as usize;
    let mut points = Vec::with_capacity(room::<Point>(count, 16, raw));
    for _ in 0..count {
        points.push(point(raw)?);
    }
    Ok(points)
}

fn put_points(points: &[Point], out: &mut BytesMut) -> Result<(), EncodeError> {
    out.put_u32(
        u32::try_from(points.len()).map_err(|_| EncodeError::new("there are too many points"))?,
    );
    points
        .iter()
        .for_each(|point| put_numbers(&[point.x, point.y], out));
    Ok(())
}

fn put_numbers(numbers: &[f64], out: &mut BytesMut) {
    numbers.iter().for_each(|number| out.put_f64(*number));
}

macro_rules! codecs {
    ($($ty:ident $name:literal |$raw:ident| $read:expr, |$value:ident, $out:ident| $write:expr;)*) => {$(
        impl<'r> Decode<'r> for $ty {
            const ACCEPTS: &'static Accepts = &Accepts::Builtin(&[$name]);

            fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
                let $raw = &mut raw;
                let value = $read;
                match raw {
                    [] => Ok(value),
                    _ => Err(DecodeError::invalid(concat!("bytes follow the ", $name))),
                }
            }
        }

        impl Encode for $ty {
            const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

            fn encode(&self, _: &Type, $out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                let $value = self;
                $write;
                Ok(IsNull::No)
            }
        }
    )*};
}

codecs! {
    Point "point" |raw| point(raw)?, |value, out| put_numbers(&[value.x, value.y], out);
    Line "line" |raw| Self { a: number(raw)?, b: number(raw)?, c: number(raw)? },
        |value, out| put_numbers(&[value.a, value.b, value.c], out);
    LineSegment "lseg" |raw| Self { start: point(raw)?, end: point(raw)? },
        |value, out| put_numbers(&[value.start.x, value.start.y, value.end.x, value.end.y], out);
    Box "box" |raw| Self { upper_right: point(raw)?, lower_left: point(raw)? },
        |value, out| put_numbers(
            &[value.upper_right.x, value.upper_right.y, value.lower_left.x, value.lower_left.y],
            out,
        );
    Path "path" |raw| Self { closed: take(raw)? != [0], points: points(raw)? },
        |value, out| {
            out.put_u8(u8::from(value.closed));
            put_points(&value.points, out)?
        };
    Polygon "polygon" |raw| Self { points: points(raw)? }, |value, out| put_points(&value.points, out)?;
    Circle "circle" |raw| Self { center: point(raw)?, radius: number(raw)? },
        |value, out| put_numbers(&[value.center.x, value.center.y, value.radius], out);
}

macro_rules! displays {
    ($($ty:ident |$value:ident| $text:expr;)*) => {$(
        /// As PostgreSQL prints it, except that no number has an exponent.
        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $value = self;
                f.write_str(&$text)
            }
        }
    )*};
}

displays! {
    Point |value| format!("({},{})", number_text(value.x), number_text(value.y));
    Line |value| format!("{{{},{},{}}}", number_text(value.a), number_text(value.b), number_text(value.c));
    LineSegment |value| format!("[{},{}]", value.start, value.end);
    Box |value| format!("{},{}", value.upper_right, value.lower_left);
    Path |value| match value.closed {
        true => format!("({})", joined(&value.points)),
        false => format!("[{}]", joined(&value.points)),
    };
    Polygon |value| format!("({})", joined(&value.points));
    Circle |value| format!("<{},{}>", value.center, number_text(value.radius));
}

fn joined(points: &[Point]) -> String {
    points
        .iter()
        .map(Point::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_postgresql_prints_it() {
        let (x, y) = (f64::NEG_INFINITY, 1.5);
        let start = Point { x, y };
        assert_eq!(start.to_string(), "(-Infinity,1.5)");
        let end = Point {
            x: f64::NAN,
            y: -0.0,
        };
        let segment = LineSegment { start, end };
        assert_eq!(segment.to_string(), "[(-Infinity,1.5),(NaN,-0)]");
        let (a, b, c) = (1.0, f64::INFINITY, 0.0);
        assert_eq!(Line { a, b, c }.to_string(), "{1,Infinity,0}");
    }
}
