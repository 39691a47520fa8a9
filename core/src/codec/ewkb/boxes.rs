//! `box2d` and `box3d` of PostGIS. The server has no binary form of them, so they are sent as the `geometry` that it
//! casts them to and from: a point, a line, a rectangle, or the six sides of a cuboid.

use std::{array, cmp::Ordering};

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{HAS_M, HAS_Z, Header};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const SURFACE: u32 = 15;

/// The sides of a cuboid.
const SIDES: usize = 6;
/// The positions of a rectangle; the last is the same as the first.
const CORNERS: usize = 5;

macro_rules! boxes {
    ($($(#[$doc:meta])* $name:ident $dimensions:literal)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub struct $name {
            /// The corner with the smallest coordinates.
            pub min: [f64; $dimensions],
            /// The corner with the greatest coordinates.
            pub max: [f64; $dimensions],
        }

        impl<'r> Decode<'r> for $name {
            const ACCEPTS: &'static Accepts = &Accepts::Extension(&["geometry"]);

            fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
                let (min, max) = decode(raw)?;
                Ok(Self { min, max })
            }
        }

        impl Encode for $name {
            const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

            fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
                encode(self.min, self.max, out)
            }
        }
    )*};
}

boxes! {
    /// PostGIS' `box2d`, such as `st_extent` returns: a rectangle along the axes. It is read and sent as a `geometry`,
    /// because `box2d` has no binary form. Generated queries contain the casts; in your own SQL write
    /// `st_extent(location)::geometry` and `$1::geometry::box2d`.
    ///
    /// ```
    /// use howdah::Box2d;
    ///
    /// let alps = Box2d { min: [5.0, 43.5], max: [17.0, 48.5] };
    /// assert!(alps.min[0] < alps.max[0]);
    /// ```
    Box2d 2
    /// PostGIS' `box3d`, such as `st_3dextent` returns: a cuboid along the axes. It is read and sent like a [`Box2d`].
    Box3d 3
}

/// The same rectangle in PostGIS.
#[cfg(feature = "geo")]
impl From<geo_types::Rect<f64>> for Box2d {
    fn from(rect: geo_types::Rect<f64>) -> Self {
        Self {
            min: rect.min().into(),
            max: rect.max().into(),
        }
    }
}

#[cfg(feature = "geo")]
impl From<Box2d> for geo_types::Rect<f64> {
    fn from(of: Box2d) -> Self {
        Self::new(of.min, of.max)
    }
}

/// The corners of the box in these bytes; a shape that is no box is an error.
fn decode<const N: usize>(mut raw: &[u8]) -> Result<([f64; N], [f64; N]), DecodeError> {
    let mut positions = Vec::with_capacity(SIDES * CORNERS);
    match take_header::<N>(&mut raw)? {
        (POINT, header) => take_line(&mut raw, header, 1, &mut positions)?,
        (LINE, header) => {
            take_count(header, &mut raw, 2)?;
            take_line(&mut raw, header, 2, &mut positions)?;
        }
        (POLYGON, header) => take_rectangle(&mut raw, header, &mut positions)?,
        (SURFACE, header) => {
            take_count(header, &mut raw, SIDES)?;
            for _ in 0..SIDES {
                match take_header::<N>(&mut raw)? {
                    (POLYGON, header) => take_rectangle(&mut raw, header, &mut positions)?,
                    _ => return Err(no_box()),
                }
            }
        }
        _ => return Err(no_box()),
    }
    if !raw.is_empty() {
        return Err(DecodeError::invalid("bytes follow the shape"));
    }
    let bound = |axis: usize, wanted: Ordering| {
        let numbers = positions.iter().map(|position: &[f64; N]| position[axis]);
        let bound = numbers.reduce(|a, b| if b.total_cmp(&a) == wanted { b } else { a });
        bound.unwrap_or_default()
    };
    let min = array::from_fn(|axis| bound(axis, Ordering::Less));
    let max = array::from_fn(|axis| bound(axis, Ordering::Greater));
    let is_corner = |position: &[f64; N]| {
        (0..N).all(|axis| same(position[axis], min[axis]) || same(position[axis], max[axis]))
    };
    match positions.iter().all(is_corner) {
        true => Ok((min, max)),
        false => Err(no_box()),
    }
}

/// Takes the header of a shape with `N` coordinates in a position, and returns the kind of shape.
fn take_header<const N: usize>(raw: &mut &[u8]) -> Result<(u32, Header), DecodeError> {
    let header = Header::take(raw)?;
    match header.code & (HAS_Z | HAS_M) == flags(N) {
        true => Ok((header.kind(), header)),
        false => Err(no_box()),
    }
}

fn flags(dimensions: usize) -> u32 {
    if dimensions == 3 { HAS_Z } else { 0 }
}

fn take_count(header: Header, raw: &mut &[u8], count: usize) -> Result<(), DecodeError> {
    match header.number(raw)? as usize == count {
        true => Ok(()),
        false => Err(no_box()),
    }
}

