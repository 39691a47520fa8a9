//! Help for queries that the server rejected: how to write something in howdah, or how the server has understood it.

mod elsewhere;
mod types;
mod values;

use std::ops::Range;

use crate::catalog::{Catalog, quoted};
use crate::scratch::extensions;
use crate::source::{Query, SourceFile};
pub(super) use elsewhere::{type_elsewhere, with_function, with_sqlc, with_table};
pub(super) use types::{with_array, with_operator, with_text, with_types};
pub(super) use values::{generated_column, with_value};

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
        return Some(match word.map(str::to_ascii_lowercase).as_deref() {
            Some("in") => format!("for a list of values take an array: `= any({written})`"),
            Some("interval") => {
                format!(
                    "write `{written}::interval`, or `{written} * interval '1 day'` for a number of days"
                )
            }
            _ => "a parameter stands for a value, not for a name or a part of the SQL".to_owned(),
        });
    }
    if let Some(marked) = marked_param(query, before) {
        let name = marked.trim_start_matches(':');
        return Some(format!(
            "whether a parameter may be null is found out, and can be said by a line `-- param: {name}` below the name"
        ));
    }
    let foreign = before.ends_with('?') || file.text[at..].starts_with(['$', '{', '?', '%']);
    if foreign {
        return Some("parameters are written `:name`, or `$1`".to_owned());
    }
    if before.ends_with(',') {
        return Some("a comma has nothing after it".to_owned());
    }
    elsewhere::with_syntax(before, &file.text[at..])
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

/// Help for a table that another query of the file makes when it is run.
pub(super) fn with_own_table(file: &SourceFile, name: &str) -> Option<String> {
    let makes = |query: &Query| {
        let sql = query.sql.to_lowercase();
        let mut words = sql.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.find(|word| !word.is_empty()) == Some("create")
            && sql.contains("table")
            && words.any(|word| word == name)
    };
    let maker = file.queries.iter().find(|query| makes(query))?;
    Some(format!(
        "the query `{}` makes it, but only when it runs: have a migration create it, or run this with `howdah::query`, which \
         checks it then",
        maker.name.value
    ))
}

/// Help for a type or a function that an extension brings, which the database does not have.
pub(super) fn with_extension(message: &str, catalog: &Catalog) -> Option<String> {
    let extension = extensions::missed(message)?;
    let types = catalog.types.iter().map(|ty| &ty.name);
    let mut names = types.chain(&catalog.callable);
    // Otherwise another name was meant.
    let is_missing = names.all(|known| extensions::bringing(&known.name) != Some(extension));
    is_missing.then(|| {
        let extension = quoted(extension);
        format!("it comes with an extension: have a migration `create extension {extension}`")
    })
}
