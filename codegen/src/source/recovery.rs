//! Splits a whole file into tokens, and recovers after a literal or comment that never ends.
//!
//! One missing quote must not hide the errors of all queries after it, so lexing restarts at the next line that looks
//! like a name line. Only in this case is such a line used without asking the lexer.

use std::{borrow::Cow, ops::Range};

use super::{
    directive::{self, Line},
    error::SourceError,
    lexer::{Lexer, Quoted, Token, TokenKind},
    statements::byte_order_mark,
};

/// All tokens of a file. Text from a literal without an end up to the next name line is one token.
pub(super) fn tokenize(text: &str, errors: &mut Vec<SourceError>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut offset = byte_order_mark(text);
    loop {
        tokens.extend(Lexer::starting_at(text, offset));
        let Some(Token {
            kind: TokenKind::Unterminated(quoted),
            span,
        }) = tokens.last_mut()
        else {
            return tokens;
        };
        let next = next_name_line(text, span.start);
        span.end = next.unwrap_or(text.len());
        let (quoted, span) = (*quoted, span.clone());
        errors.push(unterminated(text, &tokens, quoted, span));
        match next {
            Some(next) => offset = next,
            None => return tokens,
        }
    }
}

/// The start of the first line after `offset` that looks like a name line.
fn next_name_line(text: &str, offset: usize) -> Option<usize> {
    let mut at = offset;
    loop {
        at += text[at..].find('\n')? + 1;
        let line = text[at..].lines().next()?;
        let comment = line.trim_start_matches([' ', '\t']);
        let start = at + line.len() - comment.len();
        if comment.starts_with("--")
            && matches!(directive::read(text, start..at + line.len()), Line::Name(_))
        {
            return Some(start);
        }
    }
}

fn unterminated(text: &str, tokens: &[Token], quoted: Quoted, span: Range<usize>) -> SourceError {
    let (what, closing) = match quoted {
        Quoted::BlockComment => ("comment", Cow::Borrowed("*/")),
        Quoted::String => ("string", Cow::Borrowed("'")),
        Quoted::Identifier => ("quoted identifier", Cow::Borrowed("\"")),
        Quoted::DollarString => {
            let tag = text[span.start + 1..].find('$').unwrap_or(0);
            (
                "dollar-quoted string",
                Cow::Borrowed(&text[span.start..span.start + tag + 2]),
            )
        }
    };
    let first_line = text[span.clone()].lines().next().map_or(0, str::len);
    let error = SourceError::new(
        format!("this {what} never ends"),
        span.start..span.start + first_line,
        "begins here",
    )
    .help(format!("close it with `{closing}`"));
    // If a quote is missing, all later quotes are paired wrongly, and the last one is left over: point to the first
    // literal that contains a name line.
    let swallower = tokens
        .iter()
        .filter(|token| matches!(token.kind, TokenKind::String | TokenKind::QuotedIdentifier))
        .find(|token| {
            next_name_line(text, token.span.start).is_some_and(|line| line < token.span.end)
        });
    match swallower {
        Some(token) => {
            let first_line = token.text(text).lines().next().map_or(0, str::len);
            let start = token.span.start;
            error.also(
                start..start + first_line,
                "this one runs over a `-- name:` line; is its closing quote missing?",
            )
        }
        None => error,
    }
}
