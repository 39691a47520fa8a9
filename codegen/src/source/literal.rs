//! Finds the ends of comments and quoted texts, for the lexer.
//!
//! Each function takes bytes that begin with the opening and gives the token's kind and length; a text which never ends
//! reaches to the end of the bytes and says so. Nothing is decoded here: escapes matter only for where the text ends.

use super::lexer::{Quoted, TokenKind, is_identifier_start, is_line_end, is_space};

/// Whether a backslash hides the character after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    Plain,
    Escapes,
}

/// `/* … */`; comments nest.
pub(super) fn block_comment(bytes: &[u8]) -> (TokenKind, usize) {
    let mut depth = 0usize;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return (TokenKind::BlockComment, at);
            }
        } else {
            at += 1;
        }
    }
    unterminated(Quoted::BlockComment, bytes)
}

/// `'…'` after `prefix` bytes such as the `X` of `X'…'`.
pub(super) fn string(bytes: &[u8], prefix: usize) -> (TokenKind, usize) {
    string_of(bytes, prefix, Backslash::Plain)
}

/// `E'…'`, in which `\'` does not end the string.
pub(super) fn escape_string(bytes: &[u8], prefix: usize) -> (TokenKind, usize) {
    string_of(bytes, prefix, Backslash::Escapes)
}

fn string_of(bytes: &[u8], prefix: usize, backslash: Backslash) -> (TokenKind, usize) {
    let mut at = prefix + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if backslash == Backslash::Escapes => at += 2,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => match continuation(bytes, at + 1) {
                Some(inside) => at = inside,
                None => return (TokenKind::String, at + 1),
            },
            _ => at += 1,
        }
    }
    unterminated(Quoted::String, bytes)
}

/// Where a string goes on after its closing quote, if it does: literals with only white space and `--` comments between
/// them, and at least one line end, are one literal. It matters here because `E'a'⏎'\''` keeps its escapes.
fn continuation(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut line_ended = false;
    loop {
        match *bytes.get(at)? {
            byte if is_space(byte) => {
                line_ended |= is_line_end(byte);
                at += 1;
            }
            b'-' if bytes.get(at + 1) == Some(&b'-') => {
                at += bytes[at..].iter().position(|&byte| is_line_end(byte))?;
            }
            b'\'' if line_ended => return Some(at + 1),
            _ => return None,
        }
    }
}

/// `"…"` after `prefix` bytes, the `U&` of `U&"…"`.
pub(super) fn quoted_identifier(bytes: &[u8], prefix: usize) -> (TokenKind, usize) {
    let mut at = prefix + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if bytes.get(at + 1) == Some(&b'"') => at += 2,
            b'"' => return (TokenKind::QuotedIdentifier, at + 1),
            _ => at += 1,
        }
    }
    unterminated(Quoted::Identifier, bytes)
}

/// `$tag$…$tag$`, or nothing if the bytes do not begin with a tag between two `$`. A tag is like a name, without `$`.
pub(super) fn dollar_string(bytes: &[u8]) -> Option<(TokenKind, usize)> {
    let tag = bytes[1..].iter().position(|&byte| byte == b'$')?;
    let name = &bytes[1..1 + tag];
    let starts_well = name.first().is_none_or(|&byte| is_identifier_start(byte));
    let goes_on_well = name
        .iter()
        .all(|&byte| is_identifier_start(byte) || byte.is_ascii_digit());
    if !starts_well || !goes_on_well {
        return None;
    }
    let delimiter = &bytes[..tag + 2];
    let end = bytes[delimiter.len()..]
        .windows(delimiter.len())
        .position(|window| window == delimiter);
    Some(match end {
        Some(end) => (TokenKind::DollarString, end + 2 * delimiter.len()),
        None => unterminated(Quoted::DollarString, bytes),
    })
}

fn unterminated(what: Quoted, bytes: &[u8]) -> (TokenKind, usize) {
    (TokenKind::Unterminated(what), bytes.len())
}
