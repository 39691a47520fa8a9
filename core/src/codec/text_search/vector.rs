//! `tsvector`: words in order, each with its positions in the document.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{put_word, quoted, take_word};
use crate::codec::{room, take};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// A `tsvector`. In those that the server sends, each word occurs once, and the words are sorted by length and then by
/// bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct TsVector(pub Vec<Lexeme>);

/// A word of a [`TsVector`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lexeme {
    /// The word, normalized; less than 2 KB.
    pub word: String,
    /// The positions, in ascending order. Empty if the positions were stripped.
    pub positions: Vec<Position>,
}

/// A position of a word in a document, with the weight that the word has there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Position {
    /// The number of the word in the document, from 1 to 16,383.
    pub position: u16,
    /// The weight.
    pub weight: Weight,
}

/// The weight of a word. The default is `D`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Weight {
    /// The smallest weight.
    #[default]
    D,
    /// More than `D`.
    C,
    /// More than `C`.
    B,
    /// The greatest weight.
    A,
}

const WEIGHTS: [Weight; 4] = [Weight::D, Weight::C, Weight::B, Weight::A];
const MAX_POSITION: u16 = 0x3FFF;

/// As PostgreSQL prints it, such as `'cat':3 'fat':2A`.
impl fmt::Display for TsVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, lexeme) in self.0.iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            write!(f, "{space}{}", quoted(&lexeme.word))?;
            for (i, position) in lexeme.positions.iter().enumerate() {
                let separator = if i == 0 { ':' } else { ',' };
                write!(f, "{separator}{}", position.position)?;
                if position.weight != Weight::D {
                    write!(f, "{:?}", position.weight)?;
                }
            }
        }
        Ok(())
    }
}

impl<'r> Decode<'r> for TsVector {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["tsvector"]);

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let count = u32::from_be_bytes(take(&mut raw)?) as usize;
        // A word has at least three bytes.
        let mut lexemes = Vec::with_capacity(room::<Lexeme>(count, 3, raw));
        for _ in 0..count {
            let word = take_word(&mut raw)?;
            let count = u16::from_be_bytes(take(&mut raw)?);
            let positions = (0..count).map(|_| {
                let packed = u16::from_be_bytes(take(&mut raw)?);
                Ok(Position {
                    position: packed & MAX_POSITION,
                    weight: WEIGHTS[usize::from(packed >> 14)],
                })
            });
            lexemes.push(Lexeme {
                word,
                positions: positions.collect::<Result<_, DecodeError>>()?,
            });
        }
        match raw {
            [] => Ok(Self(lexemes)),
            _ => Err(DecodeError::invalid("bytes follow the tsvector")),
        }
    }
}

impl Encode for TsVector {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        let too_many = |_| EncodeError::new("the tsvector has too many words or positions");
        out.put_u32(u32::try_from(self.0.len()).map_err(too_many)?);
        for lexeme in &self.0 {
            put_word(&lexeme.word, out)?;
            out.put_u16(u16::try_from(lexeme.positions.len()).map_err(too_many)?);
            for position in &lexeme.positions {
                if position.position > MAX_POSITION {
                    return Err(EncodeError::new(
                        "a position of the tsvector is beyond 16,383",
                    ));
                }
                out.put_u16((position.weight as u16) << 14 | position.position);
            }
        }
        Ok(IsNull::No)
    }
}
