//! Splits a file into its queries, and reads each one's head, SQL and parameters.
//!
//! It continues after errors: a query with an error in its head is still returned, so that its SQL can be checked, too,
//! and after a literal without an end it continues at the next name line.

use std::{
    collections::HashMap,
    ops::Range,
    path::{Path, PathBuf},
};

use super::{
    directive::{self, Line, Text, is_first_on_line},
    error::SourceError,
    head,
    lexer::{Token, TokenKind},
    mistaken,
    names::{snake_case, suggest_identifier},
    params, placeholders,
    query::{Query, SourceFile, Spanned},
    recovery::tokenize,
    sql_map,
    statements::statements,
};

/// Parses the text of a `.sql` file.
///
/// All errors are returned, in the order of the file. If there are errors, the queries can be used to check their SQL
/// with a server, but not to generate code: names can be placeholders, and queries without usable SQL are missing.
///
/// ```
/// use howdah_codegen::source::parse;
///
/// let text = "-- name: find_place :opt\n-- The place with this id.\nselect * from places where id = :id;";
/// let (file, errors) = parse("queries/places.sql", text);
/// assert!(errors.is_empty());
/// assert_eq!(file.module, "places");
/// assert_eq!(file.queries[0].docs, ["The place with this id."]);
/// assert_eq!(file.queries[0].sql, "select * from places where id = $1");
/// ```
pub fn parse(path: impl Into<PathBuf>, text: impl Into<String>) -> (SourceFile, Vec<SourceError>) {
    let (path, text) = (path.into(), text.into());
    let mut errors = Vec::new();
    let tokens = tokenize(&text, &mut errors);
    let names: Vec<(usize, Text<'_>)> = name_lines(&text, &tokens).collect();
    let before_first = names.first().map_or(tokens.len(), |(index, _)| *index);
    check_preamble(&text, &tokens[..before_first], &mut errors);
    let mut queries = Vec::new();
    let mut seen = HashMap::new();
    for (position, &(start, argument)) in names.iter().enumerate() {
        let end = names
            .get(position + 1)
            .map_or(tokens.len(), |(index, _)| *index);
        let tokens = &tokens[start..end];
        let head = head::read(&text, tokens, argument, &mut errors);
        errors.extend(check_unique(&mut seen, &head.name));
        queries.extend(read_query(&text, tokens, head, &mut errors));
    }
    errors.sort_by_key(|error| error.span.start);
    let module = module_name(&path);
    (
        SourceFile {
            path,
            module,
            text,
            queries,
        },
        errors,
    )
}

/// The tokens that begin queries, with the text after `name:`.
fn name_lines<'a>(text: &'a str, tokens: &'a [Token]) -> impl Iterator<Item = (usize, Text<'a>)> {
    tokens
        .iter()
        .enumerate()
        .filter_map(move |(index, token)| match own_line(text, token)? {
            Line::Name(argument) => Some((index, argument)),
            _ => None,
        })
}

/// The directive or documentation in a `--` comment that begins its line.
fn own_line<'a>(text: &'a str, token: &Token) -> Option<Line<'a>> {
    let is_candidate =
        token.kind == TokenKind::LineComment && is_first_on_line(text, token.span.start);
    is_candidate.then(|| directive::read(text, token.span.clone()))
}

/// Checks that there are only comments before the first name line.
fn check_preamble(text: &str, tokens: &[Token], errors: &mut Vec<SourceError>) {
    let known = errors.len();
    check_stray_directives(text, tokens, errors);
    if errors.len() > known {
        return;
    }
    if let Some(statement) = statements(text, tokens.iter()).next() {
        errors.push(
            SourceError::new(
                "statement before the first `-- name:`",
                statement,
                "has no name",
            )
            .help("put `-- name: some_name` on the line above it"),
        );
    }
}

/// Reports directives outside of a head, where they have no effect. A misspelt name line there is a missing query.
fn check_stray_directives(text: &str, tokens: &[Token], errors: &mut Vec<SourceError>) {
    for token in tokens {
        match own_line(text, token) {
            Some(Line::Misspelt(word, meant, _)) => {
                errors.push(directive::misspelt_error(word, meant));
            }
            Some(Line::Param(_) | Line::Column(_)) => errors.push(misplaced(token)),
            _ => {}
        }
    }
}

fn misplaced(token: &Token) -> SourceError {
    SourceError::new(
        "this directive is not in the head of a query",
        token.span.clone(),
        "has no effect here",
    )
    .help("move it between the query's `-- name:` line and its SQL")
}

