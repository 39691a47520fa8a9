//! `tsquery`: words and operators. Stored flat, as in PostgreSQL, so that deep nesting cannot overflow the stack.

use std::fmt;

use bytes::{BufMut, BytesMut};
use postgres_types::{IsNull, Type};

use super::{put_word, quoted, take_word};
use crate::codec::{room, take};
use crate::{Accepts, Decode, DecodeError, Encode, EncodeError};

/// A `tsquery`. The default is the empty query, which matches nothing. PostgreSQL does not accept it as a parameter.
///
/// ```
/// use howdah::TsQuery;
///
/// let query = TsQuery::word("cat").and(TsQuery::prefix("ra").or(TsQuery::word("dog")).not());
/// assert_eq!(query.to_string(), "'cat' & !( 'ra':* | 'dog' )");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TsQuery(Vec<TsQueryItem>);

/// A word or an operator of a [`TsQuery`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TsQueryItem {
    /// A word.
    Word {
        /// The word, normalized; less than 2 KB.
        word: String,
        /// Whether words that begin with this word match as well.
        prefix: bool,
        /// The weights that match, as bits: `D` is bit 0, and `A` is bit 3. 0 means all weights.
        weights: u8,
    },
    /// `!`, of one operand.
    Not,
    /// `&`
    And,
    /// `|`
    Or,
    /// `<n>`: the second operand is this many words after the first.
    Phrase(u16),
}

impl TsQueryItem {
    fn operands(&self) -> usize {
        match self {
            Self::Word { .. } => 0,
            Self::Not => 1,
            Self::And | Self::Or | Self::Phrase(_) => 2,
        }
    }

    /// Its precedence.
    fn priority(&self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Phrase(_) => 3,
            Self::Not => 4,
            Self::Word { .. } => 5,
        }
    }
}

impl TsQuery {
    /// The items. An operator comes before its operands, and the right operand before the left one.
    #[must_use]
    pub fn items(&self) -> &[TsQueryItem] {
        &self.0
    }

    /// Matches documents with this word. The word must be normalized.
    #[must_use]
    pub fn word(word: impl Into<String>) -> Self {
        Self::weighted(word.into(), false, 0)
    }

    /// Matches documents with a word that begins with this text.
    #[must_use]
    pub fn prefix(word: impl Into<String>) -> Self {
        Self::weighted(word.into(), true, 0)
    }

    fn weighted(word: String, prefix: bool, weights: u8) -> Self {
        Self(vec![TsQueryItem::Word {
            word,
            prefix,
            weights,
        }])
    }

    /// Matches documents that match both queries.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.with(TsQueryItem::And, other)
    }

    /// Matches documents that match at least one of the two queries.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.with(TsQueryItem::Or, other)
    }

    /// Matches documents in which `other` is `distance` words after this query. 1 means the next word.
    #[must_use]
    pub fn followed_by(self, distance: u16, other: Self) -> Self {
        self.with(TsQueryItem::Phrase(distance), other)
    }

    /// Matches documents that do not match this query.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "the operators of tsquery are methods here"
    )]
    pub fn not(mut self) -> Self {
        if !self.0.is_empty() {
            self.0.insert(0, TsQueryItem::Not);
        }
        self
    }

    /// Like on the server, an empty query is left out.
    fn with(self, operator: TsQueryItem, mut other: Self) -> Self {
        if self.0.is_empty() || other.0.is_empty() {
            other.0.extend(self.0);
            return other;
        }
        other.0.insert(0, operator);
        other.0.extend(self.0);
        other
    }

    /// Whether each operator has its operands, and nothing is left over.
    fn is_well_formed(items: &[TsQueryItem]) -> bool {
        let mut operands = 0_usize;
        for item in items.iter().rev() {
            match operands.checked_sub(item.operands()) {
                Some(rest) => operands = rest + 1,
                None => return false,
            }
        }
        operands == usize::from(!items.is_empty())
    }
}

