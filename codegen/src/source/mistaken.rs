//! Valid SQL that was probably meant otherwise: as a parameter, such as `@id` of other tools and `:name` inside a string, or for
//! the same connection as other statements.

use super::{
    error::SourceError,
    lexer::{Lexer, Token, TokenKind},
    placeholders::{self, Label},
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
    let found = found.chain(in_code(text, tokens));
    let found = found.chain(of_one_connection(text, tokens));
    found.map(SourceError::warning).collect()
}

/// A statement that says something to the connection, which a pool chooses anew for each.
fn of_one_connection(text: &str, tokens: &[Token]) -> Option<SourceError> {
    let mut written = tokens.iter().filter(|token| !token.is_trivia());
    let first = written.next()?;
    let word = |token: Option<&Token>| token.map(|token| token.text(text).to_lowercase());
    let command = word(Some(first))?;
    // Those of two-phase commit are for any connection.
    let of_two_phases = ["prepared", "transaction"].map(|word| Some(word.to_owned()));
    let help = match command.as_str() {
        "commit" | "rollback" | "prepare" if of_two_phases.contains(&word(written.next())) => {
            return None;
        }
        "listen" | "unlisten" => "`howdah::Listener` has a connection of its own",
        "begin" | "start" | "commit" | "end" | "rollback" | "abort" | "savepoint" | "release" => {
            "`transaction` of a pool, a connection or a transaction begins one and ends it"
        }
        "declare" | "fetch" | "move" | "close" => {
            "`cursor()` of the query makes one, and reads its rows"
        }
        "prepare" | "execute" | "deallocate" => {
            "queries are prepared by themselves, once for each connection"
        }
        "set" | "reset" if !is_of_transaction(text, tokens) => {
            "in a transaction, `set local` or `set_config(…, true)` lasts until its end; `TransactionOptions::setting` \
             begins one with it"
        }
        "create" if is_temporary_table(text, tokens) => {
            "in a transaction, `on commit drop` has it last until its end; within one query, WITH names its rows"
        }
        _ => return None,
    };
    let shown = match command.as_str() {
        "create" => "create temp table",
        command => command,
    };
    let error = SourceError::new(
        format!("`{shown}` is for the connection that happens to run it"),
        first.span.clone(),
        "",
    );
    Some(error.help(help))
}

/// The words of a statement, in lower case.
fn words<'a>(text: &'a str, tokens: &'a [Token]) -> impl Iterator<Item = String> + 'a {
    let written = tokens.iter().filter(|token| !token.is_trivia());
    written.map(|token| token.text(text).to_lowercase())
}

/// Whether a SET is for the transaction only.
fn is_of_transaction(text: &str, tokens: &[Token]) -> bool {
    let kind = words(text, tokens).nth(1);
    kind.is_some_and(|kind| ["local", "transaction", "constraints"].contains(&kind.as_str()))
}

/// Whether a CREATE makes a table that lasts as long as its session.
fn is_temporary_table(text: &str, tokens: &[Token]) -> bool {
    let words: Vec<_> = words(text, tokens).collect();
    let mut pairs = words.windows(2);
    let is_temporary =
        pairs.any(|pair| ["temp", "temporary"].contains(&&*pair[0]) && pair[1] == "table");
    let mut parts = words.windows(3);
    is_temporary && !parts.any(|words| words == ["on", "commit", "drop"])
}

/// `:name` in the code of a DO, which has no parameters.
fn in_code(text: &str, tokens: &[Token]) -> Option<SourceError> {
    let first = tokens.iter().find(|token| !token.is_trivia())?;
    let is_do = first.text(text).eq_ignore_ascii_case("do");
    let mut code = tokens.iter().filter(|_| is_do);
    let code = code.find(|token| token.kind == TokenKind::DollarString)?;
    let inner: Vec<Token> = inside(text, code);
    let (found, _) = placeholders::find(text, &inner);
    let (span, name) = found.into_iter().find_map(|found| match found.label {
        Label::Name(name) => Some((found.span, name)),
        Label::Number(_) => None,
    })?;
    let error = SourceError::new(
        format!("`:{name}` inside of DO is no parameter"),
        span,
        "the server gets it as it is",
    );
    Some(error.help("DO takes no values: write a function, and call it with them"))
}

/// The tokens between the quotes of a `$tag$…$tag$`.
fn inside(text: &str, quoted: &Token) -> Vec<Token> {
    let written = quoted.text(text);
    let quote = 1 + written[1..].find('$').map_or(0, |at| at + 1);
    let end = quoted.span.end - quote;
    Lexer::starting_at(&text[..end], quoted.span.start + quote).collect()
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
