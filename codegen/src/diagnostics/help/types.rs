//! Types of parameters that the server took for others than were meant, or could not tell.

use std::ops::Range;

use crate::source::{Query, SourceFile};

/// Help for an operator that does not exist: one of another language, or one for which a parameter got the wrong type.
pub(in crate::diagnostics) fn with_operator(
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
    let span = untyped(file, query, at).filter(|_| !operands.contains("unknown"))?;
    let param = &file.text[span.clone()];
    let is_time = ["interval", "time", "date"]
        .iter()
        .any(|word| operands.contains(word));
    // `:since - interval '1 day'` was taken for an interval, and should be what it is compared with.
    let is_first = !file.text[..span.start].trim_end().ends_with(['+', '-']);
    let ty = match compared_with(operands).filter(|_| is_first) {
        Some(ty) => ty,
        None if is_time => "interval",
        None => "int",
    };
    Some(format!(
        "if `{param}` was taken for another type than is meant, cast it, as in `{param}::{ty}`"
    ))
}

/// The type that a moment less some time is compared with.
fn compared_with(operands: &str) -> Option<&str> {
    let (moment, time) = ["<=", ">=", "<>", "<", ">", "="]
        .iter()
        .find_map(|operator| operands.split_once(&format!(" {operator} ")))?;
    match (moment, time) {
        (moment, "interval" | "integer") | ("interval" | "integer", moment) => Some(moment),
        _ => None,
    }
    .filter(|ty| ty.starts_with("timestamp") || *ty == "date")
}

/// Help for a parameter without context, as in `values (:id)`, that should not be text.
pub(in crate::diagnostics) fn with_text(
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

/// The first parameter from this position on without a cast.
fn untyped<'q>(file: &SourceFile, query: &'q Query, at: usize) -> Option<&'q Range<usize>> {
    let spans = query.params.iter().flat_map(|param| &param.spans);
    let has_no_type = |span: &&Range<usize>| {
        span.start >= at && !file.text[span.end..].trim_start().starts_with("::")
    };
    spans.filter(has_no_type).min_by_key(|span| span.start)
}

/// Help for a parameter whose unknown type is needed to choose an operator or a function.
pub(in crate::diagnostics) fn with_types(
    file: &SourceFile,
    query: &Query,
    at: usize,
    message: &str,
) -> Option<String> {
    if !message.contains("unknown") {
        return None;
    }
    let param = &file.text[untyped(file, query, at)?.clone()];
    let function = message.strip_prefix("function ").unwrap_or_default();
    let name = function.split('(').next().unwrap_or_default();
    let ty = match name.rsplit('.').next().unwrap_or_default() {
        "unnest" => "text[]",
        "date_trunc" | "date_part" | "extract" | "age" | "to_char" => "timestamptz",
        "generate_series" => "int",
        // Few operators take texts.
        _ if message.contains("operator") => "int",
        _ => "text",
    };
    Some(format!(
        "cast the parameter to its type, as in `{param}::{ty}`"
    ))
}

/// Help for `any(:ids::int)`, where the cast should be to an array.
pub(in crate::diagnostics) fn with_array(
    file: &SourceFile,
    query: &Query,
    at: usize,
) -> Option<String> {
    let spans = query.params.iter().flat_map(|param| &param.spans);
    let span = spans
        .filter(|span| span.start >= at)
        .min_by_key(|span| span.start)?;
    let after = file.text[span.end..].strip_prefix("::")?;
    let end = after.find(|c: char| !(c.is_alphanumeric() || "_.\"".contains(c)))?;
    let written = format!("{}::{}", &file.text[span.clone()], &after[..end]);
    Some(format!("`any` and `all` take an array: `{written}[]`"))
}