/// As PostgreSQL prints it, such as `'fat' & ( 'rat' | 'cat' )`.
impl fmt::Display for TsQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // From the end, operands come before their operator, the left one first.
        let mut stack: Vec<(String, &TsQueryItem)> = Vec::new();
        for item in self.0.iter().rev() {
            let text = match item {
                TsQueryItem::Word {
                    word,
                    prefix,
                    weights,
                } => {
                    let mut text = quoted(word);
                    if *prefix || *weights != 0 {
                        text.push(':');
                    }
                    if *prefix {
                        text.push('*');
                    }
                    let letters = [(8, 'A'), (4, 'B'), (2, 'C'), (1, 'D')];
                    text.extend(
                        letters
                            .iter()
                            .filter(|(bit, _)| weights & bit != 0)
                            .map(|(_, letter)| letter),
                    );
                    text
                }
                TsQueryItem::Not => format!("!{}", operand(stack.pop(), item, false)),
                _ => {
                    let sign = match item {
                        TsQueryItem::And => "&".to_owned(),
                        TsQueryItem::Or => "|".to_owned(),
                        TsQueryItem::Phrase(distance) if *distance != 1 => format!("<{distance}>"),
                        _ => "<->".to_owned(),
                    };
                    let right = operand(stack.pop(), item, matches!(item, TsQueryItem::Phrase(_)));
                    format!("{} {sign} {right}", operand(stack.pop(), item, false))
                }
            };
            stack.push((text, item));
        }
        stack.iter().try_for_each(|(text, _)| f.write_str(text))
    }
}

/// The operand of `operator`, in parentheses if it binds less tightly, or if it is a phrase and the order of phrases
/// matters.
fn operand(
    operand: Option<(String, &TsQueryItem)>,
    operator: &TsQueryItem,
    after_phrase: bool,
) -> String {
    // There is an operand, because the query is well-formed.
    let Some((text, item)) = operand else {
        return String::new();
    };
    let phrase = after_phrase && matches!(item, TsQueryItem::Phrase(_));
    match phrase || item.priority() < operator.priority() {
        true => format!("( {text} )"),
        false => text,
    }
}

impl<'r> Decode<'r> for TsQuery {
    const ACCEPTS: &'static Accepts = &Accepts::Builtin(&["tsquery"]);

    fn decode(_: &Type, mut raw: &'r [u8]) -> Result<Self, DecodeError> {
        let count = u32::from_be_bytes(take(&mut raw)?) as usize;
        let mut items = Vec::with_capacity(room::<TsQueryItem>(count, 2, raw));
        for _ in 0..count {
            items.push(match take(&mut raw)? {
                [1] => {
                    let [weights, prefix] = take(&mut raw)?;
                    TsQueryItem::Word {
                        word: take_word(&mut raw)?,
                        prefix: prefix != 0,
                        weights,
                    }
                }
                [2] => match take(&mut raw)? {
                    [1] => TsQueryItem::Not,
                    [2] => TsQueryItem::And,
                    [3] => TsQueryItem::Or,
                    [4] => TsQueryItem::Phrase(u16::from_be_bytes(take(&mut raw)?)),
                    _ => return Err(DecodeError::invalid("the tsquery has an unknown operator")),
                },
                _ => return Err(DecodeError::invalid("the tsquery has an unknown item")),
            });
        }
        if !raw.is_empty() || !Self::is_well_formed(&items) {
            return Err(DecodeError::invalid("the tsquery is malformed"));
        }
        Ok(Self(items))
    }
}

impl Encode for TsQuery {
    const ACCEPTS: &'static Accepts = <Self as Decode<'static>>::ACCEPTS;

    fn encode(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, EncodeError> {
        if self.0.is_empty() {
            // The server can send an empty query, but rejects it as a parameter with "operand not found".
            return Err(EncodeError::new(
                "PostgreSQL takes no empty tsquery as a parameter",
            ));
        }
        out.put_u32(
            u32::try_from(self.0.len())
                .map_err(|_| EncodeError::new("the tsquery has too many items"))?,
        );
        for item in &self.0 {
            match item {
                TsQueryItem::Word {
                    word,
                    prefix,
                    weights,
                } => {
                    out.put_slice(&[1, *weights, u8::from(*prefix)]);
                    put_word(word, out)?;
                }
                TsQueryItem::Not => out.put_slice(&[2, 1]),
                TsQueryItem::And => out.put_slice(&[2, 2]),
                TsQueryItem::Or => out.put_slice(&[2, 3]),
                TsQueryItem::Phrase(distance) => {
                    out.put_slice(&[2, 4]);
                    out.put_u16(*distance);
                }
            }
        }
        Ok(IsNull::No)
    }
}
