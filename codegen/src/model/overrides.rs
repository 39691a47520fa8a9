//! Overrides of the analysis in the `.sql` file: `!` and `?` after an alias, `-- column:` and `-- param:` lines.
//!
//! The file wins. Overrides that the analysis proves to be needless or wrong are reported, so that no stale mark stays.

use std::ops::Range;
use std::path::Path;

use super::function::reason;
use super::rust_type::RustType;
use crate::analyze::ColumnVerdict;
use crate::catalog::QualifiedName;
use crate::diagnostics::Diagnostic;
use crate::source::{Override, Query, SourceFile, Spanned, did_you_mean};

/// A result column with the file's overrides.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    /// The verdict of the analysis.
    pub(crate) verdict: &'a ColumnVerdict,
    /// Its name without the mark.
    pub(crate) name: &'a str,
    /// Whether it can be null.
    pub(crate) nullable: bool,
    /// Whether the file decides this, and not the analysis.
    pub(crate) overridden: bool,
    /// The Rust type that the file states.
    pub(crate) rust_type: Option<RustType>,
}

impl Column<'_> {
    /// Its type: the domain, if it has one.
    pub(crate) fn ty(&self) -> &QualifiedName {
        self.verdict.declared()
    }

    /// Why it can or cannot be null in the query `sql`.
    pub(crate) fn reason(&self, sql: &str) -> String {
        match self.overridden {
            true => SAID_SO.to_owned(),
            false => reason(&self.verdict.reason, sql),
        }
    }
}

/// The reason for an override of the file.
pub(crate) const SAID_SO: &str = "the query says so";

/// The name of a column without its mark, and the mark's meaning: whether the column can be null. PostgreSQL's own
/// `?column?` has no mark.
pub(crate) fn split_mark(name: &str) -> (&str, Option<bool>) {
    match (name, name.strip_suffix('!'), name.strip_suffix('?')) {
        ("?column?", ..) => (name, None),
        (_, Some(bare), _) if !bare.is_empty() => (bare, Some(false)),
        (_, _, Some(bare)) if !bare.is_empty() => (bare, Some(true)),
        _ => (name, None),
    }
}

/// The columns of `query` with its overrides.
pub(crate) fn columns<'a>(
    file: &SourceFile,
    query: &Query,
    verdicts: &'a [ColumnVerdict],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Column<'a>> {
    for directive in &query.column_overrides {
        check_name(file, directive, verdicts, diagnostics);
    }
    verdicts
        .iter()
        .map(|verdict| {
            let (name, mark) = split_mark(&verdict.name);
            diagnostics.extend(typed_alias(file, query, &verdict.name));
            let directive = query.column_overrides.iter().find(|o| o.name.value == name);
            let stated = mark
                .map(|nullable| (nullable, alias_span(file, query, &verdict.name)))
                .or_else(|| {
                    let directive = directive?;
                    Some((directive.nullable?, directive.name.span.clone()))
                });
            if let Some((nullable, span)) = &stated {
                let subject = format!("column `{name}`");
                let known = Known::of(verdict.nullable, &verdict.reason.text);
                diagnostics.extend(needless(
                    &file.path,
                    span.clone(),
                    &subject,
                    *nullable,
                    known,
                ));
            }
            let rust_type = directive.and_then(|directive| directive.rust_type.as_ref());
            Column {
                verdict,
                name,
                nullable: stated
                    .as_ref()
                    .map_or(verdict.nullable, |(nullable, _)| *nullable),
                overridden: stated.is_some(),
                rust_type: rust_type.and_then(|text| parse_type(file, text, diagnostics)),
            }
        })
        .collect()
}

/// A warning about an alias with a type in it, `as "id!: i64"`, which is sqlx's syntax.
fn typed_alias(file: &SourceFile, query: &Query, alias: &str) -> Option<Diagnostic> {
    let (marked, ty) = alias.split_once(':')?;
    let (name, mark) = split_mark(marked);
    let is_name = name.chars().all(|c| c == '_' || c.is_alphanumeric());
    if !is_name || !(mark.is_some() || ty.starts_with(' ')) {
        return None;
    }
    let span = alias_span(file, query, alias);
    let label = "all of this is the column's name";
    let warning = Diagnostic::warning("an alias says no type", &file.path, span, label);
    let column = match mark {
        Some(_) => format!("`as \"{marked}\"`"),
        None => format!("`as {name}`"),
    };
    Some(warning.help(match ty.trim() {
        "" | "_" => format!("write {column}"),
        ty => {
            format!("write {column}, and for another type `-- column: {name} {ty}` above the query")
        }
    }))
}

