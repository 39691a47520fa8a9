//! Reads a query's head: its name line, its documentation and its directives.
//!
//! The head ends where the SQL begins. The `--` lines right below the name line are documentation; directives can be
//! among them and further down. Comments below the documentation belong to the SQL.

use super::{
    directive::{self, Line, Text},
    error::SourceError,
    lexer::{Token, TokenKind},
    names::{did_you_mean, is_identifier, suggest_identifier},
    query::{Override, Spanned},
};
use crate::cardinality::Cardinality;

/// The part of a query before its SQL.
#[derive(Debug)]
pub(super) struct Head {
    pub name: Spanned<String>,
    pub docs: Vec<String>,
    pub cardinality: Option<Spanned<Cardinality>>,
    pub row: Option<Spanned<String>>,
    pub params: Vec<Override>,
    pub columns: Vec<Override>,
    /// The index of the first token after the head.
    pub end: usize,
}

/// Reads the head of a query, whose first token is the name line with `argument` after `name:`.
pub(super) fn read(
    text: &str,
    tokens: &[Token],
    argument: Text<'_>,
    errors: &mut Vec<SourceError>,
) -> Head {
    let mut head = read_name_line(argument, tokens, errors);
    let mut is_right_below = true;
    for (index, token) in tokens.iter().enumerate().skip(1) {
        match token.kind {
            TokenKind::WhiteSpace => is_right_below &= line_ends(token.text(text)) < 2,
            TokenKind::LineComment => {
                let line = directive::read(text, token.span.clone());
                if is_right_below || matches!(line, Line::Param(_) | Line::Column(_)) {
                    head.end = index + 1;
                }
                head.add_line(line, token, is_right_below, errors);
            }
            TokenKind::BlockComment => is_right_below = false,
            _ => break,
        }
    }
    trim_blank_lines(&mut head.docs);
    head
}

impl Head {
    fn add_line(
        &mut self,
        line: Line<'_>,
        token: &Token,
        is_right_below: bool,
        errors: &mut Vec<SourceError>,
    ) {
        let (list, word, argument) = match line {
            Line::Documentation(line) => {
                if is_right_below {
                    self.docs.push(line.to_owned());
                }
                return;
            }
            // It can be documentation: `-- Note: …`.
            Line::Misspelt(word, meant, line) => {
                errors.push(directive::misspelt_error(word, meant).warning());
                if is_right_below {
                    self.docs.push(line.to_owned());
                }
                return;
            }
            // The file was split at name lines. One that does not begin its line is a comment.
            Line::Name(_) => return,
            Line::Param(argument) => (&mut self.params, "param", argument),
            Line::Column(argument) => (&mut self.columns, "column", argument),
        };
        match directive::read_override(word, argument, token.span.clone()) {
            Ok(new) => match list.iter().find(|old| old.name.value == new.name.value) {
                Some(old) => errors.push(
                    SourceError::new(
                        format!("two `-- {word}:` lines are about `{}`", new.name.value),
                        new.span,
                        "the second one",
                    )
                    .also(old.span.clone(), "the first one")
                    .help(format!(
                        "say all in one line: `-- {word}: {}? RustType`",
                        new.name.value
                    )),
                ),
                None => list.push(new),
            },
            Err(error) => errors.push(*error),
        }
    }
}

fn read_name_line(argument: Text<'_>, tokens: &[Token], errors: &mut Vec<SourceError>) -> Head {
    let (word, rest) = argument.split_word();
    let mut name = word.spanned();
    if word.text.is_empty() {
        name.value = suggest_identifier("");
        let line = tokens[0].span.clone();
        errors.push(
            SourceError::new("the query has no name", line, "").help("write `-- name: find_place`"),
        );
    } else if !is_identifier(word.text) {
        let suggestion = suggest_identifier(word.text);
        errors.push(
            SourceError::new(
                format!("`{}` cannot be the name of a Rust function", word.text),
                word.span(),
                "",
            )
            .help(format!("write `{suggestion}`")),
        );
        name.value = suggestion;
    }
    let mut head = Head {
        name,
        docs: Vec::new(),
        cardinality: None,
        row: None,
        params: Vec::new(),
        columns: Vec::new(),
        end: 1,
    };
    if let Err(error) = head.read_annotations(rest) {
        errors.push(*error);
    }
    head
}

impl Head {
    /// Reads the rest of the name line: `:one` and `-> Type`.
    fn read_annotations(&mut self, rest: Text<'_>) -> Result<(), Box<SourceError>> {
        let (word, after) = rest.split_word();
        let rest = match word.text.strip_prefix(':') {
            Some(stated) => {
                let value = cardinality(stated, word)?;
                self.cardinality = Some(Spanned {
                    value,
                    span: word.span(),
                });
                after
            }
            None => rest,
        };
        if rest.text.starts_with("->") {
            let (arrow, row) = rest.split_at(2);
            if row.trim().text.is_empty() {
                return Err(Box::new(
                    SourceError::new("`->` names no type", arrow.span(), "")
                        .help("write `-> crate::Place`"),
                ));
            }
            self.row = Some(directive::read_type(row.trim())?);
        } else if !rest.text.is_empty() {
            return Err(Box::new(SourceError::new(
                format!("unexpected `{}` after the query's name", rest.text),
                rest.span(),
                "",
            )
            .help("a name line is `-- name: find_place :opt -> crate::Place`; documentation goes on the lines below it")));
        }
        Ok(())
    }
}

fn cardinality(stated: &str, word: Text<'_>) -> Result<Cardinality, Box<SourceError>> {
    let near = match stated {
        "one" => return Ok(Cardinality::One),
        "opt" => return Ok(Cardinality::Opt),
        "many" => return Ok(Cardinality::Many),
        "exec" => return Ok(Cardinality::Exec),
        "optional" | "maybe" => Some("opt"),
        "all" => Some("many"),
        "execrows" | "execresult" => Some("exec"),
        _ => did_you_mean(stated, ["one", "opt", "many", "exec"]),
    };
    let valid = "the cardinalities are `:one`, `:opt`, `:many` and `:exec`";
    let help = match near {
        // sqlc's `:execrows`.
        Some("exec") => "did you mean `:exec`? it gives the number of rows affected".to_owned(),
        Some(near) => format!("did you mean `:{near}`? {valid}"),
        None => String::from(valid),
    };
    Err(Box::new(
        SourceError::new(format!("unknown cardinality `:{stated}`"), word.span(), "").help(help),
    ))
}

/// The number of line ends in white space; `\r\n` is one.
fn line_ends(white_space: &str) -> usize {
    white_space.matches('\n').count() + white_space.replace("\r\n", "").matches('\r').count()
}

fn trim_blank_lines(docs: &mut Vec<String>) {
    let is_text = |line: &String| !line.is_empty();
    docs.truncate(docs.iter().rposition(is_text).map_or(0, |last| last + 1));
    docs.drain(..docs.iter().position(is_text).unwrap_or(0));
}
