//! Arrays as PostgreSQL has them: with up to six dimensions and any lower bounds. A `Vec` is simpler where neither matters.

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{decode::take_nullable, element_type, put_value, room, take};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// The most dimensions that a PostgreSQL array can have.
pub(super) const MAX_DIMENSIONS: usize = 6;

/// An array with its dimensions. The elements are in the order in which `unnest` returns them: the index of the last
/// dimension changes first.
///
/// ```
/// use howdah::{Array, Dimension};
///
/// let matrix = Array::new(vec![Dimension::new(2), Dimension::new(2)], vec![1, 2, 3, 4]).unwrap();
/// assert_eq!(matrix.get(&[2, 1]), Some(&3));
/// assert!(Array::new(vec![Dimension::new(2)], vec![1, 2, 3]).is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Array<T> {
    dimensions: Vec<Dimension>,
    elements: Vec<T>,
}

/// A dimension of an [`Array`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Dimension {
    /// The number of indexes.
    pub length: u32,
    /// The first index, usually 1.
    pub lower_bound: i32,
}

impl Dimension {
    /// A dimension with this many indexes, which begin with 1.
    #[must_use]
    pub const fn new(length: u32) -> Self {
        Self {
            length,
            lower_bound: 1,
        }
    }
}

impl<T> Array<T> {
    /// An array with these dimensions and elements. `None` if the number of elements does not fit the dimensions, or if
    /// there are more than six dimensions or indexes beyond `i32`.
    #[must_use]
    pub fn new(dimensions: Vec<Dimension>, elements: Vec<T>) -> Option<Self> {
        let indexes = |dimension: &Dimension| {
            let length = i32::try_from(dimension.length).ok()?;
            dimension.lower_bound.checked_add(length)
        };
        let valid = dimensions.len() <= MAX_DIMENSIONS
            && dimensions
                .iter()
                .all(|dimension| indexes(dimension).is_some())
            && size(&dimensions) == Some(elements.len());
        valid.then(|| Self {
            // Like on the server, an array without elements has no dimensions.
            dimensions: if elements.is_empty() {
                Vec::new()
            } else {
                dimensions
            },
            elements,
        })
    }

    /// The dimensions, the outermost first. An empty array has none.
    #[must_use]
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// All elements.
    #[must_use]
    pub fn elements(&self) -> &[T] {
        &self.elements
    }

    /// All elements.
    #[must_use]
    pub fn into_elements(self) -> Vec<T> {
        self.elements
    }

    /// The element at these indexes, one for each dimension, counted as in SQL. `None` if there is none.
    #[must_use]
    pub fn get(&self, indexes: &[i32]) -> Option<&T> {
        if indexes.len() != self.dimensions.len() || indexes.is_empty() {
            return None;
        }
        let offset =
            self.dimensions
                .iter()
                .zip(indexes)
                .try_fold(0_usize, |offset, (dimension, index)| {
                    let index = u32::try_from(index.checked_sub(dimension.lower_bound)?).ok()?;
                    (index < dimension.length)
                        .then_some(offset * dimension.length as usize + index as usize)
                });
        self.elements.get(offset?)
    }
}

/// The number of elements in these dimensions.
fn size(dimensions: &[Dimension]) -> Option<usize> {
    match dimensions {
        [] => Some(0),
        _ => dimensions.iter().try_fold(1_usize, |size, dimension| {
            size.checked_mul(dimension.length as usize)
        }),
    }
}

/// One dimension, counting from 1.
impl<T> From<Vec<T>> for Array<T> {
    fn from(elements: Vec<T>) -> Self {
        // More elements than fit into a dimension are refused when they are sent.
        let length = u32::try_from(elements.len()).unwrap_or(u32::MAX);
        Self {
            dimensions: if elements.is_empty() {
                Vec::new()
            } else {
                vec![Dimension::new(length)]
            },
            elements,
        }
    }
}

/// Takes the header of an array from `raw`: the number of dimensions, and the dimensions.
pub(super) fn take_header(
    raw: &mut &[u8],
) -> Result<(usize, [Dimension; MAX_DIMENSIONS]), DecodeError> {
    let count = u32::from_be_bytes(take(raw)?) as usize;
    let [_has_null, _element_oid]: [[u8; 4]; 2] = [take(raw)?, take(raw)?];
    let mut dimensions = [Dimension::new(0); MAX_DIMENSIONS];
    let Some(known) = dimensions.get_mut(..count) else {
        return Err(DecodeError::invalid(
            "the array has more than six dimensions",
        ));
    };
    for dimension in known {
        dimension.length = u32::from_be_bytes(take(raw)?);
        dimension.lower_bound = i32::from_be_bytes(take(raw)?);
    }
    Ok((count, dimensions))
}

/// Appends the header of an array.
pub(super) fn put_header(dimensions: &[Dimension], element: &Type, out: &mut BytesMut) {
    // At most six dimensions. The server ignores the flag for nulls, so it is always 0.
    out.put_u32(dimensions.len() as u32);
    out.put_i32(0);
    out.put_u32(element.oid());
    for dimension in dimensions {
        out.put_u32(dimension.length);
        out.put_i32(dimension.lower_bound);
    }
}

impl<'r, T: Decode<'r>> Decode<'r> for Array<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Array(T::ACCEPTS);

    fn decode(ty: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let Some(element) = element_type(ty) else {
            return Err(DecodeError::invalid("the value is not an array"));
        };
        let (count, dimensions) = take_header(&mut raw)?;
        let dimensions = dimensions[..count].to_vec();
        let size = size(&dimensions).ok_or_else(DecodeError::truncated)?;
        // Each element has a length of four bytes.
        let mut elements = Vec::with_capacity(room::<T>(size, 4, raw));
        for index in 0..size {
            let value = take_nullable(element, &mut raw);
            elements.push(value.map_err(|error: DecodeError| error.in_element(index))?);
        }
        match raw {
            [] => Self::new(dimensions, elements)
                .ok_or_else(|| DecodeError::invalid("the array has indexes beyond 32 bits")),
            _ => Err(DecodeError::invalid(
                "the array has bytes after its last element",
            )),
        }
    }
}

impl<T: Encode> Encode for Array<T> {
    const ACCEPTS: &'static Accepts = &Accepts::Array(T::ACCEPTS);

    fn encode(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        self.encode_at(0, ty, out)
    }

    fn encode_at(&self, srid: i32, ty: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let Some(element) = element_type(ty) else {
            return Err(EncodeError::new("the parameter is not an array"));
        };
        put_header(&self.dimensions, element, out);
        for value in &self.elements {
            put_value(out, |out| value.encode_at(srid, element, out))?;
        }
        Ok(IsNull::No)
    }
}