/// The position of the alias with the mark. The whole query if it cannot be found.
fn alias_span(file: &SourceFile, query: &Query, name: &str) -> Range<usize> {
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    match file.text[query.span.clone()].find(&quoted) {
        Some(at) => query.span.start + at..query.span.start + at + quoted.len(),
        None => query.name.span.clone(),
    }
}

fn check_name(
    file: &SourceFile,
    directive: &Override,
    verdicts: &[ColumnVerdict],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let names = || verdicts.iter().map(|verdict| split_mark(&verdict.name).0);
    let wanted = directive.name.value.as_str();
    if names().any(|name| name == wanted) {
        return;
    }
    let span = directive.name.span.clone();
    let error = Diagnostic::error(
        format!("the query has no column `{wanted}`"),
        &file.path,
        span,
        "no such column",
    );
    let listed: Vec<String> = names().map(|name| format!("`{name}`")).collect();
    diagnostics.push(match did_you_mean(wanted, names()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if listed.is_empty() => error.help("the query returns no columns"),
        None => error.help(format!("its columns are {}", listed.join(", "))),
    });
}

/// The result of the analysis about null, and the reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    nullable: bool,
    reason: &'a str,
}

impl<'a> Known<'a> {
    pub(crate) fn of(nullable: bool, reason: &'a str) -> Self {
        Self { nullable, reason }
    }
}

/// A warning if the override states what the analysis already knows, or contradicts it.
pub(crate) fn needless(
    path: &Path,
    span: Range<usize>,
    subject: &str,
    stated_nullable: bool,
    known: Known<'_>,
) -> Option<Diagnostic> {
    let (message, label) = match (stated_nullable, known.nullable) {
        // This is what `!` is for.
        (false, true) => return None,
        (false, false) => (
            format!("{subject} is known not to be null: `!` says nothing new"),
            "needless",
        ),
        (true, true) => (
            format!("{subject} is known to be nullable: `?` says nothing new"),
            "needless",
        ),
        (true, false) => (
            format!("{subject} can never be null: `?` is refuted"),
            "refuted",
        ),
    };
    let warning = Diagnostic::warning(message, path, span, label);
    Some(warning.note(format!("the analysis says: {}", known.reason)))
}

/// The Rust type that the user wrote.
pub(crate) fn parse_type(
    file: &SourceFile,
    written: &Spanned<String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RustType> {
    match format_type(&written.value) {
        Ok(text) => Some(RustType::Custom { text, exact: true }),
        Err(error) => {
            let message = format!("`{}` is not a Rust type", written.value);
            let span = written.span.clone();
            diagnostics.push(Diagnostic::error(
                message,
                &file.path,
                span,
                error.to_string(),
            ));
            None
        }
    }
}

/// A Rust type, formatted like by rustfmt.
pub(crate) fn format_type(text: &str) -> Result<String, syn::Error> {
    let ty: syn::Type = syn::parse_str(text)?;
    let item = syn::parse_quote!(type X = #ty;);
    let file = syn::File {
        shebang: None,
        attrs: Vec::new(),
        items: vec![item],
    };
    let printed = prettyplease::unparse(&file);
    let printed = printed.trim();
    let printed = printed.strip_prefix("type X = ").unwrap_or(printed);
    Ok(printed.trim_end_matches(';').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_names() {
        assert_eq!(split_mark("total!"), ("total", Some(false)));
        assert_eq!(split_mark("total?"), ("total", Some(true)));
        assert_eq!(split_mark("?column?"), ("?column?", None));
        assert_eq!(split_mark("!"), ("!", None));
    }

    #[test]
    fn types_are_printed_one_way() {
        assert_eq!(
            format_type("Vec< crate :: Tag>").unwrap(),
            "Vec<crate::Tag>"
        );
        assert!(format_type("Vec<").is_err());
    }
}
