//! Help for queries that the server rejected: how to write something in howdah, or how the server has understood it.

use std::ops::Range;

use crate::source::{Query, SourceFile};

/// The parameter at this position.
pub(super) fn param_at(query: &Query, at: usize) -> Option<&Range<usize>> {
    let mut spans = query.params.iter().flat_map(|param| &param.spans);
    spans.find(|span| span.start == at)
}

/// Help for a parameter in place of something that is not a value, or in the syntax of another tool.
pub(super) fn with_syntax(file: &SourceFile, query: &Query, at: usize) -> Option<String> {
    let before = file.text[query.span.start..at].trim_end();
    if let Some(span) = param_at(query, at) {
        let written = &file.text[span.clone()];
        let word = before.rsplit(char::is_whitespace).next();
        return Some(
            match word.is_some_and(|word| word.eq_ignore_ascii_case("in")) {
                true => format!("for a list of values take an array: `= any({written})`"),
                false => {
                    "a parameter stands for a value, not for a name or a part of the SQL".to_owned()
                }
            },
        );
    }
    if let Some(marked) = marked_param(query, before) {
        let name = marked.trim_start_matches(':');
        return Some(format!(
            "whether a parameter may be null is found out, and can be said by a line `-- param: {name}` below the name"
        ));
    }
    let foreign = before.ends_with('?') || file.text[at..].starts_with(['$', '{', '?']);
    foreign.then(|| "parameters are written `:name`, or `$1`".to_owned())
}

/// The parameter with a mark after it, such as `:id?`, at the end of `before`.
fn marked_param<'b>(query: &Query, before: &'b str) -> Option<&'b str> {
    let end = query.span.start + before.strip_suffix(['?', '!'])?.len();
    let mut spans = query.params.iter().flat_map(|param| &param.spans);
    let span = spans.find(|span| span.end == end)?;
    before.get(span.start - query.span.start..)
}