/// The query in `tokens`, if it has SQL to check.
fn read_query(
    text: &str,
    tokens: &[Token],
    head: head::Head,
    errors: &mut Vec<SourceError>,
) -> Option<Query> {
    let span_start = tokens[0].span.start;
    let body = &tokens[head.end..];
    if body
        .iter()
        .any(|token| matches!(token.kind, TokenKind::Unterminated(_)))
    {
        return None;
    }
    let found: Vec<_> = statements(text, body.iter()).collect();
    let Some(statement) = found.first() else {
        errors.push(
            SourceError::new(
                format!("the query `{}` is empty", head.name.value),
                head.name.span,
                "has no SQL",
            )
            .help("write a statement below its name, or remove it"),
        );
        return None;
    };
    // White space before the SQL is dropped; comments are kept.
    let start = body
        .iter()
        .find(|token| token.kind != TokenKind::WhiteSpace)?
        .span
        .start;
    let is_inside = |token: &&Token| token.span.end <= statement.end;
    let inside = body.iter().take_while(is_inside).count();
    check_body(text, &body[..inside], &body[inside..], &found, errors);

    errors.extend(mistaken::find(text, &body[..inside]));
    errors.extend(copies_through_client(text, &body[..inside]));
    let (placeholders, mistakes) = placeholders::find(text, &body[..inside]);
    let is_readable = mistakes.is_empty();
    errors.extend(mistakes);
    let mut numbered = match params::number(&placeholders) {
        Ok(numbered) if is_readable => numbered,
        Ok(_) => return None,
        Err(mistakes) => {
            errors.extend(mistakes);
            return None;
        }
    };
    errors.extend(params::apply(head.params, &mut numbered.params));
    let (sql, map) = sql_map::rewrite(text, start..statement.end, &numbered.replacements);
    Some(Query {
        name: head.name,
        docs: head.docs,
        cardinality: head.cardinality,
        row: head.row,
        params: numbered.params,
        column_overrides: head.columns,
        sql,
        map,
        span: span_start..statement.end,
    })
}

/// The error of a COPY whose data travels over the connection, where a query's rows cannot.
fn copies_through_client(text: &str, tokens: &[Token]) -> Option<SourceError> {
    let mut depth = 0;
    let mut outside = tokens.iter().filter(|token| {
        match token.kind {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth -= 1,
            _ => return depth == 0 && !token.is_trivia(),
        }
        false
    });
    let is = |token: &Token, word: &str| token.text(text).eq_ignore_ascii_case(word);
    outside.next().filter(|token| is(token, "copy"))?;
    let direction = outside.find(|token| is(token, "from") || is(token, "to"))?;
    let end = outside.next()?;
    let function = match () {
        () if is(direction, "from") && is(end, "stdin") => "`howdah::copy_in`",
        () if is(direction, "to") && is(end, "stdout") => {
            "`howdah::copy_out` for a table, and `howdah::copy_out_query` for a query"
        }
        () => return None,
    };
    let error = SourceError::new(
        "a query cannot send or receive the data of COPY",
        direction.span.start..end.span.end,
        "over the connection",
    );
    Some(error.help(format!("use {function}")))
}

/// Checks that a query is one statement. `inside` are its tokens, and `after` those after it.
fn check_body(
    text: &str,
    inside: &[Token],
    after: &[Token],
    found: &[Range<usize>],
    errors: &mut Vec<SourceError>,
) {
    for token in inside {
        if let Some(Line::Param(_) | Line::Column(_)) = own_line(text, token) {
            errors.push(misplaced(token));
        }
    }
    let known = errors.len();
    check_stray_directives(text, after, errors);
    let end = after
        .iter()
        .find(|token| token.kind == TokenKind::Semicolon);
    if let (true, Some(end), Some(second)) = (errors.len() == known, end, found.get(1)) {
        errors.push(
            SourceError::new(
                "a query is one statement, but here is a second one",
                second.clone(),
                "the second statement",
            )
            .also(end.span.clone(), "the first one ends here")
            .help("give it a name of its own: put `-- name: some_name` on the line above it"),
        );
    }
}

/// The error of a name that an earlier query or its function already has. `seen` has the names by function name.
fn check_unique(
    seen: &mut HashMap<String, Spanned<String>>,
    name: &Spanned<String>,
) -> Option<SourceError> {
    if name.span.is_empty() {
        return None; // A query without a name has its error already.
    }
    let snake = snake_case(&name.value);
    let words: Vec<&str> = snake.split('_').filter(|word| !word.is_empty()).collect();
    let function = words.join("_");
    let Some(first) = seen.get(&function) else {
        seen.insert(function, name.clone());
        return None;
    };
    let message = if first.value == name.value {
        format!("two queries are called `{}`", name.value)
    } else {
        format!(
            "`{}` and `{}` would be one function, `{function}`",
            first.value, name.value
        )
    };
    Some(
        SourceError::new(message, name.span.clone(), "the second one")
            .also(first.span.clone(), "the first one")
            .help("give one of them another name"),
    )
}

/// The name of a file's module: `find_places_v2` for `findPlaces.v2.sql`.
fn module_name(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy())
        .unwrap_or_default();
    let snake = snake_case(&stem).into_owned();
    if super::is_identifier(&snake) {
        snake
    } else {
        suggest_identifier(&snake)
    }
}

#[cfg(test)]
mod tests;
