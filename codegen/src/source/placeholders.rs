//! Finds the parameters in a statement's tokens: `:name` and `$1`, and tells them from casts, `:=` and array slices.
//!
//! Within a subscript, `a[…]`, a `:` after an operand is the colon of a slice: `a[1:n]` has no parameter. Right after the
//! `[`, `a[:n]` is the parameter `n`, as in psql, but a slice in a query that writes its parameters as `$1`, and in `a[:t.n]`.
//! Elsewhere a `:` and a name are a parameter. To leave no doubt, write `a[:lo : :hi]`. The meaning of parameters is
//! not decided here.

use std::ops::Range;

use super::{
    error::SourceError,
    lexer::{Token, TokenKind},
};

/// A parameter's place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placeholder<'a> {
    pub span: Range<usize>,
    pub label: Label<'a>,
    /// Whether a name or key word touches it from the left: `limit:n` must not become the name `limit$1`.
    pub touches_word: bool,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label<'a> {
    /// `:name`
    Name(&'a str),
    /// The digits of `$1`.
    Number(&'a str),
}

/// The bracket around a `:`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Paren,
    /// `a[…]`, where slices can be.
    Subscript,
    /// `array[…]`, where they cannot.
    Constructor,
}

/// The token before a `:`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Operand,
    ArrayWord,
    OpenBracket,
    Comma,
    Other,
}

/// All parameters of a statement, in order, and the errors of texts that look like one but cannot be.
pub(super) fn find<'a>(
    text: &'a str,
    tokens: &[Token],
) -> (Vec<Placeholder<'a>>, Vec<SourceError>) {
    let numbered = tokens
        .iter()
        .any(|token| token.kind == TokenKind::Parameter);
    let mut found = Vec::new();
    let mut errors = Vec::new();
    let mut brackets: Vec<Bracket> = Vec::new();
    let mut before = Before::Other;
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        index += 1;
        if token.is_trivia() {
            continue;
        }
        let innermost = brackets.last().copied();
        let mut now = Before::Other;
        match token.kind {
            TokenKind::OpenParen => brackets.push(Bracket::Paren),
            TokenKind::OpenBracket => {
                brackets.push(bracket(innermost, before));
                now = Before::OpenBracket;
            }
            TokenKind::CloseParen | TokenKind::CloseBracket => {
                brackets.pop();
                now = Before::Operand;
            }
            TokenKind::Comma => now = Before::Comma,
            TokenKind::Parameter => {
                let label = Label::Number(&text[token.span.start + 1..token.span.end]);
                found.push(Placeholder {
                    span: token.span.clone(),
                    label,
                    touches_word: false,
                });
                now = Before::Operand;
            }
            TokenKind::Colon
                if !is_slice(
                    innermost,
                    before,
                    numbered || names_no_parameter(&tokens[index..]),
                ) =>
            {
                if let Some(name) = tokens.get(index).filter(|next| is_named(next.kind)) {
                    match named(text, token, name) {
                        Ok(label) => found.push(Placeholder {
                            span: token.span.start..name.span.end,
                            label,
                            touches_word: touches_word(tokens, index - 1),
                        }),
                        Err(error) => errors.push(*error),
                    }
                    index += 1;
                    now = Before::Operand;
                }
            }
            TokenKind::Identifier => now = word(token.text(text)),
            TokenKind::Number
            | TokenKind::String
            | TokenKind::DollarString
            | TokenKind::QuotedIdentifier => {
                now = Before::Operand;
            }
            _ => {}
        }
        before = now;
    }
    (found, errors)
}

fn bracket(innermost: Option<Bracket>, before: Before) -> Bracket {
    match (innermost, before) {
        (_, Before::ArrayWord) => Bracket::Constructor,
        // The rows of array[[1, 2], [3, 4]].
        (Some(Bracket::Constructor), Before::OpenBracket | Before::Comma) => Bracket::Constructor,
        _ => Bracket::Subscript,
    }
}

/// Whether the colon is a slice's: after an operand, or right after the bracket where it begins no parameter.
fn is_slice(innermost: Option<Bracket>, before: Before, begins_none: bool) -> bool {
    innermost == Some(Bracket::Subscript)
        && (before == Before::Operand || (before == Before::OpenBracket && begins_none))
}

/// Whether the name that comes next is a table's or a function's, by what follows it.
fn names_no_parameter(tokens: &[Token]) -> bool {
    let next = tokens.iter().skip(1).find(|token| !token.is_trivia());
    next.is_some_and(|next| matches!(next.kind, TokenKind::Dot | TokenKind::OpenParen))
}

/// An identifier is an operand, unless it is a reserved key word that an operand follows.
fn word(text: &str) -> Before {
    const BEFORE_OPERANDS: [&str; 19] = [
        "all",
        "and",
        "any",
        "asymmetric",
        "between",
        "case",
        "distinct",
        "else",
        "from",
        "ilike",
        "in",
        "is",
        "like",
        "not",
        "or",
        "similar",
        "symmetric",
        "then",
        "when",
    ];
    let lower = text.to_ascii_lowercase();
    if lower == "array" {
        Before::ArrayWord
    } else if BEFORE_OPERANDS.contains(&lower.as_str()) {
        Before::Other
    } else {
        Before::Operand
    }
}

fn is_named(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Identifier | TokenKind::String | TokenKind::QuotedIdentifier
    )
}

fn named<'a>(text: &'a str, colon: &Token, name: &Token) -> Result<Label<'a>, Box<SourceError>> {
    let written = name.text(text);
    let span = colon.span.start..name.span.end;
    if name.kind != TokenKind::Identifier {
        return Err(Box::new(
            SourceError::new(
                format!("`:{written}` is not a parameter"),
                span,
                "psql would paste a variable here, quoted",
            )
            .help("write `:name`; values travel as parameters, identifiers cannot be parameters"),
        ));
    }
    if !super::names::is_identifier(written) {
        return Err(Box::new(
            SourceError::new(
                format!("`{written}` cannot be the name of a parameter"),
                span,
                "not a name that a Rust function's argument can have",
            )
            .help(format!(
                "write `:{}`",
                super::names::suggest_identifier(written)
            )),
        ));
    }
    Ok(Label::Name(written))
}

fn touches_word(tokens: &[Token], colon: usize) -> bool {
    let left = colon.checked_sub(1).map(|index| &tokens[index]);
    left.is_some_and(|token| token.kind == TokenKind::Identifier)
}
