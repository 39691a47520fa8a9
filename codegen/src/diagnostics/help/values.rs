//! Texts that are no values of their type, and values for columns that take none.

use std::ops::Range;

use crate::catalog::{Catalog, TypeKind};
use crate::source::{Lexer, Query, TokenKind, did_you_mean};

/// Help for a text that is no value of its type.
pub(in crate::diagnostics) fn with_value(message: &str, catalog: &Catalog) -> Option<String> {
    with_label(message, catalog).or_else(|| with_quoted_param(message))
}

/// Help for an enum's label that does not exist.
fn with_label(message: &str, catalog: &Catalog) -> Option<String> {
    let rest = message.strip_prefix("invalid input value for enum ")?;
    let (name, written) = rest.split_once(": \"")?;
    let written = written.strip_suffix('"')?;
    // The server leaves the schema out if the search path finds the type.
    let mut types = catalog.types.iter();
    let labels = types.find_map(|ty| match &ty.kind {
        TypeKind::Enum { labels }
            if ty.name.to_string() == name || ty.name.name == name.trim_matches('"') =>
        {
            Some(labels)
        }
        _ => None,
    })?;
    let quoted: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
    let all = format!("its labels are {}", quoted.join(", "));
    Some(
        match did_you_mean(written, labels.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? {all}"),
            None => all,
        },
    )
}

/// Help for a parameter in quotes: `':id'`, which is sent as `'$1'` if it is written so, and `':days days'`.
fn with_quoted_param(message: &str) -> Option<String> {
    let (_, written) = message.rsplit_once(": \"")?;
    let written = written.strip_suffix('"')?;
    let mut words = written.split(' ');
    let param = words.next()?;
    let name = param.strip_prefix([':', '$'])?;
    let is_param = !name.is_empty() && name.chars().all(|c| c == '_' || c.is_alphanumeric());
    let unit = words.next().map(|unit| unit.trim_end_matches('s'));
    match unit {
        _ if !is_param => None,
        None => Some("a parameter inside a string is text: write it without the quotes".to_owned()),
        Some(unit) if message.contains("type interval") => {
            let product = format!("write `{param} * interval '1 {unit}'`");
            let made = match unit {
                "year" | "month" | "week" | "day" | "hour" => {
                    format!(", or `make_interval({unit}s => {param})` with a whole number")
                }
                _ => String::new(),
            };
            Some(format!(
                "a parameter inside a string is text: {product}{made}"
            ))
        }
        Some(_) => None,
    }
}

/// Where a column stands that is generated, and so takes no value, by the server's message about it.
pub(in crate::diagnostics) fn generated_column(
    query: &Query,
    message: &str,
) -> Option<Range<usize>> {
    let (_, after) = message.split_once("column \"")?;
    let (column, _) = after.split_once('"')?;
    let sql = &query.sql;
    let tokens: Vec<_> = Lexer::new(sql).filter(|token| !token.is_trivia()).collect();
    let mut found = tokens.windows(2).filter(|pair| {
        let written = pair[0].text(sql);
        let is_name = match written.strip_prefix('"') {
            Some(quoted) => quoted.trim_end_matches('"') == column,
            None => pair[0].kind == TokenKind::Identifier && written.eq_ignore_ascii_case(column),
        };
        is_name && [",", ")", "="].contains(&pair[1].text(sql))
    });
    let span = found.next()?[0].span.clone();
    let start = query.file_offset(span.start);
    Some(start..start + span.len())
}
