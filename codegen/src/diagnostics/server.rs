//! Diagnostics from the server's errors about queries, with their position in the file and a suggestion.

use std::ops::Range;

use super::untyped::without_type;
use super::{Diagnostic, help};
use crate::catalog::{Catalog, QualifiedName, TypeKind, quoted};
use crate::describe::ServerError;
use crate::source::{Query, SourceFile, did_you_mean};

/// SQLSTATE of a column that does not exist.
const UNDEFINED_COLUMN: &str = "42703";
/// SQLSTATE of a table that does not exist.
const UNDEFINED_TABLE: &str = "42P01";
/// SQLSTATE of a type that does not exist, among other objects.
const UNDEFINED_OBJECT: &str = "42704";
/// SQLSTATE of a schema that does not exist.
const UNDEFINED_SCHEMA: &str = "3F000";
/// SQLSTATE of an object of the wrong kind.
const WRONG_OBJECT_TYPE: &str = "42809";
/// SQLSTATE of a text that does not represent a value of its type.
const INVALID_TEXT_REPRESENTATION: &str = "22P02";
/// SQLSTATE of a text that does not represent a time or a length of time.
const INVALID_DATETIME: &str = "22007";
/// SQLSTATE of a value for a generated column or an identity column.
const GENERATED_ALWAYS: &str = "428C9";
/// SQLSTATE of a function or an operator that does not exist for the arguments' types.
const UNDEFINED_FUNCTION: &str = "42883";
/// SQLSTATE of a function that is ambiguous for the arguments' types.
const AMBIGUOUS_FUNCTION: &str = "42725";
/// SQLSTATE of values whose types do not fit, including unknown types.
const DATATYPE_MISMATCH: &str = "42804";
/// SQLSTATE of a syntax error.
const SYNTAX_ERROR: &str = "42601";

