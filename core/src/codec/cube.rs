//! `cube` of the extension of that name: a point or a box of up to a hundred dimensions.
//! Format: `contrib/cube/cube.c`, `cube_send`.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{number_text, take};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// Set if the two corners are the same and only one is sent.
const IS_POINT: u32 = 0x8000_0000;
const MAX_DIMENSIONS: usize = 100;

/// A `cube`: a box, described by two opposite corners, or a point.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cube {
    /// A corner, with one coordinate for each dimension.
    pub corner: Vec<f64>,
    /// The opposite corner. `None` if the cube is a point.
    pub opposite: Option<Vec<f64>>,
}

/// As PostgreSQL prints it, such as `(1, 2),(3, 4)`, except that no number has an exponent.
impl fmt::Display for Cube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let corner = |corner: &[f64]| {
            let numbers: Vec<_> = corner.iter().copied().map(number_text).collect();
            format!("({})", numbers.join(", "))
        };
        f.write_str(&corner(&self.corner))?;
        match &self.opposite {
            Some(opposite) => write!(f, ",{}", corner(opposite)),
            None => Ok(()),
        }
    }
}

impl<'r> Decode<'r> for Cube {
    const ACCEPTS: &'static Accepts = &Accepts::Extension(&["cube"]);

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let header = u32::from_be_bytes(take(&mut raw)?);
        let dimensions = (header & !IS_POINT) as usize;
        if dimensions > MAX_DIMENSIONS {
            return Err(DecodeError::invalid("the cube has too many dimensions"));
        }
        let mut corner = || -> Result<Vec<f64>, DecodeError> {
            let numbers = (0..dimensions).map(|_| take(&mut raw).map(f64::from_be_bytes));
            numbers.collect()
        };
        let cube = Self {
            corner: corner()?,
            opposite: match header & IS_POINT {
                0 => Some(corner()?),
                _ => None,
            },
        };
        match raw {
            [] => Ok(cube),
            _ => Err(DecodeError::invalid("bytes follow the cube")),
        }
    }
}

impl Encode for Cube {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let dimensions = self.corner.len();
        if dimensions > MAX_DIMENSIONS {
            return Err(EncodeError::new("the cube has more than 100 dimensions"));
        }
        let opposite = self.opposite.as_deref();
        if opposite.is_some_and(|corner| corner.len() != dimensions) {
            return Err(EncodeError::new(
                "the corners of the cube differ in their dimensions",
            ));
        }
        let flag = if opposite.is_none() { IS_POINT } else { 0 };
        out.put_u32(dimensions as u32 | flag);
        let numbers = self.corner.iter().chain(opposite.unwrap_or_default());
        numbers.for_each(|number| out.put_f64(*number));
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_postgresql_prints_it() {
        let cube = Cube {
            corner: vec![1.0, f64::NEG_INFINITY],
            opposite: Some(vec![2.5, f64::INFINITY]),
        };
        assert_eq!(cube.to_string(), "(1, -Infinity),(2.5, Infinity)");
    }
}
