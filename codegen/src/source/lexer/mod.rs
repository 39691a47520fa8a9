//! Splits SQL text into the tokens of PostgreSQL's own scanner (manual, chapter 4.1, "Lexical Structure";
//! `standard_conforming_strings` is on).
//!
//! The tokens tile the text: white space and comments are tokens too, and nothing is dropped or changed. The lexer
//! never fails: text that PostgreSQL would reject becomes [`TokenKind::Unknown`] or [`TokenKind::Unterminated`]. It
//! knows no grammar, which is left to the other modules.

use std::ops::Range;

use super::literal;

/// A piece of SQL text: its kind and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The kind of token.
    pub kind: TokenKind,
    /// Its position, in bytes.
    pub span: Range<usize>,
}

impl Token {
    /// Whether this is white space or a comment, which PostgreSQL skips.
    pub fn is_trivia(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::WhiteSpace | TokenKind::LineComment | TokenKind::BlockComment
        )
    }

    /// The token's own text.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.span.clone()]
    }
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Spaces, tabs and line ends.
    WhiteSpace,
    /// `-- …`, without the end of its line.
    LineComment,
    /// `/* … */`, with the comments nested in it.
    BlockComment,
    /// A key word or a name without quotes.
    Identifier,
    /// `"…"` or `U&"…"`.
    QuotedIdentifier,
    /// `'…'` and its variants `E'…'`, `U&'…'`, `B'…'`, `X'…'` and `N'…'`, with the literals on following lines that
    /// continue it.
    String,
    /// `$$…$$` or `$tag$…$tag$`.
    DollarString,
    /// An integer or a numeric constant.
    Number,
    /// `$1`.
    Parameter,
    /// A single `:`.
    Colon,
    /// `::`
    Cast,
    /// `:=`
    ColonEquals,
    /// `;`
    Semicolon,
    /// `,`
    Comma,
    /// `.` or `..`
    Dot,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// An operator of one or more characters, including `=>` and `*`.
    Operator,
    /// A character that has no place in SQL, such as `\` or `{`.
    Unknown,
    /// A comment or a quoted text which never ends; it reaches to the end of the text.
    Unterminated(Quoted),
}

/// The kind of text without an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoted {
    /// `/*`
    BlockComment,
    /// `'`
    String,
    /// `"`
    Identifier,
    /// `$tag$`
    DollarString,
}

/// The tokens of a text, in order.
///
/// ```
/// use howdah_codegen::source::{Lexer, TokenKind};
///
/// let kinds: Vec<_> = Lexer::new("select $tag$;$tag$;").map(|token| token.kind).collect();
/// assert_eq!(
///     kinds,
///     [TokenKind::Identifier, TokenKind::WhiteSpace, TokenKind::DollarString, TokenKind::Semicolon]
/// );
/// ```
#[derive(Debug, Clone)]
pub struct Lexer<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Lexer<'a> {
    /// The tokens of all of `text`.
    pub fn new(text: &'a str) -> Self {
        Self::starting_at(text, 0)
    }

    /// The tokens from the byte `offset` on, which must be a character boundary; spans still count from the start of `text`.
    pub fn starting_at(text: &'a str, offset: usize) -> Self {
        Self { text, offset }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.offset;
        let (kind, length) = scan(&self.text.as_bytes()[start..])?;
        self.offset = start + length;
        Some(Token {
            kind,
            span: start..self.offset,
        })
    }
}

/// The kind and length of the first token. Every token ends at an ASCII byte or at the end of a run of identifier bytes,
/// which all non-ASCII bytes are, so a token never ends inside of a character.
fn scan(bytes: &[u8]) -> Option<(TokenKind, usize)> {
    let first = *bytes.first()?;
    let second = bytes.get(1).copied();
    let one = |kind| (kind, 1);
    Some(match first {
        _ if is_space(first) => (TokenKind::WhiteSpace, run(bytes, is_space)),
        b'-' if second == Some(b'-') => (
            TokenKind::LineComment,
            run(bytes, |byte| !is_line_end(byte)),
        ),
        b'/' if second == Some(b'*') => literal::block_comment(bytes),
        b'\'' => literal::string(bytes, 0),
        b'"' => literal::quoted_identifier(bytes, 0),
        b'$' => dollar(bytes),
        _ if is_identifier_start(first) => word(bytes),
        b'0'..=b'9' => (TokenKind::Number, number(bytes)),
        b'.' if second.is_some_and(|byte| byte.is_ascii_digit()) => {
            (TokenKind::Number, number(bytes))
        }
        b'.' if second == Some(b'.') => (TokenKind::Dot, 2),
        b':' if second == Some(b':') => (TokenKind::Cast, 2),
        b':' if second == Some(b'=') => (TokenKind::ColonEquals, 2),
        b':' => one(TokenKind::Colon),
        b'.' => one(TokenKind::Dot),
        b';' => one(TokenKind::Semicolon),
        b',' => one(TokenKind::Comma),
        b'(' => one(TokenKind::OpenParen),
        b')' => one(TokenKind::CloseParen),
        b'[' => one(TokenKind::OpenBracket),
        b']' => one(TokenKind::CloseBracket),
        _ if is_operator(first) => (TokenKind::Operator, operator(bytes)),
        _ => one(TokenKind::Unknown),
    })
}