/// The diagnostic for a query that the server rejected.
pub(crate) fn refused(
    file: &SourceFile,
    query: &Query,
    error: &ServerError,
    catalog: &Catalog,
) -> Diagnostic {
    if let Some(untyped) = without_type(file, query, error, catalog) {
        return untyped;
    }
    // The server does not say where.
    let of_column = (error.sqlstate == GENERATED_ALWAYS)
        .then(|| help::generated_column(query, &error.message))
        .flatten();
    let span = match error.position {
        Some(position) => {
            let at = query.file_offset_of_position(position);
            let param = help::param_at(query, at).cloned();
            param.unwrap_or_else(|| name_at(&file.text, at, query.span.end))
        }
        None => of_column.clone().unwrap_or_else(|| query.name.span.clone()),
    };
    let written = file.text[span.clone()]
        .rsplit('.')
        .next()
        .unwrap_or_default();
    let label = match error.position {
        None if of_column.is_none() => "in this query",
        _ => "",
    };
    let message = by_name(query, &error.message);
    // This SQLSTATE also occurs for errors after parsing.
    let is_syntax = error.sqlstate == SYNTAX_ERROR
        && error.position.is_some()
        && error.message.starts_with("syntax error");
    let help = match error.sqlstate.as_str() {
        SYNTAX_ERROR if error.message.starts_with("trailing junk after parameter") => {
            Some("put a space after the parameter".to_owned())
        }
        _ if is_syntax => help::with_syntax(file, query, span.start),
        UNDEFINED_SCHEMA => help::with_sqlc(&file.text[span.clone()]),
        UNDEFINED_COLUMN => help::with_sqlc(called(&file.text[..span.start]))
            .or_else(|| help::with_column(query, &file.text[span.clone()])),
        UNDEFINED_FUNCTION if error.message.starts_with("operator") => {
            help::with_operator(file, query, span.start, &error.message)
        }
        UNDEFINED_FUNCTION => help::with_function(written).filter(|_| {
            let mut names = catalog.callable.iter();
            names.all(|name| name.name != meant(written))
        }),
        AMBIGUOUS_FUNCTION | DATATYPE_MISMATCH => {
            let help = help::with_types(file, query, span.start, &error.message);
            help.or_else(|| help::with_text(file, query, span.start, &error.message))
        }
        WRONG_OBJECT_TYPE => help::with_array(file, query, span.start),
        INVALID_TEXT_REPRESENTATION | INVALID_DATETIME => help::with_value(&error.message, catalog),
        GENERATED_ALWAYS if error.hint.is_none() => {
            Some("the table computes it: leave it out".to_owned())
        }
        UNDEFINED_TABLE if is_missing_from(&error.message) => Some(
            "columns are written with the name or alias that their table has in FROM".to_owned(),
        ),
        UNDEFINED_TABLE => help::with_table(&meant(written))
            .or_else(|| help::with_own_table(file, &meant(written))),
        _ => None,
    };
    let mut diagnostic = Diagnostic::error(message, &file.path, span, label);
    if let Some(detail) = &error.detail {
        diagnostic = diagnostic.note(detail);
    }
    if let Some(hint) = &error.hint {
        diagnostic = diagnostic.note(format!("hint: {hint}"));
    }
    // Except for functions, the server's hint already names a similar name.
    let near = match error.hint {
        Some(_) if error.sqlstate != UNDEFINED_FUNCTION => None,
        None if is_missing_from(&error.message) => None,
        _ => guess(&error.sqlstate, written, query, catalog),
    };
    let near = near.map(|near| format!("did you mean `{near}`?"));
    match help::with_extension(&error.message, catalog)
        .or(near)
        .or(help)
    {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// Whether a table is not in FROM, though it may well exist.
fn is_missing_from(message: &str) -> bool {
    message.starts_with("missing FROM-clause entry")
}

/// The server's message, with parameters as they are written in the file.
fn by_name(query: &Query, message: &str) -> String {
    let Some((before, after)) = message.split_once("at or near \"$") else {
        return message.to_owned();
    };
    let number = after.strip_suffix('"').and_then(|n| n.parse::<u16>().ok());
    let mut params = query.params.iter();
    let param = number.and_then(|number| params.find(|param| param.number == number));
    match param.and_then(|param| param.name.as_ref()) {
        Some(name) => format!("{before}at or near \":{name}\""),
        None => message.to_owned(),
    }
}

/// The warning about a query that the server can analyse but not plan. It is not an error, because the app's database
/// can have an index that this one lacks.
pub(crate) fn never_planned(file: &SourceFile, query: &Query, error: &ServerError) -> Diagnostic {
    let message = format!("this query cannot run: {}", error.message);
    let span = query.name.span.clone();
    let warning = Diagnostic::warning(message, &file.path, span, "PostgreSQL finds no plan for it");
    match help_with_plan(&error.message) {
        Some(help) => warning.help(help),
        None => warning,
    }
}

fn help_with_plan(message: &str) -> Option<&'static str> {
    if message.contains("matching the ON CONFLICT specification") {
        Some(
            "name all columns of a unique index; if it has a condition, repeat that: `on conflict (…) where …`",
        )
    } else if message.contains("nullable side of an outer join") {
        Some("say which table's rows to lock: `for update of …`")
    } else {
        None
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

/// The name that was probably meant, quoted unless it is plain lower case.
fn guess(sqlstate: &str, written: &str, query: &Query, catalog: &Catalog) -> Option<String> {
    let word = written.trim_matches('"');
    let relations = catalog.relations.iter();
    match sqlstate {
        UNDEFINED_COLUMN => {
            let mentioned = relations.filter(|r| query.sql.contains(&r.name.name));
            let columns = mentioned.flat_map(|r| r.columns.iter().map(|c| c.name.as_str()));
            // A column with the same name belongs to another table.
            let others = columns.filter(|column| *column != meant(written));
            did_you_mean(word, others).map(quoted)
        }
        UNDEFINED_TABLE => object(word, relations.map(|relation| &relation.name)),
        UNDEFINED_FUNCTION if help::with_function(word).is_none() => {
            // A function with the same name takes other arguments.
            let reached = |name: &&QualifiedName| {
                name.is_builtin() || catalog.search_path.contains(&name.schema)
            };
            let mut names = catalog.callable.iter().filter(reached);
            let is_there = names.any(|name| name.name == meant(written));
            let is_name = word.starts_with(|c: char| c == '_' || c.is_alphabetic());
            object(word, catalog.callable.iter()).filter(|_| is_name && !is_there)
        }
        UNDEFINED_OBJECT => help::type_elsewhere(word).map(str::to_owned).or_else(|| {
            let standard = did_you_mean(word, STANDARD_TYPES).map(str::to_owned);
            // Those of the server's own kind, such as `cstring`, are never meant.
            let types = catalog
                .types
                .iter()
                .filter(|ty| !matches!(ty.kind, TypeKind::Pseudo));
            standard.or_else(|| object(word, types.map(|ty| &ty.name)))
        }),
        _ => None,
    }
}

/// The names of types in the SQL standard, which the catalog has under other names.
const STANDARD_TYPES: [&str; 8] = [
    "bigint",
    "boolean",
    "character",
    "decimal",
    "integer",
    "real",
    "smallint",
    "timestamp",
];

/// The name of the function whose parenthesis is open at the end of `before`.
fn called(before: &str) -> &str {
    let name = before.trim_end().strip_suffix('(').unwrap_or_default();
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    &name[name.trim_end_matches(is_of_name).len()..]
}

/// A written name as the server reads it: in lower case, unless it is quoted.
fn meant(written: &str) -> String {
    match written.strip_prefix('"') {
        Some(quoted) => quoted.trim_end_matches('"').to_owned(),
        None => written.to_ascii_lowercase(),
    }
}

/// The most similar of `names`, with its schema if only the schema is missing.
fn object<'a>(
    word: &str,
    names: impl Iterator<Item = &'a QualifiedName> + Clone,
) -> Option<String> {
    let near = did_you_mean(word, names.clone().map(|name| name.name.as_str()))?;
    match names.into_iter().find(|name| name.name == word) {
        Some(elsewhere) => Some(elsewhere.to_string()),
        None => Some(quoted(near)),
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
