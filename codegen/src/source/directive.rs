//! Reads one `--` line of a query's head: is it a directive, a misspelt one, or documentation?
//!
//! Only `name`, `param` and `column` before a `:` are directives. A word that differs from them by one letter is an
//! error and not documentation, because a directive without effect would go unnoticed.

use std::ops::Range;

use super::{
    error::SourceError,
    lexer::is_line_end,
    names::did_you_mean,
    query::{Override, Spanned},
};

/// The words that can stand before the `:`.
const WORDS: [&str; 3] = ["name", "param", "column"];

/// The kind of a `--` line. Texts come with their offset in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// `-- name: …`, with the text after the colon.
    Name(Text<'a>),
    /// `-- param: …`
    Param(Text<'a>),
    /// `-- column: …`
    Column(Text<'a>),
    /// Nearly a directive: the word, up to the colon, the directive that it resembles, and the line as documentation.
    Misspelt(Text<'a>, &'static str, &'a str),
    /// Anything else, without `--` and the space after it.
    Documentation(&'a str),
}

/// A piece of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub text: &'a str,
    pub offset: usize,
}

impl<'a> Text<'a> {
    pub(super) fn span(self) -> Range<usize> {
        self.offset..self.offset + self.text.len()
    }

    /// Without the white space around it.
    pub(super) fn trim(self) -> Text<'a> {
        let from_start = self.text.trim_start();
        Text {
            text: from_start.trim_end(),
            offset: self.offset + self.text.len() - from_start.len(),
        }
    }

    pub(super) fn split_at(self, at: usize) -> (Text<'a>, Text<'a>) {
        let (left, right) = self.text.split_at(at);
        (
            Text { text: left, ..self },
            Text {
                text: right,
                offset: self.offset + at,
            },
        )
    }

    /// The first word, and the text after it.
    pub(super) fn split_word(self) -> (Text<'a>, Text<'a>) {
        let text = self.trim();
        let end = text
            .text
            .find(char::is_whitespace)
            .unwrap_or(text.text.len());
        let (word, rest) = text.split_at(end);
        (word, rest.trim())
    }

    pub(super) fn spanned(self) -> Spanned<String> {
        Spanned {
            value: self.text.to_owned(),
            span: self.span(),
        }
    }
}

/// Reads the comment at `span` of the file, which begins with `--`.
pub(super) fn read(source: &str, span: Range<usize>) -> Line<'_> {
    let comment = Text {
        text: &source[span.start + 2..span.end],
        offset: span.start + 2,
    };
    let line = || {
        let line = comment
            .text
            .strip_prefix(' ')
            .unwrap_or(comment.text)
            .trim_end();
        // A ruler such as `-------` has no text, and would be a heading in Markdown.
        let is_ruler = line
            .chars()
            .all(|character| matches!(character, '-' | '=' | '*'));
        if is_ruler { "" } else { line }
    };
    let documentation = || Line::Documentation(line());
    let Some(colon) = comment.text.find(':') else {
        return documentation();
    };
    let (word, rest) = comment.split_at(colon);
    let (_, argument) = rest.split_at(1);
    if argument.text.starts_with(':') {
        return documentation();
    }
    let directive = match word.text.trim_start() {
        "name" => Line::Name,
        "param" => Line::Param,
        "column" => Line::Column,
        _ => return misspelt(word, line()).unwrap_or_else(documentation),
    };
    directive(argument.trim())
}

/// A space before the colon is a mistake, too: `name :`.
fn misspelt<'a>(word: Text<'a>, line: &'a str) -> Option<Line<'a>> {
    let meant = did_you_mean(word.text.trim(), WORDS)?;
    let spaces = word.text.len() - word.text.trim_start().len();
    Some(Line::Misspelt(word.split_at(spaces).1, meant, line))
}

/// The error of a word that is nearly a directive.
pub(super) fn misspelt_error(word: Text<'_>, meant: &str) -> SourceError {
    SourceError::new(
        format!("unknown directive `{}:`", word.text),
        word.span(),
        format!("did you mean `{meant}:`?"),
    )
    .help(format!(
        "write `-- {meant}:`; if this is documentation, word it differently"
    ))
}

/// Whether the comment at `offset` is the first on its line; only such a comment can be a directive.
pub(super) fn is_first_on_line(source: &str, offset: usize) -> bool {
    let before = source[..offset].trim_end_matches([' ', '\t', '\u{feff}']);
    before
        .as_bytes()
        .last()
        .is_none_or(|&byte| is_line_end(byte))
}

/// Reads a `-- param:` or `-- column:` line. `word` is the directive, and `line` the whole line.
pub(super) fn read_override(
    word: &str,
    argument: Text<'_>,
    line: Range<usize>,
) -> Result<Override, Box<SourceError>> {
    let form = || {
        format!(
            "write `-- {word}: some_name RustType`, `-- {word}: some_name?` if it may be null, or `-- {word}: some_name!` if not"
        )
    };
    let (name, rest) = split_name(argument);
    let (name, nullable, rest) = match rest.text.chars().next() {
        Some('?') => (name, Some(true), rest.split_at(1).1),
        Some('!') => (name, Some(false), rest.split_at(1).1),
        _ => (name, None, rest),
    };
    if name.value.is_empty() {
        return Err(Box::new(
            SourceError::new(format!("`-- {word}:` names no {word}"), line, "").help(form()),
        ));
    }
    let type_text = rest.trim();
    if type_text.text.is_empty() && nullable.is_none() {
        return Err(Box::new(
            SourceError::new(
                format!("`-- {word}: {}` says nothing about it", name.value),
                line,
                "a Rust type, `?` or `!` is missing",
            )
            .help(form()),
        ));
    }
    let rust_type = if type_text.text.is_empty() {
        None
    } else {
        Some(read_type(type_text)?)
    };
    Ok(Override {
        name,
        rust_type,
        nullable,
        span: line,
    })
}

/// The name at the start of a directive's argument: up to white space, `?` or `!`, or in double quotes.
fn split_name(argument: Text<'_>) -> (Spanned<String>, Text<'_>) {
    if argument.text.starts_with('"') {
        let mut quotes = argument.text[1..].split_inclusive('"');
        let mut length = 1;
        let mut value = String::new();
        while let Some(part) = quotes.next() {
            length += part.len();
            value.push_str(part.trim_end_matches('"'));
            if !argument.text[length..].starts_with('"') {
                break;
            }
            value.push('"');
            length += quotes.next().map_or(0, str::len);
        }
        let (quoted, rest) = argument.split_at(length);
        return (
            Spanned {
                value,
                span: quoted.span(),
            },
            rest,
        );
    }
    let ends_name = |character: char| character.is_whitespace() || matches!(character, '?' | '!');
    let end = argument.text.find(ends_name).unwrap_or(argument.text.len());
    let (name, rest) = argument.split_at(end);
    (name.spanned(), rest)
}

/// A Rust type, kept as text; it must at least look like one.
pub(super) fn read_type(text: Text<'_>) -> Result<Spanned<String>, Box<SourceError>> {
    match syn::parse_str::<syn::Type>(text.text) {
        Ok(_) => Ok(text.spanned()),
        Err(error) => Err(Box::new(
            SourceError::new(
                format!("`{}` is not a Rust type", text.text),
                text.span(),
                error.to_string(),
            )
            .help("write a type as in Rust, such as `i64`, `crate::Place` or `Vec<String>`"),
        )),
    }
}
