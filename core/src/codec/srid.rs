//! SRIDs: the spatial reference system of a value that is sent, and the one that a value must have when it is read.
//! Shapes of other crates hold no SRID, so it is stated separately.

use bytes::BytesMut;
use postgres_types::{IsNull, Type};

use super::{array::encode_array, dimensions::take_header, element_type, ewkb, take_value};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError, Param};

/// A shape with the SRID that it must have. It is sent with this SRID, and reading a value with another SRID is an error.
///
/// ```
/// use howdah::Srid;
///
/// let web_mercator: Srid<3857, geo_types::Point> = Srid(geo_types::Point::new(9.5e6, 3.2e6));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Srid<const SRID: i32, T>(pub T);

/// A spatial value that is sent with a given SRID; see [`Param::spatial`].
pub trait EncodeSpatial: Encode {
    /// Like [`Encode::encode`], but with this SRID.
    ///
    /// # Errors
    ///
    /// When PostGIS cannot hold the value.
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError>;
}

impl<'a> Param<'a> {
    /// A spatial parameter with the SRID that the column or function on the server expects. 0 means none.
    #[must_use]
    pub fn spatial<T: EncodeSpatial + 'a>(value: T, srid: i32) -> Self {
        Param::boxed(WithSrid { value, srid })
    }
}

struct WithSrid<T> {
    value: T,
    srid: i32,
}

impl<T: EncodeSpatial> Encode for WithSrid<T> {
    const ACCEPTS: &'static Accepts = T::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.value.encode_with_srid(self.srid, ty, out)
    }
}

impl<'r, const SRID: i32, T: Decode<'r> + EncodeSpatial> Decode<'r> for Srid<SRID, T> {
    const ACCEPTS: &'static Accepts = <T as Decode<'r>>::ACCEPTS;

    fn decode(ty: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        check(SRID, ty, raw)?;
        T::decode(ty, raw).map(Self)
    }
}

/// Whether a shape, or each in an array of them, has this SRID.
fn check(expected: i32, ty: &Type, mut raw: &[u8]) -> Result<(), DecodeError> {
    let Some(element) = element_type(ty) else {
        return match ewkb::srid(raw)? {
            srid if srid == expected => Ok(()),
            srid => Err(DecodeError::unsupported(format!(
                "the value has SRID {srid} instead of {expected}"
            ))),
        };
    };
    take_header(&mut raw)?;
    let mut index = 0;
    while !raw.is_empty() {
        if let Some(shape) = take_value(&mut raw)? {
            check(expected, element, shape).map_err(|error| error.in_element(index))?;
        }
        index += 1;
    }
    Ok(())
}

impl<const SRID: i32, T: EncodeSpatial> Encode for Srid<SRID, T> {
    const ACCEPTS: &'static Accepts = <T as Encode>::ACCEPTS;

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.0.encode_with_srid(SRID, ty, out)
    }
}

impl<T: EncodeSpatial + ?Sized> EncodeSpatial for &T {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        T::encode_with_srid(self, srid, ty, out)
    }
}

impl<T: EncodeSpatial> EncodeSpatial for Option<T> {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        match self {
            Some(value) => value.encode_with_srid(srid, ty, out),
            None => Ok(IsNull::Yes),
        }
    }
}

impl<T: EncodeSpatial> EncodeSpatial for [T] {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        encode_array(self, ty, out, |value, ty, out| {
            value.encode_with_srid(srid, ty, out)
        })
    }
}

impl<T: EncodeSpatial> EncodeSpatial for Vec<T> {
    fn encode_with_srid(
        &self,
        srid: i32,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, EncodeError> {
        self.as_slice().encode_with_srid(srid, ty, out)
    }
}
