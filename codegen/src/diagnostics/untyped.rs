//! Parameters whose type the server cannot tell.

use super::Diagnostic;
use crate::catalog::Catalog;
use crate::describe::ServerError;
use crate::source::{Query, SourceFile};

/// SQLSTATE of a parameter whose type cannot be determined.
const INDETERMINATE_DATATYPE: &str = "42P18";
/// SQLSTATE of a parameter whose type cannot be determined where it is first used, though it may be elsewhere.
const AMBIGUOUS_PARAMETER: &str = "42P08";

/// The diagnostic for a parameter whose type the server cannot tell, which it names by number and has no position for.
pub(super) fn without_type(
    file: &SourceFile,
    query: &Query,
    error: &ServerError,
    catalog: &Catalog,
) -> Option<Diagnostic> {
    let untyped = match error.sqlstate.as_str() {
        INDETERMINATE_DATATYPE => true,
        AMBIGUOUS_PARAMETER => error.message.starts_with("could not determine"),
        _ => false,
    };
    let number = error.message.rsplit('$').next().filter(|_| untyped)?;
    let number: u16 = number.parse().ok()?;
    let param = query.params.iter().find(|param| param.number == number)?;
    let span = param.spans.first()?.clone();
    let written = &file.text[span.clone()];
    let message = format!("nothing says what type `{written}` has");
    let mut others = param.spans.iter().skip(1);
    let ty = others.find_map(|span| compared_type(&file.text[..span.start], query, catalog));
    let ty = ty.unwrap_or_else(|| "text".to_owned());
    let help = format!("cast it to its type, as in `{written}::{ty}`");
    Some(Diagnostic::error(message, &file.path, span, "").help(help))
}

/// The type of the column that a value is compared with, of which this is the text before it.
fn compared_type(before: &str, query: &Query, catalog: &Catalog) -> Option<String> {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    let operand = before.trim_end().trim_end_matches(['=', '<', '>', '!']);
    let end = operand.trim_end();
    let name = &end[end.rfind(|c| !is_word(c)).map_or(0, |at| at + 1)..];
    let relations = catalog.relations.iter();
    let mut mentioned = relations.filter(|r| query.sql.contains(&r.name.name));
    let column = mentioned.find_map(|relation| relation.column(name))?;
    Some(match column.ty.is_builtin() {
        true => column.ty.name.clone(),
        false => column.ty.to_string(),
    })
}