/// Help for a name that is not a column: a string in the wrong quotes, or the name of a result column, which conditions
/// cannot use.
pub(super) fn with_column(query: &Query, written: &str) -> Option<String> {
    let quoted = written.strip_prefix('"').and_then(|w| w.strip_suffix('"'));
    if let Some(text) = quoted {
        return Some(format!(
            "double quotes are for names; if a string is meant, write `'{text}'`"
        ));
    }
    let words: Vec<_> = query
        .sql
        .split(|c: char| !(c == '_' || c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let is_result = words
        .windows(2)
        .any(|pair| pair[0].eq_ignore_ascii_case("as") && pair[1].eq_ignore_ascii_case(written));
    is_result.then(|| {
        format!("`{written}` is the name of a result column, which conditions cannot use: repeat its expression there")
    })
}

/// Help for an operator that does not exist: one of another language, or one for which a parameter got the wrong type.
pub(super) fn with_operator(
    file: &SourceFile,
    query: &Query,
    at: usize,
    message: &str,
) -> Option<String> {
    let operands = message.strip_prefix("operator does not exist: ")?;
    if operands.contains(" == ") {
        return Some("equality is written `=`".to_owned());
    }
    if instead_of_text(message).is_some() {
        return with_text(file, query, at, message);
    }
    let param = untyped(file, query, at).filter(|_| !operands.contains("unknown"))?;
    let is_time = ["interval", "time", "date"]
        .iter()
        .any(|word| operands.contains(word));
    let ty = if is_time { "interval" } else { "int" };
    Some(format!(
        "if `{param}` was taken for another type than is meant, cast it, as in `{param}::{ty}`"
    ))
}

/// Help for a parameter without context, as in `values (:id)`, that should not be text.
pub(super) fn with_text(
    file: &SourceFile,
    query: &Query,
    at: usize,
    message: &str,
) -> Option<String> {
    let ty = instead_of_text(message)?;
    let after = by_itself(file, query).find(|span| span.start >= at);
    let span = after.or_else(|| by_itself(file, query).next())?;
    let param = &file.text[span.clone()];
    Some(format!(
        "if `{param}` was taken for text, cast it, as in `{param}::{ty}`"
    ))
}

/// The type that the server expects instead of text.
fn instead_of_text(message: &str) -> Option<&str> {
    let is_text = |ty: &str| ty == "text" || ty == "text[]";
    let sides = match message.strip_prefix("operator does not exist: ") {
        Some(operands) => {
            let is_operator =
                |word: &&str| !word.contains(|c: char| c.is_alphanumeric() || c == '"');
            let operator = operands.split(' ').find(is_operator)?;
            operands.split_once(&format!(" {operator} "))?
        }
        None => {
            let (_, types) = message.split_once(" is of type ")?;
            types.split_once(" but expression is of type ")?
        }
    };
    let ty = match sides {
        (ty, text) | (text, ty) if is_text(text) && !is_text(ty) => ty,
        _ => return None,
    };
    Some(ty.strip_suffix("[]").unwrap_or(ty))
}

/// The parameters without a cast or an operator that gives them a type.
fn by_itself<'q>(file: &'q SourceFile, query: &'q Query) -> impl Iterator<Item = &'q Range<usize>> {
    let mut spans: Vec<_> = query.params.iter().flat_map(|param| &param.spans).collect();
    spans.sort_by_key(|span| span.start);
    spans.into_iter().filter(|span| {
        let before = file.text[..span.start].trim_end();
        let after = file.text[span.end..].trim_start();
        before.ends_with(|c: char| c.is_alphanumeric() || "(,[".contains(c))
            && after.starts_with(|c: char| c.is_alphanumeric() || "),]".contains(c))
    })
}

/// PostgreSQL's forms of other databases' functions.
const ELSEWHERE: [(&str, &str); 15] = [
    ("charindex", "strpos(text, part)"),
    ("curdate", "current_date"),
    ("date_format", "to_char(time, format)"),
    ("datediff", "one date - another"),
    ("getdate", "now()"),
    ("group_concat", "string_agg(text, ',')"),
    ("ifnull", "coalesce(value, default)"),
    ("iif", "case when … then … else … end"),
    ("instr", "strpos(text, part)"),
    ("isnull", "coalesce(value, default)"),
    ("json_extract", "json -> key"),
    ("len", "length(text)"),
    ("newid", "gen_random_uuid()"),
    ("nvl", "coalesce(value, default)"),
    ("rand", "random()"),
];

/// PostgreSQL's form of another database's function.
pub(super) fn with_function(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let mut known = ELSEWHERE.iter();
    let (_, here) = known.find(|(there, _)| *there == name)?;
    Some(format!("PostgreSQL has no `{name}`: write `{here}`"))
}

/// The first parameter from this position on without a cast.
fn untyped<'f>(file: &'f SourceFile, query: &Query, at: usize) -> Option<&'f str> {
    let spans = query.params.iter().flat_map(|param| &param.spans);
    let has_no_type = |span: &&Range<usize>| {
        span.start >= at && !file.text[span.end..].trim_start().starts_with("::")
    };
    let first = spans.filter(has_no_type).min_by_key(|span| span.start)?;
    Some(&file.text[first.clone()])
}

/// Help for a parameter whose unknown type is needed to choose an operator or a function.
pub(super) fn with_types(
    file: &SourceFile,
    query: &Query,
    at: usize,
    message: &str,
) -> Option<String> {
    if !message.contains("unknown") {
        return None;
    }
    let param = untyped(file, query, at)?;
    // Few operators take texts.
    let ty = match message {
        _ if message.contains("unnest(") => "text[]",
        _ if message.contains("operator") => "int",
        _ => "text",
    };
    Some(format!(
        "cast the parameter to its type, as in `{param}::{ty}`"
    ))
}

/// Help for sqlc's own functions.
pub(super) fn with_sqlc(written: &str) -> Option<String> {
    match written.to_lowercase().as_str() {
        "sqlc.arg" => Some("parameters are written `:name`".to_owned()),
        "sqlc.narg" => Some(
            "parameters are written `:name`; `-- param: name?` below the name line lets one be null"
                .to_owned(),
        ),
        "sqlc.slice" => Some("for a list of values take an array: `= any(:names)`".to_owned()),
        "sqlc.embed" => Some("a table's whole row is written by its name, as in `select places from places`".to_owned()),
        _ => None,
    }
}