/// A name, a key word, or a literal with a letter before its quote.
fn word(bytes: &[u8]) -> (TokenKind, usize) {
    match bytes {
        [b'e' | b'E', b'\'', ..] => literal::escape_string(bytes, 1),
        [b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'', ..] => literal::string(bytes, 1),
        [b'u' | b'U', b'&', b'\'', ..] => literal::string(bytes, 2),
        [b'u' | b'U', b'&', b'"', ..] => literal::quoted_identifier(bytes, 2),
        _ => (TokenKind::Identifier, run(bytes, is_identifier_part)),
    }
}

/// `$1`, a dollar-quoted string, or a lone `$`.
fn dollar(bytes: &[u8]) -> (TokenKind, usize) {
    let digits = run(&bytes[1..], |byte| byte.is_ascii_digit());
    if digits > 0 {
        return (TokenKind::Parameter, 1 + digits);
    }
    literal::dollar_string(bytes).unwrap_or((TokenKind::Unknown, 1))
}

/// The length of the number that `bytes` starts with. `1..10` is a number, two dots and a number.
fn number(bytes: &[u8]) -> usize {
    if let [b'0', base @ (b'x' | b'X' | b'o' | b'O' | b'b' | b'B'), ..] = bytes {
        let digits = match base.to_ascii_lowercase() {
            b'x' => grouped_digits(&bytes[2..], |byte| byte.is_ascii_hexdigit()),
            b'o' => grouped_digits(&bytes[2..], |byte| matches!(byte, b'0'..=b'7')),
            _ => grouped_digits(&bytes[2..], |byte| matches!(byte, b'0' | b'1')),
        };
        return if digits == 0 { 1 } else { 2 + digits };
    }
    let decimal = |at: usize| {
        let starts = bytes.get(at).is_some_and(u8::is_ascii_digit);
        if starts {
            grouped_digits(&bytes[at..], |byte| byte.is_ascii_digit())
        } else {
            0
        }
    };
    let mut length = decimal(0);
    if bytes.get(length) == Some(&b'.') && bytes.get(length + 1) != Some(&b'.') {
        length += 1;
        length += decimal(length);
    }
    if let Some(b'e' | b'E') = bytes.get(length) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = decimal(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// The length of a run of digits, which single underscores may group, as PostgreSQL 16 and later read it.
fn grouped_digits(bytes: &[u8], is_digit: impl Fn(u8) -> bool) -> usize {
    let digit_at = |at: usize| bytes.get(at).is_some_and(|&byte| is_digit(byte));
    let mut length = 0;
    loop {
        if digit_at(length) {
            length += 1;
        } else if bytes.get(length) == Some(&b'_') && digit_at(length + 1) {
            length += 2;
        } else {
            return length;
        }
    }
}

/// The length of the operator that `bytes` starts with: a comment ends it.
fn operator(bytes: &[u8]) -> usize {
    let length = run(bytes, is_operator);
    (1..length)
        .find(|&at| bytes[at..].starts_with(b"--") || bytes[at..].starts_with(b"/*"))
        .unwrap_or(length)
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes
        .iter()
        .position(|&byte| !belongs(byte))
        .unwrap_or(bytes.len())
}

/// White space of PostgreSQL; the vertical tab is one since version 16.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Whether the byte ends a `--` comment.
pub(super) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// For PostgreSQL every non-ASCII character is a letter, even a no-break space or a byte order mark.
pub(super) fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

fn is_identifier_part(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&byte)
}

#[cfg(test)]
mod tests;
