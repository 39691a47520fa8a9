//! EWKB, PostGIS' binary form: a byte for the byte order, a kind with flags, an SRID if flagged,
//! then counts and coordinates. Reads both byte orders, writes little-endian.

use bytes::{BufMut, BytesMut};
use geo_types::Coord;

use super::super::{
    ewkb::{self, HAS_M, HAS_SRID, HAS_Z, MAX_DEPTH, curves, too_deep},
    room, take,
};
use crate::{DecodeError, EncodeError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Point = 1,
    LineString,
    Polygon,
    MultiPoint,
    MultiLineString,
    MultiPolygon,
    GeometryCollection,
}

impl Kind {
    fn new(code: u32) -> Option<Self> {
        use Kind::*;
        let all = [
            Point,
            LineString,
            Polygon,
            MultiPoint,
            MultiLineString,
            MultiPolygon,
            GeometryCollection,
        ];
        all.into_iter().find(|kind| *kind as u32 == code)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) kind: Kind,
    of_any: ewkb::Header,
}

pub(super) struct Reader<'r> {
    raw: &'r [u8],
    depth: u32,
}

impl<'r> Reader<'r> {
    pub(super) fn new(raw: &'r [u8]) -> Self {
        Self { raw, depth: 0 }
    }

    pub(super) fn header(&mut self) -> Result<Header, DecodeError> {
        let header = ewkb::Header::take(&mut self.raw)?;
        match (header.code & HAS_Z != 0, header.code & HAS_M != 0) {
            (false, false) => {}
            (true, false) => return Err(DecodeError::unsupported("the shape has Z coordinates")),
            (false, true) => return Err(DecodeError::unsupported("the shape has M coordinates")),
            (true, true) => {
                return Err(DecodeError::unsupported(
                    "the shape has Z and M coordinates",
                ));
            }
        }
        let kind = Kind::new(header.kind()).ok_or_else(|| curves(header.kind()))?;
        Ok(Header {
            kind,
            of_any: header,
        })
    }

    pub(super) fn coord(&mut self, header: Header) -> Result<Coord, DecodeError> {
        let (x, y): ([u8; 8], [u8; 8]) = (take(&mut self.raw)?, take(&mut self.raw)?);
        Ok(match header.of_any.big_endian {
            true => Coord {
                x: f64::from_be_bytes(x),
                y: f64::from_be_bytes(y),
            },
            false => Coord {
                x: f64::from_le_bytes(x),
                y: f64::from_le_bytes(y),
            },
        })
    }

    pub(super) fn coords(&mut self, header: Header) -> Result<Vec<Coord>, DecodeError> {
        self.many(header, 16, |reader| reader.coord(header))
    }

    /// A count and that many items of at least `size` bytes. In a collection of collections nothing is allocated in
    /// advance, because the count can be wrong at each depth.
    pub(super) fn many<T>(
        &mut self,
        header: Header,
        size: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = header.of_any.number(&mut self.raw)? as usize;
        let mut items = Vec::with_capacity(match self.depth {
            0 | 1 => room::<T>(count, size, self.raw),
            _ => 0,
        });
        for _ in 0..count {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// The shapes of a collection, each with its own header.
    pub(super) fn shapes<T>(
        &mut self,
        header: Header,
        mut shape: impl FnMut(&mut Self, Header) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        if self.depth == MAX_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let shapes = self.many(header, 21, |reader| {
            let header = reader.header()?;
            shape(reader, header)
        })?;
        self.depth -= 1;
        Ok(shapes)
    }

    pub(super) fn finish(self) -> Result<(), DecodeError> {
        match self.raw {
            [] => Ok(()),
            _ => Err(DecodeError::invalid("bytes follow the shape")),
        }
    }
}

pub(super) fn put_header(kind: Kind, srid: i32, out: &mut BytesMut) {
    out.put_u8(1);
    match srid {
        0 => out.put_u32_le(kind as u32),
        srid => {
            out.put_u32_le(kind as u32 | HAS_SRID);
            out.put_i32_le(srid);
        }
    }
}

pub(super) fn put_count(count: usize, out: &mut BytesMut) -> Result<(), EncodeError> {
    out.put_u32_le(
        u32::try_from(count).map_err(|_| EncodeError::new("the shape has too many parts"))?,
    );
    Ok(())
}

pub(super) fn put_coord(coord: Coord, out: &mut BytesMut) {
    out.put_f64_le(coord.x);
    out.put_f64_le(coord.y);
}

pub(super) fn put_coords(coords: &[Coord], out: &mut BytesMut) -> Result<(), EncodeError> {
    put_count(coords.len(), out)?;
    coords.iter().for_each(|coord| put_coord(*coord, out));
    Ok(())
}
