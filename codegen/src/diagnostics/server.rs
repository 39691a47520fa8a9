//! What the server said about a query, pointed at in its file, with a guess at what was meant.

use std::ops::Range;

use super::Diagnostic;
use crate::catalog::{Catalog, QualifiedName};
use crate::describe::ServerError;
use crate::source::{Query, SourceFile, did_you_mean};

/// SQLSTATE of a column that does not exist.
const UNDEFINED_COLUMN: &str = "42703";
/// SQLSTATE of a table that does not exist.
const UNDEFINED_TABLE: &str = "42P01";
/// SQLSTATE of a type that does not exist, among other objects.
const UNDEFINED_OBJECT: &str = "42704";

/// The diagnostic for a query that the server refused.
pub(crate) fn refused(
    file: &SourceFile,
    query: &Query,
    error: &ServerError,
    catalog: &Catalog,
) -> Diagnostic {
    let span = match error.position {
        Some(position) => name_at(
            &file.text,
            query.file_offset_of_position(position),
            query.span.end,
        ),
        None => query.name.span.clone(),
    };
    let word = file.text[span.clone()]
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .trim_matches('"')
        .to_owned();
    let label = match error.position {
        Some(_) => "",
        None => "in this query",
    };
    let mut diagnostic = Diagnostic::error(&error.message, &file.path, span, label);
    if let Some(detail) = &error.detail {
        diagnostic = diagnostic.note(detail);
    }
    if let Some(hint) = &error.hint {
        diagnostic = diagnostic.note(format!("hint: {hint}"));
    }
    // A hint of the server names what it found near already.
    let near = match error.hint {
        Some(_) => None,
        None => guess(&error.sqlstate, &word, query, catalog),
    };
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// The dotted name, number or single character that starts at `start`.
pub(crate) fn name_at(text: &str, start: usize, limit: usize) -> Range<usize> {
    let rest = &text[start..limit.max(start)];
    let mut quoted = false;
    let end = rest.find(|c: char| {
        quoted ^= c == '"';
        !(quoted || c == '"' || c == '.' || c == '_' || c == '$' || c.is_alphanumeric())
    });
    let width = match end {
        Some(0) => rest.chars().next().map_or(0, char::len_utf8),
        Some(end) => end,
        None => rest.len(),
    };
    start..start + width
}

/// The name that `word` was probably meant to be.
fn guess(sqlstate: &str, word: &str, query: &Query, catalog: &Catalog) -> Option<String> {
    let relations = catalog.relations.iter();
    match sqlstate {
        UNDEFINED_COLUMN => {
            let mentioned = relations.filter(|r| query.sql.contains(&r.name.name));
            let columns = mentioned.flat_map(|r| r.columns.iter().map(|c| c.name.as_str()));
            did_you_mean(word, columns).map(str::to_owned)
        }
        UNDEFINED_TABLE => object(word, relations.map(|relation| &relation.name)),
        UNDEFINED_OBJECT => object(word, catalog.types.iter().map(|ty| &ty.name)),
        _ => None,
    }
}

/// The nearest of `names`; with its schema, where that is all that is missing.
fn object<'a>(
    word: &str,
    names: impl Iterator<Item = &'a QualifiedName> + Clone,
) -> Option<String> {
    let near = did_you_mean(word, names.clone().map(|name| name.name.as_str()))?;
    match names.into_iter().find(|name| name.name == word) {
        Some(elsewhere) => Some(elsewhere.to_string()),
        None => Some(near.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::name_at;

    #[test]
    fn a_name_is_underlined_as_a_whole() {
        for (text, start, expected) in [
            ("select p.nmae from p", 7, "p.nmae"),
            ("select \"a b\".c", 7, "\"a b\".c"),
            ("select (1", 7, "("),
            ("select", 6, ""),
        ] {
            assert_eq!(&text[name_at(text, start, text.len())], expected);
        }
    }
}
