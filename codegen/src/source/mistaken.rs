//! Valid SQL that was probably meant to be a parameter: `@id` of other tools, and `:name` inside a string.

use super::{
    error::SourceError,
    lexer::{Token, TokenKind},
};

/// A warning for each place in a statement.
pub(super) fn find(text: &str, tokens: &[Token]) -> Vec<SourceError> {
    let followers = tokens.iter().skip(1).map(Some).chain([None]);
    let pairs = tokens.iter().zip(followers);
    let found = pairs.filter_map(|(token, next)| match token.kind {
        TokenKind::Operator => absolute(text, token, next?),
        TokenKind::String => quoted(text, token),
        _ => None,
    });
    found.map(SourceError::warning).collect()
}

/// `@id`, without a space in between.
fn absolute(text: &str, at: &Token, name: &Token) -> Option<SourceError> {
    if at.text(text) != "@" || name.kind != TokenKind::Identifier {
        return None;
    }
    let name_text = name.text(text);
    let error = SourceError::new(
        format!("`@{name_text}` is the absolute value of `{name_text}`"),
        at.span.start..name.span.end,
        "not a parameter",
    );
    let help = format!(
        "a parameter is written `:{name_text}`; if the value is meant, `abs({name_text})` says so"
    );
    Some(error.help(help))
}

/// `'%:name%'`: nothing but a parameter and wildcards.
fn quoted(text: &str, string: &Token) -> Option<SourceError> {
    let written = string.text(text);
    let pattern = written.strip_prefix('\'')?.strip_suffix('\'')?;
    let name = pattern.trim_matches('%').strip_prefix(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        return None;
    }
    let before = if pattern.starts_with('%') {
        "'%' || "
    } else {
        ""
    };
    let after = if pattern.ends_with('%') {
        " || '%'"
    } else {
        ""
    };
    let error = SourceError::new(
        format!("`:{name}` inside a string is text"),
        string.span.clone(),
        "not a parameter",
    );
    Some(error.help(format!("write `{before}:{name}{after}`")))
}