fn take_rectangle<const N: usize>(
    raw: &mut &[u8],
    header: Header,
    positions: &mut Vec<[f64; N]>,
) -> Result<(), DecodeError> {
    take_count(header, raw, 1)?;
    take_count(header, raw, CORNERS)?;
    take_line(raw, header, CORNERS, positions)
}

/// Takes positions. From each to the next, exactly one coordinate must change.
fn take_line<const N: usize>(
    raw: &mut &[u8],
    header: Header,
    count: usize,
    positions: &mut Vec<[f64; N]>,
) -> Result<(), DecodeError> {
    let from = positions.len();
    for _ in 0..count {
        let mut position = [0.0; N];
        for number in &mut position {
            *number = header.coordinate(raw)?;
        }
        positions.push(position);
    }
    let along_an_axis = |step: &[[f64; N]]| match step {
        [a, b] => (0..N).filter(|axis| !same(a[*axis], b[*axis])).count() == 1,
        _ => false,
    };
    match positions[from..].windows(2).all(along_an_axis) {
        true => Ok(()),
        false => Err(no_box()),
    }
}

fn same(a: f64, b: f64) -> bool {
    a.total_cmp(&b).is_eq()
}

fn no_box() -> DecodeError {
    DecodeError::invalid("the shape is not a box along the axes")
}

/// The shape that PostGIS casts a box to. Its dimension is the number of axes along which the box is not flat.
fn encode<const N: usize>(
    min: [f64; N],
    max: [f64; N],
    out: &mut BytesMut,
) -> Result<IsNull, EncodeError> {
    if !(0..N).all(|axis| min[axis] <= max[axis]) {
        return Err(EncodeError::new("the box ends before it begins"));
    }
    let wide = |axis: &usize| !same(min[*axis], max[*axis]);
    let wide: Vec<usize> = (0..N).filter(wide).collect();
    match wide.as_slice() {
        [] => {
            put_header(POINT, &[], N, out);
            put(&min, out);
        }
        [_] => {
            put_header(LINE, &[2], N, out);
            put(&min, out);
            put(&max, out);
        }
        [a, b] => put_rectangle(min, max, [*a, *b], out),
        axes => {
            put_header(SURFACE, &[SIDES as u32], N, out);
            for (nth, across) in axes.iter().enumerate() {
                let mut opposite = min;
                opposite[*across] = max[*across];
                let along = [axes[(nth + 1) % 3], axes[(nth + 2) % 3]];
                put_rectangle(min, max, along, out);
                put_rectangle(opposite, max, along, out);
            }
        }
    }
    Ok(IsNull::No)
}

/// The rectangle from `corner` on that reaches to `max` along two axes.
fn put_rectangle<const N: usize>(
    corner: [f64; N],
    max: [f64; N],
    [a, b]: [usize; 2],
    out: &mut BytesMut,
) {
    put_header(POLYGON, &[1, CORNERS as u32], N, out);
    let mut position = corner;
    put(&position, out);
    for (axis, to) in [(a, max), (b, max), (a, corner), (b, corner)] {
        position[axis] = to[axis];
        put(&position, out);
    }
}

fn put_header(kind: u32, counts: &[u32], dimensions: usize, out: &mut BytesMut) {
    out.put_u8(1);
    out.put_u32_le(kind | flags(dimensions));
    counts.iter().for_each(|count| out.put_u32_le(*count));
}

fn put(position: &[f64], out: &mut BytesMut) {
    position.iter().for_each(|number| out.put_f64_le(*number));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both_ways<const N: usize>(min: [f64; N], max: [f64; N]) {
        let mut out = BytesMut::new();
        encode(min, max, &mut out).unwrap();
        assert_eq!(decode(&out).unwrap(), (min, max));
    }

    #[test]
    fn boxes_of_any_width_come_back() {
        both_ways([1.0, 2.0], [3.0, 4.0]);
        both_ways([1.0, 2.0], [1.0, 4.0]);
        both_ways([1.0, 2.0], [1.0, 2.0]);
        both_ways([f64::NEG_INFINITY, 0.0, 1.0], [0.1, f64::MAX, 1.0]);
        both_ways([0.0, 0.0, 1.0], [0.1, f64::MIN_POSITIVE, f64::INFINITY]);
        both_ways([0.0, 0.0, 1.0], [0.0, 0.0, 2.0]);
    }

    #[test]
    fn what_is_no_box_is_refused() {
        let triangle = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]];
        let staircase = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [2.0, 1.0], [2.0, 2.0]];
        for ring in [triangle, staircase] {
            let mut out = BytesMut::new();
            put_header(POLYGON, &[1, 5], 2, &mut out);
            ring.iter().for_each(|position| put(position, &mut out));
            assert!(decode::<2>(&out).is_err());
            assert!(decode::<3>(&out).is_err());
        }
        let mut out = BytesMut::new();
        assert!(encode([1.0, 0.0], [0.0, 0.0], &mut out).is_err());
        assert!(encode([f64::NAN, 0.0], [0.0, 0.0], &mut out).is_err());
    }
}
