//! The types of the extension pgvector: `vector`, `halfvec` and `sparsevec`. Its `bit` is PostgreSQL's.
//! Format: pgvector's `src/vector.c`, `vector_send`; `halfvec.c`; `sparsevec.c`.

use bytes::{BufMut, BytesMut};
use half::f16;
use pgvector::{HalfVector, SparseVector, Vector};
use postgres_types::{IsNull, Type};

use super::take;
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// Takes the number of dimensions and an unused field from `raw`, and checks that as many numbers of `N` bytes follow.
fn numbers<const N: usize>(mut raw: &[u8]) -> Result<impl Iterator<Item = [u8; N]>, DecodeError> {
    let dimensions = usize::from(u16::from_be_bytes(take(&mut raw)?));
    let _unused: [u8; 2] = take(&mut raw)?;
    let (numbers, []) = raw.as_chunks::<N>() else {
        return Err(DecodeError::wrong_length(4 + dimensions * N, 4 + raw.len()));
    };
    if numbers.len() != dimensions {
        return Err(DecodeError::wrong_length(4 + dimensions * N, 4 + raw.len()));
    }
    Ok(numbers.iter().copied())
}

fn put_dimensions(count: usize, out: &mut BytesMut) -> Result<(), EncodeError> {
    let count =
        u16::try_from(count).map_err(|_| EncodeError::new("the vector has too many dimensions"))?;
    out.put_u16(count);
    out.put_u16(0);
    Ok(())
}

impl<'r> Decode<'r> for Vector {
    const ACCEPTS: &'static Accepts = &Accepts::Extension(&["vector"]);

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Ok(numbers(raw)?
            .map(f32::from_be_bytes)
            .collect::<Vec<_>>()
            .into())
    }
}

impl Encode for Vector {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        put_dimensions(self.as_slice().len(), out)?;
        self.as_slice()
            .iter()
            .for_each(|number| out.put_f32(*number));
        Ok(IsNull::No)
    }
}

impl<'r> Decode<'r> for HalfVector {
    const ACCEPTS: &'static Accepts = &Accepts::Extension(&["halfvec"]);

    fn decode(_: &Type, raw: &'r [u8]) -> Result<Self, DecodeError> {
        Ok(numbers(raw)?
            .map(f16::from_be_bytes)
            .collect::<Vec<_>>()
            .into())
    }
}

impl Encode for HalfVector {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        put_dimensions(self.as_slice().len(), out)?;
        let numbers = self.as_slice().iter();
        numbers.for_each(|number| out.put_slice(&number.to_be_bytes()));
        Ok(IsNull::No)
    }
}

/// The indexes count from 0, though SQL's text form counts from 1.
impl<'r> Decode<'r> for SparseVector {
    const ACCEPTS: &'static Accepts = &Accepts::Extension(&["sparsevec"]);

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let dimensions = i32::from_be_bytes(take(&mut raw)?);
        let count = u32::from_be_bytes(take(&mut raw)?) as usize;
        let _unused: [u8; 4] = take(&mut raw)?;
        let (numbers, []) = raw.as_chunks::<4>() else {
            return Err(DecodeError::truncated());
        };
        if Some(numbers.len()) != count.checked_mul(2) {
            return Err(DecodeError::wrong_length(count * 8 + 12, raw.len() + 12));
        }
        let (indexes, values) = numbers.split_at(count);
        let indexes: Vec<i32> = indexes.iter().copied().map(i32::from_be_bytes).collect();
        let values: Vec<f32> = values.iter().copied().map(f32::from_be_bytes).collect();
        let ascending = indexes.is_sorted_by(|a, b| a < b);
        let within = indexes.iter().all(|index| (0..dimensions).contains(index));
        // The crate `pgvector` never stores zeros.
        if !ascending || !within || values.contains(&0.0) {
            return Err(DecodeError::invalid("the sparse vector is malformed"));
        }
        Ok(Self::from_map(indexes.iter().zip(&values), dimensions))
    }
}

impl Encode for SparseVector {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let count = i32::try_from(self.indices().len())
            .map_err(|_| EncodeError::new("the vector has too many dimensions"))?;
        out.put_i32(self.dimensions());
        out.put_i32(count);
        out.put_i32(0);
        self.indices().iter().for_each(|index| out.put_i32(*index));
        self.values().iter().for_each(|value| out.put_f32(*value));
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &impl Encode) -> Vec<u8> {
        let mut out = BytesMut::new();
        value.encode(&Type::UNKNOWN, &mut out).unwrap();
        out.to_vec()
    }

    /// The bytes are written by hand from the code of pgvector's send functions.
    #[test]
    fn bytes_are_those_of_pgvector() {
        let vector = Vector::from(vec![1.0, -2.5]);
        let bytes = [0, 2, 0, 0, 0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0];
        assert_eq!(sent(&vector), bytes);
        assert_eq!(Vector::decode(&Type::UNKNOWN, &bytes).unwrap(), vector);
        let half = HalfVector::from_f32_slice(&[1.0, -2.5]);
        let bytes = [0, 2, 0, 0, 0x3C, 0, 0xC1, 0];
        assert_eq!(sent(&half), bytes);
        assert_eq!(HalfVector::decode(&Type::UNKNOWN, &bytes).unwrap(), half);
        let sparse = SparseVector::from_dense(&[0.0, 1.0, 0.0]);
        let head = [0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0];
        let bytes = [&head[..], &[0, 0, 0, 1, 0x3F, 0x80, 0, 0]].concat();
        assert_eq!(sent(&sparse), bytes);
        assert_eq!(
            SparseVector::decode(&Type::UNKNOWN, &bytes).unwrap(),
            sparse
        );
    }

    #[test]
    fn malformed_vectors_are_errors() {
        assert!(Vector::decode(&Type::UNKNOWN, &[0, 2, 0, 0, 0, 0, 0, 0]).is_err());
        assert!(Vector::decode(&Type::UNKNOWN, &[0, 0, 0, 0, 1]).is_err());
        let sparse = |dimensions: u8, indexes: [u8; 2], value: u8| {
            let head = [0, 0, 0, dimensions, 0, 0, 0, 2, 0, 0, 0, 0];
            let indexes = [0, 0, 0, indexes[0], 0, 0, 0, indexes[1]];
            let bytes = [&head[..], &indexes, &[value, 0, 0, 0, 0x3F, 0x80, 0, 0]].concat();
            SparseVector::decode(&Type::UNKNOWN, &bytes).is_ok()
        };
        assert!(sparse(3, [0, 2], 0x3F));
        assert!(!sparse(3, [2, 0], 0x3F));
        assert!(!sparse(2, [0, 2], 0x3F));
        assert!(!sparse(3, [0, 2], 0));
    }
}
